import type { KpiValue } from '../../kpi.ts';
import type { RecordedRun } from '../../recorded-run.ts';
import { CELL_EVALUATIONS } from './cell/index.ts';
import type { Evaluation } from './evaluation.ts';
import { gasMix } from './gas/gas-mix.ts';
import { pctIsotherm } from './gas/pct-isotherm.ts';
import { conductivity } from './spectra/conductivity.ts';
import { eisAtLoads, eisAtSoc } from './spectra/eis.ts';
import { STACK_EVALUATIONS } from './stack/index.ts';
import { cyclicVoltammetry } from './voltammetry/cyclic-voltammetry.ts';

/** Every evaluation of a built-in method, by the name of the method. */
export const EVALUATIONS: Readonly<Record<string, Evaluation>> = Object.fromEntries(
  [
    ...CELL_EVALUATIONS,
    ...STACK_EVALUATIONS,
    eisAtLoads,
    eisAtSoc,
    conductivity,
    cyclicVoltammetry,
    pctIsotherm,
    gasMix,
  ].map(evaluation => [evaluation.method, evaluation]),
);

/** Figures of all parts of a run, each under the name of its part; one that comes again is numbered. */
export function partKpis(run: RecordedRun): readonly KpiValue[] {
  const seen = new Map<string, number>();
  return (run.parts ?? []).flatMap(part => {
    const evaluation = EVALUATIONS[part.method];
    if (evaluation === undefined) return [];
    const n = (seen.get(part.name) ?? 0) + 1;
    seen.set(part.name, n);
    const phase = n === 1 ? part.name : `${part.name} (${n})`;
    return evaluation.evaluate(run, part).map(figure => ({ ...figure, phase }));
  });
}
