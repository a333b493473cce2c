import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { Evaluator } from '../evaluate/evaluator.ts';
import { hangsOnTime } from '../expression/tree.ts';
import type { OnBench } from './on-bench.ts';
import type { Reference } from './reference.ts';

/** What can be worked out before a run: numbers, and expressions of parameters and figures of the bench. */

/** Values of a file's own names, each in the unit of the name; lists under their name. */
export interface Known {
  readonly values: ReadonlyMap<string, number>;
  readonly lists: ReadonlyMap<string, readonly number[]>;
  /** `round.count` of the loop around; undefined outside loops, and where the rounds are not told apart. */
  readonly round?: number | undefined;
}

const NOW = Float64Array.of(0);

/** A value as it is written, in the unit of its key; NaN where it is known only when the run is there. */
export function constantAt(place: Place, raw: unknown, on: OnBench, known: Known): number {
  if (typeof raw === 'number') return raw;
  if (typeof raw === 'boolean') return Number(raw);
  const expression = on.expressions.get(dotted(place));
  if (expression === undefined || expression.tree.op === 'list') return Number.NaN;
  if (hangsOnTime(expression.tree)) return Number.NaN;
  const values = expression.slots.map(slot => valueIn(slot, known));
  const evaluator = new Evaluator(
    expression.tree,
    values.map((_, first) => ({ first, count: 1 })),
  );
  evaluator.run(Float64Array.from(values), NOW);
  return evaluator.result;
}

/** The value of a slot before the run, in the unit asked for; NaN where it is known only then. */
export function valueIn(slot: Reference, known: Known): number {
  if (slot.from === 'figure of the bench') return slot.value;
  if (slot.from === 'part of the run' && slot.counted === 'count') return known.round ?? Number.NaN;
  if (slot.from !== 'own name') return Number.NaN;
  const value = known.values.get(slot.name) ?? Number.NaN;
  return (value * slot.to.num) / slot.to.den + slot.to.plus;
}

/** A range has at most so many values: more are a slip. */
export const MOST_VALUES = 100_000;

/** The values of a list of `each`: written out, a range, or a name; undefined where it is known only in the run. */
export function listAt(place: Place, raw: unknown, on: OnBench, known: Known): readonly number[] | undefined {
  if (Array.isArray(raw)) return raw.map((member, i) => constantAt([...place, i], member, on, known));
  if (typeof raw === 'string') {
    const expression = on.expressions.get(dotted(place));
    if (expression?.tree.op !== 'list') return undefined;
    const { slot, isReversed, num, den, plus } = expression.tree;
    const from = expression.slots[slot];
    const list = from?.from === 'own name' ? known.lists.get(from.name) : undefined;
    const turned = list?.map(value => (value * num) / den + plus);
    return isReversed ? turned?.toReversed() : turned;
  }
  const block = { ...(raw as Readonly<Record<string, unknown>>) };
  const [from, to, by] = ['from', 'to', 'by'].map(key => constantAt([...place, key], block[key], on, known));
  return rangeOf(from, to, by);
}

/** What is given to a procedure: a value, or a list written out or by its name. */
export function givenAt(place: Place, raw: unknown, on: OnBench, known: Known): number | readonly number[] {
  const isList = Array.isArray(raw) || on.expressions.get(dotted(place))?.tree.op === 'list';
  return isList ? (listAt(place, raw, on, known) ?? []) : constantAt(place, raw, on, known);
}

/** from, from + by ... as far as `to`, which is met although steps like 0.1 are not exact; undefined without an end. */
export function rangeOf(from: number, to: number, by: number): readonly number[] | undefined {
  const steps = (to - from) / by;
  if (!(steps >= 0 && steps < MOST_VALUES)) return undefined;
  return Array.from({ length: Math.floor(steps + 1e-9) + 1 }, (_, i) => from + i * by);
}
