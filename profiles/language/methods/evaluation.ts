import { type KpiValue, kpi } from '../../kpi.ts';
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

/** An evaluation as it is written. */
interface Written extends Evaluation {
  /** Ids without whose steps it can say nothing: its own, or those of a block with `evaluate`. */
  readonly ids?: readonly string[];
  /** Why a figure that its part does not give is not there. */
  readonly without?: string | ((run: RecordedRun, part: RecordedPart) => string);
}

/** The evaluation, which always gives every figure of its list: one that its part does not give is null with the reason. */
export function defineEvaluation({
  ids = [],
  without = 'nothing in it gives it',
  ...own
}: Written): Evaluation {
  const listed = own.figures.map(({ id }) => id);
  const none = ({ id, unit, doc }: FigureOf, missing: string): KpiValue =>
    kpi({ id, unit, value: null, definition: `${doc}.`, basis: 'default', missing });
  return {
    ...own,
    evaluate(run, part) {
      const lacking = ids.filter(id => stepsOf(run, part, id).length === 0);
      const isLacking = lacking.length > 0;
      const found = isLacking ? [] : own.evaluate(run, part);
      const names = lacking.map(id => `"${id}"`).join(' and ');
      const missing = isLacking
        ? `no step in it with the id ${names} has ended`
        : typeof without === 'string'
          ? without
          : without(run, part);
      const isThere = (of: FigureOf): boolean =>
        found.some(({ id }) => id === of.id || (id.startsWith(`${of.id}-`) && !listed.includes(id)));
      return [...found, ...own.figures.filter(of => !isThere(of)).map(of => none(of, missing))];
    },
  };
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
