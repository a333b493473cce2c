import '../../../drivers/contract/code/surest-compiler.ts';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { realClock } from '../../../drivers/contract/clock.ts';
import { ownPath } from '../../../drivers/contract/code/own-code.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import type { DriverEntry } from '../../../drivers/entry.ts';
import { lockInstruments } from '../../../drivers/instrument-lock.ts';
import { endpointsOfAll, openAll, sharedAddresses } from '../../../drivers/instruments.ts';
import { loadDriver, ownEntry } from '../../../drivers/load-driver.ts';
import { takeWord } from '../../../drivers/process-identity.ts';
import type { SharedAddress } from '../../../drivers/transport/text/shared.ts';
import { type Bench, benchSchema } from '../../bench/bench.ts';
import { type Acted, GUARD_LOG, type GuardLine, reasonText } from '../../guard/guard-log.ts';
import { answerTo, type FromGuard, type GuardTask, toGuardSchema } from '../../guard/messages.ts';
import { proveReachable, Securing } from '../../guard/secure.ts';
import { type GuardReason, GuardWatch } from '../../guard/watch.ts';
import { SharedDevice } from '../../run/shared/shared-device.ts';
import { removeMark, writeMark } from './left-behind.ts';

/**
 * The second process of a run: watches the controller and, when that is silent, gone or confused, ends it and drives
 * the safe state over lines of its own. Forked by `startGuard`; ends by the controller's word, or once the safe state is
 * proved. SIGTERM while it drives: a person takes over.
 */

/** A controller that was ended has gone within, s. */
const GONE_WITHIN_S = 5;
/** The lock is free once the controller has gone. */
const LOCK_AGAIN_S = 0.2;

const clock = realClock();
const utc = (): string => new Date(clock.utc_ms()).toISOString();
const startedUtc = utc();

/** What a guard has of one subject once it is ready. */
interface Ready {
  readonly task: GuardTask;
  readonly bench: Bench;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly securing: Securing;
  /** From the last beat until its output was off, s. */
  off_s: number | null;
  /** Since when and why the guard acts for it; null: it does not. */
  since: Pick<Acted, 'because' | 'silent_s' | 'utc' | 'watchdog_s'> | null;
}

/** By the name of the subject. */
const ready = new Map<string, Ready>();
/** Instruments of the bench that all subjects use, and what stands at one address. */
const shared = new Map<string, SharedDevice>();
let addresses: ReadonlyMap<string, SharedAddress> | undefined;
let watch: GuardWatch | undefined;
/** Subjects that depend on the controller, as it has said last. */
let needed: readonly string[] = [];
let isActing = false;
let isReleased = false;

function send(message: FromGuard): void {
  // A controller that is gone is told by the line itself.
  if (process.connected) process.send?.(message, () => {});
}

function noteIn({ dir }: GuardTask, text: string, ok: boolean, acted?: Acted): void {
  const since_s = watch?.since_s ?? 0;
  const line: GuardLine = { utc: utc(), ok, since_s, text, ...(acted === undefined ? {} : { acted }) };
  try {
    appendFileSync(join(dir, GUARD_LOG), `${JSON.stringify(line)}\n`, { flush: true });
  } catch {
    // A full disk must not keep anybody from driving the safe state.
  }
  process.stderr.write(`cellbench guard: ${text}\n`);
}

function mark({ mark: path, pid, dir }: GuardTask, acted: Acted | null): void {
  if (path === null) return;
  try {
    writeMark(path, { startedUtc, controller: pid, guard: process.pid, dir, acted });
  } catch (error) {
    process.stderr.write(`cellbench guard: no mark for the next start: ${messageOf(error)}\n`);
  }
}

/** The drivers of the bench and no others. */
async function driversOf({ drivers, devices }: Bench, baseDir: string): Promise<(id: string) => DriverEntry> {
  const entries = new Map<string, DriverEntry>();
  for (const file of drivers) {
    const own = ownEntry(ownPath(file, baseDir));
    entries.set(own.id, own);
  }
  for (const { driver } of Object.values(devices))
    if (!entries.has(driver)) entries.set(driver, await loadDriver(driver));
  return id => {
    const entry = entries.get(id);
    if (entry === undefined) throw new Error(`no driver ${id}`);
    return entry;
  };
}

async function prepare(task: GuardTask): Promise<Ready> {
  const { baseDir } = task;
  const bench = benchSchema.parse(task.bench);
  const find = await driversOf(bench, baseDir);
  const all = Object.entries(bench.devices);
  const descriptions = new Map(
    all.map(([id, { driver, options }]) => {
      const entry = find(driver);
      return [id, entry.describe(entry.options.parse(options), baseDir)] as const;
    }),
  );
  const specs = Object.fromEntries(all.filter(([id]) => task.devices.includes(id)));
  addresses ??= sharedAddresses(task.addresses);
  // Only looked at: the controller is about to take them.
  const free = Object.fromEntries(Object.entries(specs).filter(([id]) => !task.taken.includes(id)));
  await proveReachable(openAll(free, { find, clock, baseDir, readOnly: true }), clock);
  const own = openAll(specs, { find, clock, baseDir, addresses });
  const of: Ready = {
    task,
    bench,
    endpoints: endpointsOfAll(specs, find),
    securing: new Securing({
      bench,
      descriptions,
      devices: new Map([...own].map(([id, device]) => [id, sharedOf(task, device, bench)])),
      clock,
      note: (text, ok) => noteIn(task, text, ok),
      off: () => {
        of.off_s ??= watch?.since_s ?? null;
        if (of.since !== null) mark(task, howFar(of, of.since, null, []));
      },
    }),
    off_s: null,
    since: null,
  };
  watch ??= new GuardWatch(clock, task.timeout_s, reason => void act(reason));
  mark(task, null);
  return of;
}

