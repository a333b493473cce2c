import type { FigureSpec, Line } from '../../../dashboards/report/figure.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { type BatteryRun, discharge, runCurrent } from '../../../sim/plant/cell/battery-runs.ts';
import { FAST_MESH, FINE_MESH } from '../../../sim/plant/spme/mesh.ts';
import { spme } from '../../../sim/plant/spme/model.ts';
import {
  DFN_DISCHARGES,
  type Discharge,
  DRAWN_FRAC,
  OPEN_CIRCUIT,
  OVER_TEMPERATURE,
  PARTS_2C_800_S,
  SPM_DISCHARGES,
  SPME_DISCHARGES,
} from '../reference/chen2020.ts';
import { colour, largest, type Pair, pairsText, type Row, rms, row, span } from '../row.ts';

const NOMINAL_A = CHEN2020.nominal_Ah;
const MODEL = 'SPMe, Chen2020 (LG M50, 5 Ah)';
const PYBAMM = 'PyBaMM, same equations and parameter set';

/** Step of the runs, as on a bench; the mesh is the fine one, the default mesh has a row of its own. */
const STEP_S = 1;

interface ComparedRun {
  readonly curve: Discharge;
  readonly run: BatteryRun;
  /** From 10 to 90 % of 5 Ah drawn. */
  readonly middle: readonly Pair[];
}

/** Seconds after which a part of 5 Ah is drawn. */
function drawn_s(part_frac: number, rate_1_per_h: number): number {
  return (3600 * part_frac) / rate_1_per_h;
}

function compare(curve: Discharge, withElectrolyte: boolean): ComparedRun {
  const model = spme(CHEN2020, { withElectrolyte, mesh: FINE_MESH });
  const run = discharge(model, curve.rate_1_per_h * NOMINAL_A, CHEN2020.lower_V, STEP_S);
  const middle = DRAWN_FRAC.flatMap((part, k): Pair[] =>
    part < 0.1 ? [] : [[run.voltageAt(drawn_s(part, curve.rate_1_per_h)), curve.voltage_V[k] ?? Number.NaN]],
  );
  return { curve, run, middle };
}

function dischargeRows({ curve, run, middle }: ComparedRun, kind: 'spm' | 'spme'): Row[] {
  const id = `${kind}.chen2020.${curve.name.replace('/', '-')}`;
  const model = kind === 'spm' ? 'single-particle model without electrolyte, Chen2020' : MODEL;
  const dfn = DFN_DISCHARGES.find(d => d.name === curve.name && kind === 'spme');
  const beside =
    dfn === undefined
      ? ''
      : `; the porous-electrode model lies ${(1000 * rms(middle.map(([v], k): Pair => [v, dfn.voltage_V[k + 2] ?? Number.NaN]))).toFixed(0)} mV rms away`;
  return [
    row({
      id: `${id}.voltage`,
      model: `${model}, ${curve.name} discharge`,
      reference: PYBAMM,
      error: 1000 * largest(middle),
      tolerance: 2,
      unit: 'mV',
      basis: 'reference code, predicted',
      note: `10..90 % drawn, 25 °C, fine mesh, 1 s steps; computed (reference) V: ${pairsText(middle, 4)}${beside}`,
    }),
    row({
      id: `${id}.end`,
      model: `${model}, ${curve.name}: time to 2.5 V`,
      reference: PYBAMM,
      error: Math.abs(100 * (run.duration_s / curve.end_s - 1)),
      tolerance: 0.2,
      unit: '%',
      basis: 'reference code, predicted',
      note: `${run.duration_s.toFixed(1)} s (${curve.end_s} s)`,
    }),
  ];
}

function openCircuit(): Row {
  const pairs = OPEN_CIRCUIT.map(
    ([soc_frac, v]): Pair => [spme(CHEN2020, { soc_frac }).state.openCircuit_V, v],
  );
  return row({
    id: 'spme.chen2020.open-circuit',
    model: `${MODEL}, open-circuit voltage over the state of charge`,
    reference: PYBAMM,
    error: 1000 * largest(pairs),
    tolerance: 0.5,
    unit: 'mV',
    basis: 'reference code, same formula',
    note: `computed (reference) V: ${pairsText(pairs, 4)}`,
  });
}

