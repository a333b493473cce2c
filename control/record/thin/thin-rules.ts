import { z } from 'zod';
import type { Accuracy } from '../../../drivers/contract/device.ts';
import type { RecordedSeries, RecordedStep } from '../../../profiles/recorded-run.ts';

/** What a record says of readings that were left out of it, for whoever evaluates it. */

/** By instrument: the longest time between two readings that were kept, s, and by how much roles may have moved meanwhile. */
export type ThinRules = Readonly<
  Record<
    string,
    {
      readonly interval_s: number;
      /** Without the rules of the method: those of the bench, s. */
      readonly own_s?: number;
      /** From one reading to the next, s: a rule that asks for more rows than that leaves out none. */
      readonly poll_s?: number;
      readonly change: Readonly<Record<string, number>>;
    }
  >
>;

/** They as JSON. */
export const thinRules = z.record(
  z.string(),
  z.looseObject({
    interval_s: z.number(),
    own_s: z.number().exactOptional(),
    poll_s: z.number().exactOptional(),
    change: z.record(z.string(), z.number()),
  }),
);
const rulesText = z.looseObject({ instruments: thinRules });

/** The rules of a record by the text in its meta; none: it is whole. */
export function thinRulesOf(text: string | undefined): ThinRules {
  if (text === undefined) return {};
  try {
    return rulesText.safeParse(JSON.parse(text)).data?.instruments ?? {};
  } catch {
    // Not JSON: changed by somebody, which `verify` finds.
    return {};
  }
}

/** Two readings that are so many times as far apart as the rule says are no gap. */
const JOINED = 2;

/**
 * Which two readings of an instrument are no gap, by the rule that each step of the method had; `most_s`: none is joined
 * farther. Nothing where all were kept.
 */
export function joinsOf(
  rules: ThinRules,
  device: string,
  steps: readonly RecordedStep[],
  most_s: number,
): Pick<RecordedSeries, 'join_s' | 'joins'> {
  const rule = rules[device];
  if (rule === undefined || rule.interval_s === 0) return {};
  const { own_s = 0, poll_s = 0 } = rule;
  const limit = (every_s: number): number =>
    every_s > poll_s * (1 + 1e-9) ? Math.min(JOINED * every_s, most_s) : 0;
  const join_s = limit(rule.interval_s);
  const told = steps.filter(({ every_s }) => every_s !== undefined).toSorted((a, b) => a.start_s - b.start_s);
  if (told.length === 0) return join_s === 0 ? {} : { join_s };
  const from: number[] = [];
  const join: number[] = [];
  const add = (from_s: number, to_s: number): void => {
    if (join.at(-1) === to_s) return;
    from.push(from_s);
    join.push(to_s);
  };
  add(Number.NEGATIVE_INFINITY, join_s);
  for (const { start_s, every_s = 0 } of told) add(start_s, limit(every_s > 0 ? every_s : own_s));
  // Of a step that has not ended nobody has told the rule.
  add(Math.max(...told.map(({ end_s }) => end_s)), join_s);
  if (join.every(limit_s => limit_s === 0)) return {};
  return { join_s, joins: { from_s: Float64Array.from(from), join_s: Float64Array.from(join) } };
}

/**
 * How well a role is known at any time, not only at those of its readings. What was left out lies within `change` of the
 * last that was kept, and so within twice that of the line between those that were kept (rectangular, k = 2). Where the
 * rules name no change of a role nothing bounds it.
 */
export function withThinning(rules: ThinRules, device: string, role: string, accuracy: Accuracy): Accuracy {
  const change = rules[device]?.change[role];
  if (change === undefined) return accuracy;
  return { ...accuracy, abs: Math.hypot(accuracy.abs, (4 * change) / Math.sqrt(3)) };
}

/** The rules of several instruments as those of one that all readings are said to come from: what any of them left open. */
export function asOneInstrument(rules: ThinRules, device: string): ThinRules {
  const all = Object.values(rules);
  if (all.length === 0) return {};
  const interval_s = Math.max(...all.map(one => one.interval_s));
  return { [device]: { interval_s, change: Object.assign({}, ...all.map(({ change }) => change)) } };
}
