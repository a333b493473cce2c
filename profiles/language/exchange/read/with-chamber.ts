import type { ReadStep } from './method-text.ts';

/**
 * Elsewhere a step carries its temperature; here the chamber is set before it. Readers put `temperature_degC` and `at`
 * (where the step stands in the file) among the keys of a step; both are taken out here.
 */

/** Makes the error at a place that a reader has put into a step. */
export type ErrorAt = (at: unknown, what: string) => Error;

/** The steps with the chamber set where it changes. `common_degC`: of steps that say none. @throws what `error` makes */
export function withChamber(
  steps: readonly ReadStep[],
  common_degC: number | undefined,
  error: ErrorAt,
): readonly ReadStep[] {
  return new Chamber(common_degC, error).over(steps);
}

class Chamber {
  readonly #common_degC: number | undefined;
  readonly #error: ErrorAt;
  #now_degC: number | undefined;

  constructor(common_degC: number | undefined, error: ErrorAt) {
    this.#common_degC = common_degC;
    this.#error = error;
  }

  over(steps: readonly ReadStep[]): readonly ReadStep[] {
    return steps.flatMap(step => (step.steps === undefined ? this.#leaf(step) : [this.#block(step)]));
  }

  #leaf(step: ReadStep): readonly ReadStep[] {
    const { temperature_degC, at, ...keys } = step.keys;
    const wanted = typeof temperature_degC === 'number' ? temperature_degC : this.#common_degC;
    if (wanted === undefined && this.#now_degC !== undefined)
      throw this.#error(at, 'has no temperature after one that has: expected it on every step, or on none');
    const before = this.#now_degC;
    this.#now_degC = wanted;
    if (wanted === undefined || wanted === before) return [{ ...step, keys }];
    return [{ keys: { set: { 'chamber.temperature_degC': wanted } } }, { ...step, keys }];
  }

  #block(step: ReadStep): ReadStep {
    const { at, ...keys } = step.keys;
    const inside = step.steps ?? [];
    // The first round may begin elsewhere than the others end: then each sets the chamber.
    const isLoop = 'repeat' in keys;
    if (isLoop && (this.#ofAll(inside).size > 1 || !this.#ofAll(inside).has(this.#now_degC)))
      this.#forget(inside);
    return { ...step, keys, steps: this.over(inside) };
  }

  #forget(steps: readonly ReadStep[]): void {
    if (this.#ofAll(steps).has(undefined)) return;
    this.#now_degC = undefined;
  }

  #ofAll(steps: readonly ReadStep[]): ReadonlySet<number | undefined> {
    const found = new Set<number | undefined>();
    for (const step of steps) {
      if (step.steps !== undefined) for (const one of this.#ofAll(step.steps)) found.add(one);
      else {
        const { temperature_degC } = step.keys;
        found.add(typeof temperature_degC === 'number' ? temperature_degC : this.#common_degC);
      }
    }
    return found;
  }
}
