import type { FigureSpec } from '../../../dashboards/report/figure.ts';
import { rest, runCurrent } from '../../../sim/plant/battery-runs.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { FARADAY_C_PER_MOL } from '../../../sim/plant/constants.ts';
import { FINE_MESH } from '../../../sim/plant/spme-mesh.ts';
import { spme } from '../../../sim/plant/spme-model.ts';
import { hostCapacity_Ah, particleSurface_m2 } from '../../../sim/plant/spme-parameters.ts';
import { particle } from '../../../sim/plant/spme-particle.ts';
import { spmeWindows, startLithium_Ah } from '../../../sim/plant/spme-windows.ts';
import { PULSE } from '../reference/chen2020.ts';
import { kelvin, largest, type Pair, pairsText, type Row, row, span } from '../row.ts';

const NOMINAL_A = CHEN2020.nominal_Ah;

/** A pulse of 10 s and the rest after it, read at rising times; anything that steps with a current. */
function pulseSteps(step: (current_A: number, dt_s: number) => void, read: (time_s: number) => void): void {
  const dt_s = 0.02;
  let now_s = 0;
  for (const [t] of PULSE) {
    const count = Math.round((t - now_s) / dt_s);
    for (let k = 0; k < count; k++) step(t > 10 ? 0 : -NOMINAL_A, dt_s);
    now_s = t;
    read(t);
  }
}

/** Filling of the positive electrode at a state of charge. */
function positiveFilling_frac(soc_frac: number): number {
  const lithium_Ah = startLithium_Ah(CHEN2020);
  const { negativeEmpty_frac, negativeFull_frac } = spmeWindows(CHEN2020, lithium_Ah);
  const x = negativeEmpty_frac + soc_frac * (negativeFull_frac - negativeEmpty_frac);
  const { negative, positive, area_m2 } = CHEN2020;
  return (lithium_Ah - x * hostCapacity_Ah(negative, area_m2)) / hostCapacity_Ah(positive, area_m2);
}

/**
 * What the reference's own reading of the surface does to its pulse, V: it lays a straight line through the outer two
 * of 60 equal shells, which the charge of the first second has hardly reached. Here the positive particle is stepped
 * on such shells and read so; the difference to the converged surface goes through the open-circuit curve.
 */
function surfaceReading_V(): number[] {
  const cathode = CHEN2020.positive;
  const filling = positiveFilling_frac(0.5);
  const equal = particle(cathode, { ...FINE_MESH, shells: 60, shellGrowth_1: 1 }, filling);
  const fine = particle(cathode, FINE_MESH, filling);
  const inflow_m_per_s_per_A =
    -1 / (particleSurface_m2(cathode, CHEN2020.area_m2) * FARADAY_C_PER_MOL * cathode.maximum_mol_per_m3);
  const errors: number[] = [];
  pulseSteps(
    (current_A, dt_s) => {
      for (const p of [equal, fine]) {
        p.prepare(dt_s, kelvin(25));
        p.take(current_A * inflow_m_per_s_per_A);
      }
    },
    () => {
      const line = 1.5 * (equal.sto[59] ?? Number.NaN) - 0.5 * (equal.sto[58] ?? Number.NaN);
      errors.push(cathode.openCircuit_V(line) - cathode.openCircuit_V(fine.surface_frac()));
    },
  );
  return errors;
}

/** Row and picture of the pulse. */
export function spmePulse(): { readonly row: Row; readonly figure: FigureSpec } {
  const model = spme(CHEN2020, { soc_frac: 0.5, mesh: FINE_MESH });
  const voltages: number[] = [];
  pulseSteps(
    (current_A, dt_s) => {
      model.prepare(dt_s);
      model.take(current_A);
    },
    () => voltages.push(model.state.voltage_V),
  );
  const readings_V = surfaceReading_V();
  const plain = PULSE.map(([, v], k): Pair => [voltages[k] ?? Number.NaN, v]);
  const pairs = plain.map(([computed, v], k): Pair => [computed + (readings_V[k] ?? Number.NaN), v]);
  const shown = spme(CHEN2020, { soc_frac: 0.5, mesh: FINE_MESH });
  const loaded = runCurrent(shown, -NOMINAL_A, 0, 10, 0.1);
  const rested = rest(shown, 60, 0.1);
  const at_V = (t: number): number => (t <= 10 ? loaded.voltageAt(t) : rested.voltageAt(t - 10));
  const x = [...span(0, 10, 101), ...span(10.1, 12, 20), ...span(12.5, 69.5, 115)];
  return {
    row: row({
      id: 'spme.chen2020.pulse',
      model: `SPMe, Chen2020 (LG M50, 5 Ah), 1C for 10 s at SOC 0.5, 600 s rest`,
      reference: 'PyBaMM, same equations and parameter set',
      error: 1000 * largest(pairs),
      tolerance: 1,
      unit: 'mV',
      basis: 'reference code, predicted',
      note:
        `surface read as the reference reads it (straight line through the outer two of 60 equal shells): at ${PULSE.map(([t]) => t).join(', ')} s, ` +
        `computed (reference) V: ${pairsText(pairs, 5)}. With the converged surface, which is what the model uses, the ` +
        `deviation is ${(1000 * largest(plain)).toFixed(2)} mV (0.1..1 s after the step), all of it the reference's reading`,
    }),
    figure: {
      title: 'SPMe, Chen2020: 1C for 10 s at SOC 0.5 (predicted)',
      xLabel: 'time',
      xKind: 'time',
      panels: [
        {
          yLabel: 'voltage, V',
          height: 220,
          lines: [
            { label: 'model', colour: 'c0', x, y: x.map(at_V) },
            {
              label: 'PyBaMM',
              colour: 'c1',
              stroke: 'none',
              marks: 'full',
              x: PULSE.filter(([t]) => t <= 70).map(([t]) => t),
              y: PULSE.filter(([t]) => t <= 70).map(([, v]) => v),
            },
          ],
        },
      ],
    },
  };
}
