import { seededRandom } from '../../../drivers/contract/random.ts';
import { AEM_SUBJECT } from '../../../sim/plant/aem/model.ts';
import { alkalineSet } from '../../../sim/plant/alkaline/sets.ts';
import { assb } from '../../../sim/plant/assb/assb.ts';
import { ASSB_SULFIDE } from '../../../sim/plant/assb/model.ts';
import type { BatteryModel } from '../../../sim/plant/cell/battery-model.ts';
import { liS } from '../../../sim/plant/li-s/li-s.ts';
import { MARINESCU_2016 } from '../../../sim/plant/li-s/parameters.ts';
import { MOLAR_VOLUME_NL_PER_MOL } from '../../../sim/plant/parts/constants.ts';
import type { PlantRig, PlantSubject, SteadyPoint } from '../../../sim/plant/parts/model.ts';
import { protonicPoint, protonicState, VOLLESTAD_2019 } from '../../../sim/plant/pcec/cell.ts';
import { between, protonicMap } from '../../../sim/plant/pcec/map.ts';
import { PCEC_SUBJECT } from '../../../sim/plant/pcec/model.ts';
import { PEM_500_KW } from '../../../sim/plant/pem/pem-500kw.ts';
import { findPlant } from '../../../sim/plants.ts';
import { CERAMIC_TABLE } from '../reference/ceramic.ts';
import { runFor, setAll } from '../rig-run.ts';
import { kelvin, largest, type Pair, type Row, row, span } from '../row.ts';
import {
  cellSpectrum,
  cellStepResponse,
  decades,
  impedanceError_pct,
  impedanceOfStep,
} from '../step-response.ts';

interface RunningStack {
  readonly plant: string;
  readonly set: string;
  readonly subject: PlantSubject;
  readonly temperature_degC: number;
  readonly pressure_barg: number;
  /** How far the plant may lie from its steady curve, mV per cell, and what that curve does not know. */
  readonly offCurve_mV: number;
  readonly offCurve: string;
  /** Time to become warm and steady. */
  readonly settle_s: number;
}

const STACKS: readonly RunningStack[] = [
  {
    plant: 'pem',
    set: 'irox-n115-500kw',
    subject: PEM_500_KW,
    temperature_degC: 60,
    pressure_barg: 5,
    offCurve_mV: 2,
    offCurve: 'spread of the cells',
    settle_s: 7200,
  },
  {
    plant: 'alkaline',
    set: 'sanchez-15kw',
    subject: alkalineSet('sanchez-15kw').subject,
    temperature_degC: 70,
    pressure_barg: 6,
    offCurve_mV: 2,
    offCurve: 'spread of the cells',
    settle_s: 20_000,
  },
  {
    plant: 'aem',
    set: 'enapter-class',
    subject: AEM_SUBJECT,
    temperature_degC: 55,
    pressure_barg: 30,
    offCurve_mV: 2,
    offCurve: 'spread of the cells',
    settle_s: 20_000,
  },
  {
    plant: 'pcec',
    set: 'vollestad-2019',
    subject: PCEC_SUBJECT,
    temperature_degC: 550,
    pressure_barg: 9,
    offCurve_mV: 15,
    offCurve: 'spread of the cells, steam that is used up',
    settle_s: 40_000,
  },
];

const LOAD_FRAC = 0.7;

/** A stack that has run long enough at that part of its nominal current to be warm and steady. */
function running({ plant, set, subject, temperature_degC, pressure_barg, settle_s }: RunningStack): PlantRig {
  const rig = findPlant(plant).create({ set, parameters: {}, subject, random: seededRandom(1) });
  setAll(rig, {
    'water.pumpSet_on': 1,
    'stack.temperatureSet_degC': temperature_degC,
    'cathode.pressureSet_barg': pressure_barg,
    'stack.voltageSet_V': 1000,
    'stack.powerSet_W': 1e6,
    'stack.currentSet_A': LOAD_FRAC * subject.currentNominal_A,
    'stack.outputSet_on': 1,
  });
  runFor(rig, settle_s);
  return rig;
}

function stackRows(stack: RunningStack): Row[] {
  const { plant, set, subject } = stack;
  const rig = running(stack);
  const model = findPlant(plant);
  const point: SteadyPoint = {
    current_A: rig.truthOf('current_A'),
    temperature_degC: rig.truthOf('temperature_degC'),
    cathode_barg: rig.truthOf('cathode.pressure_barg'),
    anode_barg: rig.truthOf('anode.pressure_barg'),
  };
  const steady_V = model.steadyCellVoltage_V?.(set, {}, subject, point) ?? Number.NaN;
  const aged_V = rig.truthOf('ageing.present_uV') * 1e-6;
  const running_V = rig.truthOf('cellVoltage_V') - aged_V;
  const told = {
    model: `${plant}, ${set}: the running plant`,
    basis: 'self-consistency, model only',
  } as const;
  const curve = row({
    ...told,
    id: `${plant}.plant-on-curve`,
    reference: 'its own steady curve, the one compared above',
    error: 1000 * Math.abs(running_V - steady_V),
    tolerance: stack.offCurve_mV,
    unit: 'mV per cell',
    note:
      `${running_V.toFixed(4)} V without ageing (${steady_V.toFixed(4)} V) at ${point.current_A.toFixed(1)} A, ` +
      `${point.temperature_degC.toFixed(1)} °C, ${point.cathode_barg.toFixed(2)} bar(g); not in the curve: ${stack.offCurve}`,
  });
  const before = { amps: rig.truthOf('current_A'), volts: rig.truthOf('stackVoltage_V') };
  setAll(rig, { 'stack.currentSet_A': 1.01 * LOAD_FRAC * subject.currentNominal_A });
  runFor(rig, 5);
  const pulse_Ohm = (rig.truthOf('stackVoltage_V') - before.volts) / (rig.truthOf('current_A') - before.amps);
  const spectrum_Ohm = rig.impedance(Float64Array.of(0.1)).re_Ohm[0] ?? Number.NaN;
  const pulse = row({
    ...told,
    id: `${plant}.pulse-terminals`,
    model: `${plant}, ${set}: 1 % more current for 5 s, at the terminals of the running plant`,
    reference: 'real part of its spectrum at 0.1 Hz',
    error: Math.abs(100 * (pulse_Ohm / spectrum_Ohm - 1)),
    tolerance: 2,
    unit: '%',
    note: `${(1000 * pulse_Ohm).toFixed(3)} mΩ from the pulse, ${(1000 * spectrum_Ohm).toFixed(3)} mΩ from the spectrum`,
  });
  return plant === 'aem' ? [curve, pulse, ratedFlow(stack)] : [curve, pulse];
}

