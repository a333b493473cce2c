import type { Clock } from './contract/clock.ts';
import type { DeviceDescription } from './contract/device.ts';
import type { MeasureRequest } from './contract/measure/request.ts';
import type { Link, Probe } from './contract/transport.ts';
import type { WatchdogReading } from './contract/watchdog.ts';
import type { ProgramSpec } from './program/spec.ts';

/** Sends one request on the device's line and resolves with its reply; rejects with a DeviceError. */
export type Exchange<Req, Rep> = (request: Req) => Promise<Rep>;

/** One request of a poll and where its reply goes. */
export interface ReadSpec<Req, Rep> {
  readonly ask: Req;
  /** Indices (in `description.channels`) that this reply fills; they turn bad together if it fails. */
  readonly channels: readonly number[];
  /** Asked so often only, ms: polls between two questions get the last reply. Absent: with every poll. */
  readonly every_ms?: number;
  /** Whether it is to be asked with this poll. Absent: with every one. For what fills no channels (a heartbeat). */
  isDue?(): boolean;
  /**
   * Puts the values in place, of a channel that is the instrument's time that time itself (`instrumentTime`: s since 1970 UTC,
   * or of its own clock); NaN where the reply says "no sensor". May worsen `quality`, which starts good,
   * and `note` why a value is missing, where the instrument says so; the first note is the frame's reason.
   * @throws DeviceError `closed` where the reply shows that nothing is left of what was set up (it was off at the mains, and
   * its serial line does not tell): the line is made afresh, which sets it up again
   */
  into(reply: Rep, values: Float64Array, quality: Uint8Array, note: (reason: string) => void): void;
}

/** How one settable goes out and how it is read back. */
export interface WriteSpec<Req, Rep> {
  encode(value: number): Req;
  readonly readback: Req;
  /** Value in the settable's unit. */
  decode(reply: Rep): number;
  /**
   * What it refuses was not done, whatever is read back. Absent: what is read back counts (a cycler at rest refuses to be
   * stopped).
   */
  readonly isRefusalFinal?: true;
  /** Time the instrument may take until the read-back shows the new value. Default 0: at once. */
  readonly settle_ms?: number;
}

/** A point of a spectrum or curve. */
export interface MeasuredPoint {
  /** In the order of the columns (`columnsOf`). */
  readonly values: readonly number[];
  /** Where the instrument says more than that it is there: `QUALITY` of all its values, or of each. Absent: good. */
  readonly quality?: number | readonly number[];
}

/** What an instrument has measured since it was asked last. */
export interface MeasuredSoFar {
  readonly points: readonly MeasuredPoint[];
  readonly state: 'measuring' | 'done' | 'failed';
  /** Why it failed; empty otherwise. */
  readonly reason: string;
}

/**
 * How an instrument is asked for a spectrum or a curve. Each question may come twice (a lost answer is asked for again):
 * by its `number` the instrument knows that it is the same one.
 */
export interface MeasureSpec<Req, Rep> {
  begin(request: MeasureRequest, number: number): Req;
  /** What has been measured, from point `from` (0 is the first) on. */
  ask(number: number, from: number): Req;
  decode(reply: Rep): MeasuredSoFar;
  /** Ends it at once; harmless where it has ended. */
  cancel(number: number): Req;
}

/** What work on the instrument beside polls and writes may use. */
export interface DeviceHelp<Req, Rep> {
  readonly clock: Clock;
  readonly exchange: Exchange<Req, Rep>;
  /** Aborts when the device is closed: whatever else was opened must close then. */
  readonly signal: AbortSignal;
}

/** A driver: one device as a table. `openDevice` turns it into a Device. */
export interface DeviceTable<Req, Rep> {
  readonly description: DeviceDescription;
  /** Loads what a link needs (a library, a thread) before the first is made. */
  load?(): Promise<void>;
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
  /** What a person should hear of the connection as it is now: not secured, a certificate that ends soon. */
  notices?(): readonly string[];
  /** Opened to look only, as the instrument was read last: what a run's `takeControl` sets otherwise first; undefined: nothing. */
  awaitsRun?(): string | undefined;
  /** Who is to hear, in words, what a person should know at once: an alarm that the instrument shows. One listener. */
  onNews?(listener: (text: string) => void): void;
  readonly reads: readonly ReadSpec<Req, Rep>[];
  /** By settable name. */
  readonly writes: Readonly<Record<string, WriteSpec<Req, Rep>>>;
  /** Where the description has `impedance` or `sweep`. */
  readonly measure?: MeasureSpec<Req, Rep>;
  /** Where the description has `programs`. Its `safe` ends the program, proved by read-back. */
  readonly program?: ProgramSpec<Req, Rep>;
  /**
   * Arms the instrument's own watchdog and reads it back; resolves with the armed time. Absent: it has none.
   * Done again after every reconnect and after the instrument was left alone: it may have forgotten or used it up.
   */
  armWatchdog?(timeout_s: number, help: DeviceHelp<Req, Rep>): Promise<number | undefined>;
  /**
   * Reads all back that makes the watchdog as it was armed last, and sets nothing. Asked again and again in a run, beside
   * the polls. Absent: the instrument does not say, or nobody but this driver could change it.
   */
  readWatchdog?(help: DeviceHelp<Req, Rep>): Promise<WatchdogReading>;
  /**
   * Gives the instrument back at the end: out of remote control, its watchdog disarmed, so that the next person can use
   * it at its panel. Must leave everything as it is while an output is on: the watchdog is then what ends it.
   */
  releaseControl?(help: DeviceHelp<Req, Rep>): Promise<void>;
}
