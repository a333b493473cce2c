import { type KpiValue, kpi } from '../../../kpi.ts';
import { asStackRun, type RecordedPart, type StackRun } from '../../../recorded-run.ts';
import { defineEvaluation, type Evaluation, type FigureOf } from '../evaluation.ts';

/** Evaluation of a method that needs a stack: on any other subject its figures have no value. */
export function ofStack(own: {
  readonly method: string;
  readonly figures: readonly FigureOf[];
  readonly bearsThinning?: boolean;
  readonly without?: Parameters<typeof defineEvaluation>[0]['without'];
  readonly evaluate: (run: StackRun, part: RecordedPart) => readonly KpiValue[];
}): Evaluation {
  const { method, figures, bearsThinning, without } = own;
  return defineEvaluation({
    method,
    figures,
    ...(bearsThinning === undefined ? {} : { bearsThinning }),
    ...(without === undefined ? {} : { without }),
    evaluate(run, part) {
      const onStack = asStackRun(run);
      if (onStack !== undefined) return own.evaluate(onStack, part);
      const missing = 'what stands on this bench is no electrolyser stack';
      return figures.map(({ id, unit, doc }) =>
        kpi({ id, unit, value: null, definition: `${doc}.`, basis: 'default', missing }),
      );
    },
  });
}
