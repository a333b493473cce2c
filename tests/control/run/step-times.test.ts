import { describe, expect, it } from 'vitest';
import { benchSchema } from '../../../control/bench/bench.ts';
import { lineBench } from '../../support/line-bench.ts';
import { MINI_BENCH, miniRun } from '../../support/mini-bench.ts';

/** A step lasts from its set point applied to the next one applied, whatever the poll. */

const SET = 'stack.currentSet_A';
const set = (current_A: number): string => `- set: { stack.current_A: ${current_A} }`;
const hold = (for_s: number): string => `- { name: hold ${for_s} s, wait: {}, for_s: ${for_s} }`;
const pulses = (durations_s: readonly number[]): string[] =>
  durations_s.flatMap((for_s, i) => [set(10 + i), hold(for_s)]);

/** The same bench, its current without a ramp limit, polled each so many seconds. */
const quickBench = (poll_s: number) =>
  benchSchema.parse({
    ...MINI_BENCH,
    devices: Object.fromEntries(
      Object.entries(MINI_BENCH.devices).map(([id, d]) => [id, { ...d, poll_s, stale_after_s: 5 * poll_s }]),
    ),
    limits: { ...MINI_BENCH.limits, [SET]: { min: 0, max: 100 } },
  });

/** Times between one value applied and the next, in the order in which they were set. */
const lengths = (rows: readonly { t_s: number; outcome: string }[]): number[] => {
  const at = rows.filter(row => row.outcome === 'applied').map(row => row.t_s);
  return at.slice(1).map((t_s, i) => t_s - at[i]);
};

describe('a step with its set point', () => {
  const wanted_s = [10, 2, 40, 0.4, 2.5, 10.03, 1, 0.1, 7];

  it.each([0.1, 0.25, 1, 10])(
    'polled each %d s: as long as was asked for, and recorded as that',
    async poll_s => {
      const mini = await miniRun([...pulses(wanted_s), set(0)], { bench: quickBench(poll_s) });
      const outcome = await mini.clock.runUntil(mini.execute());
      expect(outcome).toMatchObject({ state: 'Complete', reason: '' });
      const events = await mini.events();
      const found_s = lengths(mini.setpoints(SET)).slice(0, wanted_s.length);
      for (const [i, for_s] of wanted_s.entries()) expect(found_s[i], `${for_s} s`).toBeCloseTo(for_s, 6);
      const ended = events.filter(e => e.kind === 'step' && e.text.startsWith('hold'));
      expect(ended).toHaveLength(wanted_s.length);
    },
  );

  it('the last reading of a step that ends with a poll is taken before its set point is gone', async () => {
    const mini = await miniRun([...pulses([10, 10]), set(0)], { bench: quickBench(1) });
    await mini.clock.runUntil(mini.execute());
    await mini.events();
    const seen = mini.run.trends.series('stack.current_A').value;
    expect([...seen].filter(v => v === 10)).toHaveLength(10);
    expect([...seen].filter(v => v === 11)).toHaveLength(10);
  });

  it.each([0.005, 0.05, 0.11])(
    'on a real line with %d s between question and answer: within a control tick',
    async supply => {
      const bench = await lineBench({ ramp_A_per_s: 1e6, latency_s: { supply } });
      bench.start([...pulses(wanted_s), set(0)]);
      await bench.until(() => bench.session.state === 'Complete', 200);
      const found_s = lengths(bench.setpoints.filter(row => row.role === SET)).slice(0, wanted_s.length);
      for (const [i, for_s] of wanted_s.entries()) {
        expect(Math.abs(found_s[i] - for_s), `${for_s} s`).toBeLessThan(0.25);
        // Of a quick line, up to the poll that a write may have to wait for.
        if (supply < 0.01) expect(Math.abs(found_s[i] - for_s), `${for_s} s`).toBeLessThan(0.02);
      }
      await bench.session.close();
    },
  );

  it('a sweep of points a second apart takes a second a point', async () => {
    const steps = Array.from({ length: 20 }, (_, i): string[] => [
      `- ramp: { stack.current_A: ${10 + i}, per_s: 1000000 }`,
      '- { wait: {}, for_s: 1, average_s: 1 }',
    ]).flat();
    const mini = await miniRun([set(9), ...steps], { bench: quickBench(1) });
    await mini.clock.runUntil(mini.execute());
    const points = (await mini.events()).filter(e => e.kind === 'point');
    expect(points).toHaveLength(20);
    expect(points[19].t_s - points[0].t_s).toBeCloseTo(19, 3);
  });

  it('a ramp takes its time: 10 A at 4 A/s, 2.5 s', async () => {
    const ramp = '- ramp: { stack.current_A: 20, per_s: 4 }';
    const mini = await miniRun([set(10), ramp, hold(5), set(0)], { bench: quickBench(1) });
    await mini.clock.runUntil(mini.execute());
    await mini.events();
    const rows = mini.setpoints(SET).filter(row => row.outcome === 'applied');
    const at = (value: number): number => rows.find(row => row.applied === value)?.t_s ?? Number.NaN;
    expect(at(20) - at(10)).toBeCloseTo(2.5, 6);
    expect(at(0) - at(20)).toBeCloseTo(5, 6);
  });

  it('stands still on hold, and goes on for what was left', async () => {
    const mini = await miniRun([...pulses([10.5, 3.5]), set(0)], { bench: quickBench(1) });
    let begun_s = Number.NaN;
    mini.clock.schedule(9.25, () => {
      begun_s = mini.clock.now_s();
      mini.session.hold('me');
    });
    mini.clock.schedule(30.25, () => mini.session.resume());
    await mini.clock.runUntil(mini.execute());
    await mini.events();
    // Nothing counts from the last look before the hold to the first one after it.
    const [first_s, second_s] = lengths(mini.setpoints(SET));
    expect(first_s).toBeGreaterThan(10.5 + (30.25 - begun_s) - 1e-6);
    expect(first_s).toBeLessThan(10.5 + (30.25 - begun_s) + 2);
    expect(second_s).toBeCloseTo(3.5, 6);
  });
});

describe('what a step waits for', () => {
  it('is looked at in readings that came after its set point was applied', async () => {
    const off = '- { name: off, wait: {}, until: stack.current_A < 5, within_s: 6, otherwise: next }';
    const mini = await miniRun([set(50), off], { bench: quickBench(1) });
    await mini.clock.runUntil(mini.execute());
    const end = (await mini.events()).find(e => e.kind === 'step' && e.text.startsWith('off'));
    // The current of 0 A that stood in the image as the step began is none of its readings.
    expect(end?.text).toContain('deadline');
  });
});
