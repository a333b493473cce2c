import type { FigureSpec, Line } from '../../../dashboards/report/figure.ts';
import { type AlkalineCurve, alkalineVoltage_V } from '../../../sim/plant/alkaline/cell.ts';
import {
  type AlkalineCurveSet,
  DE_GROOT_CURVE,
  SAKAS_CURVE,
  SANCHEZ_CURVE,
  ULLEBERG_CURVE,
} from '../../../sim/plant/alkaline/curves.ts';
import {
  faradaicEfficiency,
  SANCHEZ_FARADAIC,
  sanchezH2InO2_vol_pct,
  ULLEBERG_FARADAIC,
} from '../../../sim/plant/alkaline/purity.ts';
import { barPerMol, gasVolume, stepGasVolume } from '../../../sim/plant/parts/gas.ts';
import {
  DE_GROOT_10_BAR,
  DE_GROOT_30_BAR,
  FIELD_PRESSURISING,
  FIELD_RUN_1528_BAR,
  type MeasuredCurve,
  SAKAS,
  SANCHEZ,
  SANCHEZ_FARADAY,
  SANCHEZ_HTO,
  ULLEBERG,
  ULLEBERG_FARADAY_80,
} from '../reference/alkaline.ts';
import {
  type Basis,
  bias,
  colour,
  kelvin,
  largest,
  type Pair,
  pairsText,
  type Row,
  rms,
  row,
  span,
} from '../row.ts';

/** Voltage of a set at the points of a measured curve, and the measured one, V. */
export function pairsOf(set: AlkalineCurve, curve: MeasuredCurve): Pair[] {
  return curve.points.map(([i, v]) => [
    alkalineVoltage_V(set, kelvin(curve.temperature_degC), i / 1000, curve.pressure_bar),
    v,
  ]);
}

interface Stack {
  readonly id: string;
  readonly title: string;
  readonly set: AlkalineCurveSet;
  readonly curves: readonly MeasuredCurve[];
  readonly tolerance_mV: number;
  readonly basis: Basis;
  readonly remark: string;
}

const STACKS: readonly Stack[] = [
  {
    id: 'alkaline.ulleberg',
    title: 'alkaline, 26 kW, 7 bar (Ulleberg 2003)',
    set: ULLEBERG_CURVE,
    curves: ULLEBERG,
    tolerance_mV: 10,
    basis: 'measured, fitted',
    remark: 'published coefficients, which their author fitted to this stack; digitised points',
  },
  {
    id: 'alkaline.sanchez',
    title: 'alkaline, 15 kW (Sanchez 2018)',
    set: SANCHEZ_CURVE,
    curves: SANCHEZ,
    tolerance_mV: 10,
    basis: 'measured, fitted',
    remark:
      'published coefficients, which their authors fitted to this stack; pressure not stated with the points, 7 bar taken',
  },
  {
    id: 'alkaline.de-groot',
    title: 'alkaline, zero gap, 10 and 30 bar (de Groot 2022)',
    set: DE_GROOT_CURVE,
    curves: [...DE_GROOT_30_BAR, DE_GROOT_10_BAR],
    tolerance_mV: 15,
    basis: 'measured, fitted',
    remark: 'refitted',
  },
  {
    id: 'alkaline.sakas',
    title: 'alkaline, 3 MW plant, 16 bar (Sakas 2022)',
    set: SAKAS_CURVE,
    curves: SAKAS,
    tolerance_mV: 15,
    basis: 'measured, fitted',
    remark: 'refitted',
  },
];

function stackRow({ id, title, set, curves, tolerance_mV, basis, remark }: Stack): Row {
  const each = curves.map(curve => ({ curve, pairs: pairsOf(set, curve) }));
  const all = each.flatMap(({ pairs }) => pairs);
  const single = each.map(
    ({ curve, pairs }) =>
      `${curve.temperature_degC} °C ${curve.pressure_bar} bar ${(1000 * rms(pairs)).toFixed(1)} (bias ${(1000 * bias(pairs)).toFixed(1)})`,
  );
  return row({
    id: `${id}.curve`,
    model: title,
    reference: set.source,
    error: 1000 * rms(all),
    tolerance: tolerance_mV,
    unit: 'mV rms',
    basis,
    note: `${remark}; ${all.length} points, largest ${(1000 * largest(all)).toFixed(1)} mV; mV rms by temperature: ${single.join(', ')}`,
  });
}

function efficiencyAndPurity(): Row[] {
  const ulleberg = ULLEBERG_FARADAY_80.map(
    ([i, eta]): Pair => [faradaicEfficiency(ULLEBERG_FARADAIC, kelvin(80), i / 1000), eta],
  );
  const sanchez = SANCHEZ_FARADAY.map(
    ([t, i, eta]): Pair => [faradaicEfficiency(SANCHEZ_FARADAIC, kelvin(t), i / 1e4), eta],
  );
  const purity = SANCHEZ_HTO.map(
    ([t, p, i, pct]): Pair => [sanchezH2InO2_vol_pct(kelvin(t), p, i / 1e4), pct],
  );
  return [
    row({
      id: 'alkaline.ulleberg.faradaic',
      model: 'faradaic efficiency at 80 °C',
      reference: 'Ulleberg 2003, 20..300 mA/cm²',
      error: largest(ulleberg),
      tolerance: 0.001,
      unit: '1',
      basis: 'published formula',
      note: `computed (reference): ${pairsText(ulleberg, 3)}`,
    }),
    row({
      id: 'alkaline.sanchez.faradaic',
      model: 'faradaic efficiency at 60 and 75 °C',
      reference: 'Sanchez 2018, 500..5000 A/m²',
      error: largest(sanchez),
      tolerance: 0.001,
      unit: '1',
      basis: 'published formula',
      note: `computed (reference): ${pairsText(sanchez, 3)}`,
    }),
    row({
      id: 'alkaline.sanchez.h2-in-o2',
      model: 'H2 in O2, 60 and 75 °C, 7 and 9 bar',
      reference: 'Sanchez 2018, 500..5000 A/m²',
      error: largest(purity),
      tolerance: 0.051,
      unit: 'vol%',
      basis: 'published formula',
      note: `the reference has one decimal; valid 5..9 bar only; computed (reference) vol%: ${pairsText(purity, 2)}`,
    }),
  ];
}

