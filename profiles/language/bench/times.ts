import { dotted } from '../../../drivers/contract/explain.ts';
import { Evaluator } from '../evaluate/evaluator.ts';
import { partsOf, type Tree } from '../expression/tree.ts';
import { numberUnit, stemOf, unitWord } from '../file/keys.ts';
import type { StepNode } from '../file/nodes.ts';
import { conversion, converted, sameDimension, unitNamed } from '../units/unit.ts';
import { constantAt, type Known, valueIn } from './constants.ts';
import type { Looking } from './looking.ts';
import type { ResolvedExpression } from './on-bench.ts';

/** What a file says of the times and bounds of a step, as far as it is known before the run. */

/** What `for_` and `within_` allow, s; both only with a gate: then the deadline. */
export function boundOf(step: StepNode, { on, known }: Looking): number {
  const { keys, place } = step;
  const key = timeKey(step);
  if (key === undefined) return Number.POSITIVE_INFINITY;
  const value = constantAt([...place, key], keys[key], on, known);
  const bound_s = value * secondsOf(key);
  return Number.isNaN(bound_s) ? Number.POSITIVE_INFINITY : bound_s;
}

/** The time or deadline of a step as it is called in the file. */
export function timeKey({ keys }: StepNode): string | undefined {
  return ['within', 'for'].flatMap(stem => Object.keys(keys).filter(key => stemOf(key) === stem))[0];
}

/** True where a deadline bounds the step. */
export function hasDeadline(step: StepNode): boolean {
  return stemOf(timeKey(step) ?? '') === 'within';
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
 * A condition that must hold, or looks back, for longer than its step lasts never comes true: where both are known it is
 * refused. `for_` as a normal end and `within_` alike; of a step that a gate may hold up only its deadline says how long.
 * @throws LanguageError at the condition
 */
export function refuseLongWindow({ keys, place, kind }: StepNode, { file, on, known }: Looking): void {
  const stems = 'gate' in keys ? ['within'] : ['for', 'within'];
  const key = Object.keys(keys).find(k => stems.includes(stemOf(k) ?? ''));
  if (key === undefined || kind.key === 'call') return;
  const lasts_s = constantAt([...place, key], keys[key], on, known) * secondsOf(key);
  const exits = Array.isArray(keys['exits']) ? keys['exits'].map((_, i) => ['exits', i, 'when']) : [];
  for (const at of ['until' in keys ? ['until'] : [], ...exits]) {
    const condition = on.expressions.get(dotted([...place, ...at]));
    if (condition === undefined || at.length === 0) continue;
    const needs_s = leastTime_s(condition.tree, condition, { on, known });
    if (!(needs_s > lasts_s * (1 + 1e-9))) continue;
    const told = (time_s: number): string =>
      `${Number((time_s / secondsOf(key)).toPrecision(4))} ${unitWord(key)}`;
    // What a call gives stands there under the name of a parameter.
    const raw = keys[key];
    const given = typeof raw === 'string' && /^\w+$/.test(raw) ? raw : '';
    const [from, want] =
      given === '' ? ['', 'less'] : [` (${given})`, `${given} of ${told(needs_s)} at least, or less here`];
    throw file.errors.valueError(
      [...place, ...at],
      `needs ${told(needs_s)} to come true, but ${key}${from} ends the step after ${told(lasts_s)}: expected ${want}`,
    );
  }
}

/** So long a condition needs at least until it can be true, s; NaN where that is known only in the run. */
function leastTime_s(tree: Tree, of: ResolvedExpression, at: Pick<Looking, 'on' | 'known'>): number {
  const inner = (part: Tree): number => leastTime_s(part, of, at);
  if (tree.op === 'or') return Math.min(inner(tree.a), inner(tree.b));
  if (tree.op === 'known' || tree.op === 'value') return 0;
  if (tree.op === 'held' || tree.op === 'span' || tree.op === 'slope' || tree.op === 'average')
    return inner(tree.a) + secondsIn(tree.time, of, at.known);
  if (tree.op === 'slot') {
    const slot = of.slots[tree.slot];
    const place = slot?.from === 'own name' ? dotted(['derived', slot.name]) : '';
    const derived = at.on.expressions.get(place);
    return derived === undefined || derived === of ? 0 : leastTime_s(derived.tree, derived, at);
  }
  return Math.max(0, ...partsOf(tree).map(inner));
}

/** The length of a window, a `for` or a period as it is known before the run, s; NaN where only the run tells. */
export function secondsIn(time: Tree, { slots }: Pick<ResolvedExpression, 'slots'>, known: Known): number {
  const values = slots.map(slot => valueIn(slot, known));
  const evaluator = new Evaluator(
    time,
    values.map((_, first) => ({ first, count: 1 })),
  );
  evaluator.run(Float64Array.from(values), Float64Array.of(0));
  return evaluator.result;
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
