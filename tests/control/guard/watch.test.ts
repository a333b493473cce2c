import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GuardReason, GuardWatch } from '../../../control/guard/watch.ts';
import { VirtualClock } from '../../../drivers/contract/clock.ts';

/** When a guard acts, and when it must not. */

function watched(timeout_s = 3) {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const acts: { readonly reason: GuardReason; readonly at_s: number }[] = [];
  const watch = new GuardWatch(clock, timeout_s, reason => acts.push({ reason, at_s: clock.now_s() }));
  const pass = (time_s: number): Promise<void> => clock.runUntil(clock.sleep(time_s));
  return { clock, watch, acts, pass };
}

describe('a guard', () => {
  it('waits for the first beat: nothing can be on before', async () => {
    const { watch, acts, pass } = watched();
    await pass(60);
    expect(watch.isNeeded).toBe(false);
    expect(acts).toEqual([]);
  });

  it('acts once, after the time-out and not later than a look after it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0.01, max: 2.8, noNaN: true }), { minLength: 1, maxLength: 12 }),
        async gaps => {
          const { clock, watch, acts, pass } = watched();
          for (const gap of gaps) {
            watch.beat();
            await pass(gap);
          }
          expect(acts).toEqual([]);
          watch.beat();
          const last_s = clock.now_s();
          await pass(10);
          expect(acts).toHaveLength(1);
          expect(acts[0].reason.because).toBe('silence');
          expect(acts[0].at_s - last_s).toBeGreaterThanOrEqual(3 - 1e-9);
          expect(acts[0].at_s - last_s).toBeLessThan(3.11);
        },
      ),
      { numRuns: 20 },
    );
  });

  it.each([
    ['the line ends', (watch: GuardWatch) => watch.gone(), 'gone'],
    ['nonsense is said', (watch: GuardWatch) => watch.garbled(), 'garbled'],
  ] as const)('acts at once when %s, and only once', async (_, what, because) => {
    const { watch, acts, pass } = watched();
    watch.beat();
    what(watch);
    what(watch);
    await pass(20);
    expect(acts.map(({ reason }) => reason.because)).toEqual([because]);
  });

  it('does nothing after the word of the end, whatever comes then', async () => {
    const { watch, acts, pass } = watched();
    watch.beat();
    watch.end();
    watch.gone();
    watch.garbled();
    await pass(20);
    expect(acts).toEqual([]);
  });

  it('leaves a controller alone whose bench is at rest (it works out its result), until it is needed again', async () => {
    const { watch, acts, pass } = watched();
    watch.beat(true);
    expect(watch.isNeeded).toBe(false);
    await pass(600);
    expect(acts).toEqual([]);
    watch.beat(false);
    await pass(4);
    expect(acts).toHaveLength(1);
  });

  it('that stood still itself counts anew: the beats of that time are read afterwards', () => {
    const { at, acts, watch } = looking();
    watch.beat();
    at(60);
    expect(acts).toEqual([]);
    for (let n = 1; n <= 40; n++) at(60 + 0.1 * n);
    expect(acts).toHaveLength(1);
  });

  it('does not count anew for ever on a machine without breath: looks a second apart put it off once', () => {
    const { at, acts, watch } = looking();
    watch.beat();
    for (const t_s of [1, 2, 3]) at(t_s);
    expect(acts).toEqual([]);
    at(4);
    expect(acts).toHaveLength(1);
    const alive = looking();
    for (let t_s = 0; t_s < 60; t_s += 2) {
      alive.at(t_s);
      alive.watch.beat();
    }
    expect(alive.acts).toEqual([]);
  });
});

/** A guard whose looks come when they are told. */
function looking() {
  let now_s = 0;
  let look: () => unknown = () => {};
  const clock = {
    ...new VirtualClock({ utcStart_ms: 0 }),
    now_s: () => now_s,
    every: (_: number, tick: () => unknown) => {
      look = tick;
      return () => {};
    },
  } as unknown as VirtualClock;
  const acts: GuardReason[] = [];
  const watch = new GuardWatch(clock, 3, reason => acts.push(reason));
  const at = (t_s: number): void => {
    now_s = t_s;
    look();
  };
  return { watch, acts, at };
}
