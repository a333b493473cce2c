/** Something that is due at a time of a virtual clock. */
export interface Due {
  at_s: number;
  order: number;
  readonly call: () => void;
  /** Called once and no more; not one of many ticks. */
  readonly isOnce: boolean;
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

  pop(): void {
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
