import type { Clock } from '../contract/clock.ts';
import type { DeviceState } from '../contract/device.ts';
import { DeviceError, messageOf, NotLetIn } from '../contract/errors.ts';
import { Listeners } from '../contract/listeners.ts';
import type { Line, Link } from '../contract/transport.ts';
import { openLine } from './line.ts';
import type { LineOptions } from './line-options.ts';
import { DoubledAnswers } from './text/doubled.ts';

/** First wait before reconnecting; doubles up to the last. */
const BACKOFF_FIRST_s = 0.2;
const BACKOFF_LAST_s = 2;
/**
 * Wait where the other side does not let us in (a wrong password), and its last, s; doubles between. Servers lock an
 * account after five wrong passwords or so in a quarter of an hour (default).
 */
const REFUSED_FIRST_s = 30;
const REFUSED_LAST_s = 900;
/**
 * Where others share the wire a silent instrument is left alone for so many times as long as its questions take the wire from
 * them, s at most: a tenth of it; it is there again no later than that after it answers (default).
 */
const SHARED_WAIT_TIMES = 9;
const SHARED_WAIT_LAST_s = 15;
/** A wire that has not opened by then is given up and tried afresh; opening takes several answers, some of them slow. */
const OPEN_LIMIT_s = 3;
const OPEN_LIMIT_REPLIES = 10;
/** A wire that has not closed by then is left to the operating system: closing never hangs. */
const CLOSE_LIMIT_s = 3;

/** How to make a line, and what must hold before it may be used. */
export interface SupervisorOptions<Req, Rep> extends LineOptions {
  /** Loads what a link needs (a library, a thread); its time does not count against opening. */
  load?(): Promise<void>;
  /** A fresh link for each attempt: libraries keep stale state over a reconnect. */
  makeLink(): Link<Req, Rep>;
  /** An attempt to reconnect asked the instrument something and came to nothing. */
  onUnheard?(): void;
  /** What must succeed before the line is handed out: identity, remote control. Rejects to refuse; `NotLetIn`: tried seldom. */
  prepare(line: Line<Req, Rep>): Promise<void>;
}

/** Keeps one line alive: connects, notices loss, reconnects with back-off until closed. */
export interface Supervisor<Req, Rep> {
  /** The line while `state` is ready; undefined otherwise. */
  readonly line: Line<Req, Rep> | undefined;
  readonly state: DeviceState;
  /** Why the state is what it is. */
  readonly reason: string;
  /** First connection. Rejects if it fails and leaves nothing open; only later losses are mended by themselves. */
  connect(): Promise<void>;
  onState(listener: (state: DeviceState, reason: string) => void): () => void;
  /** Also in the middle of connecting: once it resolves nothing is open and nothing opens any more. Never hangs. */
  close(): Promise<void>;
}

