import type { KpiValue } from '../../kpi.ts';
import type { RecordedRun } from '../../recorded-run.ts';
import { calendar, cycleLife } from './cell/ageing.ts';
import { capacityCheck } from './cell/capacity-check.ts';
import { chargeToSoc, fullCharge } from './cell/charges.ts';
import { formation } from './cell/formation.ts';
import { rateCapability } from './cell/rate-capability.ts';
import { halfCellRate } from './cell-metal/half-cell-rate.ts';
import { platingStripping } from './cell-metal/plating-stripping.ts';
import { ici } from './cell-pulses/ici.ts';
import { dcir, gitt, hppc } from './cell-pulses/pulses.ts';
import { quasiOcv } from './cell-pulses/quasi-ocv.ts';
import type { Evaluation } from './evaluation.ts';

/** Every evaluation of a built-in method, by the name of the method. */
export const EVALUATIONS: Readonly<Record<string, Evaluation>> = Object.fromEntries(
  [
    capacityCheck,
    fullCharge,
    chargeToSoc,
    calendar,
    cycleLife,
    formation,
    rateCapability,
    halfCellRate,
    platingStripping,
    ici,
    dcir,
    gitt,
    hppc,
    quasiOcv,
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
