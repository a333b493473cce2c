import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../control/view.ts';
import { LOOPBACK, onFreePort } from '../own-hosts.ts';
import { type PageFile, readPage } from '../page-files.ts';
import type { DashboardServer } from '../server.ts';
import type { Limits } from './answers/answering.ts';
import { InFlight } from './answers/in-flight.ts';
import { Repeats } from './answers/repeats.ts';
import type { DoorAudit } from './audit.ts';
import { buildDoor } from './build-door.ts';
import { CROWD, type Crowd, limitConnections, serverOptions } from './crowd.ts';
import { securityHeaders } from './headers.ts';
import { InControl } from './in-control.ts';
import type { Lab } from './lab.ts';
import { LiveFeed } from './live-feed.ts';
import { openApiDocument } from './openapi.ts';
import { mustBeSafe, OwnAddress, type Tls } from './own-address.ts';
import { ownWords } from './own-words.ts';
import { Accounts } from './people/accounts.ts';
import { PasswordChecks } from './people/password.ts';
import { Sessions } from './people/sessions.ts';
import type { Door } from './route.ts';
import { takeSockets } from './sockets.ts';
import { Cookies } from './visits.ts';

/** How a door is opened. */
export interface DoorOptions {
  /** Folder of the lab: `.cellbench/accounts.json` below it says who may come in. */
  readonly folder: string;
  readonly port: number;
  /** Address to listen on; another one than that of this machine needs `tls` and accounts. */
  readonly host?: string;
  readonly tls?: Tls;
  readonly clock: Clock;
  readonly audit: DoorAudit;
  /** The built page of the lab. */
  readonly pageDir?: string;
  /** The built live page of a run. */
  readonly livePageDir?: string;
  readonly limits?: Partial<Limits>;
  readonly crowd?: Partial<Crowd>;
}

/** A door that answers until it is closed. */
export interface LabServer extends DashboardServer {
  /** SHA-256 of its certificate, to compare with what a browser shows; empty: no TLS. */
  readonly fingerprint: string;
  readonly withoutAccounts: boolean;
  /** What stands behind its routes: whatever else lets people in asks there. */
  readonly door: Door;
}

const LIMITS: Limits = { requests: 1200, commands: 300, signIns: 10, signInsOfName: 5 };

/**
 * Opens the door of a lab. A taken port is passed over for the next free one; port 0 takes any.
 * @throws DoorRefusal where it would not be safe; Error where the accounts cannot be read or no port is free
 */
export async function serveLab(lab: Lab, options: DoorOptions): Promise<LabServer> {
  const { host = LOOPBACK, tls, clock } = options;
  const accounts = new Accounts(options.folder);
  mustBeSafe(host, tls, accounts.areThere);
  const address = new OwnAddress(host, tls, clock.utc_ms());
  const page = pageOf(options.pageDir ?? join(import.meta.dirname, '../workshop/dist'));
  const livePage = pageOf(options.livePageDir);
  return onFreePort(options.port, async port => {
    const { taken, close, door } = await opened(
      lab,
      { ...options, host, port },
      { accounts, address, page, livePage },
    );
    return {
      url: `${address.scheme}://${address.name}:${taken}`,
      port: taken,
      fingerprint: address.fingerprint,
      withoutAccounts: !accounts.areThere,
      door,
      close,
    };
  });
}

/** Without a built page the API answers all the same. */
function pageOf(dir?: string): ReadonlyMap<string, PageFile> {
  try {
    return readPage(dir);
  } catch {
    return new Map();
  }
}

interface Opening {
  readonly accounts: Accounts;
  readonly address: OwnAddress;
  readonly page: ReadonlyMap<string, PageFile>;
  readonly livePage: ReadonlyMap<string, PageFile>;
}

async function opened(
  lab: Lab,
  options: DoorOptions & { readonly host: string },
  { accounts, address, page, livePage }: Opening,
): Promise<{ readonly taken: number; readonly door: Door; readonly close: () => Promise<void> }> {
  const { clock, audit, host, port, tls } = options;
  const crowd = { ...CROWD, ...options.crowd };
  const sessions = new Sessions(clock, accounts);
  const control = new InControl(clock);
  const feed = new LiveFeed(lab, control, clock);
  const passwords = new PasswordChecks();
  const changed = (): void => feed.changed();
  const openApi = openApiDocument();
  const repeats = new Repeats(audit, clock);
  const stops = new InFlight<unknown>();
  const people = { accounts, sessions, passwords, control };
  const door: Door = { lab, clock, ...people, audit, repeats, stops, openApi, changed };
  const app = await fastifyOf(crowd, tls, address.scheme);
  const taken = (): number => {
    const at = app.server.address();
    return typeof at === 'object' && at !== null ? at.port : port;
  };
  const cookies = new Cookies(address.scheme, taken);
  const known = limitConnections(app.server, crowd, clock);
  const closeSockets = takeSockets(app.server, {
    ...{ door, cookies, address, feed, known },
    most: crowd.lookingOn,
  });
  const close = async (): Promise<void> => {
    closeSockets();
    repeats.close();
    feed.close();
    await app.close();
  };
  try {
    const limits = { ...LIMITS, ...options.limits };
    await buildDoor(app, { door, cookies, address, page, livePage, limits, known });
    await app.listen({ host, port });
  } catch (error) {
    await close();
    throw error;
  }
  return { taken: taken(), door, close };
}

async function fastifyOf(
  crowd: Crowd,
  tls: Tls | undefined,
  scheme: 'http' | 'https',
): Promise<FastifyInstance> {
  // Loaded with the first door: most commands open none.
  const { default: Fastify } = await import('fastify');
  const own = { forceCloseConnections: true, bodyLimit: 64 * 1024, routerOptions: { maxParamLength: 3000 } };
  return Fastify({ ...serverOptions(crowd, tls), ...own, ...ownWords(securityHeaders(scheme)) });
}