/** Makes a supervisor in state closed. */
export function supervise<Req, Rep>(options: SupervisorOptions<Req, Rep>): Supervisor<Req, Rep> {
  const { clock } = options;
  const openLimit_s = Math.max(OPEN_LIMIT_s, (OPEN_LIMIT_REPLIES * options.reply_ms) / 1000);
  const asks_s = ((1 + (options.retriesMax ?? 0)) * options.reply_ms) / 1000;
  const sharedWait_s = Math.min(SHARED_WAIT_LAST_s, SHARED_WAIT_TIMES * asks_s);
  const listeners = new Listeners<readonly [state: DeviceState, reason: string]>();
  let line: Line<Req, Rep> | undefined;
  let state: DeviceState = 'closed';
  let reason = 'not connected yet';
  let stop = new AbortController();
  /** The last attempt came so far that the instrument was asked something. */
  let didAsk = false;
  /** It shares its wire with others, so that each question without an answer takes it from them. */
  let isShared = false;
  /** When the last line ended. */
  let before_s = Number.NEGATIVE_INFINITY;
  /** It was given up because every answer came twice. */
  let wasDoubled = false;
  /** Connecting or mending, while it is under way; never rejects. */
  let work: Promise<void> = Promise.resolve();

  function enter(next: DeviceState, why: string): void {
    if (state === next && reason === why) return;
    state = next;
    reason = why;
    listeners.tell([next, why]);
  }

  async function attempt(signal: AbortSignal): Promise<void> {
    didAsk = false;
    await unlessAborted(signal, options.load?.());
    const link = options.makeLink();
    let fresh: Line<Req, Rep> | undefined;
    let opened: Promise<void> | undefined;
    try {
      opened = link.open();
      await unlessAborted(signal, withLimit(clock, openLimit_s, link.where, opened));
      const isDoubtful = wasDoubled;
      fresh = openLine(link, { ...options, before_s, isDoubtful });
      const dead = new Promise<never>((_, reject) => fresh?.onLost(reject));
      didAsk = true;
      fresh.onLost(reason => {
        wasDoubled = reason instanceof DoubledAnswers;
      });
      await unlessAborted(signal, Promise.race([options.prepare(fresh), dead]));
      // What was asked last may be answered a second time: nobody reads before it is known.
      if (isDoubtful) {
        await unlessAborted(signal, Promise.race([clock.sleep(options.reply_ms / 1000, signal), dead]));
      }
      wasDoubled = false;
      if (signal.aborted) throw new DeviceError('cancelled', link.where, 'closed while connecting');
    } catch (error) {
      isShared = (link.turns?.sharers ?? 1) > 1;
      // Never leave half a connection behind: instruments often accept only one.
      await closed(fresh ?? link, 'connecting failed');
      if (fresh === undefined) {
        // One that opens in spite of that, late, is closed again.
        const late = opened?.then(
          () => link.close(),
          () => {},
        );
        await withLimit(clock, CLOSE_LIMIT_s, link.where, late ?? Promise.resolve()).catch(() => {});
      }
      throw error;
    }
    const ready = fresh;
    line = ready;
    ready.onLost(lost => {
      if (line !== ready) return;
      line = undefined;
      enter('lost', lost.message);
      work = mend(ready, signal);
    });
    if (line === ready) enter('ready', `connected to ${link.where}`);
  }

  async function mend(dead: Line<Req, Rep>, signal: AbortSignal): Promise<void> {
    await closed(dead, 'line lost');
    let wait_s = BACKOFF_FIRST_s;
    let refused_s = REFUSED_FIRST_s;
    while (!signal.aborted) {
      await clock.sleep(wait_s, signal);
      if (signal.aborted) return;
      wait_s = Math.min(BACKOFF_LAST_s, 2 * wait_s);
      try {
        return await attempt(signal);
      } catch (error) {
        if (signal.aborted) return;
        const isRefused = error instanceof DeviceError && error.code === 'refused';
        if (isRefused && (!didAsk || error instanceof NotLetIn)) {
          const at = new Date(clock.utc_ms() + 1000 * refused_s).toISOString().slice(11, 19);
          enter('lost', `${error.message}; tried again at ${at} UTC, not before: an account may be locked`);
          await clock.sleep(refused_s - wait_s, signal);
          refused_s = Math.min(REFUSED_LAST_s, 2 * refused_s);
          continue;
        }
        enter('lost', messageOf(error));
        if (!didAsk) continue;
        if (isShared) wait_s = Math.max(wait_s, sharedWait_s);
        // It may hear us, and we may not do with it what we must: to go on asking would only keep its watchdog quiet.
        options.onUnheard?.();
        await untilNotAlone(signal);
      }
    }
  }

  async function untilNotAlone(signal: AbortSignal): Promise<void> {
    for (let left_s = 0; !signal.aborted; await clock.sleep(Math.min(BACKOFF_FIRST_s, left_s), signal)) {
      left_s = options.aloneFor_s?.() ?? 0;
      if (left_s <= 0) return;
    }
  }

  async function closed(open: { close(reason: string): Promise<void> }, why: string): Promise<void> {
    await withLimit(clock, CLOSE_LIMIT_s, 'line', open.close(why)).catch(() => {});
    before_s = clock.now_s();
  }

  return {
    get line() {
      return line;
    },
    get state() {
      return state;
    },
    get reason() {
      return reason;
    },
    async connect() {
      if (state !== 'closed') throw new DeviceError('config', 'device', `connect() while ${state}`);
      stop = new AbortController();
      const { signal } = stop;
      enter('connecting', 'opening the line');
      const connecting = attempt(signal);
      work = connecting.catch(() => {});
      try {
        await connecting;
      } catch (error) {
        enter('closed', messageOf(error));
        throw error;
      }
    },
    onState(listener) {
      return listeners.add(([next, why]) => listener(next, why));
    },
    async close() {
      stop.abort();
      const open = line;
      line = undefined;
      if (open !== undefined) await closed(open, 'device closed');
      await work;
      enter('closed', 'closed by us');
    },
  };
}

/** Rejects with `cancelled` as soon as the signal aborts; the work's own end is then of no interest. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T> | undefined): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new DeviceError('cancelled', 'device', 'closed while connecting'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Rejects with `closed` if the work is not done in time; the work's own late failure is then of no interest. */
function withLimit<T>(clock: Clock, limit_s: number, where: string, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(limit_s, () =>
      reject(new DeviceError('closed', where, `did not open within ${limit_s} s`)),
    );
    work.then(resolve, reject).finally(cancel);
  });
}
