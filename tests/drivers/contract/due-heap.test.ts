import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Due, DueHeap } from '../../../drivers/contract/due-heap.ts';

/** What is due comes in its order, whatever was left out on the way; what was left out takes no room for long. */

type Act =
  | { readonly do: 'push'; readonly at_s: number }
  | { readonly do: 'take' | 'leave out'; readonly which: number };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('push' as const), at_s: fc.integer({ min: 0, max: 50 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('leave out' as const), which: fc.nat(400) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('take' as const), which: fc.nat() }) },
);

describe('a heap of what is due', () => {
  it('gives what a sorted list gives', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 600 }), acts => {
        const heap = new DueHeap();
        const all: Due[] = [];
        let waiting: Due[] = [];
        const first = (): Due | undefined =>
          [...waiting].sort((a, b) => a.at_s - b.at_s || a.order - b.order)[0];
        for (const one of acts) {
          if (one.do === 'push') {
            const due = { at_s: one.at_s, order: all.length, call: () => 1, rearm: undefined, isOver: false };
            all.push(due);
            waiting.push(due);
            heap.push(due);
          } else if (one.do === 'take') {
            const next = heap.peek();
            expect(next).toBe(first());
            heap.pop();
            waiting = waiting.filter(due => due !== next);
          } else if (all.length > 0) {
            const due = all[one.which % all.length];
            heap.leaveOut(due);
            waiting = waiting.filter(other => other !== due);
          }
          expect(heap.size).toBeLessThanOrEqual(2 * waiting.length + 65);
        }
        expect(heap.peek()).toBe(first());
      }),
    );
  });
});
