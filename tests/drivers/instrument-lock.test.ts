import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockInstruments } from '../../drivers/instrument-lock.ts';
import { isAlive, ourIdentity } from '../../drivers/process-identity.ts';
import { driverIds, findDriver } from '../../drivers/registry.ts';

const SUPPLY = 'tcp://127.0.0.1:502';
let folder: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'locks-'));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map(child => ended(child, 'end')));
  rmSync(folder, { recursive: true, force: true });
});

const about = (bench: string) => ({ bench, utc_ms: Date.UTC(2026, 0, 2, 3, 4, 5), folder });
const answer = (child: ChildProcess): Promise<unknown> =>
  new Promise(resolve => child.once('message', resolve));

async function start(...endpoints: string[]): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'lock-child.ts'), [folder, 'other', ...endpoints], {
    execArgv: [],
  });
  children.push(child);
  await answer(child);
  return child;
}

async function ended(child: ChildProcess, word: 'end' | 'die'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise(resolve => child.once('exit', resolve));
  child.send(word);
  await gone;
}

async function tries(child: ChildProcess): Promise<unknown> {
  const said = answer(child);
  child.send('go');
  return said;
}

describe('a bench lock', () => {
  it('is refused to a second one with who holds it and since when, and free again after release', () => {
    const first = lockInstruments({ supply: SUPPLY, gas: '/dev/ttyX' }, about('pem'));
    const second = () => lockInstruments({ plc: 'opc.tcp://127.0.0.1:4840', supply: SUPPLY }, about('other'));
    expect(second).toThrow(
      `supply (tcp://127.0.0.1:502): held by another cellbench, pid ${process.pid} since 2026-01-02T03:04:05.000Z (bench pem), expected it free`,
    );
    expect(second).toThrow(expect.objectContaining({ code: 'closed' }));
    // None of the refused one's instruments stays locked.
    lockInstruments({ plc: 'opc.tcp://127.0.0.1:4840' }, about('third')).release();
    first.release();
    first.release();
    second().release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('ends with its scope; two devices on one bus are one instrument', () => {
    {
      using lock = lockInstruments({ a: '/dev/ttyX', b: '/dev/ttyX' }, about('pem'));
      expect(lock).toBeDefined();
      expect(readdirSync(folder)).toHaveLength(1);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('knows one serial line by each of its names', () => {
    writeFileSync(join(folder, 'ttyUSB0'), '');
    symlinkSync(join(folder, 'ttyUSB0'), join(folder, 'by-id'));
    using lock = lockInstruments({ rack: join(folder, 'ttyUSB0') }, about('pem'));
    expect(lock).toBeDefined();
    expect(() => lockInstruments({ rack: join(folder, 'by-id') }, about('other'))).toThrow(/held by another/);
    expect(() =>
      lockInstruments({ s: 'tcp://LocalHost:1', t: 'tcp://127.0.0.1:1' }, about('one')).release(),
    ).not.toThrow();
  });

  it('follows the adapter, not the device number that it had before it was pulled and put back', () => {
    const [first, second, gas] = ['ttyUSB0', 'ttyUSB1', 'by-id-gas'].map(name => join(folder, name));
    for (const device of [first, second]) writeFileSync(device, '');
    symlinkSync(first, gas);
    using lock = lockInstruments({ gas }, about('pem'));
    expect(lock).toBeDefined();
    rmSync(gas);
    // Another adapter has its number now.
    lockInstruments({ rack: first }, about('other')).release();
    // Put back it has got another one, and is still held.
    symlinkSync(second, gas);
    expect(() => lockInstruments({ gas }, about('other'))).toThrow(/held by another/);
  });

  it('of many processes that start at once exactly one gets it, also what a dead one has left', async () => {
    const dead = await start(SUPPLY);
    expect(await tries(dead)).toBe('got it');
    await ended(dead, 'die');
    expect(readdirSync(folder)).toHaveLength(1);

    const all = await Promise.all(Array.from({ length: 20 }, () => start(SUPPLY)));
    const said = await Promise.all(all.map(tries));
    const winners = all.filter((_, i) => said[i] === 'got it');
    expect(winners).toHaveLength(1);
    for (const text of said) {
      if (text !== 'got it') expect(text).toMatch(`held by another cellbench, pid ${winners[0].pid} since`);
    }
    // Nothing of the race is left over but the winner's file, and with its end not even that.
    expect(readdirSync(folder)).toHaveLength(1);
    await ended(winners[0], 'end');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a process number that was given to another process since does not hold it', () => {
    lockInstruments({ supply: SUPPLY }, about('pem'));
    const [file] = readdirSync(folder);
    const holder = {
      ...ourIdentity(),
      processStart: '1',
      startedUtc: 'long ago',
      bench: 'old',
      endpoint: SUPPLY,
    };
    writeFileSync(join(folder, file), JSON.stringify(holder));
    lockInstruments({ supply: SUPPLY }, about('new')).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a file of somebody else is not removed', () => {
    lockInstruments({ supply: SUPPLY }, about('pem')).release();
    const lock = lockInstruments({ supply: SUPPLY }, about('pem'));
    const [file] = readdirSync(folder);
    lock.release();
    writeFileSync(join(folder, file), 'a shopping list');
    expect(() => lockInstruments({ supply: SUPPLY }, about('pem'))).toThrow(
      /is no lock of cellbench: remove it/,
    );
  });
});

describe('a process', () => {
  it('is known by its number and its start', () => {
    const us = ourIdentity();
    expect(us.processStart).toMatch(/^\d+$/);
    expect(isAlive(us)).toBe(true);
    expect(isAlive({ ...us, processStart: '1' })).toBe(false);
    expect(isAlive({ pid: 2 ** 22 + 1, processStart: '1' })).toBe(false);
  });
});

describe('every driver says where its instrument is', () => {
  const OPTIONS: Readonly<Record<string, readonly (readonly [options: unknown, endpoint: string])[]>> = {
    'ea/psb-10000': [
      [
        { host: '192.168.0.20', voltageNominal_V: 360, currentNominal_A: 80, powerNominal_W: 10_000 },
        'tcp://192.168.0.20:502',
      ],
    ],
    'generic/modbus-map': [
      [{ host: '192.168.0.21', port: 1502, map: 'm.yaml' }, 'tcp://192.168.0.21:1502'],
      [{ path: '/dev/ttyUSB0', baud: 19200, parity: 'even', map: 'm.yaml' }, '/dev/ttyUSB0'],
    ],
    'bronkhorst/propar': [
      [
        {
          path: '/dev/ttyUSB1',
          baud: 38400,
          instruments: [{ name: 'cathodePressure_barg', node: 3, capacity: 40 }],
        },
        '/dev/ttyUSB1',
      ],
    ],
    'opcua/plc': [[{ endpoint: 'opc.tcp://10.0.0.1:4840', nodes: 'n.yaml' }, 'opc.tcp://10.0.0.1:4840']],
  };

  it.each(driverIds)('%s', id => {
    const driver = findDriver(id);
    for (const [options, endpoint] of OPTIONS[id])
      expect(driver.endpoint(driver.options.parse(options))).toBe(endpoint);
  });
});
