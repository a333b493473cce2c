import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { channelSchema, scanIn } from '../../../drivers/keysight/scan.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { type DataLoggerInstrument, dataLogger } from '../../../sim/device/keysight/data-logger.ts';
import type { Rig } from '../../../sim/plant/parts/rig.ts';
import { openPtyPair, type PtyPair } from '../../../sim/pty.ts';

const clock = realClock();
const accuracy = { reading_pct: 0, abs: 1, basis: 'recalled' };
/** As the bench file has them: not in the order of the scan, one in millivolts, one open thermocouple. */
const CHANNELS = [
  { name: 'plate_degC', at: 103, thermocouple: 'K', range: [-50, 300], accuracy },
  { name: 'cell_V', at: 101, fullScale: 10, range: [-1, 6], accuracy },
  { name: 'shunt_mV', at: 102, fullScale: 0.1, range: [-100, 100], accuracy },
  { name: 'open_degC', at: 204, thermocouple: 'K', range: [-50, 300], accuracy },
  { name: 'oven_degC', at: 105, pt100: 85, fourWire: true, range: [-50, 300], accuracy },
];
const TRUTHS = [61.25, 3.7012, 0.0123, Number.NaN, 24.5];
const SENSORS = ['plate_degC', 'cell_V', 'shunt_V', 'open_degC', 'oven_degC'];

let instrument: DataLoggerInstrument | undefined;
let device: Device | undefined;
let pty: PtyPair | undefined;
let truths: number[] = [];

afterEach(async () => {
  await device?.close();
  await instrument?.end();
  await pty?.unplug();
  pty = undefined;
});

async function open(
  more: object = {},
  {
    wire = 'tcp',
    model = 'DAQ970A',
    nplc = 0.02,
    readOnly = false,
  }: { wire?: string; model?: string; nplc?: number; readOnly?: boolean } = {},
): Promise<Device> {
  truths = [...TRUTHS];
  const rig: Rig = {
    sensors: SENSORS,
    actuators: [],
    sensorIndex: name => SENSORS.indexOf(name),
    sensorRange: () => ({ first: -1, count: 0 }),
    sensor: index => truths[index],
    actuatorIndex: () => -1,
    set() {},
    setting: () => Number.NaN,
    advanceTo() {},
    time_s: 0,
  };
  if (wire === 'pty') pty = await openPtyPair(mkdtempSync(join(tmpdir(), 'data-logger-')), 'line');
  instrument = dataLogger(
    { rig, clock },
    {
      maker: 'Keysight Technologies',
      model,
      serial: 'MY58000001',
      wired: new Map(CHANNELS.map(({ at }, sensor) => [at, { sensor, factor: 1 }])),
      timeFactor: 10,
      ...(pty === undefined ? {} : { path: pty.instrument, baud: 57_600 }),
    },
  );
  await instrument.start();
  const driver = findDriver('keysight/data-logger');
  const address = pty === undefined ? { host: '127.0.0.1', port: instrument.port } : { path: pty.bench };
  const options = driver.options.parse({
    model,
    serial: 'MY58000001',
    nplc,
    channels: CHANNELS,
    ...address,
    ...more,
  });
  device = driver.open('daq', options, { clock, baseDir: '.', readOnly });
  return device;
}