function overTemperature(): Row[] {
  return OVER_TEMPERATURE.map(([temperature_degC, end_s, first_V, second_V]) => {
    const run = discharge(
      spme(CHEN2020, { temperature_degC, mesh: FINE_MESH }),
      NOMINAL_A,
      CHEN2020.lower_V,
      STEP_S,
    );
    const pairs: Pair[] = [
      [run.voltageAt(1000), first_V],
      [run.voltageAt(2000), second_V],
    ];
    return row({
      id: `spme.chen2020.1C.${temperature_degC}C`,
      model: `${MODEL}, 1C isothermal at ${temperature_degC} °C`,
      reference: PYBAMM,
      error: 1000 * largest(pairs),
      tolerance: 2,
      unit: 'mV',
      basis: 'reference code, predicted',
      note:
        `at 1000 and 2000 s, computed (reference) V: ${pairsText(pairs, 4)}; time to 2.5 V ${run.duration_s.toFixed(1)} s ` +
        `(${end_s} s, ${(100 * (run.duration_s / end_s - 1)).toFixed(3)} %)`,
    });
  });
}

/** What the default mesh, which steps on a bench, gives away against the fine one. */
function defaultMesh(fine: readonly ComparedRun[]): Row {
  const pairs = fine.flatMap(({ curve, middle }): Pair[] => {
    const amps = curve.rate_1_per_h * NOMINAL_A;
    const run = discharge(spme(CHEN2020, { mesh: FAST_MESH }), amps, CHEN2020.lower_V, STEP_S);
    return middle.map(([v], k) => [run.voltageAt(drawn_s(DRAWN_FRAC[k + 2] ?? 0, curve.rate_1_per_h)), v]);
  });
  return row({
    id: 'spme.chen2020.default-mesh',
    model: `${MODEL}, C/10..2C discharges on the default mesh (${FAST_MESH.shells} shells)`,
    reference: `the same on the fine mesh (${FINE_MESH.shells} shells)`,
    error: 1000 * largest(pairs),
    tolerance: 2,
    unit: 'mV',
    basis: 'self-consistency, model only',
    note: `10..90 % drawn, 1 s steps; ${(1000 * rms(pairs)).toFixed(2)} mV rms, the largest at 2C`,
  });
}

function parts(): Row {
  const model = spme(CHEN2020, { mesh: FINE_MESH });
  runCurrent(model, -2 * NOMINAL_A, 0, 800, STEP_S);
  const ohmic_mV = PARTS_2C_800_S.electrolyteOhmic_mV + PARTS_2C_800_S.solidOhmic_mV;
  // Here every part is counted as rising with the charge current; the reference counts losses of a discharge.
  const pairs: Pair[] = [
    [1000 * model.parts.negativeTransfer_V, PARTS_2C_800_S.negative_mV],
    [1000 * model.parts.positiveTransfer_V, PARTS_2C_800_S.positive_mV],
    [1000 * model.parts.concentration_V, PARTS_2C_800_S.concentration_mV],
    [1000 * model.parts.ohmic_V, ohmic_mV],
  ];
  return row({
    id: 'spme.chen2020.parts-2C',
    model: `${MODEL}, parts of the voltage at 2C after 800 s`,
    reference: PYBAMM,
    error: largest(pairs),
    tolerance: 1,
    unit: 'mV',
    basis: 'reference code, predicted',
    note: `charge transfer of negative and positive, concentration, ohmic; computed (reference) mV: ${pairsText(pairs, 2)}`,
  });
}

function dischargeFigure(runs: readonly ComparedRun[]): FigureSpec {
  const lines = runs.flatMap(({ curve, run }, k): Line[] => {
    const x = span(0, run.charge_Ah, 250);
    const toSeconds = (ah: number): number => (3600 * ah) / (curve.rate_1_per_h * NOMINAL_A);
    return [
      {
        label: `model, ${curve.name}`,
        colour: colour(k),
        x: x.slice(1, -1),
        y: x.slice(1, -1).map(ah => run.voltageAt(toSeconds(ah))),
      },
      {
        label: `PyBaMM, ${curve.name}`,
        colour: colour(k),
        stroke: 'none',
        marks: 'full',
        x: DRAWN_FRAC.map(part => part * NOMINAL_A),
        y: curve.voltage_V,
      },
    ];
  });
  return {
    title: 'SPMe, Chen2020: discharges at 25 °C (predicted)',
    xLabel: 'charge drawn, Ah',
    xKind: 'number',
    xFromZero: true,
    panels: [{ yLabel: 'voltage, V', height: 320, lines }],
  };
}

/** Rows and pictures of discharges of the single-particle model. */
export function spmeDischargeSection(): { readonly rows: Row[]; readonly pictures: FigureSpec[] } {
  const withSalt = SPME_DISCHARGES.map(curve => compare(curve, true));
  const without = SPM_DISCHARGES.map(curve => compare(curve, false));
  return {
    rows: [
      openCircuit(),
      ...withSalt.flatMap(run => dischargeRows(run, 'spme')),
      defaultMesh(withSalt),
      ...without.flatMap(run => dischargeRows(run, 'spm')),
      parts(),
      ...overTemperature(),
    ],
    pictures: [dischargeFigure(withSalt)],
  };
}
