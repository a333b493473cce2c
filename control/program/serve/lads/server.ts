import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { OPCUAServer, ServerSession } from 'node-opcua';
import type { LabFile } from '../../../../dashboards/door/lab.ts';
import { messageOf } from '../../../../drivers/contract/errors.ts';
import type { Clock } from '../../../view.ts';
import { Calls } from './calls.ts';
import { BenchDevice, type BenchOf, type DeviceParts } from './device.ts';
import type { DoorLine } from './door-line.ts';
import { WhatGoesOn } from './going.ts';
import { SESSIONS } from './limits.ts';
import type { ViewStart } from './line.ts';
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
const LIMITS = { maxSessions: SESSIONS.all, maxSubscriptionsPerSession: 10, maxSubscriptions: 50 };
const MOST_CONNECTIONS = 60;
/** A session that has asked for nothing for so long is ended: the library would keep it for up to 50 min, s. */
const MOST_SILENT_S = 120;

/** A server that answers until it is closed. */
export interface OpenServer {
  readonly endpoint: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Opens it. Rejects where the port is taken. */
export async function openServer(door: DoorLine, start: ViewStart, clock: Clock): Promise<OpenServer> {
  const { mode, version } = start;
  const opcua = await import('node-opcua');
  const quiet = (): void => {};
  opcua.setDebugLogger(quiet);
  opcua.setWarningLogger(quiet);
  opcua.setErrorLogger(quiet);
  const people = new People(door);
  const server = await serverOf(opcua, start, people);
  const space = server.engine.addressSpace;
  if (space === null) throw new Error('the server came up without an address space');
  const goesOn = new WhatGoesOn(door, clock, mode);
  const model = new Model(opcua, space, { clock, isShut: () => people.isShut });
  const benches = new Benches(model, {
    door,
    calls: new Calls(door, people, clock),
    clock,
    goesOn,
    mode,
    version,
  });
  await goesOn.look();
  await benches.look();
  await server.start();

  const sessions = new Set<ServerSession>();
  server.on('session_activated', session => void sessions.add(session));
  server.on('session_closed', session => {
    sessions.delete(session);
    people.left(session);
  });
  people.end = session => {
    people.left(session);
    endSession(server, session);
  };
  let isClosed = false;
  const beat = async (): Promise<void> => {
    let looked_s = Number.NEGATIVE_INFINITY;
    while (!isClosed) {
      const begun_s = clock.now_s();
      try {
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
      const took_s = clock.now_s() - begun_s;
      await clock.sleep(Math.max(PERIOD_S, took_s / SHARE));
    }
  };
  void beat();
  const port = server.endpoints[0].port || start.port;
  const close = async (): Promise<void> => {
    isClosed = true;
    await server.shutdown(0);
  };
  return { endpoint: `opc.tcp://${nameOf(start.host)}:${port}`, port, close };
}

const nameOf = (host: string): string => (host === '0.0.0.0' || host === '::' ? hostname() : host);

type Library = typeof import('node-opcua');

async function serverOf(
  opcua: Library,
  { folder, host, port, version }: ViewStart,
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
  const { Certificate } = opcua.UserTokenType;
  for (const description of server.endpoints.flatMap(endpoint => endpoint.endpointDescriptions())) {
    const tokens = description.userIdentityTokens ?? [];
    description.userIdentityTokens = tokens.filter(({ tokenType }) => tokenType !== Certificate);
  }
  return server;
}

/** Ends the sessions of those who may not look any more, or are gone; the others have given a sign of life. */
function endSessions(server: OPCUAServer, sessions: ReadonlySet<ServerSession>, people: People): void {
  for (const session of sessions) {
    // The library's own count, ms since it was heard of last.
    const isGone = session.clientLastContactTime > MOST_SILENT_S * 1000;
    if (isGone || !people.mayStay(session)) endSession(server, session);
  }
}

function endSession({ engine }: OPCUAServer, session: ServerSession): void {
  engine.closeSession(session.authenticationToken, true, 'Forcing');
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
    const lab = this.#parts.door.calls;
    const [found, methods] = await Promise.all([lab.benches(), lab.methods()]);
    const titles = found.map(({ title }) => title);
    const there = new Set<string>();
    for (const bench of found) {
      there.add(bench.name);
      const known = this.#devices.get(bench.name);
      const isAlone = titles.filter(title => title === bench.title).length === 1;
      if (isAlone && known?.bench.sha256 === bench.sha256) continue;
      const { roles } = await lab.bench(bench.name);
      this.#remove(bench.name);
      this.#add({ ...bench, roles }, isAlone, methods);
    }
    for (const name of this.#devices.keys()) if (!there.has(name)) this.#remove(name);
    for (const device of this.#devices.values()) device.showMethods(methods);
  }

  async refresh(): Promise<void> {
    for (const device of this.#devices.values()) await device.refresh();
  }

  #add(bench: BenchOf, isAlone: boolean, methods: readonly LabFile[]): void {
    const why = this.#whyNot(bench, isAlone);
    if (why === undefined) {
      const device = new BenchDevice(this.#model, bench, this.#parts);
      device.showMethods(methods);
      this.#devices.set(bench.name, device);
    } else if (!this.#leftOut.has(`${bench.name} ${why}`)) {
      this.#leftOut.add(`${bench.name} ${why}`);
      console.error(`OPC UA: ${bench.name} is not shown: ${why}`);
    }
  }

  #whyNot({ title, roles }: BenchOf, isAlone: boolean): string | undefined {
    if (roles.length === 0) return 'its file cannot be read as a bench (cellbench check says why)';
    if (!isAlone)
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