it('only looked at, it is not asked for readings before a run has set it up, and is afterwards', async () => {
  const looking = await open({}, { readOnly: true });
  await looking.connect();
  expect((await looking.read()).reason).toMatch(/^only a run sets it up: ROUT:SCAN\? gives #13\(@\)/);
  expect(looking.awaitsRun).toMatch(/^ROUT:SCAN\? gives/);
  const { port = 0 } = instrument ?? {};
  const asIs = { clock, baseDir: '.' };
  const driver = findDriver('keysight/data-logger');
  const options = driver.options.parse({
    model: 'DAQ970A',
    serial: 'MY58000001',
    nplc: 0.02,
    channels: CHANNELS,
    host: '127.0.0.1',
    port,
  });
  await looking.close();
  const run = driver.open('run', options, asIs);
  await run.connect();
  expect(run.awaitsRun).toBeUndefined();
  await run.close();
  device = driver.open('look', options, { ...asIs, readOnly: true });
  await device.connect();
  expect(device.awaitsRun).toBeUndefined();
  expect([...(await device.read()).quality]).toEqual([0, 0, 0, QUALITY.bad, 0]);
});

describe('a scan', () => {
  it.each([
    ['tcp', 'DAQ970A'],
    ['pty', '34970A'],
  ])(
    'over %s from a %s: every channel its value and quality; an open thermocouple is never good',
    async (wire, model) => {
      const dut = await open({}, { wire, model });
      await dut.connect();
      const frame = await dut.read();
      expect([...frame.values].map(v => Number(v.toFixed(4)))).toEqual([
        61.25,
        3.7012,
        12.3,
        Number.NaN,
        24.5,
      ]);
      expect([...frame.quality]).toEqual([0, 0, 0, QUALITY.bad, 0]);
      expect(frame.reason).toBe('open_degC: channel 204 open or overloaded');
      expect(instrument?.errors).toEqual([]);
      expect(dut.notices?.[0]).toMatch(/a scan of 5 channels takes about 0.1 s/);
    },
  );

  it('beyond what the bench file believes is bad', async () => {
    const dut = await open();
    await dut.connect();
    truths[1] = 6.5;
    const frame = await dut.read();
    expect(frame.quality[1]).toBe(QUALITY.bad);
    expect(frame.values[1]).toBeNaN();
  });

  it('a channel that was set to something else at its panel is bad, the others are not', async () => {
    const dut = await open();
    await dut.connect();
    instrument?.override(103, 'VOLT');
    const frame = await dut.read();
    expect([...frame.quality]).toEqual([QUALITY.bad, 0, 0, QUALITY.bad, 0]);
    expect(frame.reason).toBe('plate_degC: channel 103 reads VDC, expected C');
  });

  it('set up again after it was switched off and on', async () => {
    const dut = await open();
    await dut.connect();
    await instrument?.stop();
    instrument?.powerCycle();
    const until = async (state: string): Promise<void> => {
      for (let n = 0; dut.state !== state && n < 300; n++) await clock.sleep(0.01);
      expect(dut.state).toBe(state);
    };
    await until('lost');
    expect(Math.min(...(await dut.read()).quality)).toBe(QUALITY.bad);
    await instrument?.start();
    await until('ready');
    expect((await dut.read()).values[0]).toBeCloseTo(61.25, 4);
  });

  it('damaged and late scans are no values', async () => {
    const dut = await open();
    await dut.connect();
    if (instrument === undefined) return;
    instrument.faults.corrupt = true;
    expect((await dut.read()).values.every(Number.isNaN)).toBe(true);
    instrument.faults.corrupt = false;
    await dut.read();
    instrument.faults.delay_ms = 900;
    const late = await dut.read();
    expect(late.values.every(Number.isNaN)).toBe(true);
    instrument.faults.delay_ms = 0;
    truths[1] = 3.5;
    for (let n = 0; n < 20; n++) {
      const { values, quality } = await dut.read();
      // The late one is never taken for the newer.
      if (quality[1] <= QUALITY.uncertain) expect(values[1]).toBeCloseTo(3.5, 6);
      if (quality[1] === QUALITY.good) return;
      await clock.sleep(0.1);
    }
    expect.fail('never good again');
  });
});

it.each([
  [{ model: '34972A' }, 'expected a 34972A'],
  [{ serial: 'MY1' }, 'expected the serial number MY1'],
])('another instrument is refused, nothing is set: %j', async (more, text) => {
  const dut = await open(more);
  await expect(dut.connect()).rejects.toThrow(text);
  expect(instrument?.heard).toEqual(['*IDN?']);
});

it('a channel that is not there is told with the line that was refused', async () => {
  const channels = [{ name: 'far_V', at: 355, fullScale: 1, range: [0, 1], accuracy }];
  await expect((await open({ channels })).connect()).rejects.toThrow(/CONF:VOLT:DC 1,\(@355\): error -224/);
});

it.each([
  [{ name: 'a_degC', at: 101 }, /expected "thermocouple" or "pt100"/],
  [{ name: 'a_V', at: 101 }, /expected "fullScale"/],
  [{ name: 'a_V', at: 101, thermocouple: 'K' }, /ends in _degC/],
  [{ name: 'a_bar', at: 101, fullScale: 1 }, /expected a name that ends in _degC, _V/],
])('a channel that cannot be: %j', (channel, text) => {
  const read = channelSchema.safeParse({ range: [0, 1], accuracy, ...channel });
  expect(read.error?.issues[0].message).toMatch(text);
});

it.each([
  ['+2.61950000E+01 C', undefined],
  ['+2.61950000E+01 C,102', undefined],
  ['+2.61950000E+01,101', undefined],
  ['+2.61950000E+01 C,101,+1.0E+00 C,102', undefined],
  ['+9.90000000E+37 C,101', { missing: 'channel 101 open or overloaded' }],
  ['-9.90000000E+37 C,101', { missing: 'channel 101 open or overloaded' }],
  ['+2.61950000E+01 C,101', 26.195],
  ['+2.61950000E+01 F,101', { missing: 'channel 101 reads F, expected C' }],
])('scan text %s', (text, value) => {
  const channels = [
    channelSchema.parse({ name: 'a_degC', at: 101, thermocouple: 'K', range: [0, 100], accuracy }),
  ];
  expect(scanIn(text, channels)?.[0]).toEqual(value);
});
