import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { alicat } from '../../../sim/device/modbus/alicat.ts';
import { beckhoff } from '../../../sim/device/modbus/beckhoff.ts';
import { eurotherm, jumo, watlow } from '../../../sim/device/modbus/controllers.ts';
import { wago } from '../../../sim/device/modbus/couplers.ts';
import { enapter } from '../../../sim/device/modbus/enapter.ts';
import {
  type Ground,
  type Make,
  type ModbusInstrument,
  modbusInstrument,
} from '../../../sim/device/modbus/instrument.ts';
import { labjackT7 } from '../../../sim/device/modbus/labjack.ts';
import { adam6017, adam6050, keller } from '../../../sim/device/modbus/transmitters.ts';
import { openPtyPair, type PtyPair } from '../../../sim/pty.ts';
import { GAS_CASES } from './modbus-gas-cases.ts';

const exact = { reading_pct: 0, abs: 0.1, basis: 'default' } as const;

/** A family of the program: its emulator, what the bench file says, what is felt and what must be read. */
export interface FamilyCase {
  readonly wire: 'tcp' | 'pty';
  readonly make: (ground: Ground) => Make;
  /** Another instrument than the bench file names. */
  readonly stranger: (ground: Ground) => Make;
  readonly options: Readonly<Record<string, unknown>>;
  readonly feels: Readonly<Record<string, number>>;
  /** Channel -> value with what is felt. */
  readonly reads: Readonly<Record<string, number>>;
  /** Sense whose loss must make this channel bad. */
  readonly breaks?: readonly [sense: string, channel: string];
  /** What must be switched on before everything reads good. */
  readonly first?: readonly [settable: string, value: number];
  /** The drive that a watchdog must bring to 0: its settable, the value that is set, the time that is armed. */
  readonly guarded?: {
    readonly set: string;
    readonly to: number;
    readonly drive: string;
    readonly time_s: number;
  };
}

const terminals = { ai: 2, ao: 2, di: 4, do: 2 };
const rackPoints = [
  { name: 'inletPressure_barg', at: 'ai[1]', eng: [0, 40], range: [-1, 41], accuracy: exact },
  { name: 'door_on', at: 'di[2]', range: [0, 1], accuracy: exact },
  { name: 'valveSet_pct', at: 'ao[0]', eng: [0, 100], range: [0, 100], safe: 0 },
  { name: 'fanSet_on', at: 'do[1]', range: [0, 1], kept: 'it ventilates the cabinet' },
];
const image = { aoBits: 32, aiBits: 32, doBits: 2, diBits: 4 };
const rack = {
  feels: { ai0: 0, ai1: 16383.5, di0: 0, di1: 0, di2: 1, di3: 0 },
  reads: { inletPressure_barg: 20, door_on: 1 },
};
const euro = { perCount: 0.1, temperatureMax: 400, setpointMin: 0, setpointMax: 300 };
const el = (
  productCode: number,
): Pick<FamilyCase, 'wire' | 'feels' | 'reads' | 'breaks' | 'first' | 'guarded'> => ({
  wire: 'tcp',
  feels: { current: 52.5, voltage: 40, pressure: 30, water: 2, temperature: 55 },
  reads: {
    producing_on: 1,
    stackCurrent_A: 52.5,
    stackVoltage_V: 40,
    outerPressure_bar: 30,
    electrolyteLow_on: 1,
    h2Flow_NL_per_min: 500 / 60,
    errors_count: productCode * 0,
  },
  breaks: ['voltage', 'stackVoltage_V'],
  first: ['productionSet_on', 1],
  guarded: { set: 'productionSet_on', to: 1, drive: 'production', time_s: 1 },
});

