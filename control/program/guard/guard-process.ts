import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { realClock } from '../../../drivers/contract/clock.ts';
import { ownPath } from '../../../drivers/contract/code/own-code.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import type { DriverEntry } from '../../../drivers/entry.ts';
import { lockInstruments } from '../../../drivers/instrument-lock.ts';
import { endpointsOfAll, openAll } from '../../../drivers/instruments.ts';
import { loadDriver, ownEntry } from '../../../drivers/load-driver.ts';
import { takeWord } from '../../../drivers/process-identity.ts';
import { type Bench, benchSchema } from '../../bench/bench.ts';
import { type Acted, GUARD_LOG, type GuardLine, reasonText } from '../../guard/guard-log.ts';
import { answerTo, type FromGuard, type GuardTask, toGuardSchema } from '../../guard/messages.ts';
import { proveReachable, Securing } from '../../guard/secure.ts';
import { type GuardReason, GuardWatch } from '../../guard/watch.ts';
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

/** All that a guard has once it is ready. */
interface Ready {
  readonly task: GuardTask;
  readonly bench: Bench;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly securing: Securing;
  readonly watch: GuardWatch;
}

let ready: Ready | undefined;
let isActing = false;
let isReleased = false;
let off_s: number | null = null;

function send(message: FromGuard): void {
  // A controller that is gone is told by the line itself.
  if (process.connected) process.send?.(message, () => {});
}

function noteIn({ dir }: GuardTask, text: string, ok: boolean, acted?: Acted): void {
  const since_s = ready?.watch.since_s ?? 0;
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
  // Only looked at: the controller is about to take them.
  await proveReachable(openAll(specs, { find, clock, baseDir, readOnly: true }));
  const securing = new Securing({
    bench,
    descriptions,
    devices: openAll(specs, { find, clock, baseDir }),
    clock,
    note: (text, ok) => noteIn(task, text, ok),
    off: () => {
      off_s ??= ready?.watch.since_s ?? null;
    },
  });
  const watch = new GuardWatch(clock, task.timeout_s, reason => void act(reason));
  mark(task, null);
  return { task, bench, endpoints: endpointsOfAll(specs, find), securing, watch };
}

async function act(reason: GuardReason): Promise<void> {
  if (ready === undefined) return;
  isActing = true;
  const { task, bench, endpoints, securing, watch } = ready;
  const since = { ...reason, utc: utc(), watchdog_s: watchdogOf(bench) };
  const hasGone = await endController(task.pid);
  if (hasGone) takeWord(task.word);
  const words = reasonText(reason);
  const howFar = (proved_s: number | null, unproven: Acted['unproven']): Acted => ({
    ...since,
    off_s,
    proved_s,
    unproven,
    isReleased,
  });
  // Nobody starts on these instruments before they are safe; but nothing waits for the lock, nor for the disk.
  void holdLock(endpoints, `${bench.bench}: its guard drives the safe state`);
  // Emulated instruments may have gone with the controller: they do not come back.
  const ending = securing.run(words, task.mark !== null);
  noteIn(task, `${words}: driving the safe state`, false);
  mark(task, howFar(null, []));
  const { unproven } = await ending;
  const isProved = unproven.length === 0 && !isReleased;
  const acted = howFar(isProved ? watch.since_s : null, [...unproven]);
  noteIn(task, isProved ? 'the safe state is proved' : 'the safe state is NOT proved', isProved, acted);
  mark(task, acted);
  await securing.release();
  process.exit(isProved ? 0 : 1);
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
    ready?.watch.garbled();
    return;
  }
  const message = checked.data;
  if (message.say === 'beat') {
    ready?.watch.beat(message.rest);
    send({ say: 'beat', n: message.n, answer: answerTo(message.n) });
  } else if (message.say === 'end') {
    if (isActing) return;
    ready?.watch.end();
    process.exit(0);
  } else
    prepare(message.task).then(
      made => {
        ready = made;
        send({ say: 'ready' });
      },
      (error: unknown) => {
        send({ say: 'refused', reason: messageOf(error) });
        process.disconnect();
      },
    );
});
process.on('disconnect', () => {
  if (isActing) return;
  if (ready?.watch.isNeeded === true) ready.watch.gone();
  else {
    // Nothing has been switched on yet, or all is off and proved.
    if (ready?.task.mark != null) removeMark(ready.task.mark);
    process.exit(ready === undefined ? 2 : 0);
  }
});
// The controller hears these, and tells the guard when it has ended.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => {});
process.on('SIGTERM', () => {
  if (!isActing || ready === undefined) return;
  isReleased = true;
  noteIn(ready.task, 'SIGTERM: a person takes over', false);
  void ready.securing.release();
});
// The terminal may have gone with the controller.
process.stderr.on('error', () => {});
