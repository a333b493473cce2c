import type { ResolvedExpression } from '../bench/on-bench.ts';
import type { ExpressionState } from '../evaluate/evaluator.ts';
import type { Ends, Limit } from '../layout/instruction.ts';
import type { WatchState } from '../run/watch.ts';
import type { Renaming } from './renaming.ts';
import { isSame, limitWithoutPlace } from './same.ts';

/** What ends a step or block and what limits it, before and after an edit. */
export interface Watched {
  readonly ends: Ends;
  readonly limits: readonly Limit[];
}

interface Part {
  readonly as: 'until' | 'exit' | 'gate' | 'limit' | 'back';
  /** What it must be the same in, so that what it remembers is its own. */
  readonly of: object;
}

/** Pairs each limit with the one that it was: the same condition, reaction and recovery; undefined: it is new. */
export function pairedLimits(
  then: readonly Limit[],
  now: readonly Limit[],
  names: Renaming,
): readonly (number | undefined)[] {
  const free = new Set(then.keys());
  return now.map(limit => {
    for (const i of free) {
      if (!isSame(limitWithoutPlace(then[i]), limitWithoutPlace(limit), names)) continue;
      free.delete(i);
      return i;
    }
    return undefined;
  });
}

/** In the order in which a watch remembers its expressions. */
function partsOf({ ends, limits }: Watched): readonly Part[] {
  const one = (as: Part['as'], of: ResolvedExpression | undefined): readonly Part[] =>
    of === undefined ? [] : [{ as, of }];
  return [
    ...one('until', ends.until),
    ...ends.exits.flatMap(({ when }) => one('exit', when)),
    ...one('gate', ends.gate),
    ...limits.map((limit): Part => ({ as: 'limit', of: limitWithoutPlace(limit) })),
    ...limits.flatMap((limit): readonly Part[] =>
      limit.recover?.back === undefined ? [] : [{ as: 'back', of: limitWithoutPlace(limit) }],
    ),
  ];
}

/**
 * What a watch remembers under an edited method: its time, and of each condition that stayed the same how long it has held. A
 * time that was changed is worked out anew, a condition that is new begins.
 */
export function carriedWatch(saved: WatchState, then: Watched, now: Watched, names: Renaming): WatchState {
  const old = partsOf(then);
  const free = new Set(old.keys());
  const expressions = partsOf(now).map(({ as, of }): ExpressionState | null => {
    for (const i of free) {
      if (old[i].as !== as || !isSame(old[i].of, of, names)) continue;
      free.delete(i);
      return saved.expressions[i] ?? null;
    }
    return null;
  });
  const { for_s, within_s, ...rest } = saved;
  const isSameUntil = isSame(then.ends.until, now.ends.until, names);
  return {
    ...rest,
    wasMet: isSameUntil && saved.wasMet,
    ...(for_s !== undefined && isSame(then.ends.for_s, now.ends.for_s, names) ? { for_s } : {}),
    ...(within_s !== undefined && isSame(then.ends.within_s, now.ends.within_s, names) ? { within_s } : {}),
    told: pairedLimits(then.limits, now.limits, names).map(i => i !== undefined && (saved.told[i] ?? false)),
    expressions,
  };
}
