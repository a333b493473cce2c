import { dotted, type Place } from '../../../../drivers/contract/explain.ts';
import { Evaluator } from '../../evaluate/evaluator.ts';
import { partsOf, slotsOf, type Tree } from '../../expression/tree.ts';
import { isRole, stemOf, unitWord } from '../../file/keys.ts';
import type { LanguageFile, StepNode } from '../../file/nodes.ts';
import { MOST_CYCLES, MOST_POINTS } from '../../steps/measured/eis.ts';
import { constantAt, type Known, valueIn } from '../constants.ts';
import type { Keys, Looking } from '../looking.ts';
import type { OnBench, ResolvedExpression } from '../on-bench.ts';
import type { Reference } from '../reference.ts';
import { secondsIn } from '../times.ts';

/** Times, rates, windows and counts that a parameter, `--set` or a loop makes negative, endless, or no whole number. */

/** Stems of times and of rates by time; written out they are above 0 already, by a parameter 0 may leave a step out. */
const TIMES = ['for', 'within', 'average', 'exact', 'every', 'before', 'after', 'in', 'pause', 'quiet'];
/** What nothing can come of at 0. */
const ABOVE_0 = ['per', 'rate', 'step', 'currentMax'];
const COUNTS: Readonly<Record<string, number>> = { points_per_decade: MOST_POINTS, cycles: MOST_CYCLES };

/** @throws LanguageError at the first value of the step itself that is known to be none, or too short to be followed */
export function refuseNegativeTimes(step: StepNode, looking: Looking): void {
  if (looking.isSkipped === true) return;
  const { kind, keys, place } = step;
  const own = keys[kind.key];
  refuseKeys(keys, place, looking);
  if (typeof kind.own === 'object' && typeof own === 'object' && own !== null)
    refuseKeys(own as Keys, [...place, kind.key], looking);
  if (typeof keys['record'] === 'object') refuseKeys(keys['record'] as Keys, [...place, 'record'], looking);
  const at = dotted(place);
  const { file, on, known } = looking;
  for (const [key, expression] of timedIn(on))
    if (key.startsWith(`${at}.`) && !INSIDE.test(key.slice(at.length)))
      refuseWindows(key, expression, file, known);
  refuseFastShapes(step, looking);
  refuseShortData(step, looking);
}

/** The same of the head of a file: its rows, limits, derived roles. @throws LanguageError */
export function refuseNegativeHead(looking: Looking): void {
  const { file, on, known } = looking;
  const record = (file.head as Keys)['record'];
  if (typeof record === 'object' && record !== null) refuseKeys(record as Keys, ['record'], looking);
  for (const [key, expression] of timedIn(on))
    if (!/^(phases|steps|finally|returns)\b/.test(key)) refuseWindows(key, expression, file, known);
}

