import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { OPCUAServer, ServerSession } from 'node-opcua';
import type { LabFile, LabMode } from '../../../../dashboards/door/lab.ts';
import type { Door } from '../../../../dashboards/door/route.ts';
import { messageOf } from '../../../../drivers/contract/errors.ts';
import { Calls } from './calls.ts';
import { BenchDevice, type BenchOf, type DeviceParts } from './device.ts';
import { WhatGoesOn } from './going.ts';
import { Model } from './model.ts';
import { People } from './people.ts';

/**
 * The laboratory as a server of OPC UA: each bench a device by OPC 30500-1 (LADS). Who comes in has an account of the door; what
 * is called goes through the routes of the door. Runs are processes of their own: no client of OPC UA can hold one up.
 */

/** The runs are asked so often, s; looking takes at most this share of the time. */
const PERIOD_S = 1;
const SHARE = 0.2;
/** Files of the laboratory are looked at so often, s. */
const FILES_S = 30;
/** Benches with more roles than these together are left out, and said so. */
const MOST_ROLES = 6000;
const LIMITS = { maxSessions: 20, maxSubscriptionsPerSession: 10, maxSubscriptions: 50 };
const MOST_CONNECTIONS = 30;

/** How a view is opened. */
export interface ViewOptions {
  readonly door: Door;
  /** Where keys and certificates lie: made at the first start, readable by the owner only. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  /** Runs of this mode are shown and started: what is real is never mixed with what is simulated. */
  readonly mode: LabMode;
  readonly version: string;
}

/** A view that answers until it is closed. */
export interface LadsView {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Opens it. Rejects where the port is taken. */
export async function openLadsView(options: ViewOptions): Promise<LadsView> {
  const { door, port, mode, version } = options;
  const opcua = await import('node-opcua');
  const quiet = (): void => {};
  opcua.setDebugLogger(quiet);
  opcua.setWarningLogger(quiet);
  opcua.setErrorLogger(quiet);
  const people = new People(door);
  const server = await serverOf(opcua, options, people);
  const space = server.engine.addressSpace;
  if (space === null) throw new Error('OPC UA: the server came up without an address space');
  const goesOn = new WhatGoesOn(door.lab, door.clock, mode);
  const parts = { door, calls: new Calls(door, people), goesOn, mode, version };
  const benches = new Benches(new Model(opcua, space, door.clock), parts);
  await goesOn.look();
  await benches.look();
  await server.start();

  const sessions = new Set<ServerSession>();
  server.on('session_activated', session => void sessions.add(session));
  server.on('session_closed', session => void sessions.delete(session));
  let isClosed = false;
  const hadAccounts = door.accounts.areThere;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await server.shutdown(0);
  };
  const beat = async (): Promise<void> => {
    let looked_s = Number.NEGATIVE_INFINITY;
    while (!isClosed) {
      const begun_s = door.clock.now_s();
      try {
        if (!hadAccounts && hasAccounts(door)) {
          console.error('OPC UA: the laboratory has accounts now: closed, expected the door opened again');
          await close();
          return;
        }
        endSessions(server, sessions, people);
        await goesOn.look();
        if (begun_s - looked_s > FILES_S) {
          await benches.look();
          looked_s = begun_s;
        }
        await benches.refresh();
      } catch (error) {
        // The next look may find it again; meanwhile values grow old and say so.
        console.error(`OPC UA: ${messageOf(error)}`);
      }
      const took_s = door.clock.now_s() - begun_s;
      await door.clock.sleep(Math.max(PERIOD_S, took_s / SHARE));
    }
  };
  void beat();
  const { port: taken } = server.endpoints[0];
  return { endpoint: `opc.tcp://${nameOf(options.host)}:${taken || port}`, close };
}

function hasAccounts(door: Door): boolean {
  try {
    return door.accounts.areThere;
  } catch {
    return true;
  }
}

const nameOf = (host: string): string => (host === '0.0.0.0' || host === '::' ? hostname() : host);

type Library = typeof import('node-opcua');

