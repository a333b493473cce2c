import { type Campaign, campaignSchema } from '../../control/campaign/campaign-file.ts';
import type { Rules, RunEnd } from '../../control/campaign/queue.ts';
import { ruleOf } from '../../control/campaign/rules.ts';

/** Campaigns of runs that are nothing but their ends. */

const RETURNS = ['capacity_Ah'];

export function rulesOf(campaign: Campaign): Rules {
  const returned = new Map(campaign.runs.map(({ run }) => [run, RETURNS]));
  return new Map(
    campaign.runs.map(({ run, rules: own }) => [
      run,
      own.map(rule => ({ ...rule, condition: ruleOf(rule.if, returned) })),
    ]),
  );
}

export function campaignOf(runs: readonly object[], more: object = {}): { campaign: Campaign; rules: Rules } {
  const campaign = campaignSchema.parse({ campaign: 'c', version: 1, bench: 'b.yaml', runs, ...more });
  return { campaign, rules: rulesOf(campaign) };
}

export const good = (capacity_Ah: number): RunEnd => ({
  isCompleted: true,
  isPassed: undefined,
  reason: '',
  returned: { capacity_Ah },
});
export const bad: RunEnd = { isCompleted: false, isPassed: undefined, reason: 'tripped', returned: {} };

export const run = (name: string, more: object = {}) => ({ run: name, method: 'm.yaml', ...more });

/** Of a night on real instruments, as it is begun when nothing is asked for. */
export const settings = {
  mode: 'bench' as const,
  seed: 1,
  minutes: null,
  pace: null,
  operator: null,
  planned_s: {},
};
