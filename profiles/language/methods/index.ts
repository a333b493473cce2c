import type { KpiValue } from '../../kpi.ts';
import type { RecordedPart, RecordedRun } from '../../recorded-run.ts';
import { CELL_EVALUATIONS } from './cell/index.ts';
import type { Evaluation } from './evaluation.ts';
import { gasMix } from './gas/gas-mix.ts';
import { pctIsotherm } from './gas/pct-isotherm.ts';
import { conductivity } from './spectra/conductivity.ts';
import { eisAtLoads, eisAtSoc } from './spectra/eis.ts';
import { STACK_EVALUATIONS } from './stack/index.ts';

/** Every evaluation of a built-in method, by the name of the method. */
export const EVALUATIONS: Readonly<Record<string, Evaluation>> = Object.fromEntries(
  [...CELL_EVALUATIONS, ...STACK_EVALUATIONS, eisAtLoads, eisAtSoc, conductivity, pctIsotherm, gasMix].map(
    evaluation => [evaluation.method, evaluation],
  ),
);

/** Figures of all parts of a run, each under the name of its part; one that comes again is numbered. */
export function partKpis(run: RecordedRun): readonly KpiValue[] {
  const seen = new Map<string, number>();
  const exact = asDeclared(run);
  return (run.parts ?? []).flatMap(part => {
    const evaluation = EVALUATIONS[part.method];
    if (evaluation === undefined) return [];
    const n = (seen.get(part.name) ?? 0) + 1;
    seen.set(part.name, n);
    const phase = n === 1 ? part.name : `${part.name} (${n})`;
    const of = isKeptWhole(run, part) ? exact : run;
    return evaluation.evaluate(of, part).map(figure => ({ ...figure, phase }));
  });
}

/** The run with what its instruments are said to show: where all rows were kept nothing was left open between them. */
function asDeclared(run: RecordedRun): RecordedRun {
  const { declared, subject, phases, points, events, timeFactor } = run;
  const { parts = [], steps = [], spectra = [] } = run;
  if (declared === undefined || steps.every(({ every_s }) => every_s === undefined)) return run;
  return {
    subject,
    phases,
    points,
    parts,
    steps,
    spectra,
    events,
    timeFactor,
    series: role => run.series(role),
    asked: role => run.asked(role),
    accuracy: role => declared(role),
  };
}

/** True where every step of a part kept all rows, in a run that has rules for them. */
function isKeptWhole({ steps = [] }: RecordedRun, part: RecordedPart): boolean {
  const own = steps.filter(step => step.start_s < part.end_s - 1e-6 && step.end_s > part.start_s + 1e-6);
  return own.length > 0 && own.every(({ every_s }) => every_s === 0);
}
