import { z } from 'zod';
import { figure, orNaN } from './saved.ts';
import { notNegative, number, positive, role, shown } from './words.ts';

/** When a wait may end early: conditions as written, as compiled, and what they remember while they are watched. */

/** `{ role, is, limit, for_s? }` or `{ role, stableBand, over_s }`. */
export const conditionSchema = z.union([
  z.strictObject({ role, is: z.enum(['>', '<', '>=', '<=']), limit: number, for_s: notNegative.default(0) }),
  z.strictObject({ role, stableBand: positive, over_s: positive }),
]);
/** At least one condition; all must hold at once. */
export const conditions = z.array(conditionSchema).min(1);

/** A condition as the test language writes it. */
export type StepCondition = z.output<typeof conditionSchema>;

/** A condition of a wait. All usable values only: a NaN, bad or silent role never satisfies it. */
export type Condition =
  | {
      readonly kind: 'compare';
      readonly role: string;
      readonly is: '>' | '<' | '>=' | '<=';
      readonly limit: number;
      /** Must hold this long without a break, and be looked at all the time: a hold begins it anew. */
      readonly for_s: number;
    }
  | {
      /** Stable: max minus min of the role over the last over_s stays within band (criteria of IEC 62282 practice). */
      readonly kind: 'stable';
      readonly role: string;
      readonly band: number;
      readonly over_s: number;
    };

/** The condition as an instruction carries it. */
export function compiled(written: StepCondition): Condition {
  return 'stableBand' in written
    ? { kind: 'stable', role: written.role, band: written.stableBand, over_s: written.over_s }
    : { kind: 'compare', role: written.role, is: written.is, limit: written.limit, for_s: written.for_s };
}

/** The same k times faster. */
export function shortened(condition: Condition, k: number): Condition {
  return condition.kind === 'compare'
    ? { ...condition, for_s: condition.for_s / k }
    : { ...condition, over_s: condition.over_s / k };
}

/** The condition in words. */
export function textOf(condition: Condition): string {
  if (condition.kind === 'stable')
    return `${condition.role} within ${condition.band} over ${shown(condition.over_s)} s`;
  const held = condition.for_s > 0 ? ` for ${shown(condition.for_s)} s` : '';
  return `${condition.role} ${condition.is} ${condition.limit}${held}`;
}

/** What a condition remembers, as JSON. */
export const watchedSchema = z.strictObject({
  /** Elapsed step time since which it has held without a break, s; null: it does not hold. */
  since_s: figure,
  /** Extremes of the value since then. */
  low: figure,
  high: figure,
});
/** What a condition remembers. */
export type Watched = Readonly<z.output<typeof watchedSchema>>;

/** Nothing has been looked at yet, or what was looked at does not count any more. */
export const UNWATCHED: Watched = { since_s: null, low: null, high: null };

/** Looks at a condition once: what it remembers from here on. */
export function watch(condition: Condition, last: Watched, elapsed_s: number, value: number): Watched {
  if (condition.kind === 'compare') {
    if (!compares(value, condition.is, condition.limit)) return UNWATCHED;
    return last.since_s === null ? { since_s: elapsed_s, low: null, high: null } : last;
  }
  // Keeps only the extremes since the last break, so it costs the same after an hour as after a second; a break
  // starts the count anew (stricter than a sliding window, never laxer).
  if (!Number.isFinite(value)) return UNWATCHED;
  const low = Math.min(orNaN(last.low), value);
  const high = Math.max(orNaN(last.high), value);
  if (!(high - low <= condition.band)) return { since_s: elapsed_s, low: value, high: value };
  return low === last.low && high === last.high ? last : { since_s: last.since_s, low, high };
}

/** It holds of this very value; a steadiness never does: that takes time. */
export function isTrueOf(condition: Condition, value: number): boolean {
  return condition.kind === 'compare' && compares(value, condition.is, condition.limit);
}

/** It has held for as long as it must. */
export function holds(condition: Condition, now: Watched, elapsed_s: number): boolean {
  if (now.since_s === null) return false;
  const held_s = elapsed_s - now.since_s;
  return condition.kind === 'compare' ? held_s >= condition.for_s : held_s >= condition.over_s;
}

/** Written so that NaN satisfies none of them. */
function compares(value: number, is: '>' | '<' | '>=' | '<=', limit: number): boolean {
  return is === '>'
    ? value > limit
    : is === '>='
      ? value >= limit
      : is === '<'
        ? value < limit
        : value <= limit;
}
