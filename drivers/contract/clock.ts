/** Ends a timer; harmless if it has already fired. */
export type Cancel = () => void;

/**
 * The only way to know the time or to wait. Nothing else in drivers, control, profiles or sim
 * touches Date, performance, setTimeout or setInterval (`tests/architecture.test.ts` checks).
 */
export interface Clock {
  /** Monotonic seconds since this clock was made. */
  now_s(): number;
  /** Calendar time of `now_s()`, ms since 1970 UTC. In virtual time it advances with the run. */
  utc_ms(): number;
  /** Calls once, delay_s from now. */
  schedule(delay_s: number, call: () => void): Cancel;
  /**
   * Calls at start + n * period_s without drift. A tick that could not be served in time is skipped,
   * never queued; `missed` says how many were skipped since the last call.
   */
  every(period_s: number, tick: (missed: number) => void): Cancel;
  /** Resolves after delay_s, or at once when the signal aborts. */
  sleep(delay_s: number, signal?: AbortSignal): Promise<void>;
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

/** Time as it passes: monotonic, drift-corrected. Timers have Node's resolution of 1 ms. */
export function realClock(): Clock {
  const origin_ms = performance.now();
  const clock: Clock = {
    now_s: () => (performance.now() - origin_ms) / 1000,
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
    track: work => work,
  };
  return clock;
}

interface Due {
  at_s: number;
  order: number;
  call: () => void;
  cancelled: boolean;
}

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
  readonly #heap: Due[] = [];
  readonly #utcStart_ms: number;
  readonly #pace: number;

  constructor(options: { utcStart_ms: number; pace?: number }) {
    this.#utcStart_ms = options.utcStart_ms;
    this.#pace = options.pace ?? 0;
  }

  now_s(): number {
    return this.#now_s;
  }

  utc_ms(): number {
    return this.#utcStart_ms + this.#now_s * 1000;
  }

  schedule(delay_s: number, call: () => void): Cancel {
    return this.#at(this.#now_s + Math.max(0, delay_s), call);
  }

  every(period_s: number, tick: (missed: number) => void): Cancel {
    const start_s = this.#now_s;
    let n = 1;
    let cancel: Cancel = () => {};
    const fire = (): void => {
      n++;
      cancel = this.#at(start_s + n * period_s, fire);
      tick(0);
    };
    cancel = this.#at(start_s + period_s, fire);
    return () => cancel();
  }

  sleep(delay_s: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delay_s, signal);
  }

  track<T>(work: Promise<T>): Promise<T> {
    this.#pending++;
    const done = (): void => {
      this.#pending--;
      if (this.#pending === 0) this.#settled?.();
    };
    work.then(done, done);
    return work;
  }

  /**
   * Lets time pass until `work` settles, one event at a time in order of due time, and returns what it gave.
   * With nothing due, time stands still until something outside (a thread, an operator) moves on.
   */
  async runUntil<T>(work: Promise<T>): Promise<T> {
    this.#stopped = false;
    const stop = (): void => {
      this.#stopped = true;
      this.#settled?.();
    };
    work.then(stop, stop);
    await this.#run();
    return work;
  }

  async #run(): Promise<void> {
    const wall = realClock();
    const wallStart_s = wall.now_s() - this.#now_s / (this.#pace || 1);
    while (!this.#stopped) {
      await settleMicrotasks();
      while (this.#pending > 0 && !this.#stopped) {
        await new Promise<void>(resolve => {
          this.#settled = resolve;
        });
        this.#settled = undefined;
        await settleMicrotasks();
      }
      const next = this.#peek();
      if (this.#stopped) return;
      if (next === undefined) {
        await wall.sleep(0.001);
        continue;
      }
      if (this.#pace > 0) {
        const wait_s = wallStart_s + next.at_s / this.#pace - wall.now_s();
        if (wait_s > 0.001) {
          // Something may arrive from outside (an operator's command) while we wait: look again after it.
          await wall.sleep(Math.min(wait_s, 0.02));
          continue;
        }
      }
      this.#pop();
      this.#now_s = Math.max(this.#now_s, next.at_s);
      try {
        next.call();
      } catch (error) {
        // As with a real timer: it is the process's uncaught exception, and time goes on for whoever handles it.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  #at(at_s: number, call: () => void): Cancel {
    const due: Due = { at_s, order: this.#order++, call, cancelled: false };
    const heap = this.#heap;
    let i = heap.push(due) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(due, heap[parent])) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = due;
    return () => {
      due.cancelled = true;
    };
  }

  #peek(): Due | undefined {
    while (this.#heap.length > 0 && this.#heap[0].cancelled) this.#pop();
    return this.#heap[0];
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], last)) break;
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = last;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at_s < b.at_s || (a.at_s === b.at_s && a.order < b.order);
}

/** setImmediate comes after every promise reaction that is ready now. */
function settleMicrotasks(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
