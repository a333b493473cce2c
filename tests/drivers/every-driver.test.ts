import { afterEach, describe, expect, it } from 'vitest';
import { realClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { unitOf } from '../../drivers/contract/units.ts';
import { loadDriver } from '../../drivers/load-driver.ts';
import { driverIds, findDriver } from '../../drivers/registry.ts';
import { psbOptions, psbPeer } from './ea/psb-peer.ts';
import { ALL_MAP, mapFolder } from './generic/rack-peer.ts';
import { type ModbusPeer, tcpPeer } from './modbus-peer.ts';

/** One driver with an instrument on a real wire that can be told to misbehave. */
interface Bench {
  readonly options: unknown;
  readonly baseDir: string;
  readonly peer: ModbusPeer;
  /** Makes the instrument another one than the bench file names. */
  breakIdentity(): void;
}

/** A new driver gets a line here and is swept by every test below; families of maps in generic/modbus-families.test.ts. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  'ea/psb-10000': async () => {
    const peer = await psbPeer();
    return { options: psbOptions(peer), baseDir: '.', peer, breakIdentity: () => peer.holding.set(123, 0) };
  },
  'generic/modbus-map': async () => {
    const peer = await tcpPeer();
    peer.holding.set(0, 0xbe).set(1, 0xef);
    const options = { host: '127.0.0.1', port: peer.port, map: 'map.yaml' };
    return { options, baseDir: mapFolder(ALL_MAP), peer, breakIdentity: () => peer.holding.set(0, 1) };
  },
};

/** Swept elsewhere, on their own wires. This list only shrinks. */
const SWEPT_ELSEWHERE: Readonly<Record<string, string>> = {
  'bronkhorst/propar': 'serial bus of another protocol: tests/drivers/propar.test.ts',
  'brooks/s-protocol': 'frames of bytes: tests/drivers/brooks/s-protocol.test.ts',
  'generic/impedance-json': 'JSON lines: tests/drivers/generic/impedance-json.test.ts',
  'generic/scpi': 'lines of text, every family: tests/drivers/generic/scpi.test.ts',
  'arbin/cti': 'packed frames, a cycler that runs by itself: tests/drivers/arbin',
  'maccor/macnet': 'JSON-RPC, a cycler that runs by itself: tests/drivers/maccor',
  'neware/bts-8': 'XML, a cycler that runs by itself: tests/drivers/neware',
  'iorodeo/rodeostat': 'JSON lines at a serial port: tests/drivers/iorodeo/rodeostat.test.ts',
  'keithley/source-meter': 'lines of text: tests/drivers/keithley/source-meter.test.ts',
  'keysight/data-logger': 'lines of text, nothing to set: tests/drivers/keysight/data-logger.test.ts',
  'kolibrik/cvm': 'frames of bytes, nothing to set: tests/drivers/kolibrik/cvm.test.ts',
  'mks/g-series': 'messages with a checksum: tests/drivers/mks/g-series.test.ts',
  'generic/thermal': 'lines of text, every family: tests/drivers/generic/thermal.test.ts',
  'opcua/lads': 'OPC UA session, browsed: tests/drivers/opcua/lads.test.ts',
  'opcua/plc': 'OPC UA session: tests/drivers/opcua/plc.test.ts',
  'palmsens/methodscript': 'scripts: tests/drivers/palmsens/device.test.ts',
};

/** Settables that are not in the safe list, and why that is safe. */
const NOT_IN_SAFE_LIST: Readonly<Record<string, string>> = {
  'ea/psb-10000 voltageSet_V': 'no effect with the DC output off; kept for the restart',
  'generic/modbus-map dose_count': 'kept, as the map says with its reason',
  'ea/psb-10000 powerSet_W': 'no effect with the DC output off; kept for the restart',
};

const clock = realClock();
let bench: Bench;
let device: Device | undefined;

async function connected(id: string): Promise<Device> {
  bench = await BENCHES[id]();
  const driver = findDriver(id);
  device = driver.open('dut', driver.options.parse(bench.options), { clock, baseDir: bench.baseDir });
  await device.connect();
  return device;
}

afterEach(async () => {
  await device?.close();
  await bench?.peer.close();
  device = undefined;
});

describe('the registry', () => {
  it('has each driver in the file of its id, where a process that has to be small finds it alone', async () => {
    for (const id of driverIds) expect(await loadDriver(id)).toBe(findDriver(id));
    await expect(loadDriver('../sim/plants')).rejects.toThrow('no such driver');
    await expect(loadDriver('ea/nothing')).rejects.toThrow('cannot be loaded');
  });

  it('every driver is swept here or named with its reason', () => {
    expect([...Object.keys(BENCHES), ...Object.keys(SWEPT_ELSEWHERE)].sort()).toEqual([...driverIds].sort());
  });

  it('an unknown driver is one message with the known ones', () => {
    expect(() => findDriver('ea/psb-9000')).toThrow(
      /ea\/psb-9000: no such driver; expected one of: ea\/psb-10000, /,
    );
  });

  it.each(driverIds)('%s says what it was written from and tried on', id => {
    const { manual, triedOn } = findDriver(id);
    expect(manual.length).toBeGreaterThan(10);
    expect(triedOn.length).toBeGreaterThan(3);
  });
});

describe.each(Object.keys(BENCHES))('%s', id => {
  it('describes itself without a wire as it does open; every name has its unit, every limit an order', async () => {
    const opened = await connected(id);
    const described = findDriver(id).describe(findDriver(id).options.parse(bench.options), bench.baseDir);
    expect(opened.channels).toEqual(described.channels);
    expect(opened.settables).toEqual(described.settables);
    expect(opened.safeList).toEqual(described.safeList);
    for (const { name, range } of [...described.channels, ...described.settables]) {
      expect(unitOf(name), name).toBeDefined();
      expect(range[0], name).toBeLessThan(range[1]);
    }
    const measured = new Set(described.channels.map(c => c.name));
    for (const { name } of described.settables)
      expect(measured.has(name), `${name} is set and measured`).toBe(false);
  });

  it('each settable is in the safe list or says why not', async () => {
    const { settables, safeList } = await connected(id);
    const safe = new Set(safeList.map(([key]) => key));
    const settable = new Set(settables.map(s => s.name));
    for (const [key] of safeList) expect(settable.has(key), `${key} cannot be set`).toBe(true);
    const missing = settables.filter(s => !safe.has(s.name)).map(s => `${id} ${s.name}`);
    const named = Object.keys(NOT_IN_SAFE_LIST).filter(key => key.startsWith(`${id} `));
    expect(missing.sort()).toEqual(named.sort());
  });

  it('reads all good on a healthy wire', async () => {
    const frame = await (await connected(id)).read();
    expect(frame.reason).toBeUndefined();
    expect(Math.max(...frame.quality)).toBe(QUALITY.good);
    expect(frame.values.every(Number.isFinite)).toBe(true);
  });

  it('refuses another instrument, writes nothing to it, leaves nothing open', async () => {
    bench = await BENCHES[id]();
    bench.breakIdentity();
    const driver = findDriver(id);
    device = driver.open('dut', driver.options.parse(bench.options), { clock, baseDir: bench.baseDir });
    await expect(device.connect()).rejects.toMatchObject({ code: 'identity' });
    expect(device.state).toBe('closed');
    expect(bench.peer.log.filter(line => line.startsWith('W'))).toEqual([]);
    const frame = await device.read();
    expect(Math.min(...frame.quality)).toBe(QUALITY.bad);
    expect(frame.reason).toBeTruthy();
  });

  it('NaN and out-of-range values never reach the wire', async () => {
    const opened = await connected(id);
    bench.peer.log.length = 0;
    for (const { name, range } of opened.settables) {
      const span = range[1] - range[0];
      for (const value of [Number.NaN, Infinity, -Infinity, range[0] - 1e-3 * span, range[1] + 1e-3 * span]) {
        await expect(opened.write(name, value), `${name} = ${value}`).rejects.toMatchObject({
          code: 'range',
        });
        await expect(opened.write(name, value, { urgent: true })).rejects.toMatchObject({ code: 'range' });
      }
    }
    await expect(opened.write('nothing_V', 0)).rejects.toMatchObject({ code: 'config' });
    expect(bench.peer.log).toEqual([]);
  });

  it('takes both ends of every range', async () => {
    const opened = await connected(id);
    for (const { name, range } of opened.settables) {
      for (const value of range) await opened.write(name, value);
    }
    expect(bench.peer.log.filter(line => line.startsWith('W')).length).toBeGreaterThanOrEqual(
      2 * opened.settables.length,
    );
  });

  it.each([
    ['silent', { drop: true }, 'timeout'],
    ['garbled', { garble: true }, 'garbled'],
    ['refusing', { exception: 4 }, 'refused'],
  ] as const)('%s: the frame is bad with a reason, a write is `%s`', async (_, misdeed, code) => {
    const opened = await connected(id);
    bench.peer.misbehave = () => misdeed;
    const asked_s = clock.now_s();
    const frame = await opened.read();
    expect(clock.now_s() - asked_s).toBeLessThan(2);
    expect(Math.min(...frame.quality)).toBe(QUALITY.bad);
    expect(frame.values.every(Number.isNaN)).toBe(true);
    expect(frame.reason).toBeTruthy();
    await opened.close();
    await bench.peer.close();

    const [settable] = (await connected(id)).settables;
    if (settable === undefined) return;
    bench.peer.misbehave = () => misdeed;
    await expect(device?.write(settable.name, settable.range[0])).rejects.toMatchObject({ code });
  });

  it('an instrument that acknowledges and does nothing is found out by the read-back', async () => {
    const opened = await connected(id);
    for (const { name, range } of opened.settables) await opened.write(name, range[1]);
    bench.peer.misbehave = ({ fn }) => (fn >= 5 ? { ignore: true } : undefined);
    for (const { name, range } of opened.settables) {
      await expect(opened.write(name, range[0]), name).rejects.toMatchObject({ code: 'readback' });
    }
    const report = await opened.safe();
    expect(report.done).toEqual([]);
    expect(report.failed.map(f => f.key)).toEqual(opened.safeList.map(([key]) => key));
  });

  it('safe goes on past a failing line and tries it twice', async () => {
    const opened = await connected(id);
    for (const { name, range } of opened.settables) await opened.write(name, range[1]);
    const [first, ...others] = opened.safeList;
    if (first === undefined) return;
    bench.peer.log.length = 0;
    let firstWrite = '';
    bench.peer.misbehave = request => {
      if (request.fn < 5) return undefined;
      if (firstWrite === '') firstWrite = `${request.fn} ${request.address}`;
      return `${request.fn} ${request.address}` === firstWrite ? { drop: true } : undefined;
    };
    const report = await opened.safe();
    expect(report.failed.map(f => f.key)).toEqual([first[0]]);
    expect(report.done).toHaveLength(others.length);
    expect(bench.peer.log.filter(line => line.startsWith(`W${firstWrite}`))).toHaveLength(2);
  });
});
