import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type Cancel, realClock, STILL, VirtualClock } from '../../../drivers/contract/clock.ts';

describe('virtual clock', () => {
  it('fires in order of due time, then in order of asking', async () => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const seen: string[] = [];
    const note = (name: string) => () => seen.push(`${name}@${clock.now_s()}`);
    clock.schedule(2, note('c'));
    clock.schedule(1, note('a'));
    clock.schedule(1, note('b'));
    clock.schedule(1.5, note('x'))();
    await clock.runUntil(clock.sleep(3));
    expect(seen).toEqual(['a@1', 'b@1', 'c@2']);
    expect(clock.now_s()).toBe(3);
  });

  it.each([
    ['has set nothing going', () => STILL, 'tick other reaction'],
    ['may have', () => undefined, 'tick reaction other'],
    [
      'has asked the clock for something',
      (clock: VirtualClock) => void clock.schedule(9, () => {}),
      'tick reaction other',
    ],
    ['says still, but has scheduled something', scheduling, 'tick reaction other'],
    ['says still, but has announced something', announcing, 'tick reaction other'],
  ])('waits for reactions after a tick unless it has set nothing going: it %s', async (_, does, order) => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const seen: string[] = [];
    clock.every(1, () => {
      seen.push('tick');
      // Breaks the word of a tick that says still: only so can be seen that nobody waited.
      void Promise.resolve().then(() => seen.push('reaction'));
      return does(clock);
    });
    clock.schedule(1.5, () => seen.push('other'));
    await clock.runUntil(clock.sleep(1.8));
    expect(seen.join(' ')).toBe(order);
  });

  it('stands still while announced work is under way, also work that begins in the middle of it', async () => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    let finishedAt_s = Number.NaN;
    clock.schedule(1, () => {
      const slow = async (): Promise<void> => {
        for (let i = 0; i < 3; i++) await new Promise(resolve => setTimeout(resolve, 5));
        await clock.track(new Promise(resolve => setImmediate(resolve)));
        finishedAt_s = clock.now_s();
      };
      void clock.track(slow());
    });
    await clock.runUntil(clock.sleep(1000));
    expect(finishedAt_s).toBe(1);
  });

  it('every reaction comes before the next event, however long the chain of promises, announced or not', async () => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const endedAt_s: number[] = [];
    clock.every(1, () => {
      const chain = async (): Promise<void> => {
        for (let i = 0; i < 200; i++) await Promise.resolve();
        await new Promise<void>(resolve => process.nextTick(resolve));
        for (let i = 0; i < 20; i++) await Promise.resolve();
        endedAt_s.push(clock.now_s());
      };
      void chain();
    });
    // Events of the same and of other devices at the same time and right after it.
    clock.every(1, () => {});
    clock.every(0.1, () => {});
    await clock.runUntil(clock.sleep(50.05));
    expect(endedAt_s).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  });

  it('while time flies, timers, sockets and threads get their turn within 50 ms of wall time', async () => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const wall = realClock();
    let latest_s = wall.now_s();
    let longest_s = 0;
    let turns = 0;
    const stop = wall.every(0.005, () => {
      const now_s = wall.now_s();
      longest_s = Math.max(longest_s, now_s - latest_s);
      latest_s = now_s;
      turns++;
    });
    let events = 0;
    clock.every(1, () => events++);
    await clock.runUntil(wall.sleep(0.3));
    stop();
    expect(events).toBeGreaterThan(10_000);
    expect(turns).toBeGreaterThan(5);
    // A busy machine takes the process off the core at times: that is not the clock's doing.
    expect(longest_s).toBeLessThan(0.15);
  });

  it('a cancelled `every` fires no more, also when cancelled from its own tick', async () => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    let ticks = 0;
    const cancel = clock.every(1, () => {
      ticks++;
      if (ticks === 3) cancel();
    });
    await clock.runUntil(clock.sleep(10));
    expect(ticks).toBe(3);
  });

  it('`every` does not drift and tells calendar time', async () => {
    const clock = new VirtualClock({ utcStart_ms: 1_000_000 });
    const at: number[] = [];
    const cancel = clock.every(0.1, () => at.push(clock.now_s()));
    await clock.runUntil(clock.sleep(1000));
    cancel();
    expect(at.length).toBeGreaterThanOrEqual(9999);
    expect(at[9998]).toBeCloseTo(999.9, 9);
    expect(clock.utc_ms()).toBe(2_000_000);
  });

  it('lets go at once of what a cancelled timer would have called, however far off its time is', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const closed = (begin: (call: () => void) => Cancel): WeakRef<object> => {
      const session = { rows: 0 };
      const cancel = begin(() => void session.rows++);
      cancel();
      return new WeakRef(session);
    };
    const held = [
      closed(call => clock.every(86_400, call)),
      closed(call => clock.schedule(86_400, call)),
      closed(call => {
        const stop = new AbortController();
        void clock.sleep(86_400, stop.signal).then(call);
        return () => stop.abort();
      }),
    ];
    await clock.runUntil(clock.sleep(1));
    collect();
    expect(held.map(ref => ref.deref())).toEqual([undefined, undefined, undefined]);
  });

  it('keeps a heap of thousands of timers in order', async () => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const due = Array.from({ length: 3000 }, (_, i) => ((i * 7919) % 3001) / 10);
    const seen: number[] = [];
    for (const d of due) clock.schedule(d, () => seen.push(d));
    await clock.runUntil(clock.sleep(400));
    expect(seen).toEqual([...due].sort((a, b) => a - b));
  });

  it('takes what comes again with what comes once in order of due time, then of asking', async () => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const seen: string[] = [];
    const again = (name: string, period_s: number, left: number): void => {
      const cancel = clock.every(period_s, () => {
        seen.push(`${clock.now_s()} ${name}`);
        clock.schedule(1, () => seen.push(`${clock.now_s()} ${name} later`));
        if (--left === 0) cancel();
      });
    };
    again('a', 1, 3);
    again('b', 1, 2);
    again('c', 2, 2);
    await clock.runUntil(clock.sleep(10));
    // Each asks for its next time before it is called, and so before what it asks for itself.
    expect(seen).toEqual([
      '1 a',
      '1 b',
      '2 c',
      '2 a',
      '2 a later',
      '2 b',
      '2 b later',
      '3 c later',
      '3 a',
      '3 a later',
      '3 b later',
      '4 c',
      '4 a later',
      '5 c later',
    ]);
  });

  it('`pace` holds it back', async () => {
    const clock = new VirtualClock({ utcStart_ms: 0, pace: 100 });
    const wall = realClock();
    await clock.runUntil(clock.sleep(20));
    expect(wall.now_s()).toBeGreaterThan(0.19);
  });

  it('a sleep ends at once when its signal aborts, and leaves no timer', async () => {
    const clock = new VirtualClock({ utcStart_ms: 0 });
    const abort = new AbortController();
    clock.schedule(5, () => abort.abort());
    await clock.runUntil(clock.sleep(100, abort.signal));
    expect(clock.now_s()).toBe(5);
  });
});

