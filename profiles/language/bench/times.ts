import { numberUnit, stemOf, unitWord } from '../file/keys.ts';
import type { StepNode } from '../file/nodes.ts';
import { conversion, converted, unitNamed } from '../units/unit.ts';
import { constantAt } from './constants.ts';
import type { Looking } from './looking.ts';

/** Times that a file says of a step, in s. */

/** What `for_` and `within_` allow, s; both only with a gate: then the deadline. */
export function boundOf({ keys, place }: StepNode, { on, known }: Looking): number {
  const times = ['within', 'for'].flatMap(stem => Object.keys(keys).filter(key => stemOf(key) === stem));
  if (times.length === 0) return Number.POSITIVE_INFINITY;
  const [key] = times;
  const value = constantAt([...place, key], keys[key], on, known);
  const bound_s = value * secondsOf(key);
  return Number.isNaN(bound_s) ? Number.POSITIVE_INFINITY : bound_s;
}

/** Seconds in one of the unit of a key. */
export function secondsOf(key: string): number {
  const [unit, second] = [numberUnit(key), unitNamed('s')];
  return unit === undefined || second === undefined ? Number.NaN : converted(1, conversion(unit, second));
}

/**
 * A deadline before the end of the ramp always passes; a ramp that ends by `until` or `exits` may be meant so.
 * @throws LanguageError at the deadline
 */
export function refuseTooShort({ keys, place }: StepNode, { file }: Looking, takes_s: number): void {
  const key = Object.keys(keys).find(k => stemOf(k) === 'within');
  if (key === undefined || takes_s === Number.POSITIVE_INFINITY || 'until' in keys || 'exits' in keys) return;
  const needed = Number((takes_s / secondsOf(key)).toPrecision(4));
  throw file.errors.valueError(
    [...place, key],
    `is shorter than the ramp, which takes ${needed} ${unitWord(key)}`,
  );
}
