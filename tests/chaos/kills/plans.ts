import { seededRandom } from '../../../drivers/contract/random.ts';
import type { BenchSize } from './bench.ts';
import { CAMPAIGN_FAULTS } from './campaign.ts';
import type { Plan } from './chain.ts';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults.ts';

/** Which faults, at which moments, on which bench: by the seed alone. */

const ALL: readonly Fault[] = [...FAULTS, ...CAMPAIGN_FAULTS];

/** So many: every kind once, in an order by chance, then every kind again. @throws Error for a kind that there is not */
export function plansOf(kills: number, seed: number, only: readonly string[] | undefined): Plan[] {
  const kinds =
    only === undefined
      ? ALL
      : ALL.filter(({ name }) => only.some(begin => name === begin || name.startsWith(begin)));
  if (kinds.length === 0)
    throw new Error(
      `--kinds ${only?.join(',')}: no such kind, expected of ${ALL.map(one => one.name).join(', ')}`,
    );
  const random = seededRandom(seed);
  const below = (n: number): number => Math.floor(n * random.uniform());
  const plans: Plan[] = [];
  while (plans.length < kills) {
    const left = [...kinds];
    while (left.length > 0 && plans.length < kills) {
      const [fault] = left.splice(below(left.length), 1);
      const moment = fault.moments[below(fault.moments.length)];
      plans.push({ number: plans.length + 1, fault, moment, seed: below(2 ** 31) });
    }
  }
  return plans;
}

/** What is done one after the other on one bench. */
export interface Lane {
  readonly size: BenchSize;
  readonly isCampaign: boolean;
  readonly plans: Plan[];
}

/** The plans by bench: `jobs` small ones in turns, half as many whole ones and campaigns. */
export function lanesOf(plans: readonly Plan[], jobs: number): Lane[] {
  const lanes = (n: number, size: BenchSize, isCampaign = false): Lane[] =>
    Array.from({ length: n }, () => ({ size, isCampaign, plans: [] }));
  const half = Math.ceil(jobs / 2);
  const groups = {
    small: lanes(jobs, 'small'),
    whole: lanes(half, 'whole'),
    campaign: lanes(half, 'small', true),
  };
  const next = { small: 0, whole: 0, campaign: 0 };
  for (const plan of plans) {
    const group = CAMPAIGN_FAULTS.includes(plan.fault) ? 'campaign' : (plan.fault.bench ?? 'small');
    const of = groups[group];
    of[next[group]++ % of.length].plans.push(plan);
  }
  return Object.values(groups)
    .flat()
    .filter(lane => lane.plans.length > 0);
}
