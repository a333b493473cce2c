import type { Clock } from './contract/clock.ts';
import type { Device, DeviceDescription, SafeReport, WriteOptions } from './contract/device.ts';
import { DeviceError, messageOf } from './contract/errors.ts';
import { badFrame, type Frame, QUALITY } from './contract/frame.ts';
import type { Line, Link, Probe } from './contract/transport.ts';
import type { Quantity } from './contract/units.ts';
import { supervise } from './transport/supervisor.ts';

/** Sends one request on the device's line and resolves with its reply; rejects with a DeviceError. */
export type Exchange<Req, Rep> = (request: Req) => Promise<Rep>;

/** One request of a poll and where its reply goes. */
export interface ReadSpec<Req, Rep> {
  readonly ask: Req;
  /** Indices (in `description.channels`) that this reply fills; they turn bad together if it fails. */
  readonly channels: readonly number[];
  /**
   * Puts the values in place; NaN where the reply says "no sensor". May worsen `quality`, which starts good,
   * and `note` why a value is missing, where the instrument says so; the first note is the frame's reason.
   */
  into(reply: Rep, values: Float64Array, quality: Uint8Array, note: (reason: string) => void): void;
}

/** How one settable goes out and how it is read back. */
export interface WriteSpec<Req, Rep> {
  encode(value: number): Req;
  readonly readback: Req;
  /** Value in the settable's unit. */
  decode(reply: Rep): number;
  /** Time the instrument may take until the read-back shows the new value. Default 0: at once. */
  readonly settle_ms?: number;
}

/** What a watchdog may use: the line, the time, and a place for a heartbeat's cancel. */
export interface WatchdogHelp<Req, Rep> {
  readonly clock: Clock;
  readonly exchange: Exchange<Req, Rep>;
  /** Called when the line is lost or closed, e.g. to end a heartbeat. */
  untilLost(cancel: () => void): void;
}

/** A driver: one device as a table. `openDevice` turns it into a Device. */
export interface DeviceTable<Req, Rep> {
  readonly description: DeviceDescription;
  /** A fresh, closed link for each connection. */
  makeLink(): Link<Req, Rep>;
  /** Worst time of an answer; cite the manual. */
  readonly reply_ms: number;
  /** Least pause between two exchanges; cite the manual. */
  readonly gap_ms: number;
  /** Checks that this is the instrument of the bench file; rejects with `identity`. Resolves with the probe. */
  identify(exchange: Exchange<Req, Rep>): Promise<Probe<Req, Rep>>;
  /** Takes remote control and proves it. Never switches an output on, never clears an alarm. */
  takeControl?(exchange: Exchange<Req, Rep>): Promise<void>;
  readonly reads: readonly ReadSpec<Req, Rep>[];
  /** By settable name. */
  readonly writes: Readonly<Record<string, WriteSpec<Req, Rep>>>;
  /** Arms the instrument's own watchdog and reads it back; resolves with the armed time. Absent: it has none. */
  armWatchdog?(timeout_s: number, help: WatchdogHelp<Req, Rep>): Promise<number | undefined>;
}

/** The pause between two read-backs of a value that is still settling. */
const SETTLE_STEP_s = 0.005;

