import type { PlantRig, Spectrum } from '../parts/model.ts';
import { type PlantRandom, sensorBoard } from '../parts/sensors.ts';
import { store } from '../parts/store.ts';
import type { BatteryModel, BatteryState } from './battery-model.ts';
import { cellChamber } from './chamber.ts';
import { cellChannel } from './channel.ts';
import { isJump, longestStep_s } from './jump.ts';
import { cellSensorSpecs } from './sensors.ts';
import { asSupply } from './supply.ts';
import { type CellValidity, cellValidityTruths, outsideCellValidity_on } from './validity.ts';

/** Cycler channel, holder and chamber around a cell. */
export interface CellRigOptions extends CellValidity {
  /** Range of the channel, both directions, A. */
  readonly currentMax_A: number;
  /** Hard limits of the channel at the start: least and most, V. */
  readonly voltageLimits_V: readonly [number, number];
  /** Of the chamber at the start, as of the cell. */
  readonly start_degC: number;
  /** Only cells that depend on it (solid electrolyte) are held under a set pressure. */
  readonly startPressure_MPa?: number;
  /** Grid of the steps; 1 s. */
  readonly step_s?: number;
  /** Seeded: errors and noise of the sensors. */
  readonly random: PlantRandom;
}

const ACTUATORS = [
  'cell.modeSet_count',
  'cell.currentSet_A',
  'cell.voltageSet_V',
  'cell.powerSet_W',
  'cell.resistanceSet_Ohm',
  'cell.outputSet_on',
  'chamber.temperatureSet_degC',
  'cell.voltageMaxSet_V',
  'cell.voltageMinSet_V',
  'cell.pressureSet_MPa',
] as const;
const DISTURBANCES = [
  'cycler.leadOff_on',
  'cycler.tripped_on',
  'chamber.temperatureRise_K',
  'cell.shortConductance_S',
  'cell.contact_Ohm',
] as const;
const TERMINAL_TRUTHS = [
  'cell.terminalCurrent_A',
  'cell.terminalVoltage_V',
  'chamber.air_degC',
  'cell.charged_Ah',
  'cell.discharged_Ah',
] as const;

const OUTSIDE = 'cell.outsideValidity_on';

/** Places in the settings and disturbances, in the order above; the pressure is last, for not every rig has it. */
const SETTING = {
  mode_count: 0,
  current_A: 1,
  voltage_V: 2,
  power_W: 3,
  resistance_Ohm: 4,
  output_on: 5,
  chamber_degC: 6,
  voltageMax_V: 7,
  voltageMin_V: 8,
  pressure_MPa: 9,
} as const;
const FAULT = { leadOff_on: 0, tripped_on: 1, temperatureRise_K: 2, short_S: 3, contact_Ohm: 4 } as const;

const PRESSURE_ROLES = ['cell.pressure_MPa', 'cell.pressureSet_MPa'];
/** An open sense lead loses its voltage into the meter's input. */
const FLOATING_S = 1;
const OPEN_OHM = 1e9;
/** Times closer than this are the same time. */
const SAME_S = 1e-9;

/**
 * A battery cell in its holder, in a chamber, behind one channel of a cycler. The mode of the channel is solved inside
 * each step; steps lie on a fixed grid, behind a jump of what is asked for on a finer one that widens, so that advances of
 * any length end in the same state. A time between those points is reached by a shorter step, and differs from the grid's
 * result by the model's own error of step size. Holds no limits but the channel's own: what protects the cell is the bench.
 */