/** What the maker's sheet says of a stack of that class: 500 NL/h, 1.87 V, 0.84 A/cm2. */
function ratedFlow(stack: RunningStack): Row {
  const rig = running(stack);
  setAll(rig, { 'stack.currentSet_A': stack.subject.currentNominal_A });
  runFor(rig, 3600);
  const flow_NL_per_h = rig.truthOf('meteredFlow_mol_per_s') * 3600 * MOLAR_VOLUME_NL_PER_MOL;
  return row({
    id: 'aem.rated-flow',
    model: 'aem, enapter-class: the running plant at its nominal current',
    reference: 'rated 500 NL/h of a 2.4 kW module (data sheet, recalled)',
    error: Math.abs(100 * (flow_NL_per_h / 500 - 1)),
    tolerance: 3,
    unit: '%',
    basis: 'model only',
    note:
      `${flow_NL_per_h.toFixed(0)} NL/h at ${rig.truthOf('cellVoltage_V').toFixed(3)} V per cell, ${rig.truthOf('temperature_degC').toFixed(1)} °C; ` +
      'no measured polarisation of an AEM stack was at hand, its curve is set to this point',
  });
}

/** The map that steps, against the equations behind it. */
function ceramicMap(): Row {
  const map = protonicMap(VOLLESTAD_2019);
  const volts = new Float64Array(map.density_A_per_cm2.length);
  const protons = new Float64Array(volts.length);
  const pairs = CERAMIC_TABLE.flatMap(({ temperature_degC, pressure_bar }) => {
    const point = protonicPoint(VOLLESTAD_2019, kelvin(temperature_degC), pressure_bar);
    map.row(kelvin(temperature_degC), pressure_bar, volts, protons);
    return span(0.02, 1, 50)
      .map(protonic => ({ protonic, ...protonicState(VOLLESTAD_2019, point, protonic) }))
      .filter(state => state.protonic + state.leakage_A_per_cm2 < 2)
      .map(
        (state): Pair => [
          between(map.density_A_per_cm2, volts, state.protonic + state.leakage_A_per_cm2),
          state.voltage_V,
        ],
      );
  });
  return row({
    id: 'pcec.map',
    model: 'proton-ceramic cell: the map that the plant steps on',
    reference: 'the equations it was worked out from',
    error: 1000 * largest(pairs),
    tolerance: 3,
    unit: 'mV',
    basis: 'self-consistency, model only',
    note: `${pairs.length} points at the conditions of the table, up to 2 A/cm²; the map declares 3 mV`,
  });
}

const SLOW_HZ = [0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

function cellRow(id: string, name: string, create: () => BatteryModel, small_A: number): Row {
  const model = create();
  const spectrum = cellSpectrum(model, SLOW_HZ);
  const response = cellStepResponse(model, small_A, decades(1e-4, 3000, 100));
  const errors = SLOW_HZ.map((f, k) =>
    impedanceError_pct(
      impedanceOfStep(response, f),
      spectrum[k] ?? { re_Ohm: Number.NaN, im_Ohm: Number.NaN },
    ),
  );
  const size = (at: number): string => (1000 * (spectrum[at]?.re_Ohm ?? Number.NaN)).toFixed(3);
  return row({
    id: `${id}.pulse-spectrum`,
    model: `${name}: spectrum worked out of its own pulse, 1..100 mHz`,
    reference: 'its own linearised spectrum',
    error: Math.max(...errors),
    tolerance: 2,
    unit: '%',
    basis: 'self-consistency, model only',
    note: `distance over size of the impedance, nothing fitted; real part ${size(0)} mΩ at 0.1 Hz, ${size(6)} mΩ at 1 mHz`,
  });
}

/** A cell drawn to about half before it is looked at, rested. */
function halfDrawn(model: BatteryModel, current_A: number, duration_s: number): BatteryModel {
  for (let t = 0; t < duration_s; t += 10) {
    model.prepare(10);
    model.take(current_A);
  }
  for (let t = 0; t < 7200; t += 10) {
    model.prepare(10);
    model.take(0);
  }
  return model;
}

/** Rows that every running plant must meet: on its curve, pulse and spectrum agreeing. */
export function everyPlantRows(): Row[] {
  return [
    ...STACKS.flatMap(stackRows),
    ceramicMap(),
    cellRow(
      'li-s',
      'lithium-sulphur, half drawn',
      () => halfDrawn(liS(MARINESCU_2016, 25), -0.34, 18_000),
      -0.001,
    ),
    cellRow(
      'assb',
      'all-solid-state approximation, SOC 0.5, 5 MPa',
      () => assb(ASSB_SULFIDE, { soc_frac: 0.5, temperature_degC: 25 }),
      0.002,
    ),
  ];
}
