/** Something that is due at a time of a virtual clock. */
export interface Due {
  at_s: number;
  order: number;
  /** May answer `STILL` if it is one of many ticks. */
  call: () => unknown;
  /** Of one that comes again and again: moves it to its next time. */
  rearm: (() => void) | undefined;
  /** It has been taken out, or is to be left out. */
  isOver: boolean;
}

/** Fewer that are left out are not worth putting the rest together anew. */
const FEW = 64;
const nothing = (): void => {};

/** What is due, the earliest first; of equal times the one that was asked for first. */
export class DueHeap {
  #heap: Due[] = [];
  /** Of those in it so many are left out. */
  #leftOut = 0;

  /** How many are kept, those that are left out among them. */
  get size(): number {
    return this.#heap.length;
  }

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
    while (this.#heap.length > 0 && this.#heap[0].isOver) this.pop();
    return this.#heap[0];
  }

  /**
   * Leaves one out; harmless if it has been taken already. What it would have called is let go at once: a daily tick of a
   * session that is closed would else hold it for a day.
   */
  leaveOut(due: Due): void {
    due.call = nothing;
    due.rearm = undefined;
    if (due.isOver) return;
    due.isOver = true;
    this.#leftOut++;
    if (this.#leftOut <= FEW || 2 * this.#leftOut <= this.#heap.length) return;
    // Sorted is a heap, too.
    this.#heap = this.#heap.filter(({ isOver }) => !isOver).sort((a, b) => (isBefore(a, b) ? -1 : 1));
    this.#leftOut = 0;
  }

  /** Takes the first one out. */
  pop(): void {
    if (this.#heap.length === 0) return;
    const [first] = this.#heap;
    if (first.isOver) this.#leftOut--;
    first.isOver = true;
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
