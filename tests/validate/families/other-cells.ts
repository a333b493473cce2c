import type { FigureSpec, Line } from '../../../dashboards/report/figure.ts';
import { ECKER2015 } from '../../../sim/plant/battery-sets/ecker2015.ts';
import { PRADA2013 } from '../../../sim/plant/battery-sets/prada2013.ts';
import type { BatteryModel } from '../../../sim/plant/cell/battery-model.ts';
import { type BatteryRun, discharge } from '../../../sim/plant/cell/battery-runs.ts';
import { liS } from '../../../sim/plant/li-s/li-s.ts';
import { MARINESCU_2016 } from '../../../sim/plant/li-s/parameters.ts';
import { FINE_MESH } from '../../../sim/plant/spme/mesh.ts';
import { spme } from '../../../sim/plant/spme/model.ts';
import type { SpmeParameters } from '../../../sim/plant/spme/parameters.ts';
import { type CellCurve, ECKER, LFP, LFP_IMPEDANCE_DFN, LITHIUM_SULPHUR } from '../reference/other-cells.ts';
import { bias, colour, largest, type Pair, pairsText, type Row, rms, row, span } from '../row.ts';
import { cellSpectrum, impedanceError_pct } from '../step-response.ts';

/** A discharge beside the points of its reference. */
export interface Compared {
  readonly name: string;
  readonly run: BatteryRun;
  /** Charge drawn, Ah, of each pair. */
  readonly drawn_Ah: readonly number[];
  readonly pairs: readonly Pair[];
}

/** A discharge from the paper's start, read where the reference has its points (Ah, V). */
export function compare(
  set: SpmeParameters,
  name: string,
  rate_1_per_h: number,
  points: readonly (readonly [number, number])[],
  model: BatteryModel = spme(set, { mesh: FINE_MESH }),
): Compared {
  const current_A = rate_1_per_h * set.nominal_Ah;
  const run = discharge(model, current_A, set.lower_V, 1);
  const pairs = points.map(([ah, v]): Pair => [run.voltageAt((3600 * ah) / current_A), v]);
  return { name, run, drawn_Ah: points.map(([ah]) => ah), pairs };
}

/** The points of a curve over the charge drawn, Ah. */
export function inAh(curve: CellCurve, set: SpmeParameters): readonly (readonly [number, number])[] {
  return curve.points.map(([part, v]) => [part * set.nominal_Ah, v] as const);
}

/** Runs as lines with the points of their reference, over the charge drawn. */
export function runsFigure(
  title: string,
  reference: string,
  runs: readonly Compared[],
  unit: 'Ah' | 'mAh' = 'Ah',
): FigureSpec {
  const perAh = unit === 'Ah' ? 1 : 1000;
  const lines = runs.flatMap(({ name, run, drawn_Ah, pairs }, k): Line[] => {
    const x = span(0, run.charge_Ah, 250).slice(1, -1);
    return [
      {
        label: `model, ${name}`,
        colour: colour(k),
        x: x.map(ah => perAh * ah),
        y: x.map(ah => run.voltageAt((run.duration_s * ah) / run.charge_Ah)),
      },
      {
        label: `${reference}, ${name}`,
        colour: colour(k),
        stroke: 'none',
        marks: 'full',
        x: drawn_Ah.map(ah => perAh * ah),
        y: pairs.map(([, v]) => v),
      },
    ];
  });
  return {
    title,
    xLabel: `charge drawn, ${unit}`,
    xKind: 'number',
    xFromZero: true,
    panels: [{ yLabel: 'voltage, V', height: 280, lines }],
  };
}

function phosphate(): { readonly rows: Row[]; readonly figure: FigureSpec } {
  const runs = LFP.map(curve => compare(PRADA2013, curve.name, curve.rate_1_per_h, inAh(curve, PRADA2013)));
  return {
    rows: runs.map(({ name, run, pairs }, k) =>
      row({
        id: `spme.lfp.${name.replace('/', '-')}`,
        model: `SPMe, LFP 2.3 Ah (Prada2013), ${name} discharge`,
        reference: 'PyBaMM, same equations and parameter set; its porous-electrode model lies within 0.3 mV',
        error: 1000 * largest(pairs),
        tolerance: 3,
        unit: 'mV',
        basis: 'reference code, predicted',
        note: `${pairs.length} points from 2 % drawn on; time to 2 V ${run.duration_s.toFixed(1)} s (${LFP[k]?.end_s} s); computed (reference) V: ${pairsText(pairs, 4)}`,
      }),
    ),
    figure: runsFigure('SPMe, LFP 2.3 Ah (predicted)', 'PyBaMM', runs),
  };
}

