import type { KpiValue } from '../../kpi.ts';
import type { RecordedPart, RecordedRun, RecordedStep } from '../../recorded-run.ts';

/** What a built-in method makes of its part of a record: one file a method, beside its steps. */

/** A figure that a method gives, for the list of methods and the reference. */
export interface FigureOf {
  readonly id: string;
  readonly unit: string;
  /** What it is, in a bench engineer's words. */
  readonly doc: string;
}

/** The evaluation of one built-in method. */
export interface Evaluation {
  /** The name that it is called by. */
  readonly method: string;
  readonly figures: readonly FigureOf[];
  /**
   * Its figures hold with rows that the calling method thins: they come from parts in it that keep their own, or from
   * what a constant load shows at any time. Of all others the rows are kept as the bench keeps them.
   */
  readonly bearsThinning?: boolean;
  /** All its figures, from the record alone; null with the reason where there is no value. */
  evaluate(run: RecordedRun, part: RecordedPart): readonly KpiValue[];
}

/** Keeps the type. */
export function defineEvaluation(evaluation: Evaluation): Evaluation {
  return evaluation;
}

/** Steps of a part under an id, in the order of their ends; without an id all of it. */
export function stepsOf(run: RecordedRun, part: RecordedPart, id?: string): readonly RecordedStep[] {
  return (run.steps ?? []).filter(
    step =>
      step.start_s >= part.start_s - 1e-6 &&
      step.end_s <= part.end_s + 1e-6 &&
      (id === undefined || step.id === id),
  );
}

/** A parameter that is one number, in the unit of its name; NaN where it was not given. */
export function numberOf(part: RecordedPart, name: string): number {
  const value = part.parameters[name];
  return typeof value === 'number' ? value : Number.NaN;
}
