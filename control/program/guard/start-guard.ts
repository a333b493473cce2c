import { resolve } from 'node:path';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { DeviceError } from '../../../drivers/contract/errors.ts';
import { ourWord } from '../../../drivers/process-identity.ts';
import type { LoadedBench } from '../../bench/bench-file.ts';
import type { GuardTask } from '../../guard/messages.ts';
import { guardedDevices } from '../../guard/secure.ts';
import type { BenchSession } from '../../run/session.ts';
import { compileRoles } from '../../tick/roles.ts';
import { endpointsOf } from '../open-devices.ts';
import { GuardChild } from './guard-child.ts';
import { GuardLink } from './guard-link.ts';

/** A program of a cycler goes on when we are gone, and is taken up: a guard would end it. */
const NONE_FOR_PROGRAM = "the method runs as the cycler's own program, within the cycler's own limits";

/** Where a guard is started. */
export interface GuardPlace {
  readonly clock: Clock;
  /** Folder of the run. */
  readonly dir: string;
  /** What the next start is told by; undefined: emulated instruments, which are gone by then. */
  readonly mark: string | undefined;
  /** The start is given up. */
  readonly signal: AbortSignal;
}

/** Of a bench on which several subjects are under way: the one guard, and what they share. */
export interface SharedGuard {
  readonly child: GuardChild;
  /** Devices of the bench file that all subjects use. */
  readonly shared: readonly string[];
  /** The address of every instrument of the bench, with all its subjects. */
  readonly addresses: readonly string[];
  /** Addresses whose line is open for another subject. */
  readonly taken: ReadonlySet<string>;
}

/**
 * The guard that a bench asks for; undefined where it says why it needs none. `among`: it watches for other subjects, too.
 * Rejects where it cannot be started at all.
 */
export async function guardOf(
  loaded: LoadedBench,
  place: GuardPlace,
  among?: SharedGuard,
): Promise<GuardLink | undefined> {
  const { bench, baseDir, descriptions } = loaded;
  if ('none' in bench.guard) return undefined;
  const { dir, mark = null, clock, signal } = place;
  const { timeout_s } = bench.guard;
  const devices = guardedDevices(bench, compileRoles(bench, descriptions));
  const endpoints = endpointsOf(loaded);
  const task: GuardTask = {
    of: loaded.subject ?? '',
    pid: process.pid,
    word: ourWord(),
    timeout_s,
    devices,
    shared: devices.filter(id => among?.shared.includes(id) === true),
    taken: devices.filter(id => among?.taken.has(endpoints[id]) === true),
    addresses: [...(among?.addresses ?? Object.values(endpoints))],
    bench,
    baseDir: resolve(baseDir),
    dir: resolve(dir),
    mark,
  };
  const link = new GuardLink(among?.child ?? new GuardChild(clock, timeout_s), task, among === undefined);
  const giveUp = (): void => link.giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  await link.answered;
  signal.removeEventListener('abort', giveUp);
  return link;
}

/**
 * From now on a guard that is lost ends what the session does; whether there is one stands in its record. Closes the
 * session and throws DeviceError where the guard has none of its lines: then nothing has been switched on.
 */
export async function underGuard(session: BenchSession, link: GuardLink | undefined): Promise<void> {
  const { guard } = session.parts.bench;
  if ('none' in guard || link === undefined) {
    const text = `no guard: ${'none' in guard ? guard.none : NONE_FOR_PROGRAM}`;
    session.note({ kind: 'guard', data: { what: 'none', timeout_s: null } }, text);
    return;
  }
  const { timeout_s } = guard;
  const lost = (text: string): void => {
    session.note({ kind: 'guard', data: { what: 'lost', timeout_s } }, text);
    session.abort({ by: 'guard', id: 'lost' }, text);
  };
  const failure = link.refusal ?? link.watch(session, lost);
  if (failure !== undefined) {
    await session.close();
    throw new DeviceError('closed', 'guard', failure);
  }
  const text = `a second process (${link.pid}) acts when this one is gone or silent for ${timeout_s} s`;
  session.note({ kind: 'guard', data: { what: 'watches', timeout_s } }, text);
}
