import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { DeviceError, plainReason } from '../../drivers/contract/errors.ts';
import type { Bench, SafeProof } from '../bench/bench.ts';
import { againstStart } from '../contract/start-check.ts';
import { connect, whileHad } from './connect.ts';
import { alarmsAgainst } from './resume/still.ts';
import { proves } from './safe/plan.ts';
import type { BenchSession } from './session.ts';

/** How long the first usable frames may take, in polls of the slowest device, and at least in seconds. */
const FIRST_FRAMES_POLLS = 5;
const FIRST_FRAMES_S = 3;

/** An instrument's own watchdog as it was armed and read back, s; null: not armed yet. */
export interface Armed {
  readonly device: string;
  readonly armed_s: number | null;
}

/** After the first device that cannot be had, the others may take so long, s, to be had or to be named with it. */
const OTHERS_S = 3;

/**
 * Connects every device and arms the instruments' own watchdogs, each read back. Rejects with one DeviceError that names
 * every device that could not be had by then: what was tried and its entry in the bench file (`entryOf`, file:line); a
 * watchdog that the bench file asks for and the instrument lacks is such an error. What is still being opened then, the
 * caller closes.
 */
export async function connectAll(of: {
  readonly devices: ReadonlyMap<string, Device>;
  readonly bench: Bench;
  readonly clock: Clock;
  readonly entryOf: (device: string) => string;
  readonly note: (armed: Armed, text: string) => void;
}): Promise<void> {
  const { devices, bench, clock, entryOf, note } = of;
  const all = [...devices.values()];
  const errors: DeviceError[] = [];
  const others = new AbortController();
  let isOver = false;
  const connecting = all.map(device =>
    connect(device, clock, ({ message }) =>
      note({ device: device.id, armed_s: null }, `${device.id}: ${message}; trying again`),
    ).catch((error: unknown) => {
      if (!isOver) errors.push(connectError(device, entryOf(device.id), error));
      throw error;
    }),
  );
  const settled = Promise.allSettled(connecting).finally(() => others.abort());
  await Promise.all(connecting).catch(() => Promise.race([settled, clock.sleep(OTHERS_S, others.signal)]));
  isOver = true;
  if (errors.length > 0) throw joined(errors);
  for (const device of all) {
    const wanted = bench.devices[device.id].watchdog;
    if (wanted === undefined) continue;
    const armed_s = await whileHad(device, clock, () => device.armWatchdog(wanted.timeout_s));
    if (armed_s === undefined) {
      const text = `the bench file asks for a watchdog, but this device offers none (${entryOf(device.id)})`;
      throw new DeviceError('config', device.id, text);
    }
    note({ device: device.id, armed_s }, `${device.id}: armed, ${armed_s} s`);
  }
}

/** One error for all of them: the first one's code, one after the other. */
function joined(errors: readonly DeviceError[]): DeviceError {
  const [first, ...others] = errors;
  if (others.length === 0) return first;
  const text = [first.message.slice(`${first.where}: `.length), ...others.map(e => e.message)].join('; ');
  return new DeviceError(first.code, first.where, text, first);
}

/** `supply (ea/psb-10000, tcp://192.168.0.20:502): nobody answers there ..., expected the instrument of bench.yaml:25` */
function connectError(device: Device, entry: string, error: unknown): DeviceError {
  const known = error instanceof DeviceError ? error : undefined;
  const isLine = known !== undefined && known.where !== device.id && !known.where.startsWith(device.driver);
  const tried = isLine ? `${device.driver}, ${known.where}` : device.driver;
  const reason = plainReason(known === undefined ? error : known.message.slice(`${known.where}: `.length));
  // Libraries break their lines.
  const text = reason.replace(/\s*\n\s*/g, ' ');
  const expected = `${text}, expected the instrument of ${entry}`;
  return new DeviceError(known?.code ?? 'closed', `${device.id} (${tried})`, expected, error);
}

/** What stands in the way of a start. */
export interface Obstacle {
  readonly id: 'readings' | 'alarm' | 'not-safe' | 'watchdog' | 'pre-start';
  readonly text: string;
}

/** By when a bench must be ready for a start, s of the clock. */
export function readyBy_s({ parts: { bench, clock } }: BenchSession): number {
  const slowest_s = Math.max(...Object.values(bench.devices).map(d => d.poll_s));
  return clock.now_s() + Math.max(FIRST_FRAMES_S, FIRST_FRAMES_POLLS * slowest_s);
}

/**
 * Whether there are readings from every device, no alarm, no watchdog that is lost, and the proofs of the safe state: only then may anything be
 * switched on. `waits` until `until_s`; then what stands in the way.
 */
export function readiness(session: BenchSession, until_s: number): 'ready' | 'waits' | Obstacle {
  const { sampling, image, watchdogs, parts } = session;
  const missing = [...sampling.counts].filter(([, count]) => count.frames < 2).map(([id]) => id);
  // A program that was found running drives the cell already: what would prove is measured, more cannot be asked for.
  const isDriving = parts.program?.()?.isDriving === true;
  const unproved = provedBy(session).find(proof => {
    const value = image.value(proof.role);
    return isDriving ? Number.isNaN(value) : !proves(proof, value);
  });
  const alarms = alarmsAgainst(session);
  const lost = watchdogs.wrong();
  if (missing.length + alarms.length + lost.length === 0 && unproved === undefined) return listed(session);
  if (parts.clock.now_s() < until_s) return 'waits';
  if (missing.length > 0) return { id: 'readings', text: `no readings from ${missing.join(', ')}` };
  if (alarms.length > 0) return { id: 'alarm', text: `alarm ${alarms.join(', ')}` };
  if (lost.length > 0) return { id: 'watchdog', text: lost.join('; ') };
  if (unproved === undefined) return 'ready';
  const { role, is, limit } = unproved;
  if (isDriving) return { id: 'readings', text: `no usable ${role} while a program drives the cell` };
  const text = `the bench is not in its safe state: ${role} reads ${image.value(role)}, expected ${is} ${limit}`;
  return { id: 'not-safe', text };
}

/** The proofs of the safe state that are to hold before a start: not those of what another run needs. */
export function provedBy({ parts: { bench, roles, isLeft } }: BenchSession): readonly SafeProof[] {
  const deviceOf = (role: string): string =>
    roles.measured.get(role.replace(/\.(min|mean|max)$/, ''))?.device ?? '';
  return bench.safeState.proof.filter(({ role }) => isLeft?.(deviceOf(role)) !== true);
}

/** The readings are there: the list before the start is gone through and written down. */
function listed(session: BenchSession): 'ready' | Obstacle {
  const rows = session.parts.preStart?.(session);
  if (rows === undefined) return 'ready';
  const against = againstStart(rows);
  const text = against === '' ? `${rows.length} rows, nothing stands against it` : against;
  session.note({ kind: 'preStart', data: { rows } }, text);
  return against === '' ? 'ready' : { id: 'pre-start', text: against };
}