async function serverOf(
  opcua: Library,
  { folder, host, port, version }: ViewOptions,
  people: People,
): Promise<OPCUAServer> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const managerOf = async (name: string, isOpen: boolean) => {
    const manager = new opcua.OPCUACertificateManager({
      rootFolder: join(folder, name),
      automaticallyAcceptUnknownCertificate: isOpen,
    });
    await manager.initialize();
    return manager;
  };
  const server = new opcua.OPCUAServer({
    host,
    hostname: nameOf(host),
    port,
    ...people.options(opcua),
    // Who may do what the account says, not the program that somebody uses; a person's certificate is no way in.
    serverCertificateManager: await managerOf('server', true),
    userCertificateManager: await managerOf('users', false),
    nodeset_filename: (['standard', 'di', 'ia', 'machinery', 'amb', 'lads'] as const).map(
      name => opcua.nodesets[name],
    ),
    serverCapabilities: LIMITS,
    maxConnectionsPerEndpoint: MOST_CONNECTIONS,
    registerServerMethod: opcua.RegisterServerMethod.HIDDEN,
    disableDiscovery: false,
    isAuditing: false,
    buildInfo: { productName: 'cellbench', softwareVersion: version, manufacturerName: 'cellbench' },
    serverInfo: { applicationUri: 'urn:cellbench:serve', productUri: 'cellbench' },
  });
  await server.initialize();
  return server;
}

/** Ends the sessions of those who may not look any more, and gives a sign of life of the others. */
function endSessions({ engine }: OPCUAServer, sessions: ReadonlySet<ServerSession>, people: People): void {
  for (const session of sessions)
    if (!people.mayStay(session)) engine.closeSession(session.authenticationToken, true, 'Forcing');
}

/** The benches of the laboratory as devices: made when they come, and anew when their file has changed. */
class Benches {
  readonly #model: Model;
  readonly #parts: DeviceParts;
  readonly #devices = new Map<string, BenchDevice>();
  readonly #leftOut = new Set<string>();

  constructor(model: Model, parts: DeviceParts) {
    this.#model = model;
    this.#parts = parts;
  }

  async look(): Promise<void> {
    const { lab } = this.#parts.door;
    const [found, methods] = await Promise.all([lab.benches(), lab.methods()]);
    const titles = found.map(({ title }) => title);
    const there = new Set<string>();
    for (const bench of found) {
      there.add(bench.name);
      if (this.#devices.get(bench.name)?.bench.sha256 === bench.sha256) continue;
      const { roles } = await lab.bench(bench.name);
      this.#remove(bench.name);
      if (roles.length > 0) this.#add({ ...bench, roles }, titles, methods);
    }
    for (const name of this.#devices.keys()) if (!there.has(name)) this.#remove(name);
    for (const device of this.#devices.values()) device.showMethods(methods);
  }

  async refresh(): Promise<void> {
    for (const device of this.#devices.values()) await device.refresh();
  }

  #add(bench: BenchOf, titles: readonly string[], methods: readonly LabFile[]): void {
    const why = this.#whyNot(bench, titles);
    if (why === undefined) {
      const device = new BenchDevice(this.#model, bench, this.#parts);
      device.showMethods(methods);
      this.#devices.set(bench.name, device);
    } else if (!this.#leftOut.has(`${bench.name} ${why}`)) {
      this.#leftOut.add(`${bench.name} ${why}`);
      console.error(`OPC UA: ${bench.name} is not shown: ${why}`);
    }
  }

  #whyNot({ title, roles }: BenchOf, titles: readonly string[]): string | undefined {
    if (titles.filter(one => one === title).length > 1)
      return `another bench is called "${title}" too, so that their runs are not told apart; expected names of their own (bench:)`;
    const all = [...this.#devices.values()].reduce((sum, device) => sum + device.bench.roles.length, 0);
    return all + roles.length > MOST_ROLES
      ? `it has ${roles.length} roles, the benches before it ${all}, expected ${MOST_ROLES} at the most`
      : undefined;
  }

  #remove(name: string): void {
    const device = this.#devices.get(name);
    if (device !== undefined) this.#model.remove(device.node);
    this.#devices.delete(name);
  }
}
