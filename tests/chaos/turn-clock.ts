import type { Cancel, Clock } from '../../drivers/contract/clock.ts';

interface Due {
  at_s: number;
  readonly order: number;
  call: () => void;
  cancelled: boolean;
  /** Set by the code under test; the world around it (instruments, plant, persons) makes uncounted ones. */
  readonly isCounted: boolean;
  readonly from: string;
}

/**
 * Virtual time for a bench with lines that have latency: one event at a time, and after each event the process gets
 * whole turns, so that whatever follows from it (promises, and what a line puts off to the next turn) has happened
 * before time goes on. `track` does not hold time back: an exchange needs time to settle.
 */
export class TurnClock {
  /** For the code under test: its timers are counted, so that one that is left behind can be found. */
  readonly forCode: Clock;
  /** For instruments, plant and persons. */
  readonly forWorld: Clock;
  /** What a timer's call threw: as in Node it is nobody's to catch. */
  onThrown: (error: unknown) => void = () => {};
  #now_s = 0;
  #order = 0;
  readonly #heap: Due[] = [];
  readonly #counted = new Set<Due>();
  readonly #withStacks: boolean;

  constructor(options: { withStacks?: boolean } = {}) {
    this.#withStacks = options.withStacks ?? false;
    this.forCode = this.#view(true);
    this.forWorld = this.#view(false);
  }

  now_s(): number {
    return this.#now_s;
  }

  /** Timers of the code under test that have not fired and were not taken back: how far ahead, and who made them. */
  left(): { readonly in_s: number; readonly from: string }[] {
    return [...this.#counted].map(due => ({ in_s: due.at_s - this.#now_s, from: due.from }));
  }

  /** Lets time pass until `work` settles or until_s has come; true if it settled. */
  async runUntil(work: Promise<unknown>, until_s: number): Promise<boolean> {
    let isSettled = false;
    const settle = (): void => {
      isSettled = true;
    };
    work.then(settle, settle);
    for (;;) {
      // Two turns: a deadline is put off by one, and what the line does next by another.
      await turn();
      await turn();
      if (isSettled) return true;
      const next = this.#peek();
      if (next === undefined || next.at_s > until_s) {
        this.#now_s = Math.max(this.#now_s, until_s);
        return false;
      }
      this.#pop();
      this.#now_s = Math.max(this.#now_s, next.at_s);
      this.#counted.delete(next);
      try {
        next.call();
      } catch (error) {
        this.onThrown(error);
      }
    }
  }

  #view(isCounted: boolean): Clock {
    const view: Clock = {
      now_s: () => this.#now_s,
      utc_ms: () => this.#now_s * 1000,
      schedule: (delay_s, call) => this.#schedule(delay_s, call, isCounted),
      every: (period_s, tick) => {
        const start_s = this.#now_s;
        let n = 0;
        let cancel: Cancel = () => {};
        const next = (): void => {
          n++;
          cancel = this.#schedule(start_s + n * period_s - this.#now_s, beat, isCounted);
        };
        const beat = (): void => {
          next();
          tick(0);
        };
        next();
        return () => cancel();
      },
      sleep: (delay_s, signal) =>
        new Promise(resolve => {
          if (signal?.aborted) return resolve();
          const cancel = this.#schedule(
            delay_s,
            () => {
              signal?.removeEventListener('abort', onAbort);
              resolve();
            },
            isCounted,
          );
          const onAbort = (): void => {
            cancel();
            resolve();
          };
          signal?.addEventListener('abort', onAbort, { once: true });
        }),
      nextTurn: call => {
        this.#schedule(0, call, isCounted);
      },
      track: work => work,
    };
    return view;
  }

  #schedule(delay_s: number, call: () => void, isCounted: boolean): Cancel {
    const from = this.#withStacks && isCounted ? ownFrames(new Error().stack ?? '') : '';
    const at_s = this.#now_s + Math.max(0, delay_s);
    const due: Due = { at_s, order: this.#order++, call, cancelled: false, isCounted, from };
    if (isCounted) this.#counted.add(due);
    this.#push(due);
    return () => {
      due.cancelled = true;
      this.#counted.delete(due);
    };
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let i = heap.push(due) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(due, heap[parent])) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = due;
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

function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

/** Who made a timer: the frames outside the chaos. */
function ownFrames(stack: string): string {
  return stack
    .split('\n')
    .filter(line => /\/(control|drivers|profiles)\//.test(line))
    .map(line => line.trim().replace(/file:.*?\/((?:control|drivers|profiles)\/)/, '$1'))
    .slice(0, 3)
    .join(' ');
}
