import type { Clock } from './contract/clock.ts';
import type { Device } from './contract/device.ts';
import { DeviceError, messageOf } from './contract/errors.ts';
import type { Line } from './contract/transport.ts';
import { deviceMeasure } from './device-measure.ts';
import { devicePoll } from './device-poll.ts';
import type { DeviceHelp, DeviceTable } from './device-table.ts';
import { deviceWrites } from './device-writes.ts';
import { InstrumentClocks } from './instrument-clock.ts';
import { deviceProgram } from './program/runner.ts';
import { LEFT_ALONE } from './transport/line-options.ts';
import { supervise } from './transport/supervisor.ts';
import { unheardPauses } from './unheard-pauses.ts';

/** One lost or damaged answer is asked for again before anybody hears of it. */
const RETRIES = 1;
/** Giving the instrument back must not hold up the end for longer, s. */
const RELEASE_LIMIT_s = 2;

/** A question that goes behind a poll waits no longer for one than this, and looks so often whether it is there, s. */
const POLL_LIMIT_s = 1;
const POLL_STEP_s = 0.05;

/** Makes a closed device from its table. Everything that all devices have in common happens here, once. */
export function openDevice<Req, Rep>(
  id: string,
  table: DeviceTable<Req, Rep>,
  env: { readonly clock: Clock; readonly reply_s?: number; readonly readOnly?: boolean },
): Device {
  const { clock, readOnly = false } = env;
  const { description } = table;
  let retries = 0;
  let aloneUntil_s = Number.NEGATIVE_INFINITY;
  let watchdog_s: number | undefined;
  const unheard = unheardPauses(clock);
  /** The watchdog may have been forgotten or used up: it is armed before anything is read. */
  let isArmingDue = false;
  let closing = new AbortController();

  const aloneFor_s = (): number => Math.max(0, aloneUntil_s - clock.now_s(), unheard.left_s());

  const supervisor = supervise<Req, Rep>({
    clock,
    reply_ms: Math.max(table.reply_ms, 1000 * (env.reply_s ?? 0)),
    gap_ms: table.gap_ms,
    retriesMax: RETRIES,
    onRetry() {
      retries++;
    },
    aloneFor_s,
    onUnheard: () => unheard.asked(watchdog_s),
    load: table.load && (() => table.load?.() ?? Promise.resolve()),
    makeLink: () => table.makeLink(),
    async prepare(line) {
      // In front, so that it may go out to an instrument that is left alone: identity and control, no more.
      const exchange = (request: Req) => line.exchange(request, 'front');
      line.setProbe(
        await table.identify(exchange).catch(async (error: unknown) => {
          if (!readOnly && isSilence(error)) await writes.blind(line);
          throw error;
        }),
      );
      if (!readOnly) await table.takeControl?.(exchange);
      unheard.over();
      // The watchdog can wait for the first poll: whoever hears `ready` may have an output to switch off.
      isArmingDue = watchdog_s !== undefined;
    },
  });

  const clocks = InstrumentClocks.of(description.channels, clock);
  const poll = devicePoll(id, table, {
    clock,
    clocks,
    line: () => supervisor.line,
    obstacle: () => (aloneFor_s() > 0 ? LEFT_ALONE : supervisor.line === undefined ? supervisor.reason : ''),
    before: line => (isArmingDue && watchdog_s !== undefined ? armAgain(watchdog_s, line) : undefined),
  });

  /** The newest poll; it never rejects. */
  let polled: Promise<unknown> = Promise.resolve();

  /** Counts what overtakes: no order of before leaves after it. */
  let overtakes = 0;
  const setting = deviceWrites(id, table, {
    clock,
    line: () => supervisor.line,
    reason: () => supervisor.reason,
    onUnsafe: () => unheard.hurry(),
  });
  const writes: typeof setting = {
    ...setting,
    write(key, value, options) {
      if (options?.urgent) overtakes++;
      return setting.write(key, value, options);
    },
    cancelWrites(reason) {
      overtakes++;
      setting.cancelWrites(reason);
    },
    safe() {
      overtakes++;
      return setting.safe();
    },
  };

  const measure = deviceMeasure(id, table, {
    clock,
    line: () => supervisor.line,
    reason: () => supervisor.reason,
  });

  const program = deviceProgram(id, table, {
    clock,
    line: () => supervisor.line,
    reason: () => supervisor.reason,
    overtakes: () => overtakes,
    end: writes.safe,
  });

  const hearers = new Set<(text: string) => void>();
  table.onNews?.(text => {
    for (const hear of hearers) hear(text);
  });

  const helpOn = (line: Line<Req, Rep>, signal: AbortSignal): DeviceHelp<Req, Rep> => ({
    clock,
    exchange: request => line.exchange(request),
    signal,
  });

  async function arm(timeout_s: number, line: Line<Req, Rep>): Promise<number | undefined> {
    return table.armWatchdog?.(timeout_s, helpOn(line, closing.signal));
  }

  async function readWatchdog(read: NonNullable<typeof table.readWatchdog>) {
    const { line } = supervisor;
    const isArmedOn = (now = supervisor.line): boolean =>
      now !== undefined && now === line && watchdog_s !== undefined && !isArmingDue && aloneFor_s() === 0;
    if (line === undefined || !isArmedOn()) return undefined;
    let behind: Promise<unknown> | undefined;
    // Each question behind a poll of its own, so that no poll waits for more than one of them.
    const exchange = async (request: Req): Promise<Rep> => {
      const until_s = clock.now_s() + POLL_LIMIT_s;
      while (polled === behind && clock.now_s() < until_s) await clock.sleep(POLL_STEP_s, closing.signal);
      behind = polled;
      await behind;
      return line.exchange(request);
    };
    const reading = await read({ ...helpOn(line, closing.signal), exchange });
    // What was read across a reconnect is of a watchdog that is armed again.
    return isArmedOn() ? reading : undefined;
  }

  async function armAgain(timeout_s: number, line: Line<Req, Rep>): Promise<void> {
    try {
      await arm(timeout_s, line);
    } catch (error) {
      throw new DeviceError('refused', id, `watchdog not armed again: ${messageOf(error)}`, error);
    }
    isArmingDue = false;
  }

  async function release(): Promise<void> {
    const { line } = supervisor;
    if (readOnly || table.releaseControl === undefined || line === undefined || aloneFor_s() > 0) return;
    const over = new AbortController();
    const releasing = table.releaseControl(helpOn(line, over.signal)).catch(() => {
      // What cannot be given back stays as it is: its watchdog is armed and acts on our silence.
    });
    await Promise.race([releasing, clock.sleep(RELEASE_LIMIT_s, over.signal)]);
    over.abort();
  }

  function onNews(listener: (text: string) => void): () => void {
    hearers.add(listener);
    return () => hearers.delete(listener);
  }

  return {
    ...description,
    id,
    get state() {
      return supervisor.state;
    },
    get notices() {
      return table.notices?.() ?? [];
    },
    get awaitsRun() {
      return readOnly ? table.awaitsRun?.() : undefined;
    },
    get retries() {
      return retries;
    },
    connect() {
      if (closing.signal.aborted) closing = new AbortController();
      return supervisor.connect();
    },
    read() {
      const frame = poll();
      polled = frame;
      return frame;
    },
    ...(readOnly ? noWrites(id) : writes),
    ...(measure === undefined || readOnly ? {} : { measure }),
    ...(program === undefined || readOnly ? {} : { program }),
    leaveAlone(for_s) {
      const wasAlone = aloneFor_s() > 0;
      aloneUntil_s = clock.now_s() + for_s;
      if (for_s > 0) supervisor.line?.cancelWaiting(LEFT_ALONE);
      if (for_s > 0 || wasAlone) isArmingDue = watchdog_s !== undefined;
    },
    async armWatchdog(timeout_s) {
      if (!(timeout_s > 0)) throw new DeviceError('range', id, `watchdog: ${timeout_s} s is not a time`);
      if (readOnly) throw onlyLooking(id, 'watchdog not armed');
      const { line } = supervisor;
      if (line === undefined) throw new DeviceError('closed', id, supervisor.reason);
      const armed_s = await arm(timeout_s, line);
      watchdog_s = armed_s === undefined ? undefined : timeout_s;
      isArmingDue = false;
      return armed_s;
    },
    ...(table.readWatchdog === undefined || readOnly
      ? {}
      : { readWatchdog: readWatchdog.bind(undefined, table.readWatchdog.bind(table)) }),
    onState: listener => supervisor.onState(listener),
    ...(table.onNews === undefined ? {} : { onNews }),
    ...(clocks === undefined ? {} : { onClock: listener => clocks.onNote(listener) }),
    async close() {
      await release();
      watchdog_s = undefined;
      closing.abort();
      await supervisor.close();
    },
  };
}

/** Nobody has said anything: a stranger would have. */
const isSilence = (error: unknown): boolean =>
  error instanceof DeviceError && (error.code === 'timeout' || error.code === 'closed');

const onlyLooking = (id: string, what: string): DeviceError =>
  new DeviceError('refused', id, `${what}: opened to look only`);

/** In place of the writing half, where nothing may be written. */
function noWrites(id: string): Pick<Device, 'write' | 'cancelWrites' | 'safe'> {
  return {
    write: key => Promise.reject(onlyLooking(id, `${key} not written`)),
    cancelWrites() {},
    safe: () =>
      Promise.resolve({
        device: id,
        done: [],
        failed: [{ key: 'safe', reason: messageOf(onlyLooking(id, 'nothing set')) }],
      }),
  };
}