describe('real clock', () => {
  it('loses no 10 ms tick and does not drift', async () => {
    const clock = realClock();
    let ticks = 0;
    let missed = 0;
    const cancel = clock.every(0.01, m => {
      ticks++;
      missed += m;
    });
    const start_s = clock.now_s();
    await clock.sleep(1.005);
    cancel();
    // setInterval gives some 98; a busy machine may miss some and sleep longer, but then they are counted.
    const due = (clock.now_s() - start_s) / 0.01;
    expect(due).toBeGreaterThan(100);
    expect(Math.abs(ticks + missed - due)).toBeLessThanOrEqual(2);
  });

  it('skips and counts ticks that could not be served, and never makes up for them', async () => {
    const clock = realClock();
    const counts: number[] = [];
    const cancel = clock.every(0.01, missed => {
      counts.push(missed);
      if (counts.length === 2) {
        const until = clock.now_s() + 0.055;
        while (clock.now_s() < until);
      }
    });
    await clock.sleep(0.2);
    cancel();
    expect(Math.max(...counts)).toBeGreaterThanOrEqual(4);
    expect(counts.length).toBeLessThanOrEqual(17);
  });
});

function scheduling(clock: VirtualClock): symbol {
  clock.schedule(9, () => {});
  return STILL;
}

function announcing(clock: VirtualClock): symbol {
  void clock.track(Promise.resolve());
  return STILL;
}
