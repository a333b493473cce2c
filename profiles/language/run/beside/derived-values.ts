import type { ExpressionState } from '../../evaluate/evaluator.ts';
import type { Core } from '../core.ts';
import type { Column, Count, LiveExpression } from '../live-expression.ts';
import type { OwnPlace } from '../values.ts';
import { sourcesOf } from './limit-over-derived.ts';

interface Entry {
  readonly live: LiveExpression;
  readonly places: readonly OwnPlace[];
  /** Where the readings stand that it is worked out of. */
  readonly sources: readonly number[];
}

/**
 * The roles that a method works out of others: looked at with every look, before anything else, so that conditions, limits
 * and the record see the same value. One of which a source has no value has none. Nothing is allocated in a look.
 */
export class DerivedValues {
  readonly #core: Core;
  readonly #entries: readonly Entry[];
  readonly #values: Float64Array;
  readonly #column: Column;
  #shown_s = Number.NEGATIVE_INFINITY;

  constructor(core: Core) {
    this.#core = core;
    const { derived } = core.program;
    this.#entries = derived.map(({ name, expression }) => ({
      live: core.live(expression),
      places: core.table.placesOf(name),
      sources: sourcesOf(expression, derived)
        .filter(({ from }) => from === 'role')
        .map(slot => core.table.placeOf(slot).first),
    }));
    this.#values = new Float64Array(derived.length);
    this.#column = (data, name) => core.column(data, name, core.running_s);
  }

  /** One look at run time `t_s`; the bench is shown what came out, once for each time. */
  look(t_s: number, count: Count): void {
    if (this.#entries.length === 0) return;
    const { table, judged_s, env } = this.#core;
    for (let i = 0; i < this.#entries.length; i++) {
      const { live, places, sources } = this.#entries[i];
      const value = live.look(table.raw, judged_s, count, this.#column);
      this.#values[i] = value;
      table.write(places, value, isFresh(table.fresh, sources));
    }
    if (t_s <= this.#shown_s) return;
    this.#shown_s = t_s;
    env.showDerived(t_s, this.#values);
  }

  /** Set points have changed: nothing of it is of now, until the next readings. */
  stale(): void {
    for (const { places, sources } of this.#entries) if (sources.length > 0) this.#core.table.forget(places);
  }

  /** After an edit, which leaves them as they were: their windows go on. */
  takeOver(before: DerivedValues): void {
    this.#entries.forEach(({ live }, i) => {
      live.takeOver(before.#entries[i].live);
    });
  }

  /** What it remembers; windows fill anew. */
  state(): readonly ExpressionState[] {
    return this.#entries.map(({ live }) => live.state(this.#core.judged_s));
  }

  /** Goes on from there. */
  restore(saved: readonly ExpressionState[]): void {
    this.#entries.forEach(({ live }, i) => {
      if (saved[i] !== undefined) live.restore(saved[i], this.#core.judged_s);
    });
  }
}

function isFresh(fresh: Float64Array, sources: readonly number[]): boolean {
  for (let i = 0; i < sources.length; i++) if (Number.isNaN(fresh[sources[i]])) return false;
  return true;
}
