import type { Clock } from '../contract/clock.ts';
import type { DeviceState } from '../contract/device.ts';
import { DeviceError, messageOf } from '../contract/errors.ts';
import type { Line, Link } from '../contract/transport.ts';
import { type LineOptions, openLine } from './line.ts';

/** First wait before reconnecting; doubles up to the last. */
const BACKOFF_FIRST_s = 0.2;
const BACKOFF_LAST_s = 2;
/** A wire that has not opened by then is given up and tried afresh. */
const OPEN_LIMIT_s = 3;

/** How to make a line, and what must hold before it may be used. */
export interface SupervisorOptions<Req, Rep> extends LineOptions {
  /** A fresh link for each attempt: libraries keep stale state over a reconnect. */
  makeLink(): Link<Req, Rep>;
  /** What must succeed before the line is handed out: identity, remote control. Rejects to refuse. */
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
  close(): Promise<void>;
}

/** Makes a supervisor in state closed. */
export function supervise<Req, Rep>(options: SupervisorOptions<Req, Rep>): Supervisor<Req, Rep> {
  const { clock } = options;
  const listeners = new Set<(state: DeviceState, reason: string) => void>();
  let line: Line<Req, Rep> | undefined;
  let opening: Link<Req, Rep> | undefined;
  let state: DeviceState = 'closed';
  let reason = 'not connected yet';
  let stop = new AbortController();
  let mending: Promise<void> | undefined;

  function enter(next: DeviceState, why: string): void {
    if (state === next && reason === why) return;
    state = next;
    reason = why;
    for (const listener of listeners) listener(next, why);
  }

  async function attempt(): Promise<void> {
    const link = options.makeLink();
    opening = link;
    let fresh: Line<Req, Rep> | undefined;
    try {
      await withLimit(clock, OPEN_LIMIT_s, link.where, link.open());
      fresh = openLine(link, options);
      const dead = new Promise<never>((_, reject) => fresh?.onLost(reject));
      await Promise.race([options.prepare(fresh), dead]);
      if (stop.signal.aborted) throw new DeviceError('cancelled', link.where, 'closed while connecting');
    } catch (error) {
      // Never leave half a connection behind: instruments often accept only one.
      await (fresh?.close('connecting failed') ?? link.close()).catch(() => {});
      throw error;
    } finally {
      opening = undefined;
    }
    const ready = fresh;
    line = ready;
    ready.onLost(lost => {
      if (line !== ready) return;
      line = undefined;
      enter('lost', lost.message);
      mending = mend(ready);
    });
    enter('ready', `connected to ${link.where}`);
  }

  async function mend(dead: Line<Req, Rep>): Promise<void> {
    await dead.close('line lost').catch(() => {});
    let wait_s = BACKOFF_FIRST_s;
    while (!stop.signal.aborted) {
      await clock.sleep(wait_s, stop.signal);
      if (stop.signal.aborted) return;
      wait_s = Math.min(BACKOFF_LAST_s, 2 * wait_s);
      try {
        return await attempt();
      } catch (error) {
        if (!stop.signal.aborted) enter('lost', messageOf(error));
      }
    }
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
      enter('connecting', 'opening the line');
      try {
        await attempt();
      } catch (error) {
        enter('closed', messageOf(error));
        throw error;
      }
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      stop.abort();
      const open = line;
      line = undefined;
      await open?.close('device closed').catch(() => {});
      await opening?.close().catch(() => {});
      await mending;
      enter('closed', 'closed by us');
    },
  };
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
