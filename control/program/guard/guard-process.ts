import { appendFileSync } from 'node:fs';
import { realClock } from '../../../drivers/contract/clock.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { lockInstruments } from '../../../drivers/instrument-lock.ts';
import { benchSchema } from '../../bench/bench.ts';
import { answerTo, type FromGuard, type GuardTask, toGuardSchema } from '../../guard/messages.ts';
import { proveReachable, Securing } from '../../guard/secure.ts';
import { type GuardReason, GuardWatch, reasonText } from '../../guard/watch.ts';
import { loadOwnDrivers } from '../commands/devices/own-drivers.ts';
import { describeDevice, endpointsOf, type OpenedBench, openInstruments } from '../open-devices.ts';

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

/** All that a guard has once it is ready. */
interface Ready {
  readonly task: GuardTask;
  readonly own: OpenedBench;
  readonly securing: Securing;
  readonly watch: GuardWatch;
}

let ready: Ready | undefined;
let isActing = false;

function send(message: FromGuard): void {
  // A controller that is gone is told by the line itself.
  if (process.connected) process.send?.(message, () => {});
}

function noteIn(log: string, text: string, ok: boolean): void {
  const line = { utc: new Date(clock.utc_ms()).toISOString(), ok, text };
  try {
    appendFileSync(log, `${JSON.stringify(line)}\n`, { flush: true });
  } catch {
    // A full disk must not keep anybody from driving the safe state.
  }
  process.stderr.write(`cellbench guard: ${text}\n`);
}

async function prepare(task: GuardTask): Promise<Ready> {
  const { baseDir, log } = task;
  const bench = benchSchema.parse(task.bench);
  loadOwnDrivers(bench.drivers, baseDir, (_, text) => new Error(text));
  const all = Object.entries(bench.devices);
  const descriptions = new Map(
    all.map(([id, { driver, options }]) => [id, describeDevice(driver, options, baseDir)] as const),
  );
  const devices = Object.fromEntries(all.filter(([id]) => task.devices.includes(id)));
  const own = { bench: { ...bench, devices }, baseDir };
  await proveReachable(openInstruments(own, clock));
  const note = (text: string, ok: boolean): void => noteIn(log, text, ok);
  const securing = new Securing({ bench, descriptions, devices: openInstruments(own, clock), clock, note });
  const watch = new GuardWatch(clock, task.timeout_s, reason => void act(reason));
  return { task, own, securing, watch };
}

async function act(reason: GuardReason): Promise<void> {
  if (ready === undefined) return;
  isActing = true;
  const { task, own, securing } = ready;
  const words = reasonText(reason);
  await endController(task.pid);
  noteIn(task.log, `${words}: driving the safe state`, false);
  // Nobody starts on these instruments before they are safe; but nothing waits for the lock.
  void holdLock(own);
  const { unproven } = await securing.run(words);
  for (const { what, otherwise } of unproven)
    noteIn(task.log, `not proved: ${what}; next means: ${otherwise}`, false);
  if (unproven.length === 0) noteIn(task.log, 'the safe state is proved', true);
  await securing.release();
  process.exit(unproven.length === 0 ? 0 : 1);
}

/** A controller that hangs still holds the lines. Only our own parent is ended. */
async function endController(pid: number): Promise<void> {
  if (process.ppid !== pid) return;
  process.kill(pid, 'SIGKILL');
  const until_s = clock.now_s() + GONE_WITHIN_S;
  while (process.ppid === pid && clock.now_s() < until_s) await clock.sleep(0.01);
}

async function holdLock(own: OpenedBench): Promise<void> {
  for (;;) {
    try {
      const bench = `${own.bench.bench}: its guard drives the safe state`;
      await lockInstruments(endpointsOf(own), { bench, utc_ms: clock.utc_ms() });
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
    ready?.watch.beat();
    send({ say: 'beat', n: message.n, answer: answerTo(message.n) });
  } else if (message.say === 'end') {
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
  // Nothing has been switched on yet.
  if (ready?.watch.hasBegun !== true) process.exit(ready === undefined ? 2 : 0);
  ready.watch.gone();
});
// The controller hears these, and tells the guard when it has ended.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => {});
process.on('SIGTERM', () => {
  if (!isActing || ready === undefined) return;
  noteIn(ready.task.log, 'SIGTERM: a person takes over', false);
  void ready.securing.release();
});
// The terminal may have gone with the controller.
process.stderr.on('error', () => {});
