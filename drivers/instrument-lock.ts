import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { realpathSync } from 'node:fs';
import { connect, createServer, isIP, type Server } from 'node:net';
import { z } from 'zod';
import { realClock } from './contract/clock.ts';
import { DeviceError, plainReason } from './contract/errors.ts';
import { title } from './contract/title.ts';

/**
 * One instrument, one controller: for each instrument a name in the kernel of this machine (an abstract socket of
 * Linux), whoever the user and whatever the environment. The kernel gives it to one and takes it back with the last
 * breath of the process, so that nothing is ever left behind. Who is asked at the socket tells who he is. It reaches as
 * far as the network of the machine: neither into another container's nor over machines (see the owner word of `opcua/plc`).
 */

const holderSchema = z.object({
  pid: z.number().int().positive(),
  startedUtc: z.iso.datetime(),
  bench: title,
});
/** The process that has an instrument, since when, and for which bench. */
export type Holder = z.infer<typeof holderSchema>;

/** What a holder answers whose line leads elsewhere by now: the name is free again. */
const FREE = 'free';

/** Locks that are held; given back by `release`, at the latest when the process ends. */
export interface InstrumentLock extends Disposable {
  /** Gives all back; harmless the second time. */
  release(): void;
}

/** What is to be locked, and for whom. */
export interface LockAbout {
  /** Name of the bench, for whoever is refused. */
  readonly bench: string;
  /** Calendar time of now, ms since 1970 UTC. */
  readonly utc_ms: number;
  /** Names of another space do not meet these; for tests. */
  readonly space?: string;
}

/** Where an instrument is, by its device id: `supply` -> `tcp://192.168.0.20:502`. */
export type Endpoints = Readonly<Record<string, string>>;

/** A holder that does not answer for this long, s, holds all the same. */
const ANSWER_S = 1;
const LONGEST_ANSWER = 4096;
/** A name server that is silent for so long, s, does not keep the instrument from being locked by its name as written. */
const LOOKUP_S = 1;
/** So often is a name tried that is being given back at this moment. */
const TRIES = 20;

/**
 * Locks every instrument or none; of many that try at once, exactly one gets it. Rejects with DeviceError `closed` that
 * names the device, the process that holds it and since when.
 */
export async function lockInstruments(endpoints: Endpoints, about: LockAbout): Promise<InstrumentLock> {
  const us: Holder = {
    pid: process.pid,
    startedUtc: new Date(about.utc_ms).toISOString(),
    bench: about.bench,
  };
  const taken = new Map<string, Server>();
  const release = (): void => {
    for (const server of taken.values()) server.close();
    taken.clear();
  };
  const named = await Promise.all(
    Object.entries(endpoints).map(async ([device, endpoint]) =>
      [...namesOf(endpoint), ...(await doorsOf(endpoint))].map(name => ({ device, endpoint, name })),
    ),
  );
  const wanted = named.flat();
  // All in one order: of two that want the same ones each would else get a part, and none all.
  wanted.sort((a, b) => (a.name < b.name ? -1 : 1));
  try {
    for (const { device, endpoint, name } of wanted) {
      // Two devices of one bench may share a bus.
      if (taken.has(name)) continue;
      const where = `${device} (${endpoint})`;
      taken.set(
        name,
        // A line may lead elsewhere by now; a door on the network is where it was.
        await take(socketOf(name, about.space ?? ''), where, () =>
          endpoint.startsWith('/') ? answerOf(us, endpoint, name) : us,
        ),
      );
    }
  } catch (error) {
    release();
    throw error;
  }
  return { release, [Symbol.dispose]: release };
}

/** One that has an instrument now. */
export interface InstrumentHolder {
  readonly device: string;
  /** Undefined: it does not say who it is. */
  readonly holder: Holder | undefined;
}

/** Who has instruments now, by their names as written; nothing is taken, so that nobody who begins is in the way. */
export async function holdersOf(endpoints: Endpoints, space = ''): Promise<readonly InstrumentHolder[]> {
  const found = await Promise.all(
    Object.entries(endpoints).flatMap(([device, endpoint]) =>
      namesOf(endpoint).map(async name => ({ device, holder: await ask(socketOf(name, space)) })),
    ),
  );
  const held = found.flatMap(({ device, holder }) => (holder === FREE ? [] : [{ device, holder }]));
  return held.filter(({ device }, i) => held.findIndex(one => one.device === device) === i);
}

