import { ATMOSPHERE_BAR } from '../../../../electrolysis.ts';
import { wayOf } from '../../../../stack/gas/gas-renewal.ts';
import { pressureFigures } from '../../../../stack/pressure.ts';
import { numberOf, stepsOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** Load points at pressure. */
export const highPressure = ofStack({
  method: 'high-pressure',
  figures: [
    { id: 'pressure-reached', unit: 'barg', doc: 'largest mean cathode pressure of a load point' },
    { id: 'pressure-rate-max', unit: 'bar/min', doc: 'fastest change of the cathode pressure over 60 s' },
    { id: 'minimum-current-at-pressure', unit: 'A', doc: 'least current that keeps H2 in O2 below the gate' },
    { id: 'points-at-pressure', unit: '1', doc: 'load points that were measured at pressure' },
    { id: 'h2-in-o2-at-pressure', unit: 'vol_pct', doc: 'largest H2 in O2 of the load points' },
  ],
  evaluate(run, part) {
    const pressure_barg = numberOf(part, 'top_barg');
    const perBar_A = numberOf(part, 'least_A_per_bar');
    const loads = part.parameters['loads_pct'];
    const taken = stepsOf(run, part, 'point');
    return pressureFigures(run, part, {
      pressure_barg,
      loads_frac: (Array.isArray(loads) ? (loads as readonly number[]) : []).map(pct => pct / 100),
      gateH2InO2_vol_pct: numberOf(part, 'gate_vol_pct'),
      needed_A: perBar_A * (pressure_barg + ATMOSPHERE_BAR),
      how: `${perBar_A} A by bar of absolute pressure, as the bench file says`,
      way: wayOf(part),
      points: run.points.filter(point =>
        taken.some(step => point.from_s >= step.start_s - 1e-6 && point.to_s <= step.end_s + 1e-6),
      ),
    });
  },
});
