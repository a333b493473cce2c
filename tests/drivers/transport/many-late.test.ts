import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../drivers/contract/clock.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import type { Link } from '../../../drivers/contract/transport.ts';
import { openLine } from '../../../drivers/transport/line.ts';

/** A fifth of all answers 50 to 500 ms late, each a number of the same shape that does not say whose it is. */

const REPLY_ms = 100;
/** Answer to the probe; each reading has a number of its own. */
const PROBE = 1;

/** An instrument whose answers come late, in the order of the questions or, through a gateway, overtaking each other. */
function lateLink(clock: VirtualClock, seed: number, keepsOrder: boolean) {
  const random = seededRandom(seed);
  let waiting: ((value: number) => void) | undefined;
  let stray: () => void = () => {};
  let last_s = 0;
  let late = 0;
  const link: Link<number, number> = {
    where: 'memory',
    namesReplies: false,
    isSerial: true,
    open: () => Promise.resolve(),
    send(request) {
      const isLate = random.uniform() < 0.2;
      if (isLate) late++;
      const due_s = clock.now_s() + 0.004 + (isLate ? 0.05 + 0.45 * random.uniform() : 0);
      const at_s = keepsOrder ? Math.max(due_s, last_s + 1e-4) : due_s;
      last_s = at_s;
      clock.schedule(at_s - clock.now_s(), () => {
        const mine = waiting;
        waiting = undefined;
        if (mine === undefined) stray();
        else mine(request);
      });
      return new Promise(resolve => {
        waiting = resolve;
      });
    },
    flush() {
      waiting = undefined;
      return Promise.resolve();
    },
    onLost() {},
    onStray(listener) {
      stray = listener;
    },
    close: () => Promise.resolve(),
  };
  return { link, late: () => late };
}

async function polled(seed: number, keepsOrder: boolean) {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const { link, late } = lateLink(clock, seed, keepsOrder);
  const found = { right: 0, wrong: 0, failed: 0 };
  let before_s = Number.NEGATIVE_INFINITY;
  for (let next = 1000; clock.now_s() < 60; ) {
    const line = openLine(link, { clock, reply_ms: REPLY_ms, gap_ms: 0, retriesMax: 1, before_s });
    line.setProbe({ ask: PROBE, isAnswer: reply => reply === PROBE });
    let isLost = false;
    line.onLost(() => {
      isLost = true;
    });
    while (!isLost && clock.now_s() < 60) {
      const asked = next++;
      const got = await clock.runUntil(line.exchange(asked).catch(() => Number.NaN));
      if (Number.isNaN(got)) found.failed++;
      else if (got === asked) found.right++;
      else found.wrong++;
      await clock.runUntil(clock.sleep(0.05));
    }
    await clock.runUntil(line.close('end'));
    before_s = clock.now_s();
    // The first wait before it is opened again; what was owed may come after it.
    await clock.runUntil(clock.sleep(0.2));
  }
  return { ...found, late: late() };
}

describe.each([
  ['that keep their order, as on a bus', true],
  ['that overtake each other, as through a gateway', false],
] as const)('late answers %s', (_, keepsOrder) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'are never the answer to another question, seed %i',
    async seed => {
      const { right, wrong, late } = await polled(seed, keepsOrder);
      expect(wrong).toBe(0);
      expect(late).toBeGreaterThan(20);
      expect(right).toBeGreaterThan(20);
    },
  );
});