export function createCellRig(model: BatteryModel, options: CellRigOptions): PlantRig {
  const { state, surroundings } = model;
  const step_s = options.step_s ?? 1;
  const hasPressure = options.startPressure_MPa !== undefined;
  const isOffered = (role: string): boolean => hasPressure || !PRESSURE_ROLES.includes(role);
  const actuators = ACTUATORS.filter(isOffered);
  const settings = new Float64Array(actuators.length);
  const [voltageMin_V, voltageMax_V] = options.voltageLimits_V;
  settings[SETTING.voltageMin_V] = voltageMin_V;
  settings[SETTING.voltageMax_V] = voltageMax_V;
  settings[SETTING.resistance_Ohm] = OPEN_OHM;
  settings[SETTING.chamber_degC] = options.start_degC;
  if (hasPressure) settings[SETTING.pressure_MPa] = options.startPressure_MPa ?? 0;

  const channel = cellChannel(model, options.currentMax_A, options.voltageLimits_V);
  const { order, wiring } = channel;
  const chamber = cellChamber(options.start_degC);
  const disturbed = new Float64Array(DISTURBANCES.length);
  const ranges = cellValidityTruths(options);
  const saysValidity = ranges.size > 0 || !Number.isNaN(state.outsideValidity_on);
  const outside = (): number => outsideCellValidity_on(options, state, surroundings);
  const hasElectrodes = !Number.isNaN(state.negativePotential_V);
  const board = sensorBoard(
    cellSensorSpecs(options.currentMax_A).filter(
      ({ name }) =>
        isOffered(name) &&
        (hasElectrodes || !/(negative|positive)Potential_V/.test(name)) &&
        (saysValidity || name !== OUTSIDE),
    ),
    0,
    options.random,
  );
  const readings = new Float64Array(board.names.length);
  const POWER = board.indexOf('cell.power_W');
  const CURRENT = board.indexOf('cell.current_A');
  const VOLTAGE = board.indexOf('cell.voltage_V');

  /** What a jump of each setting is measured by; of the chamber and a pressure there is none. */
  const spans = new Float64Array(actuators.length).fill(Number.POSITIVE_INFINITY);
  for (const key of ['mode_count', 'output_on', 'resistance_Ohm'] as const) spans[SETTING[key]] = 0;
  spans[SETTING.current_A] = options.currentMax_A;
  spans[SETTING.power_W] = options.currentMax_A * voltageMax_V;
  for (const key of ['voltage_V', 'voltageMax_V', 'voltageMin_V'] as const)
    spans[SETTING[key]] = voltageMax_V - voltageMin_V;
  const wasSet = new Uint8Array(actuators.length);
  /** Somebody has set it. */
  const isSet = (setting: number): boolean => wasSet[setting] === 1;
  let jumped_s = Number.NEGATIVE_INFINITY;
  let time_s = 0;
  let gridSteps = 0;
  let tick = 0;
  let shownTick = -1;
  let sensed_V = state.voltage_V;
  let charged_Ah = 0;
  let discharged_Ah = 0;

  /** A tripped channel stays off however it is set. */
  const isOn = (): boolean => settings[SETTING.output_on] >= 0.5 && !(disturbed[FAULT.tripped_on] >= 0.5);

  /** True values behind the sensors. */
  const sources: Readonly<Record<string, () => number>> = {
    'cell.current_A': () => channel.terminal_A,
    'cell.voltage_V': () => sensed_V,
    'cell.power_W': () => 0,
    'cell.temperature_degC': () => state.temperature_degC,
    'cell.negativePotential_V': () => state.negativePotential_V,
    'cell.positivePotential_V': () => state.positivePotential_V,
    'chamber.temperature_degC': () => chamber.air_degC,
    'cell.charged_Ah': () => charged_Ah,
    'cell.discharged_Ah': () => discharged_Ah,
    'cell.output_on': () => (isOn() ? 1 : 0),
    'cell.mode_count': () => settings[SETTING.mode_count],
    'cell.pressure_MPa': () => surroundings.pressure_MPa,
    'cell.exhausted_on': () => state.exhausted_on,
    [OUTSIDE]: outside,
  };
  const sourceOf = board.names.map(name => sources[name]);
  const fields = (Object.keys(state) as (keyof BatteryState)[]).filter(
    key => key !== 'outsideValidity_on' && !Number.isNaN(state[key]),
  );
  const own = new Map(Object.entries(model.truths ?? {}).map(([name, read]) => [`cell.${name}`, read]));
  if (saysValidity) own.set(OUTSIDE, outside);
  for (const [name, value] of ranges) own.set(name, () => value);
  const truths: readonly string[] = [...fields.map(key => `cell.${key}`), ...TERMINAL_TRUTHS, ...own.keys()];

  /** Orders and faults reach channel and cell at the start of the next step. */
  function takeOrders(): void {
    order.mode = Math.round(settings[SETTING.mode_count]);
    order.current_A = settings[SETTING.current_A];
    order.voltage_V = settings[SETTING.voltage_V];
    order.power_W = settings[SETTING.power_W];
    order.resistance_Ohm = settings[SETTING.resistance_Ohm];
    order.isOn = isOn();
    order.voltageMax_V = settings[SETTING.voltageMax_V];
    order.voltageMin_V = settings[SETTING.voltageMin_V];
    order.powerMax_W = Infinity;
    if (!isSet(SETTING.mode_count))
      asSupply(order, isSet(SETTING.current_A), isSet(SETTING.voltage_V), isSet(SETTING.power_W));
    wiring.leadIsOff = disturbed[FAULT.leadOff_on] >= 0.5;
    wiring.short_S = Math.max(0, disturbed[FAULT.short_S]);
    wiring.contact_Ohm = Math.max(0, disturbed[FAULT.contact_Ohm]);
    if (hasPressure) surroundings.pressure_MPa = Math.max(0, settings[SETTING.pressure_MPa]);
  }

  function step(dt_s: number): void {
    takeOrders();
    chamber.step(settings[SETTING.chamber_degC], disturbed[FAULT.temperatureRise_K], dt_s);
    surroundings.ambient_degC = chamber.air_degC;
    model.prepare(dt_s);
    const cell_A = channel.solve();
    surroundings.addedHeat_W = channel.short_W;
    model.take(cell_A);
    sensed_V = wiring.leadIsOff ? sensed_V * Math.exp(-dt_s / FLOATING_S) : channel.terminal_V;
    const charge_Ah = (channel.terminal_A * dt_s) / 3600;
    if (charge_Ah > 0) charged_Ah += charge_Ah;
    else discharged_Ah -= charge_Ah;
  }

  function refresh(): void {
    shownTick = tick;
    for (let i = 0; i < readings.length; i++) readings[i] = sourceOf[i]();
    board.readScalars(readings, tick, time_s);
    readings[POWER] = readings[VOLTAGE] * readings[CURRENT];
  }

  return {
    sensors: board.names,
    actuators,
    truths,
    disturbances: DISTURBANCES,
    sensorIndex: board.indexOf,
    sensorRange: () => ({ first: -1, count: 0 }),
    sensor(index) {
      if (!(index >= 0 && index < readings.length))
        throw new RangeError(`sensor ${index}: expected 0..${readings.length - 1}`);
      if (shownTick !== tick) refresh();
      return readings[index];
    },
    actuatorIndex: name => (actuators as readonly string[]).indexOf(name),
    set(index, value) {
      if (isJump(settings[index], value, spans[index])) jumped_s = time_s;
      store(settings, actuators, 'actuator', index, value);
      wasSet[index] = 1;
      // Switch positions show at once; what needs time waits for the next advance.
      shownTick = -1;
    },
    setting: index => settings[index],
    truthOf(name) {
      if (name === 'cell.terminalCurrent_A') return channel.terminal_A;
      if (name === 'cell.terminalVoltage_V') return channel.terminal_V;
      if (name === 'chamber.air_degC') return chamber.air_degC;
      if (name === 'cell.charged_Ah') return charged_Ah;
      if (name === 'cell.discharged_Ah') return discharged_Ah;
      const read = own.get(name);
      if (read !== undefined) return read();
      const key = fields.find(field => `cell.${field}` === name);
      if (key === undefined) throw new RangeError(`truth "${name}": expected one of ${truths.join(', ')}`);
      return state[key];
    },
    disturbanceIndex: name => (DISTURBANCES as readonly string[]).indexOf(name),
    disturb(index, value) {
      store(disturbed, DISTURBANCES, 'disturbance', index, value);
      shownTick = -1;
    },
    impedance(frequencies_Hz) {
      takeOrders();
      return throughWiring(model.impedance(frequencies_Hz), wiring);
    },
    advanceTo(to_s) {
      if (!(to_s > time_s) || !Number.isFinite(to_s)) return;
      tick++;
      while (time_s < to_s) {
        const next_s = (gridSteps + 1) * step_s;
        const most_s = Math.min(to_s, time_s + longestStep_s(time_s - jumped_s));
        const isGridStep = most_s >= next_s - SAME_S;
        const end_s = isGridStep ? next_s : most_s;
        // To the nanosecond, so that equal steps are equal numbers and the model's factors stay good.
        const dt_s = Math.round((end_s - time_s) / SAME_S) * SAME_S;
        if (dt_s > 0) step(dt_s);
        time_s = end_s;
        if (isGridStep) gridSteps++;
      }
    },
    get time_s() {
      return time_s;
    },
  };
}

/** Spectrum at the channel's terminals: cell beside its short, behind the contacts; nothing flows through an open lead. */
function throughWiring(
  cell: Spectrum,
  wiring: { readonly contact_Ohm: number; readonly short_S: number; readonly leadIsOff: boolean },
): Spectrum {
  const n = cell.re_Ohm.length;
  const re_Ohm = new Float64Array(n);
  const im_Ohm = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const square = cell.re_Ohm[i] ** 2 + cell.im_Ohm[i] ** 2;
    const conductance = cell.re_Ohm[i] / square + wiring.short_S;
    const susceptance = -cell.im_Ohm[i] / square;
    const both = conductance ** 2 + susceptance ** 2;
    re_Ohm[i] = wiring.leadIsOff ? OPEN_OHM : conductance / both + wiring.contact_Ohm;
    im_Ohm[i] = wiring.leadIsOff ? 0 : -susceptance / both;
  }
  return { re_Ohm, im_Ohm };
}
