import { measuredText, shortFigure, unitWords } from '../words.ts';
import type { Kpi } from './result.ts';

/**
 * A figure beside what its method asks of it: `margin, half-cell-rate: -2.61 +- 0.61 mV, wanted > 0 mV`. Empty: nothing
 * is asked of it.
 */
function criterionText({ id, phase, value, u95, unit, criterion }: Kpi): string {
  if (criterion === undefined) return '';
  const words = unitWords(unit);
  const shown = value === null ? 'no value' : `${measuredText(value, u95)} ${words}`.trimEnd();
  const wanted = `wanted ${criterion.is} ${shortFigure(criterion.limit)} ${words}`.trimEnd();
  return `${id}${phase === undefined ? '' : `, ${phase}`}: ${shown}, ${wanted}`;
}

/** The figures that do not meet what their methods ask, or of which nobody can say so; what fails first. */
export function unmetCriteria(
  kpis: readonly Kpi[],
): { readonly outcome: 'fail' | 'undecided'; readonly text: string }[] {
  return (['fail', 'undecided'] as const).flatMap(outcome =>
    kpis
      .filter(({ criterion }) => criterion?.outcome === outcome)
      .map(kpi => ({ outcome, text: criterionText(kpi) })),
  );
}
