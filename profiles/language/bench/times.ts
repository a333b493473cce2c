import { numberUnit, stemOf, unitWord } from '../file/keys.ts';
import type { StepNode } from '../file/nodes.ts';
import { conversion, converted, sameDimension, unitNamed } from '../units/unit.ts';
import { constantAt } from './constants.ts';
import type { Looking } from './looking.ts';

/** What a file says of the times and bounds of a step, as far as it is known before the run. */

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

/** Longer than any test: a slip of the unit or of a power of ten. */
const LONGEST_H = 175_200;

/** @throws LanguageError of a time or a deadline of more than twenty years */
export function refuseTooLong({ keys, place }: StepNode, { file, on, known }: Looking): void {
  for (const key of Object.keys(keys)) {
    if (!['for', 'within', 'in'].includes(stemOf(key) ?? '')) continue;
    const hours = (constantAt([...place, key], keys[key], on, known) * secondsOf(key)) / 3600;
    if (!(hours > LONGEST_H)) continue;
    throw file.errors.valueError([...place, key], `is longer than ${LONGEST_H} h (20 years), expected less`);
  }
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

/**
 * A mean over the last part of a step that is never so long has no value: where both are known it is refused.
 * @throws LanguageError at the `average_`
 */
export function refuseLongMean({ keys, place }: StepNode, { file, on, known }: Looking): void {
  const find = (stem: string): string | undefined => Object.keys(keys).find(key => stemOf(key) === stem);
  const [average, lasts] = [find('average'), find('for')];
  if (average === undefined || lasts === undefined || 'gate' in keys) return;
  const [mean_s, for_s] = [average, lasts].map(
    key => constantAt([...place, key], keys[key], on, known) * secondsOf(key),
  );
  if (!(mean_s > for_s * (1 + 1e-9))) return;
  const told = (time_s: number, key: string): string =>
    `${Number((time_s / secondsOf(key)).toPrecision(4))} ${unitWord(key)}`;
  throw file.errors.valueError(
    [...place, average],
    `is ${told(mean_s, average)}, but the step lasts ${told(for_s, lasts)}: expected no longer than the step`,
  );
}

/**
 * A load that comes back before it goes off would do nothing else: `min_` < `restart_` < `max_`, of those that are there.
 * @throws LanguageError at the one that is not above the one before
 */
export function refuseBounds({ kind, keys, place }: StepNode, { file, on, known }: Looking): void {
  if (kind.key !== 'follow') return;
  const own = keys['follow'] as Readonly<Record<string, unknown>>;
  let lower: { readonly key: string; readonly value: number } | undefined;
  for (const stem of ['min', 'restart', 'max']) {
    const key = Object.keys(own).find(name => stemOf(name) === stem);
    if (key === undefined) continue;
    const at = [...place, 'follow', key];
    const value = constantAt(at, own[key], on, known);
    const [unit, other] = [numberUnit(key), numberUnit(lower?.key ?? key)];
    if (Number.isNaN(value) || unit === undefined || other === undefined || !sameDimension(unit, other))
      continue;
    const inLower = converted(value, conversion(unit, other));
    if (lower !== undefined && !(inLower > lower.value))
      throw file.errors.valueError(at, `is not above ${lower.key}, expected min_ < restart_ < max_`);
    lower = { key, value };
  }
}
