import { afterEach, describe, expect, it } from 'vitest';
import { isFinal } from '../../../control/contract/run-state.ts';
import { type LineBench, lineBench } from '../../support/line-bench.ts';
import { expectSafeLines } from '../../support/line-safe.ts';
import { ME } from '../../support/line-steps.ts';

/**
 * Impedance over a real line, in virtual time, on the very supply that is to be switched off: whatever becomes of the
 * spectrum, the set points and the safe state go first and the run ends safe.
 */

let bench: LineBench;

afterEach(async () => {
  await bench.clock.runUntil(bench.session.close());
});

const isOver = (): boolean => bench.session.run?.outcome !== undefined;
const outcome = () => bench.session.run?.outcome;
const ends = () => bench.events.flatMap(e => (e.kind === 'spectrum' ? [e.data] : []));

/** 13 points, some 70 s. */
const EIS = 'eis: { amplitude_pct: 5, from_Hz: 1000, to_Hz: 0.1, points_per_decade: 3, cycles: 2';
const LOADED = `- { cc: { current_A: 80 }, for_s: 2 }
- { ${EIS} }, id: z, within_min: 5 }
- { cc: { current_A: 60 }, for_s: 2 }`;

async function measuring(options: Parameters<typeof lineBench>[0] = {}, steps = LOADED): Promise<void> {
  bench = await lineBench({ measures: true, ...options });
  bench.start(`- { set: { cathode.outlet_on: on } }\n${steps}`);
  await bench.until(() => bench.supply.instrument.spectra.isDriving);
}

describe('a spectrum over a real line', () => {
  it.each([
    ['a quick line', {}],
    ['a slow one', { latency_s: { supply: 0.15 } }],
    ['one that loses answers', { lossRate: 0.01, seed: 3 }],
  ])('%s: measured whole, the load stays, the next step follows', async (_, options) => {
    await measuring(options);
    const sets: number[] = [];
    await bench.until(() => {
      sets.push(bench.current_A());
      return !bench.supply.instrument.spectra.isDriving;
    });
    expect([...new Set(sets)]).toEqual([80]);
    await bench.until(() => isFinal(bench.session.state));
    expect(bench.session.state).toBe('Complete');
    expect(bench.spectra).toHaveLength(13);
    expect(ends()).toMatchObject([{ name: 'z', points: 13, asked: 13, whole: true }]);
    expectSafeLines(bench);
  });

  it.each([
    ['whose instrument says early that it is through', { trouble: 'short' }],
    ['with rows that are no numbers', { spoiled: [2, 3, 7] }],
  ] as const)('one %s is not whole, and says how much of it there is', async (_, fault) => {
    await measuring();
    const { spectra } = bench.supply.instrument;
    for (const n of 'spoiled' in fault ? fault.spoiled : []) spectra.spoiled.add(n);
    if ('trouble' in fault) {
      await bench.until(() => bench.spectra.length >= 5);
      spectra.trouble = fault.trouble;
    }
    await bench.until(() => isFinal(bench.session.state));
    expect(bench.session.state).toBe('Complete');
    const points = bench.spectra.length - ('spoiled' in fault ? fault.spoiled.length : 0);
    expect(points).toBeLessThan(13);
    const reason = `only ${points} of 13 points are usable`;
    expect(ends()).toMatchObject([{ name: 'z', points, asked: 13, whole: false, reason }]);
    expect(bench.events.find(e => e.kind === 'spectrum')?.text).toContain(`${points} of 13 points`);
    expect(bench.events.find(e => e.kind === 'step' && e.data.op === 'eis')?.text ?? reason).toContain(
      reason,
    );
  });

  it('answers that get lost are asked for again', async () => {
    await measuring({}, LOADED);
    await bench.pass(1);
    bench.supply.instrument.repliesToLose = 1;
    await bench.until(() => isFinal(bench.session.state));
    expect(bench.session.state).toBe('Complete');
    expect(ends()).toMatchObject([{ whole: true }]);
  });

  it('a trip at any moment: ended at once, nothing late, everything proved', async () => {
    for (let after_s = 0.1; after_s <= 41; after_s += 4.3) {
      await measuring({ latency_s: { supply: 0.04 } });
      await bench.pass(after_s);
      const trip_s = bench.clock.now_s();
      bench.session.abort(ME, 'a trip');
      expect(ends(), `${after_s} s`).toMatchObject([{ whole: false, reason: 'a trip' }]);
      await bench.until(() => bench.current_A() === 0);
      // One exchange that was on the line, and the urgent one.
      expect(bench.clock.now_s() - trip_s).toBeLessThan(0.1);
      await bench.until(isOver);
      expect(bench.lateWrites(trip_s), `${after_s} s`).toEqual([]);
      expect(bench.supply.instrument.spectra.isDriving).toBe(false);
      expectSafeLines(bench);
      const asked = bench.supply.instrument.log.filter(f => f.t_s > trip_s + 0.1 && f.text === 'points');
      expect(asked).toEqual([]);
      await bench.clock.runUntil(bench.session.close());
    }
  });

  it('an instrument that stands still: found out, stopped, safe', async () => {
    await measuring();
    await bench.pass(1);
    bench.supply.instrument.spectra.trouble = 'stands';
    await bench.until(isOver, 600);
    expect(outcome()).toMatchObject({ state: 'Stopped' });
    expect(outcome()?.reason).toMatch(/no point of the spectrum for \d+ s, expected one after/);
    expect(ends()).toMatchObject([{ whole: false }]);
    expectSafeLines(bench);
  });

  it('one that fails says why', async () => {
    await measuring();
    bench.supply.instrument.spectra.trouble = 'fails';
    await bench.until(isOver);
    expect(outcome()).toMatchObject({ state: 'Stopped' });
    expect(outcome()?.reason).toContain('no spectrum: overload');
    expectSafeLines(bench);
  });

  it('one that dies: the run does not wait for it', async () => {
    await measuring();
    bench.supply.instrument.isDead = true;
    await bench.until(isOver, 600);
    expect(outcome()?.state).not.toBe('Complete');
    expect(ends()).toMatchObject([{ whole: false }]);
    bench.supply.instrument.isDead = false;
  });

  it('a deadline ends it and the instrument drives nothing any more', async () => {
    await measuring(
      {},
      `- { cc: { current_A: 80 }, for_s: 2 }\n- { ${EIS} }, within_s: 20, otherwise: next }`,
    );
    await bench.until(() => isFinal(bench.session.state));
    expect(bench.session.state).toBe('Complete');
    expect(ends()).toMatchObject([{ whole: false }]);
    expect(bench.supply.instrument.spectra.isDriving).toBe(false);
  });

  it('a stop brings the load down, the spectrum ends with the step', async () => {
    await measuring();
    await bench.pass(5);
    bench.session.stop(ME, 'stop');
    await bench.until(() => isFinal(bench.session.state));
    expect(bench.session.state).toBe('Stopped');
    expect(ends()).toMatchObject([{ whole: false, reason: 'stop' }]);
    expectSafeLines(bench);
  });
});
