import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { DOLLAR_CHECKSUM } from '../../../drivers/transport/text/checksum.ts';
import { sharedAddress } from '../../../drivers/transport/text/shared.ts';
import { type ScpiSupply, scpiSupply } from '../../../sim/device/scpi/supply.ts';
import { openPtyPair, type PtyPair } from '../../../sim/pty.ts';
import { bareRig } from '../ea/bare-rig.ts';

/** Two TDK-Lambda Genesys on one RS-485 line: each is called before each exchange, one queue for both. */

const clock = realClock();
const plate = (serial: string) => ({
  ...{ voltageNominal_V: 400, currentNominal_A: 60, powerNominal_W: 24000 },
  ...{ model: 'GEN400-60', serial },
});
let supply: ScpiSupply;
let pty: PtyPair | undefined;
let devices: Device[] = [];
afterEach(async () => {
  for (const device of devices) await device.close();
  await supply.end();
  await pty?.unplug();
  devices = [];
});

async function two(): Promise<readonly [Device, Device]> {
  const cable = await openPtyPair(mkdtempSync(join(tmpdir(), 'genesys-')), 'line');
  pty = cable;
  const env = { rig: bareRig(), clock };
  supply = scpiSupply(env, {
    dialect: 'genesys',
    plate: plate('1'),
    outputs: [6, 7].map(number => ({ number, plate: plate(`S${number}`), subject: 'stack', rig: bareRig() })),
    path: cable.instrument,
    baud: 115200,
  });
  for (const [number, state] of supply.outputs) state.extras.set('address', String(number));
  await supply.start();
  const shared = sharedAddress(2);
  const driver = findDriver('generic/scpi');
  const open = (address: number): Device => {
    const options = driver.options.parse({
      ...{ path: cable.bench, baud: 115200, family: 'tdk-genesys', model: 'GEN400-60', address },
      ...{ voltageNominal_V: 400, currentNominal_A: 60 },
    });
    return driver.open(`unit${address}`, options, { clock, baseDir: '.', shared });
  };
  const both = [open(6), open(7)] as const;
  devices = [...both];
  return both;
}

const set = (address: number): number => supply.outputs.get(address)?.set('current') ?? Number.NaN;
const current = (device: Device, values: Float64Array): number =>
  values[device.channels.findIndex(c => c.name === 'current_A')];

test('each is set and read for itself, at the same time', async () => {
  const [six, seven] = await two();
  await Promise.all([six.connect(), seven.connect()]);
  await Promise.all([six.write('currentSet_A', 11), seven.write('currentSet_A', 22)]);
  expect([set(6), set(7)]).toEqual([11, 22]);
  await Promise.all([six.write('outputSet_on', 1), seven.write('outputSet_on', 1)]);
  for (let n = 0; n < 5; n++) {
    const [a, b] = await Promise.all([six.read(), seven.read()]);
    expect([a.reason, b.reason]).toEqual([undefined, undefined]);
    expect(current(six, a.values)).toBeCloseTo(11, 2);
    expect(current(seven, b.values)).toBeCloseTo(22, 2);
  }
  // Never a question to whoever happens to listen: each is behind a call.
  const { heard } = supply;
  for (const [i, line] of heard.entries())
    if (!line.startsWith('ADR')) expect(heard[i - 1]).toMatch(/^ADR [67]$/);
});

test('a unit that is off has no value, and the other one keeps its own', async () => {
  const [six, seven] = await two();
  await Promise.all([six.connect(), seven.connect()]);
  await six.write('currentSet_A', 11);
  await six.write('outputSet_on', 1);
  await seven.write('currentSet_A', 22);
  await seven.write('outputSet_on', 1);
  // Its address is another one now: nobody answers the call of 7.
  supply.outputs.get(7)?.extras.set('address', '9');
  let good = 0;
  for (let n = 0; n < 4; n++) {
    const [a, b] = await Promise.all([six.read(), seven.read()]);
    if (a.quality.every(q => q === QUALITY.good)) {
      good++;
      expect(current(six, a.values)).toBeCloseTo(11, 2);
    }
    expect(b.values.every(Number.isNaN)).toBe(true);
  }
  expect(good).toBeGreaterThan(0);
  await expect(seven.write('currentSet_A', 1)).rejects.toMatchObject({
    code: expect.stringMatching(/timeout|closed/),
  });
  expect(set(6)).toBe(11);
}, 30_000);

test('a checksum: the worked ones of the manual, and one that is missing or wrong is none', () => {
  expect(DOLLAR_CHECKSUM.add('STT?')).toBe('STT?$3A');
  expect(DOLLAR_CHECKSUM.take('OK$9A')).toBe('OK');
  for (const line of ['OK', 'OK$9B', 'OK$9', 'OJ$9A', '$', ''])
    expect(DOLLAR_CHECKSUM.take(line)).toBeUndefined();
});

test('every line has its checksum where the bench file asks for it; a damaged one is never a value', async () => {
  const options = { dialect: 'genesys', plate: plate('1') } as const;
  pty = undefined;
  supply = scpiSupply({ rig: bareRig(), clock }, options);
  await supply.start();
  const driver = findDriver('generic/scpi');
  const open = (more: object): Device => {
    const device = driver.open(
      'unit',
      driver.options.parse({
        ...{ host: '127.0.0.1', port: supply.port, family: 'tdk-genesys', model: 'GEN400-60' },
        ...{ address: 6, voltageNominal_V: 400, currentNominal_A: 60, checksum: true },
        ...more,
      }),
      { clock, baseDir: '.' },
    );
    devices.push(device);
    return device;
  };
  expect(() => open({ family: 'keysight-n5700' })).toThrow(/has no checksum, expected checksum: false/);
  const unit = open({});
  await unit.connect();
  await unit.write('currentSet_A', 12.5);
  expect((await unit.read()).quality.every(q => q === QUALITY.good)).toBe(true);
  expect(supply.heard.filter(line => !/\$[0-9A-F]{2}$/.test(line))).toEqual([]);
  supply.faults.corrupt = true;
  const frame = await unit.read();
  expect(frame.values.every(Number.isNaN)).toBe(true);
  expect(frame.reason).toMatch(/missing or wrong checksum/);
});
