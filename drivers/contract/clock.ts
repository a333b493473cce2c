import { type Due, DueHeap } from './due-heap.ts';

/**
 * What a tick of `every` may answer: nothing has been set going by it that goes on later, no promise and no write. Virtual
 * time then takes the next event at once, without waiting for reactions that are not there.
 */
export const STILL = Symbol('still');

/** Ends a timer; harmless if it has already fired. */
export type Cancel = () => void;

/**
 * The only way to know the time or to wait. Nothing else in drivers, control, profiles or sim
 * touches Date, performance, setTimeout or setInterval (`tests/architecture.test.ts` checks).
 */
export interface Clock {
  /** Monotonic seconds since this clock was made, or since what it was told to begin with. */
  now_s(): number;
  /** Calendar time of `now_s()`, ms since 1970 UTC. In virtual time it advances with the run. */
  utc_ms(): number;
  /** Calls once, delay_s from now. */
  schedule(delay_s: number, call: () => void): Cancel;
  /**
   * Calls at start + n * period_s without drift. A tick that could not be served in time is skipped,
   * never queued; `missed` says how many were skipped since the last call. The tick may answer `STILL`.
   */
  every(period_s: number, tick: (missed: number) => unknown): Cancel;
  /** Resolves after delay_s, or at once when the signal aborts. */
  sleep(delay_s: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls once, at this very time, after whatever is ready now has had its turn: replies that lie in a socket's buffer,
   * reactions to one that has just been read, in virtual time every event due by now.
   */
  nextTurn(call: () => void): void;
  /** Announces pending work (a read, a write, a disk batch): virtual time stands still until it settles. */
  track<T>(work: Promise<T>): Promise<T>;
}

function sleepOn(clock: Clock, delay_s: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal?.aborted) return resolve();
    const cancel = clock.schedule(delay_s, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = (): void => {
      cancel();
      resolve();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * Time as it passes: monotonic, drift-corrected. Timers have Node's resolution of 1 ms. `start_s`: what it shows now, where
 * it goes on with the time of a program that is gone.
 */
export function realClock(start_s = 0): Clock {
  const origin_ms = performance.now();
  const clock: Clock = {
    now_s: () => start_s + (performance.now() - origin_ms) / 1000,
    utc_ms: () => Date.now(),
    schedule(delay_s, call) {
      const timer = setTimeout(call, Math.max(0, delay_s * 1000));
      return () => clearTimeout(timer);
    },
    every(period_s, tick) {
      const start_s = clock.now_s();
      let n = 1;
      let timer: NodeJS.Timeout;
      const arm = (): void => {
        timer = setTimeout(fire, Math.max(0, (start_s + n * period_s - clock.now_s()) * 1000));
      };
      const fire = (): void => {
        const late = Math.floor((clock.now_s() - (start_s + n * period_s)) / period_s);
        const missed = Math.max(0, late);
        n += missed + 1;
        arm();
        tick(missed);
      };
      arm();
      return () => clearTimeout(timer);
    },
    sleep: (delay_s, signal) => sleepOn(clock, delay_s, signal),
    // Comes after the sockets have been read, before the next timers.
    nextTurn(call) {
      setImmediate(call);
    },
    track: work => work,
  };
  return clock;
}

/**
 * So much is done before the process looks at its threads, sockets, signals and rejected promises again: each event
 * counts, one that may have set something going as much as several that have not. Small, so that an operator's word or
 * a failure of our own is never more than a few events late.
 */
const BURST = 128;
const STIRRED_COSTS = 8;
/** A reaction to it costs less than queueMicrotask, which keeps an async context for each call. */
const READY = Promise.resolve();

/**
 * Time that jumps to the next due event as soon as everything announced by `track` has settled.
 * `pace` > 0 holds it back to that many simulated seconds per wall second (for watching); 0 runs free.
 */
export class VirtualClock implements Clock {
  #now_s = 0;
  #order = 0;
  #pending = 0;
  #settled: (() => void) | undefined;
  #stopped = false;
  #isRunning = false;
  /** The event under way may have set something going. */
  #isStirred = false;
  readonly #heap = new DueHeap();
  readonly #utcStart_ms: number;
  readonly #pace: number;
  readonly #done = (): void => {
    this.#pending--;
    if (this.#pending === 0) this.#settled?.();
  };

  constructor(options: { utcStart_ms: number; pace?: number }) {
    this.#utcStart_ms = options.utcStart_ms;
    this.#pace = options.pace ?? 0;
  }

  /** Whether time is held back to so many simulated seconds per wall second. */
  get isPaced(): boolean {
    return this.#pace > 0;
  }

  /** Simulated seconds per wall second that time is held back to; 0: it runs free. */
  get pace(): number {
    return this.#pace;
  }

  /** Whether somebody waits in `runUntil`, so that time goes on. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  now_s(): number {
    return this.#now_s;
  }

  utc_ms(): number {
    return this.#utcStart_ms + this.#now_s * 1000;
  }

  schedule(delay_s: number, call: () => void): Cancel {
    this.#isStirred = true;
    const due = {
      at_s: this.#now_s + Math.max(0, delay_s),
      order: this.#order++,
      call,
      rearm: undefined,
      isOver: false,
    };
    this.#heap.push(due);
    return () => this.#heap.leaveOut(due);
  }

  every(period_s: number, tick: (missed: number) => unknown): Cancel {
    this.#isStirred = true;
    const start_s = this.#now_s;
    let n = 1;
    // One entry for all its ticks: a run of 1000 h makes millions of them.
    const due: Due = {
      at_s: start_s + period_s,
      order: this.#order++,
      call: () => tick(0),
      rearm: () => {
        n++;
        due.at_s = start_s + n * period_s;
        due.order = this.#order++;
      },
      isOver: false,
    };
    this.#heap.push(due);
    return () => this.#heap.leaveOut(due);
  }

  sleep(delay_s: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delay_s, signal);
  }

  nextTurn(call: () => void): void {
    this.schedule(0, call);
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.#pending++;
    this.#isStirred = true;
    work.then(this.#done, this.#done);
    return work;
  }

  /**
   * Lets time pass until `work` settles, one event at a time in order of due time, and returns what it gave.
   * With nothing due, time stands still until something outside (a thread, an operator) moves on.
   */
  async runUntil<T>(work: Promise<T>): Promise<T> {
    if (this.#isRunning) throw new Error('runUntil: somebody waits already');
    this.#stopped = false;
    this.#isRunning = true;
    const stop = (): void => {
      this.#stopped = true;
      this.#settled?.();
    };
    work.then(stop, stop);
    try {
      await this.#run();
    } finally {
      this.#isRunning = false;
    }
    return work;
  }

  async #run(): Promise<void> {
    const wall = realClock();
    const wallStart_s = wall.now_s() - this.#now_s / (this.#pace || 1);
    while (!this.#stopped) {
      await turnOfEventLoop();
      if (this.#stopped) return;
      if (this.#pending > 0) {
        await new Promise<void>(resolve => {
          this.#settled = resolve;
        });
        this.#settled = undefined;
        continue;
      }
      const next = this.#heap.peek();
      if (next === undefined) {
        await wall.sleep(0.001);
        continue;
      }
      const wait_s = this.#pace > 0 ? wallStart_s + next.at_s / this.#pace - wall.now_s() : 0;
      // Something may arrive from outside (an operator's command) while we wait: look again after it.
      if (wait_s > 0.001) await wall.sleep(Math.min(wait_s, 0.02));
      else await this.#burst(this.#pace > 0 ? 1 : BURST);
    }
  }

  /**
   * Fires the next events until they have cost `most`. After one that may have set something going every promise reaction
   * runs that is ready or becomes so by another one; the burst ends where something real is pending then, or nothing is
   * due.
   */
  #burst(most: number): Promise<void> {
    return new Promise(resolve => {
      let left = most;
      // Node takes a next tick that was asked for by a promise reaction once no reaction is left.
      const afterReactions = (): void => process.nextTick(step);
      const step = (): void => {
        while (left > 0 && this.#pending === 0 && !this.#stopped && this.#fireNext()) {
          left--;
          if (!this.#isStirred) continue;
          left -= STIRRED_COSTS - 1;
          void READY.then(afterReactions);
          return;
        }
        resolve();
      };
      step();
    });
  }

  #fireNext(): boolean {
    const next = this.#heap.peek();
    if (next === undefined) return false;
    if (next.at_s > this.#now_s) this.#now_s = next.at_s;
    if (next.rearm === undefined) this.#heap.pop();
    else {
      next.rearm();
      this.#heap.sink();
    }
    this.#isStirred = next.rearm === undefined;
    try {
      if (next.call() !== STILL) this.#isStirred = true;
    } catch (error) {
      this.#isStirred = true;
      // As with a real timer: it is the process's uncaught exception, and time goes on for whoever handles it.
      queueMicrotask(() => {
        throw error;
      });
    }
    return true;
  }
}

/** Threads, sockets, signals and rejected promises get their turn; it comes after every reaction that is ready now. */
function turnOfEventLoop(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
