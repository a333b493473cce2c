import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { realClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { opcuaPlc } from '../../drivers/opcua/plc.ts';
import { opcuaPlc as emulator } from '../../sim/device/opcua-plc.ts';
import type { Rig } from '../../sim/plant/rig.ts';

const FOLDER = join(import.meta.dirname, '../../examples/pem-500kw');
const NODES = readFileSync(join(FOLDER, 'plc-nodes.yaml'), 'utf8');
const bench: { roles: Record<string, string> } = parse(readFileSync(join(FOLDER, 'bench.yaml'), 'utf8'));
/** Channel or settable of the PLC -> signal of the plant. */
const ROLES = Object.fromEntries(
  Object.entries(bench.roles).flatMap(([role, channel]) =>
    channel.startsWith('plc.') ? [[channel.slice(4), role] as const] : [],
  ),
);

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A plant whose every signal is set by hand; sensors start at 0.25 (switches at 1), actuators at 0. */
function handRig() {
  const names = Object.values(ROLES);
  const sensors = names.filter(name => !/Set_/.test(name));
  const actuators = names.filter(name => /Set_/.test(name));
  const shown = new Map(sensors.map(name => [name, name.endsWith('_on') ? 1 : 0.25]));
  const set = new Map(actuators.map(name => [name, 0]));
  const rig: Rig = {
    sensors,
    actuators,
    sensorIndex: name => sensors.indexOf(name),
    sensorRange: () => ({ first: 0, count: 0 }),
    sensor: i => shown.get(sensors[i]) ?? Number.NaN,
    actuatorIndex: name => actuators.indexOf(name),
    set: (i, value) => void set.set(actuators[i], value),
    setting: i => set.get(actuators[i]) ?? Number.NaN,
    advanceTo() {},
    time_s: 0,
  };
  return { rig, shown, set };
}

/** The network between bench and PLC: one address, whatever server is plugged in behind it. */
async function cable() {
  let target = 0;
  let port = 0;
  let server: Server | undefined;
  const sockets = new Set<Socket>();
  const up = (): Promise<void> =>
    new Promise(resolve => {
      server = createServer(outer => {
        const inner = connect({ host: '127.0.0.1', port: target });
        for (const [from, to] of [[outer, inner] as const, [inner, outer] as const]) {
          sockets.add(from);
          from.on('error', () => to.destroy());
          from.on('close', () => to.destroy());
          from.pipe(to);
        }
      }).listen(port, '127.0.0.1', () => {
        port = (server!.address() as AddressInfo).port;
        resolve();
      });
    });
  const down = async (): Promise<void> => {
    const closed = new Promise(resolve => (server ? server.close(resolve) : resolve(0)));
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await closed;
    server = undefined;
  };
  await up();
  cleanups.push(down);
  return {
    up,
    down,
    endpoint: `opc.tcp://127.0.0.1:${port}`,
    plug(endpoint: string) {
      target = Number(new URL(endpoint.replace('opc.tcp', 'http')).port);
    },
  };
}

async function plc(options: { nodesFile?: string; driverNodes?: string } = {}) {
  const clock = realClock();
  const hand = handRig();
  const wire = await cable();
  const nodesFile = options.nodesFile ?? join(FOLDER, 'plc-nodes.yaml');
  const startServer = async () => {
    const server = emulator({ rig: hand.rig, clock }, { nodesFile, roles: ROLES });
    await server.start();
    cleanups.push(() => server.end());
    wire.plug(server.endpoint);
    return server;
  };
  const server = await startServer();
  const parsed = opcuaPlc.options.parse({ endpoint: wire.endpoint, nodes: options.driverNodes ?? nodesFile });
  const device = opcuaPlc.open('plc', parsed, { clock, baseDir: FOLDER });
  cleanups.push(() => device.close());
  return { clock, server, startServer, wire, device, ...hand };
}

async function connected() {
  const all = await plc();
  await all.device.connect();
  return all;
}

const reading = async (device: Device, name: string) => {
  const frame = await device.read();
  const i = device.channels.findIndex(channel => channel.name === name);
  return { value: frame.values[i], quality: frame.quality[i], reason: frame.reason };
};

/** A nodes file beside the example's, changed in one place. */
function nodesWith(from: string, to: string): string {
  expect(NODES).toContain(from);
  const folder = mkdtempSync(join(tmpdir(), 'plc-nodes-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'plc-nodes.yaml');
  writeFileSync(path, NODES.replace(from, to));
  return path;
}

describe('on a PLC with the nodes of the example', () => {
  test('a frame carries every channel, and what the plant does is in the next one', async () => {
    const { device, shown } = await connected();
    const frame = await device.read();
    expect(frame.reason).toBeUndefined();
    expect(frame.values).toHaveLength(17);
    expect([...frame.quality]).toEqual(new Array(17).fill(QUALITY.good));
    const expected = device.channels.map(({ name }) => shown.get(ROLES[name]) ?? 0);
    expect([...frame.values]).toEqual(expected);
    shown.set('o2.h2_vol_pct', 1.75);
    expect(await reading(device, 'h2InO2_vol_pct')).toMatchObject({ value: 1.75, quality: QUALITY.good });
  });

  test('booleans and numbers are written and read back', async () => {
    const { device, set } = await connected();
    await device.write('n2AnodeValveSet_on', 1);
    await device.write('n2PressureSet_barg', 7.125);
    await device.write('n2AnodeValveSet_on', 0);
    expect(set.get('n2.anodeValveSet_on')).toBe(0);
    expect(set.get('n2.pressureSet_barg')).toBe(7.125);
  });

  test.each([
    ['n2PressureSet_barg', 40.5],
    ['n2PressureSet_barg', Number.NaN],
    ['n2AnodeValveSet_on', 0.5],
  ] as const)('%s = %f is refused and nothing arrives', async (name, value) => {
    const { device, set } = await connected();
    await expect(device.write(name, value)).rejects.toMatchObject({ code: 'range' });
    expect(new Set(set.values())).toEqual(new Set([0]));
  });

  test('its own safe list is driven in order and proved', async () => {
    const { device, set } = await connected();
    set.set('h2.outletValveSet_on', 1);
    const report = await device.safe();
    expect(report.failed).toEqual([]);
    expect(report.done).toEqual([
      'anodeVentValveSet_on = 1',
      'n2AnodeValveSet_on = 1',
      'h2OutletValveSet_on = 0',
      'ventilationSet_on = 1',
    ]);
    expect(set.get('anode.ventValveSet_on')).toBe(1);
    expect(set.get('h2.outletValveSet_on')).toBe(0);
  });

  test('a failed sensor turns its own channel bad, with the status of the server', async () => {
    const { device, shown } = await connected();
    shown.set('water.flow_L_per_min', Number.NaN);
    const frame = await device.read();
    expect(frame.quality.filter(q => q === QUALITY.bad)).toHaveLength(1);
    expect(frame.reason).toBe('waterFlow_L_per_min: BadSensorFailure');
    shown.set('water.flow_L_per_min', 300);
    expect(await reading(device, 'waterFlow_L_per_min')).toMatchObject({ value: 300, quality: QUALITY.good });
  });

  test('a value outside its range is bad', async () => {
    const { device, shown } = await connected();
    shown.set('room.h2_vol_pct', 130);
    expect(await reading(device, 'roomH2_vol_pct')).toEqual({
      value: Number.NaN,
      quality: QUALITY.bad,
      reason: 'roomH2_vol_pct: 130 is outside 0..100',
    });
  });
});

describe('heartbeat', () => {
  test('silence trips the PLC, polling keeps it alive', async () => {
    const { device, server, clock, set } = await connected();
    expect(await device.armWatchdog(0.4)).toBe(0.4);
    expect(server.heartbeat.timeout_s).toBe(0.4);
    const until_s = clock.now_s() + 1;
    while (clock.now_s() < until_s) {
      expect(await reading(device, 'heartbeatTripped_on')).toMatchObject({ value: 0, quality: QUALITY.good });
      await clock.sleep(0.1);
    }
    expect(set.get('anode.ventValveSet_on')).toBe(0);
    const silentSince_s = clock.now_s();
    await vi.waitUntil(() => server.heartbeat.tripped, { timeout: 2000, interval: 5 });
    expect(clock.now_s() - silentSince_s).toBeGreaterThan(0.2);
    expect(set.get('anode.ventValveSet_on')).toBe(1);
    expect(await reading(device, 'heartbeatTripped_on')).toMatchObject({ value: 1, quality: QUALITY.good });
  });

  test('a heartbeat that the PLC does not take is told', async () => {
    // A node that takes numbers up to 40 only: the count is refused from 41 on.
    const { device } = await plc({
      driverNodes: nodesWith(`'s="Bench"."heartbeat"'`, `'s="Bench"."n2PressureSet"'`),
    });
    await device.connect();
    for (let beat = 1; beat <= 40; beat++)
      expect(await reading(device, 'heartbeatTripped_on')).toMatchObject({ quality: QUALITY.good });
    expect(await reading(device, 'heartbeatTripped_on')).toEqual({
      value: Number.NaN,
      quality: QUALITY.bad,
      reason: 'heartbeatTripped_on: heartbeat not taken, BadOutOfRange',
    });
    expect(await reading(device, 'h2InO2_vol_pct')).toMatchObject({ value: 0.25, quality: QUALITY.good });
  });
});

describe('loss and return', () => {
  test('server stopped and a new one started: lost, then ready with fresh values within 2 s', async () => {
    const { device, server, startServer, wire, clock, shown } = await connected();
    await device.armWatchdog(5);
    const states: string[] = [];
    device.onState(state => states.push(state));
    await wire.down();
    await server.end();
    await vi.waitUntil(() => device.state === 'lost', { timeout: 500, interval: 5 });
    const frame = await device.read();
    expect(new Set(frame.quality)).toEqual(new Set([QUALITY.bad]));
    expect(frame.reason).toMatch(/opc\.tcp/);
    await expect(device.write('n2AnodeValveSet_on', 1)).rejects.toMatchObject({ code: 'closed' });

    shown.set('o2.h2_vol_pct', 0.9);
    const next = await startServer();
    await wire.up();
    const listens_s = clock.now_s();
    const fresh = await vi.waitUntil(
      async () => {
        const seen = await reading(device, 'h2InO2_vol_pct');
        return seen.quality === QUALITY.good ? seen : undefined;
      },
      { timeout: 5000, interval: 10 },
    );
    const return_s = clock.now_s() - listens_s;
    expect(return_s).toBeLessThan(2);
    expect(fresh.value).toBe(0.9);
    expect(states).toEqual(expect.arrayContaining(['lost', 'ready']));
    // A restarted PLC has forgotten its time-out; it is armed again before anything is written.
    expect(next.heartbeat.timeout_s).toBe(5);
  });

  test('a server that hangs costs one deadline per read, never more', async () => {
    const { device, server, clock } = await connected();
    server.faults.silence = true;
    const start_s = clock.now_s();
    const frame = await device.read();
    expect(clock.now_s() - start_s).toBeLessThan(0.8);
    expect(new Set(frame.quality)).toEqual(new Set([QUALITY.bad]));
    expect(frame.reason).toMatch(/no answer within 500 ms/);
    server.faults.silence = false;
    await vi.waitUntil(async () => (await reading(device, 'h2InO2_vol_pct')).quality === QUALITY.good, {
      timeout: 6000,
      interval: 20,
    });
  });
});

describe('refused at connect', () => {
  test.each([
    ['namespace', 'urn:cellbench:bench-plc', 'urn:somebody:else', /no namespace urn:somebody:else/],
    ['settable', '"Bench"."waterPumpSet"', '"Bench"."pumpSet"', /pumpSet.*BadNodeIdUnknown/],
  ])('a %s that the server does not have', async (_name, from, to, message) => {
    const { device } = await plc({ driverNodes: nodesWith(from, to) });
    const refused = device.connect();
    await expect(refused).rejects.toMatchObject({ code: 'identity' });
    await expect(refused).rejects.toThrow(message);
    expect(device.state).toBe('closed');
  });

  test('nobody there', async () => {
    const { device, wire } = await plc();
    await wire.down();
    await expect(device.connect()).rejects.toMatchObject({ code: 'closed' });
    expect(device.state).toBe('closed');
  });
});

describe('files and options', () => {
  test.each([
    ['a missing unit', 'h2InO2_vol_pct', 'h2InO2', 5, /ends in its unit/],
    ['an unknown key', 'range: [0, 1000],', 'range: [0, 1000], scale: 2,', 9, /scale/],
    ['text for a number', '[0, 1000]', '[0, many]', 9, /number/],
    ['a safe line for nothing', 'set: anodeVentValveSet_on', 'set: anodeVentSet_on', 33, /none/],
    [
      'a safe value out of range',
      'set: h2OutletValveSet_on, to: 0',
      'set: h2OutletValveSet_on, to: 3',
      35,
      /0 \.\. 1/,
    ],
    ['a name twice', 'o2InH2_vol_pct', 'h2InO2_vol_pct', 6, /twice/],
    ['a node with a fixed namespace', `'s="Bench"."roomH2"'`, 'ns=3;s=x', 7, /without namespace/],
    ['broken YAML', 'settables:', 'settables: [', 22, /YAML|flow/],
  ])('%s is refused with file and line', (_name, from, to, line, message) => {
    const path = nodesWith(from, to);
    const describePlc = () =>
      opcuaPlc.describe({ endpoint: 'opc.tcp://127.0.0.1:4840', nodes: path }, FOLDER);
    expect(describePlc).toThrow(expect.objectContaining({ code: 'config', where: `${path}:${line}` }));
    expect(describePlc).toThrow(message);
  });

  test.each(['http://plc:4840', 'opc.tcp://plc', '192.168.0.30:4840'])('endpoint %s is refused', endpoint => {
    expect(opcuaPlc.options.safeParse({ endpoint, nodes: 'plc-nodes.yaml' }).success).toBe(false);
  });

  test('a heartbeat may be a single bit', async () => {
    const { device, set } = await plc({
      driverNodes: nodesWith(`'s="Bench"."heartbeat"'`, `'s="Bench"."waterPumpSet"'`),
    });
    await device.connect();
    const bits: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      expect((await device.read()).reason).toBeUndefined();
      bits.push(set.get('water.pumpSet_on'));
    }
    expect(bits).toEqual([1, 0, 1, 0]);
  });

  test('the OPC UA library is loaded at the first connect, not at import', async () => {
    const at = (path: string) => JSON.stringify(join(import.meta.dirname, '../../drivers', path));
    const script = `
      const loaded = () => Object.keys(process.getBuiltinModule('module')._cache).filter(p => p.includes('node-opcua')).length;
      await import(${at('opcua/plc.ts')});
      const atImport = loaded();
      await (await import(${at('transport/opcua.ts')})).prepareOpcua();
      console.log(atImport, loaded() > 10);
    `;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      script,
    ]);
    expect(stdout).toBe('0 true\n');
    expect(stderr).toBe('');
  });
});
