import type { ResolvedExpression } from '../../bench/on-bench.ts';
import { EARLY_S } from '../../evaluate/window.ts';
import { partsOf, type Tree } from '../../expression/tree.ts';
import type { DerivedRole } from '../../layout/derived.ts';
import type { ValueTable } from '../values.ts';
import { derivedAt, sourcesOf } from './limit-over-derived.ts';

/** A way through the windows of a derived role: their lengths add up. */
interface Path {
  readonly fixed_s: number;
  /** Lengths that are names, s: where they stand. */
  readonly places: readonly number[];
}

/**
 * A derived role with a window, as a condition of a step sees it: the window goes on over steps, so it has no value here until
 * it holds nothing but readings from since the condition began, just as a window that is written out in the condition.
 * Allocates nothing in a look.
 */
export class FilledInStep {
  readonly #at: number;
  readonly #sources: readonly number[];
  readonly #paths: readonly Path[];
  /** Since when everything behind it has been known, s of running time; `-Infinity`: nobody began it, NaN: not yet. */
  #since_s = Number.NEGATIVE_INFINITY;
  #hidden = Number.NaN;

  constructor(at: number, sources: readonly number[], paths: readonly Path[]) {
    this.#at = at;
    this.#sources = sources;
    this.#paths = paths;
  }

  /** The condition begins, or nobody has looked for a while. */
  forget(): void {
    this.#since_s = Number.NaN;
  }

  /** Takes its value away where it is not of the step alone, for this look. */
  hide(values: Float64Array, t_s: number): void {
    this.#hidden = values[this.#at];
    if (this.#since_s === Number.NEGATIVE_INFINITY) return;
    for (let i = 0; i < this.#sources.length; i++) {
      const value = values[this.#sources[i]];
      if (value - value !== 0) this.#since_s = Number.NaN;
      else if (Number.isNaN(this.#since_s)) this.#since_s = t_s;
    }
    if (!(t_s - this.#since_s >= this.#length_s(values) - EARLY_S)) values[this.#at] = Number.NaN;
  }

  /** Gives it back: others have begun before. */
  giveBack(values: Float64Array): void {
    values[this.#at] = this.#hidden;
  }

  #length_s(values: Float64Array): number {
    let longest_s = 0;
    for (let i = 0; i < this.#paths.length; i++) {
      const { fixed_s, places } = this.#paths[i];
      let own_s = fixed_s;
      for (let k = 0; k < places.length; k++) own_s += values[places[k]];
      if (Number.isNaN(own_s)) return own_s;
      longest_s = Math.max(longest_s, own_s);
    }
    return longest_s;
  }
}

/** The derived roles with a window that a condition reads. */
export function filledInStep(
  { slots }: ResolvedExpression,
  table: ValueTable,
  derived: readonly DerivedRole[],
): readonly FilledInStep[] {
  return slots.flatMap(slot => {
    const own = derivedAt(slot, derived);
    if (own === undefined) return [];
    const paths = pathsOf(own.expression.tree, own.expression, table, derived);
    if (paths.every(({ fixed_s, places }) => fixed_s === 0 && places.length === 0)) return [];
    const sources = sourcesOf({ slots: [slot] }, derived).filter(({ from }) => from === 'role');
    const places = sources.map(table.placeOf.bind(table)).flatMap(membersOf);
    return places.length === 0 ? [] : [new FilledInStep(table.placeOf(slot).first, places, paths)];
  });
}

function membersOf({ first, count }: { readonly first: number; readonly count: number }): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

function pathsOf(
  tree: Tree,
  expression: ResolvedExpression,
  table: ValueTable,
  derived: readonly DerivedRole[],
): readonly Path[] {
  if ('slot' in tree) {
    const own = derivedAt(expression.slots[tree.slot], derived);
    return own === undefined
      ? [{ fixed_s: 0, places: [] }]
      : pathsOf(own.expression.tree, own.expression, table, derived);
  }
  if (!('time' in tree)) {
    const parts = partsOf(tree).flatMap(part => pathsOf(part, expression, table, derived));
    return parts.length === 0 ? [{ fixed_s: 0, places: [] }] : parts;
  }
  const { time } = tree;
  return pathsOf(tree.a, expression, table, derived).map(({ fixed_s, places }) => ({
    fixed_s: fixed_s + (time.op === 'value' ? time.value : 0),
    places: time.op === 'slot' ? [...places, table.placeOf(expression.slots[time.slot]).first] : places,
  }));
}
