import { seededRandom } from '../../../drivers/contract/random.ts';
import { LITHIUM_METAL_MODEL } from '../../../sim/plant/li-metal/model.ts';
import type { PlantRig } from '../../../sim/plant/parts/model.ts';
import { runFor, setAll } from '../rig-run.ts';
import { largest, type Pair, pairsText, type Row, row } from '../row.ts';

const AREA_CM2 = (Math.PI / 4) * 1.2 ** 2;
/** A cell that does not short while its other figures are looked at. */
const NEVER = { shortDose_mAh_per_cm2: 1e9 };

function cell(set: string, parameters: Readonly<Record<string, number>> = NEVER): PlantRig {
  const subject = { cells: 1, activeArea_cm2: 0, currentNominal_A: 1e-3 };
  const rig = LITHIUM_METAL_MODEL.create({ set, parameters, subject, random: seededRandom(2) });
  setAll(rig, { 'cell.outputSet_on': 1, 'cell.modeSet_count': 1, 'cell.voltageMaxSet_V': 3 });
  return rig;
}

/** So many mA/cm2 for so long; negative plates the working electrode. */
function pass(rig: PlantRig, density_mA: number, duration_s: number): void {
  setAll(rig, { 'cell.currentSet_A': (density_mA / 1000) * AREA_CM2 });
  runFor(rig, duration_s, duration_s);
}

const shown = (rig: PlantRig, role: string): number => rig.sensor(rig.sensorIndex(role));

/** Strips to 0.5 V; what the channel's counter says came out of the working electrode, mAh/cm2. */
function stripped(rig: PlantRig, density_mA: number): number {
  const before = shown(rig, 'cell.charged_Ah');
  for (let k = 0; k < 4000; k++) {
    pass(rig, density_mA, 10);
    if (shown(rig, 'cell.voltage_V') > 0.5) break;
  }
  return (1000 * (shown(rig, 'cell.charged_Ah') - before)) / AREA_CM2;
}

function sizeRow(): Row {
  const volts = ['li-li-carbonate', 'li-cu-ether'].map(set => {
    const rig = cell(set);
    pass(rig, -1, 1200);
    return 1000 * shown(rig, 'cell.voltage_V');
  });
  // The middle of what is recalled: -50..-200 mV with carbonate, -20..-60 with ether.
  const pairs: Pair[] = [
    [volts[0], -125],
    [volts[1], -40],
  ];
  return row({
    id: 'li-metal.overpotential',
    model: 'Li|Li in carbonate and Li|Cu in ether, plating at 1 mA/cm² after 20 min',
    reference: 'usual sizes (recalled): -50..-200 mV and -20..-60 mV',
    error: Math.max(Math.abs(volts[0] + 125) / 75, Math.abs(volts[1] + 40) / 20),
    tolerance: 1,
    unit: 'of half the width',
    basis: 'model only',
    note: `found (middle of the recalled) mV: ${pairsText(pairs, 0)}`,
  });
}

function efficiencyRow(): Row {
  const pairs = [92, 97, 99.5].map((efficiency_pct): Pair => {
    const rig = cell('li-cu-ether', {
      ...NEVER,
      efficiencyFirst_pct: efficiency_pct,
      efficiency_pct,
      oxide_mAh_per_cm2: 0,
    });
    pass(rig, -0.5, 14_400);
    return [(100 * stripped(rig, 0.5)) / 2, efficiency_pct];
  });
  return row({
    id: 'li-metal.efficiency',
    model: 'Li|Cu: coulombic efficiency of a full strip to 0.5 V, from the counters of the channel',
    reference: 'what the cell was made with',
    error: largest(pairs),
    tolerance: 0.5,
    unit: '%',
    basis: 'self-consistency, model only',
    note: `found (made with) %: ${pairsText(pairs, 2)}; up to 0.5 % is charge above 0 V and the 10 s of the last look`,
  });
}

