import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { opcuaLads } from '../../../drivers/opcua/lads.ts';
import { probe } from '../../../drivers/probe/probe.ts';
import { opcuaLads as emulator, type LadsDevice } from '../../../sim/device/opcua/lads.ts';
import { handRig } from '../../sim/device/hand-rig.ts';

/** A laboratory device found by browsing: a server with the types of the published nodeset, one for the whole file. */

const clock = realClock();
const measured: Record<string, number> = { 'plant.in': 21.5, 'plant.bath': 60, 'plant.level': 1 };
const rig = handRig(measured, ['plant.bathSet', 'plant.heater', 'plant.valve']);
const RANGE = [-50, 150] as const;
const layout = {
  name: 'Stand 3',
  manufacturer: 'Example',
  model: 'LS-1',
  serialNumber: '4711',
  softwareRevision: '2.1',
  sensors: [
    { function: 'Loop/Inlet', channel: 'inlet_degC', range: RANGE },
    { function: 'Loop/Level', channel: 'level_on', range: [0, 1] as const },
  ],
  controllers: [
    {
      function: 'Loop/Thermostat',
      channel: 'bath_degC',
      settable: 'bathSet_degC',
      switch: 'heaterRun_on',
      range: [5, 90] as const,
    },
    { function: 'Gas/Valve', settable: 'valveSet_on', range: [0, 1] as const },
  ],
};
let lads: LadsDevice;
let device: Device | undefined;

beforeAll(async () => {
  lads = emulator(
    { rig, clock },
    {
      layout,
      roles: {
        inlet_degC: 'plant.in',
        level_on: 'plant.level',
        bath_degC: 'plant.bath',
        bathSet_degC: 'plant.bathSet',
        heaterRun_on: 'plant.heater',
        valveSet_on: 'plant.valve',
      },
    },
  );
  await lads.start();
}, 60_000);
afterEach(async () => {
  await device?.close();
  lads.goto('Operate');
  lads.put('Loop/Thermostat', 'Stopped');
  lads.enable('Loop/Inlet', true);
});
afterAll(() => lads?.end());

const accuracy = { reading_pct: 0, abs: 0.1, basis: 'default' };
const INLET = { function: 'Loop/Inlet', name: 'inlet_degC', range: RANGE, accuracy };
const LEVEL = { function: 'Loop/Level', name: 'level_on', range: [-1, 2], accuracy };
const THERMOSTAT = {
  function: 'Loop/Thermostat',
  reads: { name: 'bath_degC', range: RANGE, accuracy },
  sets: { name: 'bathSet_degC', range: [5, 90], tolerance: 0, safe: 20 },
  runs: { name: 'heaterRun_on' },
};
const VALVE = { function: 'Gas/Valve', sets: { name: 'valveSet_on', range: [0, 1], tolerance: 0, safe: 0 } };
const NAMED = { name: 'Stand 3', manufacturer: 'Example', model: 'LS-1', serialNumber: '4711' };

function deviceOf(more: object = {}): Device {
  const options = opcuaLads.options.parse({
    endpoint: lads.endpoint,
    device: NAMED,
    sensors: [INLET, LEVEL],
    controllers: [THERMOSTAT, VALVE],
    ...more,
  });
  device = opcuaLads.open('stand', options, { clock, baseDir: '.' });
  return device;
}
const refusal = (more: object): Promise<string> =>
  deviceOf(more)
    .connect()
    .then(
      () => 'connected',
      (error: Error & { code: string }) => `${error.code}: ${error.message}`,
    );
const shownBy = async (on: Device) => {
  const { values, quality, reason } = await on.read();
  const at = on.channels.map(({ name }, i) => [name, [values[i], quality[i]]] as const);
  return { reason, ...Object.fromEntries(at) };
};

test.each(['poll', 'subscribe'])(
  '%s: values, what a person sees of the states, and nothing else good',
  async read => {
    const on = deviceOf({ read });
    await on.connect();
    expect(await shownBy(on)).toEqual({
      reason: undefined,
      inlet_degC: [21.5, QUALITY.good],
      level_on: [1, QUALITY.good],
      bath_degC: [60, QUALITY.good],
      deviceState_count: [2, QUALITY.good],
      heaterRunState_count: [4, QUALITY.good],
    });
  },
);

test('a set point is read back, a switch is proved by the state; safe stops first', async () => {
  const on = deviceOf();
  await on.connect();
  await on.write('bathSet_degC', 42.5);
  await on.write('valveSet_on', 1);
  expect([rig.setting(0), rig.setting(2)]).toEqual([42.5, 1]);
  await on.write('heaterRun_on', 1);
  expect(rig.setting(1)).toBe(1);
  expect(await shownBy(on)).toMatchObject({ heaterRunState_count: [5, QUALITY.good] });
  // Running already: the state does not allow Start, and is what was asked for.
  await on.write('heaterRun_on', 1);
  expect(await on.safe()).toMatchObject({
    done: [
      expect.stringContaining('heaterRun_on'),
      expect.stringContaining('bathSet_degC'),
      expect.stringContaining('valveSet_on'),
    ],
    failed: [],
  });
  expect([rig.setting(0), rig.setting(1), rig.setting(2)]).toEqual([20, 0, 0]);
});