/** What several subjects use is opened once, and driven by each of them: all go off. */
function sharedOf(task: GuardTask, device: Device, { devices }: Bench): Device {
  if (!task.shared.includes(device.id)) return device;
  const known = shared.get(device.id) ?? new SharedDevice(device, clock, devices[device.id].poll_s);
  shared.set(device.id, known);
  return known.viewFor({ name: task.of, isUnderWay: () => false });
}

async function act(reason: GuardReason): Promise<void> {
  isActing = true;
  const all = [...ready.values()].filter(({ task }) => needed.includes(task.of));
  const [first] = all;
  if (first === undefined) process.exit(0);
  // Of the others nothing was on: they ended as they should.
  for (const { task } of ready.values())
    if (task.mark !== null && !needed.includes(task.of)) removeMark(task.mark);
  const hasGone = await endController(first.task.pid);
  if (hasGone) takeWord(first.task.word);
  const ends = await Promise.all(all.map(one => secure(one, reason)));
  process.exit(ends.every(isProved => isProved) ? 0 : 1);
}

/** What the mark and the log say of one subject now. */
function howFar(
  { off_s }: Ready,
  since: NonNullable<Ready['since']>,
  proved_s: number | null,
  unproven: Acted['unproven'],
): Acted {
  return { ...since, off_s, proved_s, unproven, isReleased };
}

/** Drives the safe state of one subject; true once it is proved. */
async function secure(one: Ready, reason: GuardReason): Promise<boolean> {
  const { task, bench, endpoints, securing } = one;
  const since = { ...reason, utc: utc(), watchdog_s: watchdogOf(bench) };
  one.since = since;
  const words = reasonText(reason);
  // Nobody starts on these instruments before they are safe; but nothing waits for the lock, nor for the disk.
  void holdLock(endpoints, `${bench.bench}: its guard drives the safe state`);
  // Emulated instruments may have gone with the controller: they do not come back.
  const ending = securing.run(words, task.mark !== null);
  noteIn(task, `${words}: driving the safe state`, false);
  mark(task, howFar(one, since, null, []));
  const { unproven } = await ending;
  const isProved = unproven.length === 0 && !isReleased;
  const acted = howFar(one, since, isProved ? (watch?.since_s ?? null) : null, [...unproven]);
  noteIn(task, isProved ? 'the safe state is proved' : 'the safe state is NOT proved', isProved, acted);
  mark(task, acted);
  await securing.release();
  return isProved;
}

/** The shortest of those that switch off an output by themselves. */
function watchdogOf({ safeState, devices }: Bench): number | null {
  const all = safeState.steps.flatMap(step => {
    const watchdog = 'device' in step ? devices[step.device]?.watchdog : undefined;
    return watchdog === undefined ? [] : [watchdog.timeout_s];
  });
  return all.length === 0 ? null : Math.min(...all);
}

/** A controller that hangs still holds the lines. Only our own parent is ended. True once it has gone. */
async function endController(pid: number): Promise<boolean> {
  if (process.ppid !== pid) return true;
  process.kill(pid, 'SIGKILL');
  const until_s = clock.now_s() + GONE_WITHIN_S;
  while (process.ppid === pid && clock.now_s() < until_s) await clock.sleep(0.01);
  return process.ppid !== pid;
}

async function holdLock(endpoints: Readonly<Record<string, string>>, bench: string): Promise<void> {
  for (;;) {
    try {
      await lockInstruments(endpoints, { bench, utc_ms: clock.utc_ms() });
      return;
    } catch {
      await clock.sleep(LOCK_AGAIN_S);
    }
  }
}

process.on('message', (raw: unknown) => {
  const checked = toGuardSchema.safeParse(raw);
  if (!checked.success) {
    watch?.garbled();
    return;
  }
  const message = checked.data;
  if (message.say === 'beat') {
    needed = message.needed;
    watch?.beat(needed.length === 0);
    send({ say: 'beat', n: message.n, answer: answerTo(message.n) });
  } else if (message.say === 'end') {
    if (isActing) return;
    if (message.of === undefined) {
      watch?.end();
      process.exit(0);
    }
    ready.delete(message.of);
    needed = needed.filter(of => of !== message.of);
  } else {
    const { of } = message.task;
    prepare(message.task).then(
      made => {
        ready.set(of, made);
        send({ say: 'ready', of });
      },
      (error: unknown) => {
        send({ say: 'refused', of, reason: messageOf(error) });
        // Of several one that cannot be had keeps nobody from watching the others.
        if (ready.size === 0 && watch === undefined) process.disconnect();
      },
    );
  }
});
process.on('disconnect', () => {
  if (isActing) return;
  if (watch?.isNeeded === true) watch.gone();
  else {
    // Nothing has been switched on yet, or all is off and proved.
    for (const { task } of ready.values()) if (task.mark !== null) removeMark(task.mark);
    process.exit(ready.size === 0 ? 2 : 0);
  }
});
// The controller hears these, and tells the guard when it has ended.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => {});
process.on('SIGTERM', () => {
  if (!isActing) return;
  isReleased = true;
  for (const { task, securing } of ready.values()) {
    noteIn(task, 'SIGTERM: a person takes over', false);
    void securing.release();
  }
});
// The terminal may have gone with the controller.
process.stderr.on('error', () => {});