/** Taken at 50 degC, where that stack ran. */
const FIELD_K = kelvin(50);
/** One volume for all runs: the median of what the nine runs imply. */
const FIELD_VOLUME_L = 55;

/** Pressure over time of a volume that nothing leaves, bar above the start, one entry per minute. */
function pressurise_bar(volume_L: number, h2_mol: number, length_s: number): number[] {
  const gas = gasVolume(volume_L);
  gas.h2_mol = 1 / barPerMol(volume_L, FIELD_K);
  gas.pressure_bara = 1;
  const rises = [0];
  for (let k = 1; k <= length_s; k++) {
    stepGasVolume(gas, h2_mol / length_s, 0, 0, 0, 0, 0, 1, 0, FIELD_K, 1);
    if (k % 60 === 0) rises.push(gas.pressure_bara - 1);
  }
  return rises;
}

function fieldRow(): Row {
  const pairs = FIELD_PRESSURISING.map(
    (run): Pair => [
      pressurise_bar(FIELD_VOLUME_L, run.h2_mol, run.length_s).at(-1) ?? Number.NaN,
      run.rise_bar,
    ],
  );
  const relative = pairs.map(([c, e]): Pair => [c / e, 1]);
  return row({
    id: 'alkaline.field-pressurising',
    model: `gas side of an alkaline stack, ${FIELD_VOLUME_L} L, nothing leaves`,
    reference: 'nine pressurising runs of a 160-cell stack, Università Politecnica delle Marche',
    error: 100 * rms(relative),
    tolerance: 20,
    unit: '% rms',
    basis: 'measured, fitted',
    note:
      'one volume (38..68 L implied by single runs) for all nine; largest deviation of a single run ' +
      `${(100 * largest(relative)).toFixed(0)} %; computed (measured) bar: ${pairsText(pairs, 2)}`,
  });
}

/** Rows of the alkaline plant. */
export function alkalineRows(): Row[] {
  return [...STACKS.map(stackRow), ...efficiencyAndPurity(), fieldRow()];
}

function stackFigure({ title, set, curves }: Stack): FigureSpec {
  const high = Math.max(...curves.flatMap(curve => curve.points.map(([i]) => i)));
  const lines = curves.flatMap((curve, k): Line[] => {
    const x = span(5, 1.05 * high, 120);
    const what = `${curve.temperature_degC} °C, ${curve.pressure_bar} bar`;
    return [
      {
        label: `model, ${what}`,
        colour: colour(k),
        ...(k > 3 ? { stroke: 'dashed' as const } : {}),
        x,
        y: x.map(i => alkalineVoltage_V(set, kelvin(curve.temperature_degC), i / 1000, curve.pressure_bar)),
      },
      {
        label: `measured, ${what}`,
        colour: colour(k),
        stroke: 'none',
        marks: k > 3 ? 'open' : 'full',
        x: curve.points.map(([i]) => i),
        y: curve.points.map(([, v]) => v),
      },
    ];
  });
  return {
    title,
    xLabel: 'current density, mA/cm²',
    xKind: 'number',
    xFromZero: true,
    panels: [{ yLabel: 'cell voltage, V', height: 300, lines }],
  };
}

function fieldFigure(): FigureSpec {
  const run = FIELD_PRESSURISING.find(r => r.start === '15:28');
  const minutes = FIELD_RUN_1528_BAR.map((_, k) => k);
  const start_bar = FIELD_RUN_1528_BAR[0];
  return {
    title: 'alkaline, pressurising a stack in the field (run of 15:28)',
    xLabel: 'time, min',
    xKind: 'number',
    xFromZero: true,
    panels: [
      {
        yLabel: 'pressure, bar',
        height: 220,
        lines: [
          {
            label: `model, ${FIELD_VOLUME_L} L, constant flow, nothing leaves`,
            colour: 'c0',
            x: minutes,
            y: pressurise_bar(FIELD_VOLUME_L, run?.h2_mol ?? Number.NaN, run?.length_s ?? 0).map(
              rise => start_bar + rise,
            ),
          },
          {
            label: 'log of the plant (its purge closes during the first two minutes)',
            colour: 'c1',
            stroke: 'none',
            marks: 'full',
            x: minutes,
            y: FIELD_RUN_1528_BAR,
          },
        ],
      },
    ],
  };
}

/** Measured points with the model's curves through them. */
export function alkalineFigures(): FigureSpec[] {
  return [...STACKS.map(stackFigure), fieldFigure()];
}