/** Behind the place of a step: the steps in it. */
const INSIDE = /^\.(steps|then|else|together)\[/;

function refuseKeys(keys: Keys, place: Place, { file, on, known }: Looking): void {
  for (const [key, raw] of Object.entries(keys)) {
    if (isRole(key)) continue;
    const stem = stemOf(key) ?? key;
    const most = Object.hasOwn(COUNTS, key) ? COUNTS[key] : undefined;
    const isAbove0 = ABOVE_0.includes(stem) || key === 'pause_every';
    if (!TIMES.includes(stem) && !isAbove0 && most === undefined) continue;
    const at = [...place, key];
    const value = constantAt(at, raw, on, known);
    if (Number.isNaN(value)) continue;
    const found = `found ${Number(value.toPrecision(6))}${TIMES.includes(stem) ? ` ${unitWord(key)}` : ''}`;
    if (most !== undefined && !(Number.isInteger(value) && value >= 1 && value <= most))
      throw file.errors.valueError(at, `${found}, expected a whole number 1..${most}`);
    if (value < 0 || (isAbove0 && value === 0))
      throw file.errors.valueError(at, `${found}, expected ${isAbove0 ? 'more than 0' : '0 or more'}`);
    if (value === Number.POSITIVE_INFINITY)
      throw file.errors.valueError(at, `${found}, expected a number that has an end`);
  }
}

/** Data that end before their instrument is asked again do nothing that anybody sees. */
function refuseShortData(step: StepNode, looking: Looking): void {
  const { file, on, bench, dataEnd_s } = looking;
  if (step.kind.key !== 'follow') return;
  for (const name of Object.keys(step.keys['follow'] as Keys)) {
    const at = [...step.place, 'follow', name];
    const poll_s = bench.polls_s?.[on.sets.get(dotted(at))?.role ?? ''] ?? 0;
    for (const slot of on.expressions.get(dotted(at))?.slots ?? []) {
      const end_s = slot.from === 'data' ? dataEnd_s(file.path, slot.data) : undefined;
      if (slot.from !== 'data' || end_s === undefined || end_s >= poll_s) continue;
      const text = `${slot.data} ends after ${Number(end_s.toPrecision(4))} s, and its instrument is asked each ${poll_s} s (poll_s of the bench): expected data of ${poll_s} s or more`;
      throw file.errors.valueError(at, text);
    }
  }
}

/** A shape is followed as often as its instrument is asked: with less than two looks in a period it is something else. */
function refuseFastShapes({ kind, keys, place }: StepNode, { file, on, known, bench }: Looking): void {
  if (kind.key !== 'follow') return;
  for (const name of Object.keys(keys['follow'] as Keys)) {
    const at = [...place, 'follow', name];
    const expression = on.expressions.get(dotted(at));
    const poll_s = bench.polls_s?.[on.sets.get(dotted(at))?.role ?? ''] ?? 0;
    if (expression === undefined) continue;
    for (const period of periodsIn(expression.tree)) {
      const period_s = secondsIn(period, expression, known);
      if (!(period_s < 2 * poll_s)) continue;
      const text = `has a period of ${Number(period_s.toPrecision(4))} s, and its instrument is asked each ${poll_s} s (poll_s of the bench): expected ${2 * poll_s} s or more`;
      throw file.errors.valueError(at, text);
    }
  }
}

const periodsIn = (tree: Tree): readonly Tree[] => [
  ...('period' in tree ? [tree.period] : []),
  ...partsOf(tree).flatMap(periodsIn),
];

type Timed = readonly [key: string, expression: ResolvedExpression];
const timed = new WeakMap<OnBench, readonly Timed[]>();

/** Expressions with a window, a `for` or a period whose length is no plain number. */
function timedIn(on: OnBench): readonly Timed[] {
  const found = timed.get(on) ?? [...on.expressions].filter(([, { tree }]) => lengthsIn(tree).length > 0);
  timed.set(on, found);
  return found;
}

function refuseWindows(key: string, expression: ResolvedExpression, file: LanguageFile, known: Known): void {
  for (const length of lengthsIn(expression.tree)) {
    const value = secondsIn(length, expression, known);
    if (Number.isNaN(value) || (value > 0 && Number.isFinite(value))) continue;
    const place = file.expressions.get(key)?.place;
    const text = `has a window, a period or a for of ${Number(value.toPrecision(6))} s, expected more than 0`;
    if (place !== undefined) throw file.errors.valueError(place, text);
  }
  for (const period of periodsIn(expression.tree)) {
    if (!isNothingAtStart(period, expression, known)) continue;
    const place = file.expressions.get(key)?.place;
    const text = 'has a period that counts from 0, and a period of 0 is none: expected more than 0';
    if (place !== undefined) throw file.errors.valueError(place, text);
  }
}

/** True of a period that counts what is nothing yet where a part of the run begins, and is known beside that. */
function isNothingAtStart(period: Tree, { slots }: ResolvedExpression, known: Known): boolean {
  const used = slotsOf(period);
  const isCounted = (slot: Reference): boolean => slot.from === 'part of the run' && slot.counted !== 'count';
  if (!used.some(i => isCounted(slots[i]))) return false;
  const values = slots.map(slot => (isCounted(slot) ? 0 : valueIn(slot, known)));
  if (used.some(i => Number.isNaN(values[i]))) return false;
  const evaluator = new Evaluator(
    period,
    values.map((_, first) => ({ first, count: 1 })),
  );
  evaluator.run(Float64Array.from(values), Float64Array.of(0));
  return !(evaluator.result > 0);
}

/** The lengths of its windows, `for`s and periods that are no plain numbers. */
function lengthsIn(tree: Tree): readonly Tree[] {
  const time = 'time' in tree ? tree.time : 'period' in tree ? tree.period : undefined;
  return [...(time === undefined || time.op === 'value' ? [] : [time]), ...partsOf(tree).flatMap(lengthsIn)];
}