/**
 * What is locked of an endpoint: for a serial line the name as written, which stays when the adapter is put back, and
 * the device that it leads to now, to which another bench file may give another name.
 */
function namesOf(endpoint: string): readonly string[] {
  const same = sameName(endpoint);
  return endpoint.startsWith('/') && same !== endpoint ? [endpoint, same] : [same];
}

/** The addresses behind the name of a host: another bench may say them. */
async function doorsOf(endpoint: string): Promise<readonly string[]> {
  const [, scheme = '', host = '', port = ''] = /^(\w[\w.+-]*:\/\/)([^/:[\]]+)(:\d+)?/.exec(endpoint) ?? [];
  if (host === '' || isIP(host) !== 0 || host.toLowerCase() === 'localhost') return [];
  const over = new AbortController();
  const found = await Promise.race([
    lookup(host, { all: true }).catch(() => []),
    realClock()
      .sleep(LOOKUP_S, over.signal)
      .then(() => []),
  ]);
  over.abort();
  return found.map(
    ({ address, family }) => `${scheme.toLowerCase()}${family === 6 ? `[${address}]` : address}${port}`,
  );
}

function sameName(endpoint: string): string {
  if (!endpoint.startsWith('/')) {
    // One door is one instrument, whatever the path behind it.
    const door = /^\w[\w.+-]*:\/\/[^/]+/.exec(endpoint)?.[0] ?? endpoint;
    return door.toLowerCase().replace('//localhost:', '//127.0.0.1:');
  }
  try {
    // `/dev/serial/by-id/...` and `/dev/ttyUSB0` may be one line.
    return realpathSync(endpoint);
  } catch {
    return endpoint; // Not plugged in: connecting will say so.
  }
}

/** Name in the kernel; a NUL first makes it abstract: no file, no folder, no rights. */
function socketOf(name: string, space: string): string {
  return `\0cellbench-lock-${createHash('sha256').update(`${space} ${name}`).digest('hex').slice(0, 32)}`;
}

/** The device that an unplugged adapter had may be another one's by now: then the name is given back. */
function answerOf(us: Holder, endpoint: string, name: string): Holder | typeof FREE {
  return endpoint === name || sameName(endpoint) === name ? us : FREE;
}

/** Rejects with who holds it. */
async function take(path: string, where: string, answer: () => Holder | typeof FREE): Promise<Server> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const server = await listen(path, where, answer);
    if (server !== undefined) return server;
    const holder = await ask(path);
    if (holder === FREE) continue;
    const who =
      holder === undefined
        ? 'held by another program of this machine, which does not say who it is'
        : `held by another cellbench, pid ${holder.pid} since ${holder.startedUtc} (bench ${holder.bench})`;
    throw new DeviceError('closed', where, `${who}, expected it free`);
  }
  throw new DeviceError('closed', where, 'taken and given back again and again by others, expected it free');
}

/** Undefined: somebody has it. */
function listen(
  path: string,
  where: string,
  answer: () => Holder | typeof FREE,
): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer(asking => {
      asking.on('error', () => {});
      const said = answer();
      if (said === FREE) server.close();
      asking.end(JSON.stringify(said));
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(new DeviceError('config', where, `cannot be locked: ${plainReason(error)}`, error));
    });
    server.listen({ path }, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Who holds it; `free`: nobody any more; undefined: somebody who does not say. */
function ask(path: string): Promise<Holder | typeof FREE | undefined> {
  return new Promise(resolve => {
    let text = '';
    const socket = connect({ path });
    socket.setEncoding('utf8');
    const cancel = realClock().schedule(ANSWER_S, () => socket.destroy());
    socket.on('data', (piece: string) => {
      text += piece;
      if (text.length > LONGEST_ANSWER) socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(FREE);
    });
    socket.on('close', () => {
      cancel();
      resolve(understood(text));
    });
  });
}

function understood(text: string): Holder | typeof FREE | undefined {
  try {
    const said: unknown = JSON.parse(text);
    return said === FREE ? FREE : holderSchema.safeParse(said).data;
  } catch {
    return undefined;
  }
}
