import type { FigureSpec } from '../../../dashboards/report/figure.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { rest, runCurrent } from '../../../sim/plant/cell/battery-runs.ts';
import { EVEN_MESH, FAST_MESH, FINE_MESH, type SpmeMesh } from '../../../sim/plant/spme/mesh.ts';
import { spme } from '../../../sim/plant/spme/model.ts';
import { PULSE } from '../reference/chen2020.ts';
import { largest, type Pair, pairsText, type Row, row, span } from '../row.ts';

/** 1C for 10 s at half charge, then rest: voltage at a time, V. */
function pulseRun(mesh: SpmeMesh, rest_s: number): (time_s: number) => number {
  const model = spme(CHEN2020, { soc_frac: 0.5, mesh });
  const loaded = runCurrent(model, -CHEN2020.nominal_Ah, 0, 10, 0.05);
  const rested = rest(model, rest_s, 0.05);
  return t => (t <= 10 ? loaded.voltageAt(t) : rested.voltageAt(t - 10));
}

function pairsOn(mesh: SpmeMesh): Pair[] {
  const at_V = pulseRun(mesh, 600);
  return PULSE.map(([t, v]) => [at_V(t), v]);
}

/**
 * The pulse of the reference. It lays a straight line through the outer two of 60 equal shells to find the surface,
 * which the charge of the first second has hardly reached; the model is therefore cut and read alike.
 */
export function spmePulse(): { readonly row: Row; readonly figure: FigureSpec } {
  const pairs = pairsOn(EVEN_MESH);
  const deviation = (mesh: SpmeMesh): string => `${(1000 * largest(pairsOn(mesh))).toFixed(2)} mV`;
  const shown_V = pulseRun(FINE_MESH, 60);
  const x = [...span(0, 10, 101), ...span(10.1, 12, 20), ...span(12.5, 69.5, 115)];
  const points = PULSE.filter(([t]) => t <= 70);
  return {
    row: row({
      id: 'spme.chen2020.pulse',
      model: 'SPMe, Chen2020 (LG M50, 5 Ah), 1C for 10 s at SOC 0.5, 600 s rest',
      reference: 'PyBaMM, same equations and parameter set, shells cut alike',
      error: 1000 * largest(pairs),
      tolerance: 1,
      unit: 'mV',
      basis: 'reference code, predicted',
      note:
        `at ${PULSE.map(([t]) => t).join(', ')} s, computed (reference) V: ${pairsText(pairs, 5)}. On 60 even shells whose surface is ` +
        'a straight line through the outer two, as the reference has them; such shells are blind to the first second. ' +
        `Against the same reference the converged mesh deviates by ${deviation(FINE_MESH)} and the default one by ` +
        `${deviation(FAST_MESH)}, both 0.1..1 s after the step: that is the reference's mesh, not the model`,
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
            { label: 'model, converged mesh', colour: 'c0', x, y: x.map(shown_V) },
            {
              label: 'PyBaMM',
              colour: 'c1',
              stroke: 'none',
              marks: 'full',
              x: points.map(([t]) => t),
              y: points.map(([, v]) => v),
            },
          ],
        },
      ],
    },
  };
}