/** Makes a closed device from its table. Everything that all devices have in common happens here, once. */
export function openDevice<Req, Rep>(
  id: string,
  table: DeviceTable<Req, Rep>,
  env: { readonly clock: Clock },
): Device {
  const { clock } = env;
  const { description } = table;
  const { channels, settables } = description;
  const safeItems = description.safeList.map(([key, value]) => ({
    key,
    value,
    // Encoded beforehand: nothing is computed between a trip and the frame.
    request: writeOf(key).encode(value),
  }));
  let seenResyncs = 0;
  let polling: Promise<Frame> | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  /** Counts what overtakes: a set point asked for before a safe write, or before the gate shut, must not go out after it. */
  let overtakes = 0;
  let aloneUntil_s = Number.NEGATIVE_INFINITY;
  let watchdog_s: number | undefined;
  let heartbeatCancels: (() => void)[] = [];

  const supervisor = supervise<Req, Rep>({
    clock,
    reply_ms: table.reply_ms,
    gap_ms: table.gap_ms,
    makeLink: () => table.makeLink(),
    async prepare(line) {
      const exchange: Exchange<Req, Rep> = request => line.exchange(request);
      line.setProbe(await table.identify(exchange));
      await table.takeControl?.(exchange);
      seenResyncs = 0;
      // An instrument that was switched off and on has forgotten its watchdog.
      if (watchdog_s !== undefined) await arm(watchdog_s, line);
    },
  });
  supervisor.onState(state => {
    if (state !== 'ready') endHeartbeat();
  });

  function endHeartbeat(): void {
    for (const cancel of heartbeatCancels) cancel();
    heartbeatCancels = [];
  }

  function writeOf(key: string): WriteSpec<Req, Rep> {
    const spec = table.writes[key];
    if (spec === undefined) throw new DeviceError('config', id, `nothing named ${key} can be set here`);
    return spec;
  }

  function readyLine(): Line<Req, Rep> {
    if (supervisor.line === undefined) throw new DeviceError('closed', id, supervisor.reason);
    return supervisor.line;
  }

  async function poll(): Promise<Frame> {
    const line = supervisor.line;
    if (clock.now_s() < aloneUntil_s) {
      return badFrame(id, clock.now_s(), channels.length, 'left alone, so that its own watchdog acts');
    }
    if (line === undefined) return badFrame(id, clock.now_s(), channels.length, supervisor.reason);
    const values = new Float64Array(channels.length).fill(Number.NaN);
    const quality = new Uint8Array(channels.length);
    let reason = '';
    let t_s = Number.NaN;
    const note = (text: string): void => {
      if (reason === '') reason = text;
    };
    for (const read of table.reads) {
      try {
        const reply = await line.exchange(read.ask);
        t_s = clock.now_s();
        read.into(reply, values, quality, note);
      } catch (error) {
        for (const i of read.channels) values[i] = Number.NaN;
        note(messageOf(error));
      }
    }
    const isAfterResync = line.resyncs !== seenResyncs;
    seenResyncs = line.resyncs;
    for (let i = 0; i < channels.length; i++) {
      const [low, high] = channels[i].range;
      const value = values[i];
      if (value >= low && value <= high) {
        if (isAfterResync && quality[i] < QUALITY.uncertain) quality[i] = QUALITY.uncertain;
        continue;
      }
      quality[i] = QUALITY.bad;
      if (reason === '') {
        reason = Number.isNaN(value)
          ? `${channels[i].name}: no value`
          : `${channels[i].name}: ${value} is outside ${low}..${high}`;
      }
      // An over-range reading is no reading: an open thermocouple is not 1370 degC.
      values[i] = Number.NaN;
    }
    if (Number.isNaN(t_s)) t_s = clock.now_s();
    const frame = { device: id, t_s, values, quality };
    return reason === '' ? frame : { ...frame, reason };
  }

  async function confirm(
    line: Line<Req, Rep>,
    key: Quantity,
    value: number,
    lane: 'front' | 'normal',
  ): Promise<void> {
    const spec = writeOf(key);
    const tolerance = settables.find(s => s.name === key)?.tolerance ?? 0;
    const until_s = clock.now_s() + (spec.settle_ms ?? 0) / 1000;
    for (;;) {
      const got = spec.decode(await line.exchange(spec.readback, lane));
      // The last part of a float's rounding is not a difference.
      if (Math.abs(got - value) <= tolerance + 1e-9 * Math.abs(value)) return;
      if (clock.now_s() >= until_s) {
        throw new DeviceError(
          'readback',
          id,
          `${key}: set ${value}, read back ${got} (tolerance ${tolerance})`,
        );
      }
      await clock.sleep(SETTLE_STEP_s);
    }
  }

  async function writeNow(key: Quantity, value: number, isUrgent: boolean, calls: number): Promise<void> {
    const overtaken = (): boolean => !isUrgent && calls !== overtakes;
    if (overtaken()) throw new DeviceError('cancelled', id, `${key}: overtaken by the safe state`);
    const line = readyLine();
    try {
      await line.exchange(writeOf(key).encode(value), isUrgent ? 'urgent' : 'normal', 'write');
      await confirm(line, key, value, isUrgent ? 'front' : 'normal');
    } catch (error) {
      if (overtaken()) throw new DeviceError('cancelled', id, `${key}: overtaken by the safe state`, error);
      throw error;
    }
  }

  async function write(key: Quantity, value: number, options?: WriteOptions): Promise<void> {
    const settable = settables.find(s => s.name === key);
    if (settable === undefined) throw new DeviceError('config', id, `nothing named ${key} can be set here`);
    const [low, high] = settable.range;
    // Written so that NaN fails too.
    if (!(value >= low && value <= high)) {
      throw new DeviceError('range', id, `${key}: ${value} is outside ${low}..${high}; nothing was sent`);
    }
    if (options?.urgent) {
      const done = writeNow(key, value, true, overtakes);
      cancelWrites('overtaken by the safe state');
      return done;
    }
    const calls = overtakes;
    // One write and its read-back at a time, else a second write spoils the first one's proof.
    const result = writing.then(() => writeNow(key, value, false, calls));
    writing = result.catch(() => {});
    return result;
  }

  function cancelWrites(reason: string): void {
    overtakes++;
    supervisor.line?.cancelWrites(reason);
  }

  async function safe(): Promise<SafeReport> {
    overtakes++;
    const line = supervisor.line;
    const done: string[] = [];
    const failed: { key: string; reason: string }[] = [];
    if (line === undefined) {
      for (const { key } of safeItems) failed.push({ key, reason: supervisor.reason });
      return { device: id, done, failed };
    }
    // All frames are handed to the line before anything is awaited: the first leaves in this very call.
    const sent = safeItems.map(item => line.exchange(item.request, 'urgent', 'write'));
    line.cancelWrites('overtaken by the safe state');
    const outcomes = await Promise.allSettled(sent);
    for (const [i, { key, value, request }] of safeItems.entries()) {
      // What counts is what is read back, not whether the write was acknowledged.
      const first = await failureOf(() => confirm(line, key, value, 'front'));
      const second =
        first === undefined
          ? undefined
          : await failureOf(async () => {
              await line.exchange(request, 'urgent', 'write');
              await confirm(line, key, value, 'front');
            });
      if (second === undefined) done.push(`${key} = ${value}`);
      else {
        const outcome = outcomes[i];
        const sending = outcome.status === 'rejected' ? `; sending: ${messageOf(outcome.reason)}` : '';
        failed.push({ key, reason: second + sending });
      }
    }
    return { device: id, done, failed };
  }

  async function arm(timeout_s: number, line: Line<Req, Rep>): Promise<number | undefined> {
    endHeartbeat();
    return table.armWatchdog?.(timeout_s, {
      clock,
      exchange: request => line.exchange(request),
      untilLost: cancel => heartbeatCancels.push(cancel),
    });
  }

  return {
    ...description,
    id,
    get state() {
      return supervisor.state;
    },
    connect: () => supervisor.connect(),
    read() {
      // A poll that comes while one is out gets the same frame: polls never pile up.
      polling ??= poll().finally(() => {
        polling = undefined;
      });
      return polling;
    },
    write,
    cancelWrites,
    safe,
    async readBack(key) {
      const spec = writeOf(key);
      return spec.decode(await readyLine().exchange(spec.readback));
    },
    leaveAlone(for_s) {
      aloneUntil_s = clock.now_s() + for_s;
      if (for_s > 0) endHeartbeat();
    },
    async armWatchdog(timeout_s) {
      if (!(timeout_s > 0)) throw new DeviceError('range', id, `watchdog: ${timeout_s} s is not a time`);
      const armed_s = await arm(timeout_s, readyLine());
      watchdog_s = armed_s === undefined ? undefined : timeout_s;
      return armed_s;
    },
    onState: listener => supervisor.onState(listener),
    async close() {
      endHeartbeat();
      watchdog_s = undefined;
      await supervisor.close();
    },
  };
}

/** Message of what the work threw, undefined if it did not. */
async function failureOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