test('a function that is aborted is neither cleared nor started', async () => {
  const on = deviceOf();
  await on.connect();
  lads.put('Loop/Thermostat', 'Aborted');
  await expect(on.write('heaterRun_on', 1)).rejects.toThrow(
    /Loop\/Thermostat cannot be started in state Aborted/,
  );
  expect(rig.setting(1)).toBe(0);
  expect(await shownBy(on)).toMatchObject({ heaterRunState_count: [1, QUALITY.good] });
});

test('what is no value or out of range never reaches the wire', async () => {
  const on = deviceOf();
  await on.connect();
  const before = rig.setting(0);
  for (const value of [Number.NaN, 4.9, 90.1, Infinity])
    await expect(on.write('bathSet_degC', value)).rejects.toMatchObject({ code: 'range' });
  await expect(on.write('heaterRun_on', 0.5)).rejects.toMatchObject({ code: 'range' });
  expect([rig.setting(0), rig.setting(1)]).toEqual([before, 0]);
});

test('a function that is disabled is bad, a device that is not in Operate is never good', async () => {
  const on = deviceOf();
  await on.connect();
  lads.enable('Loop/Inlet', false);
  expect(await shownBy(on)).toMatchObject({
    inlet_degC: [Number.NaN, QUALITY.bad],
    bath_degC: [60, QUALITY.good],
    reason: 'inlet_degC: Loop/Inlet is disabled',
  });
  lads.enable('Loop/Inlet', true);
  lads.goto('Sleep');
  expect(await shownBy(on)).toMatchObject({
    inlet_degC: [21.5, QUALITY.uncertain],
    deviceState_count: [3, QUALITY.good],
    reason: 'the device is in Sleep',
  });
});

test.each<[what: string, more: object, message: RegExp]>([
  [
    'another serial number',
    { device: { ...NAMED, serialNumber: '4712' } },
    /says SerialNumber "4711", expected "4712"/,
  ],
  [
    'another device',
    { device: { ...NAMED, name: 'Stand 4' } },
    /no device "Stand 4" in its DeviceSet, LADS devices there: "Stand 3"/,
  ],
  [
    'a function that is not there',
    { sensors: [{ ...INLET, function: 'Loop/Outlet' }] },
    /has no function Loop\/Outlet; it has .*Loop\/Inlet/,
  ],
  [
    'a sensor that is to be set',
    { controllers: [{ ...THERMOSTAT, function: 'Loop/Inlet' }] },
    /function Loop\/Inlet \(analogSensor\) has no CurrentValue/,
  ],
  [
    'a range beyond its EURange',
    { controllers: [{ ...THERMOSTAT, sets: { ...THERMOSTAT.sets, range: [5, 95] } }] },
    /Loop\/Thermostat takes 5 \.\. 90 \(EURange\), expected 5 \.\. 95 for bathSet_degC/,
  ],
  [
    'another unit',
    { sensors: [{ ...INLET, name: 'inlet_barg' }] },
    /node Loop\/Inlet#SensorValue is in "°C" .*, expected barg/,
  ],
])('%s is refused', async (_, more, message) => {
  const text = await refusal(more);
  expect(text).toMatch(/^identity: /);
  expect(text).toMatch(message);
});

test('after a cut it is browsed afresh and reads again', async () => {
  const on = deviceOf();
  await on.connect();
  await lads.stop();
  const cut = await on.read();
  expect(Math.min(...cut.quality)).toBe(QUALITY.bad);
  await lads.start();
  for (let i = 0; i < 100 && on.state !== 'ready'; i++) await clock.sleep(0.1);
  expect(await shownBy(on)).toMatchObject({ inlet_degC: [21.5, QUALITY.good], reason: undefined });
});

test('probe lists the device as a bench file names it; with accuracies it is one', async () => {
  const port = Number(/:(\d+)$/.exec(lads.endpoint)?.[1]);
  const { found } = await probe({ host: '127.0.0.1', port }, clock, { within_s: 0.2, units: [1] });
  const fit = found[0].fits.find(({ driver }) => driver === 'opcua/lads');
  expect(found[0].says).toMatch(/LADS device "Stand 3" \(.*SerialNumber 4711.*\), 4 functions$/);
  expect(fit?.options).toEqual({
    endpoint: lads.endpoint,
    device: { name: 'Stand 3', manufacturer: 'Example', model: 'LS-1', serialNumber: '4711' },
    sensors: [
      { function: 'Loop/Inlet', name: 'inlet_degC', range: [-50, 150] },
      { function: 'Loop/Level', name: 'level_on', range: [0, 1] },
    ],
    controllers: [
      {
        function: 'Loop/Thermostat',
        reads: { name: 'thermostat_degC', range: [5, 90] },
        sets: { name: 'thermostatSet_degC', range: [5, 90], tolerance: 0 },
        runs: { name: 'thermostatRun_on' },
      },
      {
        function: 'Gas/Valve',
        reads: { name: 'valve_on', range: [0, 1] },
        sets: { name: 'valveSet_on', range: [0, 1], tolerance: 0 },
        runs: { name: 'valveRun_on' },
      },
    ],
  });
});
