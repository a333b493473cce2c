import { z } from 'zod';
import type { Accuracy } from '../../../drivers/contract/device.ts';

/** What a record says of readings that were left out of it, for whoever evaluates it. */

/** By instrument: the longest time between two readings that were kept, s, and by how much roles may have moved meanwhile. */
export type ThinRules = Readonly<
  Record<string, { readonly interval_s: number; readonly change: Readonly<Record<string, number>> }>
>;

/** They as JSON. */
export const thinRules = z.record(
  z.string(),
  z.looseObject({ interval_s: z.number(), change: z.record(z.string(), z.number()) }),
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

/** Two readings of an instrument that are no farther apart, s, are no gap of it. */
export function joinOf(rules: ThinRules, device: string): number {
  return 2 * (rules[device]?.interval_s ?? 0);
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
