import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { parse } from 'yaml';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { opcuaPlc } from '../../../drivers/opcua/plc.ts';
import { opcuaPlc as emulator } from '../../../sim/device/opcua/plc.ts';
import type { ShownUnit } from '../../../sim/device/opcua/server.ts';
import type { Rig } from '../../../sim/plant/parts/rig.ts';

/** The example bench, whose nodes file the PLC is made from. */
export const FOLDER = join(import.meta.dirname, '../../../examples/pem-500kw');
const NODES = readFileSync(join(FOLDER, 'plc-nodes.yaml'), 'utf8');
const bench: { roles: Record<string, string> } = parse(readFileSync(join(FOLDER, 'bench.yaml'), 'utf8'));
/** Channel or settable of the PLC -> signal of the plant. */
export const ROLES = Object.fromEntries(
  Object.entries(bench.roles).flatMap(([role, channel]) =>
    channel.startsWith('plc.') ? [[channel.slice(4), role] as const] : [],
  ),
);

/** Undone after each test of the file that imports this, last first. */
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

/** An emulated PLC on a hand rig, and the driver's device in front of it, not yet connected. `driverNodes`: a nodes file for the driver alone. */
export async function plc(
  options: {
    nodesFile?: string;
    driverNodes?: string;
    units?: Record<string, ShownUnit | null>;
    trippedClears?: 'by timeout' | 'by heartbeat' | 'by a person';
    readOnly?: Record<string, 'for all' | 'for this user'>;
  } = {},
) {
  const clock = realClock();
  const hand = handRig();
  const wire = await cable();
  const nodesFile = options.nodesFile ?? join(FOLDER, 'plc-nodes.yaml');
  const startServer = async () => {
    const { units, trippedClears, readOnly } = options;
    const server = emulator(
      { rig: hand.rig, clock },
      { nodesFile, roles: ROLES, units, trippedClears, readOnly },
    );
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

/** The same, connected. */
export async function connected() {
  const all = await plc();
  await all.device.connect();
  return all;
}

/** One channel of a fresh frame. */
export const reading = async (device: Device, name: string) => {
  const frame = await device.read();
  const i = device.channels.findIndex(channel => channel.name === name);
  return { value: frame.values[i], quality: frame.quality[i], reason: frame.reason };
};

/** A nodes file beside the example's, changed in one place. */
export function nodesWith(from: string, to: string): string {
  expect(NODES).toContain(from);
  const folder = mkdtempSync(join(tmpdir(), 'plc-nodes-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'plc-nodes.yaml');
  writeFileSync(path, NODES.replace(from, to));
  return path;
}
