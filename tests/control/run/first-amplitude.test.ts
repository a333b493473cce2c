import { afterEach, describe, expect, it } from 'vitest';
import { isFinal } from '../../../control/contract/run-state.ts';
import { type LineBench, lineBench } from '../../support/line-bench.ts';
import { expectSafeLines } from '../../support/line-safe.ts';
import { ME } from '../../support/line-steps.ts';

/**
 * The first point of a spectrum of what nobody has measured yet, over a real line in virtual time, on the supply that is to be
 * switched off: what its amplitude would come to is tried with a small one, and told.
 */

let bench: LineBench;

afterEach(async () => {
  await bench.clock.runUntil(bench.session.close());
});

const trials = () => bench.events.flatMap(e => (e.kind === 'amplitudeTrial' ? [e.data] : []));
const ends = () => bench.events.flatMap(e => (e.kind === 'spectrum' ? [e.data] : []));
const driven = () => bench.supply.instrument.spectra.amplitudes;

/** 13 points at 80 A; what may be set ends at 120 A, the trip stands at 110 A. */
const EIS = 'eis: { amplitude_mV: 100, from_Hz: 1000, to_Hz: 0.1, points_per_decade: 3, cycles: 2 }';
const LOADED = `- { set: { cathode.outlet_on: on } }
- { cc: { current_A: 80 }, for_s: 2 }
- { ${EIS}, id: z, within_min: 5 }`;

async function begun(
  re_Ohm: number,
  options: Parameters<typeof lineBench>[0] = {},
  steps = LOADED,
): Promise<void> {
  bench = await lineBench({ measures: true, ...options });
  bench.supply.instrument.spectra.re_Ohm = re_Ohm;
  bench.start(steps);
  await bench.until(() => bench.supply.instrument.spectra.isDriving);
}

describe.each([
  ['a quick line', {}],
  ['a slow one', { latency_s: { supply: 0.15 } }],
  ['one that loses answers', { lossRate: 0.01, seed: 3 }],
])('over %s', (_line, options) => {
  it('goes out small, then as it was asked, and the spectrum is whole', async () => {
    await begun(0.02, options);
    await bench.until(() => isFinal(bench.session.state));
    expect(bench.session.state).toBe('Complete');
    expect(driven()).toEqual([0.001, 0.1]);
    expect(trials()).toMatchObject([
      { name: 'z', control: 'voltage', frequency_Hz: 1000, amplitude: 0.001, asked: 0.1, reason: '' },
    ]);
    expect(trials()[0].modulus_Ohm).toBeCloseTo(0.02, 4);
    expect(ends()).toMatchObject([{ name: 'z', points: 13, asked: 13, whole: true }]);
    // The point that was only tried is none of the spectrum.
    expect(bench.spectra).toHaveLength(13);
    expectSafeLines(bench);
  });

  it('never goes out where it would come to 89 A: the step ends with its limit, the run safe', async () => {
    await begun(0.0005, options);
    await bench.until(() => bench.session.run?.outcome !== undefined);
    expect(bench.session.run?.outcome).toMatchObject({ state: 'Stopped' });
    expect(bench.session.run?.outcome?.reason).toMatch(
      /an alternating part of 89.44 A peak .*expected at most 10 A .*by a point of a small amplitude/,
    );
    expect(driven()).toEqual([0.001]);
    expect(trials()).toHaveLength(1);
    expect(ends()).toEqual([]);
    expectSafeLines(bench);
  });
});

it('a second spectrum that has room by far is not tried first', async () => {
  await begun(0.2, {}, `${LOADED}\n- { ${EIS}, id: again, within_min: 5 }`);
  await bench.until(() => isFinal(bench.session.state));
  expect(driven()).toEqual([0.001, 0.1, 0.1]);
  expect(ends()).toMatchObject([{ name: 'z' }, { name: 'again' }]);
});

it('a trip while it is tried: ended at once, told, everything proved', async () => {
  await begun(0.02, { latency_s: { supply: 0.04 } });
  const trip_s = bench.clock.now_s();
  bench.session.abort(ME, 'a trip');
  expect(trials()).toMatchObject([{ reason: 'a trip', modulus_Ohm: Number.NaN }]);
  await bench.until(() => bench.current_A() === 0);
  // One exchange that was on the line, and the urgent one.
  expect(bench.clock.now_s() - trip_s).toBeLessThan(0.1);
  await bench.until(() => bench.session.run?.outcome !== undefined);
  expect(bench.lateWrites(trip_s)).toEqual([]);
  expect(driven()).toEqual([0.001]);
  expectSafeLines(bench);
});

it.each(['stands', 'fails'] as const)('an instrument that %s in it ends the run safe', async trouble => {
  await begun(0.02);
  bench.supply.instrument.spectra.trouble = trouble;
  await bench.until(() => bench.session.run?.outcome !== undefined, 600);
  expect(bench.session.run?.outcome).toMatchObject({ state: 'Stopped' });
  expect(driven()).toEqual([0.001]);
  expect(trials()).toMatchObject([{ modulus_Ohm: Number.NaN }]);
  expectSafeLines(bench);
});