/** Below 10 Hz, where the current is spread evenly over the electrodes, which a single particle takes for granted. */
function phosphateImpedance(): Row {
  const computed = cellSpectrum(
    spme(PRADA2013, { soc_frac: 0.5, mesh: FINE_MESH }),
    LFP_IMPEDANCE_DFN.map(([f]) => f),
  );
  const errors = LFP_IMPEDANCE_DFN.map(([, re, im], k) =>
    impedanceError_pct(computed[k] ?? { re_Ohm: Number.NaN, im_Ohm: Number.NaN }, {
      re_Ohm: re / 1000,
      im_Ohm: im / 1000,
    }),
  );
  const sizes = computed.map((z, k): Pair => [1000 * z.re_Ohm, LFP_IMPEDANCE_DFN[k]?.[1] ?? Number.NaN]);
  return row({
    id: 'spme.lfp.impedance',
    model: 'SPMe, LFP 2.3 Ah (Prada2013), spectrum at SOC 0.5, 1 mHz..10 Hz',
    reference: "PyBaMM's porous-electrode model, same parameter set",
    error: Math.max(...errors),
    tolerance: 2,
    unit: '%',
    basis: 'reference code, predicted',
    note:
      `distance over size of the impedance; real parts at ${LFP_IMPEDANCE_DFN.map(([f]) => f).join(', ')} Hz, computed (reference) mΩ: ` +
      pairsText(sizes, 2),
  });
}

function measured(): { readonly rows: Row[]; readonly figure: FigureSpec } {
  const runs = ECKER.map(curve => compare(ECKER2015, curve.name, curve.rate_1_per_h, curve.points));
  return {
    rows: runs.map(({ name, pairs }, k) => {
      const dfn_mV = ECKER[k]?.pybammDfn_mV ?? Number.NaN;
      return row({
        id: `spme.ecker.${name}`,
        model: `SPMe, Kokam 7.5 Ah (Ecker2015), ${name} discharge`,
        reference: 'measured discharge of that cell, Ecker et al. 2015',
        error: 1000 * rms(pairs),
        tolerance: name === '1C' ? 40 : 100,
        unit: 'mV rms',
        basis: 'measured, predicted',
        note:
          `${name === '1C' ? 'the honest distance of such a model from a real cell' : 'no tolerance is agreed for 5C; 100 mV guards it'}; ` +
          `PyBaMM's porous-electrode model ${dfn_mV} mV rms; bias ${(1000 * bias(pairs)).toFixed(0)} mV, largest ` +
          `${(1000 * largest(pairs)).toFixed(0)} mV; computed (measured) V: ${pairsText(pairs, 3)}`,
      });
    }),
    figure: runsFigure('SPMe against a measured cell: Kokam 7.5 Ah (predicted)', 'measured', runs),
  };
}

function sulphur(): { readonly rows: Row[]; readonly figure: FigureSpec } {
  const model = liS(MARINESCU_2016, 25);
  const start_V = model.state.voltage_V;
  const run = discharge(model, LITHIUM_SULPHUR.current_A, MARINESCU_2016.voltageMin_V, 1);
  const drawn_Ah = LITHIUM_SULPHUR.points.map(([ah]) => ah);
  const pairs = LITHIUM_SULPHUR.points.map(
    ([ah, v]): Pair => [run.voltageAt((3600 * ah) / LITHIUM_SULPHUR.current_A), v],
  );
  const told = {
    model: 'lithium-sulphur, zero-dimensional (Marinescu 2016), 1.7 A discharge',
    reference: 'independent solver of the same equations',
    basis: 'model only',
  } as const;
  return {
    rows: [
      row({
        ...told,
        id: 'li-s.voltage',
        error: 1000 * largest([...pairs, [start_V, LITHIUM_SULPHUR.start_V]]),
        tolerance: 2,
        unit: 'mV',
        note: `rest ${start_V.toFixed(5)} V (${LITHIUM_SULPHUR.start_V} V); at ${drawn_Ah.join(', ')} Ah, computed (reference) V: ${pairsText(pairs, 4)}`,
      }),
      row({
        ...told,
        id: 'li-s.capacity',
        error: Math.abs(100 * (run.charge_Ah / LITHIUM_SULPHUR.end_Ah - 1)),
        tolerance: 0.2,
        unit: '%',
        note: `${run.charge_Ah.toFixed(4)} Ah (${LITHIUM_SULPHUR.end_Ah} Ah) to ${MARINESCU_2016.voltageMin_V} V`,
      }),
    ],
    figure: runsFigure('Lithium-sulphur, 1.7 A (model only)', 'independent solver', [
      { name: '1.7 A', run, drawn_Ah, pairs },
    ]),
  };
}

/** Rows and pictures of LFP, lithium-sulphur and of a measured cell. */
export function otherCellsSection(): { readonly rows: Row[]; readonly pictures: FigureSpec[] } {
  const parts = [phosphate(), measured(), sulphur()];
  return {
    rows: [...parts.flatMap(part => part.rows), phosphateImpedance()],
    pictures: parts.map(part => part.figure),
  };
}