export const FAMILIES: Readonly<Record<string, FamilyCase>> = {
  ...GAS_CASES,
  alicat: {
    wire: 'pty',
    make: ground => alicat(ground, { gas: 6, fullScale: 20, units: { flow: 7, pressure: 10 } }),
    // Set to normal litres at the instrument: all else is the same.
    stranger: ground => alicat(ground, { gas: 6, fullScale: 20, units: { flow: 37, pressure: 10 } }),
    options: {
      about: {
        gas: 'H2',
        flowUnit: 'SLPM',
        pressureUnit: 'PSI',
        flowMax: 18.3,
        normalPerShown: 0.915,
        pressureMax: 11,
        barPerShown: 0.068948,
      },
    },
    feels: { flow: 10, pressure: 14.696, temperature: 24.5 },
    reads: { flow_NL_per_min: 9.15, gasTemperature_degC: 24.5, pressure_bara: 1.01326, statusFlag_on: 0 },
    breaks: ['flow', 'flow_NL_per_min'],
  },
  keller: {
    wire: 'pty',
    make: ground => keller(ground, { serial: 702413 }),
    stranger: ground => keller(ground, { serial: 702414 }),
    options: {
      about: { serial: 702413, classGroup: 5 * 256 + 20 },
      points: [
        { name: 'cathodePressure_barg', at: 'p[0]', range: [-1, 40], accuracy: exact },
        { name: 'cathodeTemperature_degC', at: 't[0]', range: [-10, 120], accuracy: exact },
      ],
    },
    feels: { pressure: 12.25, temperature: 61.5 },
    reads: { cathodePressure_barg: 12.25, cathodeTemperature_degC: 61.5 },
    breaks: ['pressure', 'cathodePressure_barg'],
  },
  'eurotherm-2000-3000': {
    wire: 'pty',
    make: ground => eurotherm(ground, { decimals: 1, ident: 0x2461, sensorMax: 600 }),
    stranger: ground => eurotherm(ground, { decimals: 1, ident: 0x2281, sensorMax: 600 }),
    options: { about: { ...euro, ident: 0x2461, decimals: 1, unit: 'degC' } },
    feels: { temperature: 24.2 },
    reads: { temperature_degC: 24.2, manual_on: 0 },
    breaks: ['temperature', 'temperature_degC'],
  },
  'watlow-ez-zone': {
    wire: 'tcp',
    make: ground => watlow(ground, { zones: 2 }),
    // The words the other way round: no value that it could show.
    stranger: ground => watlow(ground, { zones: 2, isLowFirst: false }),
    options: {
      points: [
        {
          name: 'ovenTemperature_degC',
          at: 't[1]',
          eng: [-17.77778, -17.22222],
          range: [-20, 300],
          accuracy: exact,
        },
        { name: 'ovenOutput_pct', at: 'o[1]', range: [0, 100], accuracy: exact },
        { name: 'ovenSet_degC', at: 's[1]', eng: [-17.77778, -17.22222], range: [0, 250], safe: 0 },
      ],
    },
    feels: { temperature0: 70, temperature1: 212 },
    reads: { ovenTemperature_degC: 100, ovenOutput_pct: 0 },
    breaks: ['temperature1', 'ovenTemperature_degC'],
  },
  'jumo-dtron': {
    wire: 'pty',
    make: ground => jumo(ground),
    stranger: ground => watlow(ground, { zones: 1 }),
    options: { about: { temperatureMax: 400, setpointMin: 0, setpointMax: 200, setpointSafe: 0 } },
    feels: { temperature: 19, temperature0: 19 },
    reads: { temperature_degC: 19, output_pct: 5 },
    breaks: ['temperature', 'temperature_degC'],
  },
  'adam-601x': {
    wire: 'tcp',
    make: ground => adam6017(ground, { codes: [0x0180, 0x0143, 0x0148, 0x0180] }),
    stranger: ground => adam6017(ground, { codes: [0x0182, 0x0143, 0x0148, 0x0180] }),
    options: {
      about: { module: '6017' },
      points: [
        {
          name: 'anodePressure_barg',
          at: 'ai[0]',
          code: '4..20 mA',
          eng: [0, 30],
          range: [0, 29.9],
          accuracy: exact,
        },
        { name: 'shuntVoltage_V', at: 'ai[1]', code: '+-10 V', range: [-9.99, 9.99], accuracy: exact },
      ],
    },
    feels: { ai0: 12, ai1: -2.5, ai2: 0, ai3: 4 },
    reads: { anodePressure_barg: 15, shuntVoltage_V: -2.5 },
    breaks: ['ai0', 'anodePressure_barg'],
  },
  'adam-6050': {
    wire: 'tcp',
    make: ground => adam6050(ground),
    stranger: ground => adam6017(ground, { codes: [0x0180] }),
    options: {
      about: { module: '6050' },
      points: [
        { name: 'leak_on', at: 'di[11]', range: [0, 1], accuracy: exact },
        { name: 'purgeSet_on', at: 'do[2]', range: [0, 1], safe: 0 },
      ],
    },
    feels: { di11: 1 },
    reads: { leak_on: 1 },
  },
  'labjack-t7': {
    wire: 'tcp',
    make: ground => labjackT7(ground, { serial: 470012345 }),
    stranger: ground => labjackT7(ground, { serial: 470012346 }),
    options: {
      about: { product: 'T7', serial: 470012345 },
      points: [
        { name: 'cell_V', at: 'ain[2]', range: [-10, 10], accuracy: exact },
        { name: 'estop_on', at: 'dio[3]', range: [0, 1], accuracy: exact },
        { name: 'pumpSet_pct', at: 'dac[0]', eng: [0, 20], range: [0, 100], safe: 0 },
      ],
    },
    feels: { ain2: 1.825, dio: 0b1000 },
    reads: { cell_V: 1.825, estop_on: 1 },
    breaks: ['ain2', 'cell_V'],
    guarded: { set: 'pumpSet_pct', to: 50, drive: 'dac0', time_s: 2 },
  },
  'beckhoff-bk9000': {
    wire: 'tcp',
    make: ground => beckhoff(ground, { ...terminals, isEk: false }),
    stranger: ground => beckhoff(ground, { ...terminals, di: 8, isEk: false }),
    options: { about: image, points: rackPoints },
    ...rack,
    guarded: { set: 'valveSet_pct', to: 50, drive: 'ao0', time_s: 0.4 },
  },
  'beckhoff-ek9000': {
    wire: 'tcp',
    make: ground => beckhoff(ground, { ...terminals, isEk: true }),
    stranger: ground => beckhoff(ground, { ...terminals, ai: 3, isEk: true }),
    options: { about: image, points: rackPoints },
    ...rack,
    guarded: { set: 'valveSet_pct', to: 50, drive: 'ao0', time_s: 0.4 },
  },
  'wago-750': {
    wire: 'tcp',
    make: ground => wago(ground, { ...terminals, item: 352 }),
    stranger: ground => wago(ground, { ...terminals, item: 881 }),
    options: { about: { item: 352 }, points: rackPoints },
    ...rack,
    feels: { ...rack.feels, ai1: 16380 },
    guarded: { set: 'valveSet_pct', to: 50, drive: 'ao0', time_s: 0.4 },
  },
  'enapter-el21': {
    ...el(0x2101),
    make: ground => enapter(ground, { productCode: 0x2101, isEl21: true }),
    stranger: ground => enapter(ground, { productCode: 0x4001, isEl21: false }),
    options: {},
  },
  'enapter-el4': {
    ...el(0x4001),
    make: ground => enapter(ground, { productCode: 0x4001, isEl21: false }),
    stranger: ground => enapter(ground, { productCode: 0x4002, isEl21: false }),
    options: { about: { productCode: 0x4001 } },
  },
};

