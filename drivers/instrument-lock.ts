import { createHash, randomUUID } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { DeviceError, messageOf } from './contract/errors.ts';
import { isAlive, ourIdentity, type ProcessIdentity } from './process-identity.ts';

/**
 * One instrument, one controller: a file per instrument in a folder of this machine. Two processes that write to one
 * supply would each take the other's set points for their own. (It does not reach over machines: see the owner word
 * of `opcua/plc`.)
 */

const holderSchema = z.object({
  pid: z.number().int().positive(),
  processStart: z.string(),
  startedUtc: z.string(),
  bench: z.string(),
  /** The endpoint as the holder's bench file has it. */
  endpoint: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

/** Locks that are held; given back by `release`, at the latest when the process exits. */
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
  /** Where the files are. Default: `cellbench-locks` in the folder for temporary files. */
  readonly folder?: string;
}

/** Where an instrument is, by its device id: `supply` -> `tcp://192.168.0.20:502`. */
export type Endpoints = Readonly<Record<string, string>>;

const held = new Set<string>();
let isExitWatched = false;

/**
 * Locks every instrument or none. Throws DeviceError `closed` that names the device, the process that holds it and
 * since when. What a process left behind that is no more is taken over; of many that try at once, exactly one gets it.
 */
export function lockInstruments(endpoints: Endpoints, about: LockAbout): InstrumentLock {
  const folder = about.folder ?? join(tmpdir(), 'cellbench-locks');
  makeFolder(folder);
  const us = {
    ...ourIdentity(),
    startedUtc: new Date(about.utc_ms).toISOString(),
    bench: about.bench,
  };
  const taken: string[] = [];
  const release = (): void => {
    for (const path of taken.splice(0)) giveBack(path);
  };
  try {
    for (const [device, endpoint] of Object.entries(endpoints)) {
      for (const name of namesOf(endpoint)) {
        const path = join(folder, fileOf(name));
        // Two devices of one bench may share a bus.
        if (taken.includes(path)) continue;
        const holder = take(path, name, { ...us, endpoint });
        if (holder !== undefined) {
          const who = `held by another cellbench, pid ${holder.pid} since ${holder.startedUtc} (bench ${holder.bench})`;
          throw new DeviceError('closed', `${device} (${endpoint})`, `${who}, expected it free`);
        }
        taken.push(path);
        held.add(path);
      }
    }
  } catch (error) {
    release();
    throw error;
  }
  if (!isExitWatched) process.on('exit', () => [...held].forEach(giveBack));
  isExitWatched = true;
  return { release, [Symbol.dispose]: release };
}

function makeFolder(folder: string): void {
  try {
    if (mkdirSync(folder, { recursive: true }) === undefined) return;
    // Other users of the machine lock there too; none may remove another's file.
    chmodSync(folder, 0o1777);
  } catch (error) {
    throw new DeviceError('config', folder, `cannot keep locks there: ${messageOf(error)}`, error);
  }
}

/**
 * What is locked of an endpoint: for a serial line the name as written, which stays when the adapter is put back, and
 * the device that it leads to now, to which another bench file may give another name.
 */
function namesOf(endpoint: string): readonly string[] {
  const same = sameName(endpoint);
  return endpoint.startsWith('/') && same !== endpoint ? [endpoint, same] : [same];
}

/** A file name that can be told by a person. */
function fileOf(name: string): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${name.replace(/[^\w.-]+/g, '-').slice(-60)}-${hash}.lock`;
}

function sameName(endpoint: string): string {
  if (!endpoint.startsWith('/')) return endpoint.toLowerCase().replace('//localhost:', '//127.0.0.1:');
  try {
    // `/dev/serial/by-id/...` and `/dev/ttyUSB0` may be one line.
    return realpathSync(endpoint);
  } catch {
    return endpoint; // Not plugged in: connecting will say so.
  }
}

/** A holder that runs, and whose line still leads there: an unplugged adapter's device may be another one's by now. */
function isHolding(holder: Holder, name: string): boolean {
  return isAlive(holder) && (holder.endpoint === name || sameName(holder.endpoint) === name);
}

/** Resolves to undefined when the file is ours, else to who holds it. */
function take(path: string, name: string, us: Holder): Holder | undefined {
  for (;;) {
    if (create(path, us)) return undefined;
    const holder = read(path);
    if (holder === undefined) continue; // Given back in between.
    if (isHolding(holder, name)) return holder;
    const other = takeOver(path, name, holder, us);
    if (other !== 'free') return other;
  }
}

/** Makes the file with its whole content in one step; false if it is there. */
function create(path: string, us: Holder): boolean {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(us), { flag: 'wx', mode: 0o644 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new DeviceError('config', path, `cannot be locked: ${messageOf(error)}`, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Puts ourselves in place of a holder that is no more, or whose line leads elsewhere now. Its successor is settled by a second lock that bears its name:
 * who holds that one, and still finds the dead holder in the file, replaces it. (Removing the file and making it anew
 * would let a slow third one remove what a second has just made.)
 */
function takeOver(
  path: string,
  name: string,
  dead: ProcessIdentity,
  us: Holder,
): Holder | undefined | 'free' {
  const succession = `${path}.after-${dead.pid}-${dead.processStart}`;
  const other = take(succession, name, us);
  if (other !== undefined) {
    // Settled by now, as a rule: who settles is not always who has it.
    const settled = read(path);
    return settled !== undefined && isHolding(settled, name) ? settled : other;
  }
  try {
    const now = read(path);
    if (now === undefined) return 'free';
    if (now.pid !== dead.pid || now.processStart !== dead.processStart)
      return isHolding(now, name) ? now : 'free';
    const draft = `${path}.${randomUUID()}`;
    writeFileSync(draft, JSON.stringify(us), { flag: 'wx', mode: 0o644 });
    renameSync(draft, path);
    return undefined;
  } finally {
    rmSync(succession, { force: true });
  }
}

function giveBack(path: string): void {
  held.delete(path);
  const holder = read(path);
  const us = ourIdentity();
  if (holder?.pid === us.pid && holder.processStart === us.processStart) rmSync(path, { force: true });
}

/** Who holds it; undefined if nobody does. Throws `config` for a file that is none of ours. */
function read(path: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new DeviceError('config', path, `cannot be read: ${messageOf(error)}`, error);
  }
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new DeviceError('config', path, 'is no lock of cellbench: remove it if no cellbench runs', error);
  }
}