function reservoirRow(): Row {
  const rig = cell('li-cu-ether', {
    ...NEVER,
    efficiencyFirst_pct: 99,
    efficiency_pct: 99,
    oxide_mAh_per_cm2: 0,
  });
  pass(rig, -0.5, 36_000);
  for (let k = 0; k < 10; k++) {
    pass(rig, 0.5, 7200);
    pass(rig, -0.5, 7200);
  }
  const found_pct = (100 * (10 + stripped(rig, 0.5))) / (10 + 5);
  return row({
    id: 'li-metal.reservoir',
    model: 'Li|Cu: reservoir of 5 mAh/cm², ten cycles of 1, strip; (n Qc + Qs) / (n Qc + Qt)',
    reference: 'what the cell was made with',
    error: Math.abs(found_pct - 99),
    tolerance: 0.1,
    unit: '%',
    basis: 'self-consistency, model only',
    note: `${found_pct.toFixed(3)} % (99)`,
  });
}

function shortRows(): Row[] {
  const rig = cell('li-li-garnet', { shortDose_mAh_per_cm2: 0.5, shortBreaks_frac: 0 });
  pass(rig, -0.5, 60);
  const fresh_mV = 1000 * Math.abs(rig.truthOf('cell.terminalVoltage_V'));
  let soft_mV = Number.NaN;
  for (let k = 0; k < 600 && rig.truthOf('cell.short.kind_count') < 2; k++) {
    pass(rig, -0.5, 60);
    if (rig.truthOf('cell.short.kind_count') === 1)
      soft_mV = 1000 * Math.abs(rig.truthOf('cell.terminalVoltage_V'));
  }
  pass(rig, -0.5, 60);
  const hard_mV = 1000 * Math.abs(rig.truthOf('cell.terminalVoltage_V'));
  const spectrum = rig.impedance(Float64Array.of(1));
  return [
    row({
      id: 'li-metal.hard-short',
      model: 'Li|LLZO|Li at 0.5 mA/cm², shorted for good: its voltage',
      reference: 'current times the resistance of the short, 0.5 Ω cm²',
      error: Math.abs(100 * (hard_mV / 0.25 - 1)),
      tolerance: 5,
      unit: '%',
      basis: 'model only',
      note:
        `${hard_mV.toFixed(3)} mV (0.25 mV); before ${fresh_mV.toFixed(0)} mV, with a soft short ${soft_mV.toFixed(0)} mV; ` +
        `spectrum at 1 Hz ${(spectrum.re_Ohm[0] * AREA_CM2).toFixed(3)} Ω cm², phase ${((180 / Math.PI) * Math.atan2(spectrum.im_Ohm[0], spectrum.re_Ohm[0])).toFixed(2)}°`,
    }),
  ];
}

function pulseRow(): Row {
  const pairs = ['li-li-carbonate', 'li-li-garnet'].map((set): Pair => {
    const rig = cell(set);
    pass(rig, -0.5, 3600);
    pass(rig, 0, 1800);
    const { re_Ohm } = rig.impedance(Float64Array.of(1e-4));
    const rest_V = rig.truthOf('cell.voltage_V');
    pass(rig, -0.001, 600);
    return [(rig.truthOf('cell.voltage_V') - rest_V) / (-1e-6 * AREA_CM2), re_Ohm[0]];
  });
  return row({
    id: 'li-metal.pulse-spectrum',
    model: 'Li|Li and Li|LLZO|Li: resistance of a small pulse of 10 min',
    reference: 'real part of its own spectrum at 0.1 mHz',
    error: Math.max(...pairs.map(([a, b]) => Math.abs(100 * (a / b - 1)))),
    tolerance: 2,
    unit: '%',
    basis: 'self-consistency, model only',
    note: `pulse (spectrum) Ω: ${pairsText(pairs, 1)}`,
  });
}

/** Rows of the plating cells. No measured cell was at hand. */
export function lithiumMetalRows(): Row[] {
  return [sizeRow(), efficiencyRow(), reservoirRow(), pulseRow(), ...shortRows()];
}
