/** Something that is due at a time of a virtual clock. */
export interface Due {
  at_s: number;
  order: number;
  /** May answer `STILL` if it is one of many ticks. */
  readonly call: () => unknown;
  /** Of one that comes again and again: moves it to its next time. */
  readonly rearm: (() => void) | undefined;
  cancelled: boolean;
}

/** What is due, the earliest first; of equal times the one that was asked for first. */
export class DueHeap {
  readonly #heap: Due[] = [];

  push(due: Due): void {
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

  /** The next one that still stands. */
  peek(): Due | undefined {
    while (this.#heap.length > 0 && this.#heap[0].cancelled) this.pop();
    return this.#heap[0];
  }

  /** Takes the first one out. */
  pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.sink();
  }

  /** The first one is due later than it was: puts it where it belongs now. */
  sink(): void {
    const heap = this.#heap;
    const [first] = heap;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], first)) break;
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = first;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at_s < b.at_s || (a.at_s === b.at_s && a.order < b.order);
}