/** An instrument on a real wire, what it feels and drives, and the device of its driver (closed). */
export interface FamilyBench {
  readonly instrument: ModbusInstrument;
  readonly feels: Map<string, number>;
  readonly driven: Map<string, number>;
  readonly device: Device;
  readonly options: unknown;
  end(): Promise<void>;
}

export async function familyBench(family: string, make = FAMILIES[family].make): Promise<FamilyBench> {
  const { wire, options: own, feels: felt } = FAMILIES[family];
  const clock = realClock();
  const feels = new Map(Object.entries(felt));
  const driven = new Map<string, number>();
  const ground: Ground = {
    clock,
    sense: name => feels.get(name) ?? Number.NaN,
    drive: (name, value) => {
      driven.set(name, value);
    },
  };
  const pty: PtyPair | undefined =
    wire === 'pty' ? await openPtyPair(mkdtempSync(join(tmpdir(), 'modbus-')), 'line') : undefined;
  const instrument = modbusInstrument(make(ground), ground, {
    unit: 1,
    ...(pty === undefined ? {} : { path: pty.instrument, baud: 115200 }),
  });
  await instrument.start();
  const place =
    pty === undefined ? { host: '127.0.0.1', port: instrument.port } : { path: pty.bench, baud: 115200 };
  const options = { family, ...place, ...own };
  const driver = findDriver('generic/modbus-map');
  const device = driver.open('dut', driver.options.parse(options), { clock, baseDir: '.' });
  return {
    instrument,
    feels,
    driven,
    device,
    options,
    async end() {
      await device.close();
      await instrument.end();
      await pty?.unplug();
    },
  };
}
