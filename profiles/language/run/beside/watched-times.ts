import type { ResolvedExpression } from '../../bench/on-bench.ts';
import { bareOf } from '../../evaluate/limit.ts';
import type { Ends } from '../../layout/instruction.ts';
import type { Core } from '../core.ts';
import type { Count } from '../live-expression.ts';

/** A run that is faster than life needs as long as life for what goes over wires: no deadline is shorter, s. */
const LEAST_DEADLINE_S = 20;

/** How long something lasts at the most, s of the method; Infinity: no `for_`. @throws UnknownValue */
export function lastingOf(core: Core, { for_s }: Ends, count: Count): number {
  return for_s === undefined ? Infinity : core.secondsOf(for_s, count);
}

/** Its deadline, s of the method; Infinity: none. @throws UnknownValue */
export function deadlineOf(core: Core, ends: Ends, count: Count): number {
  const within_s = ends.within_s === undefined ? Infinity : core.secondsOf(ends.within_s, count);
  return core.speed === 1 ? within_s : Math.max(within_s, LEAST_DEADLINE_S * core.speed);
}

const bare = new WeakMap<ResolvedExpression, ResolvedExpression>();

/** The condition without its `for`: whether it holds at all. */
export function withoutTimes(expression: ResolvedExpression): ResolvedExpression {
  const known = bare.get(expression);
  if (known !== undefined) return known;
  const made = { ...expression, tree: bareOf(expression.tree) };
  bare.set(expression, made);
  return made;
}
