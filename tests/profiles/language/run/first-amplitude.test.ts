import { describe, expect, it } from 'vitest';
import { Bench, FakeCell } from './fake-cell.ts';

/**
 * The first point of a spectrum of what nobody has measured yet: its answer to the amplitude is not known, so that a small
 * part of it goes out first.
 */

const of = (own: string): string =>
  `- { eis: { ${own}, from_Hz: 1000, to_Hz: 1, cycles: 2 }, id: z, within_min: 9 }`;

/** 5 A and 3.65 V at most, an instrument that drives 50 A; 3.6 V at rest. `earlier_Ohm`: what spectra of this run have shown. */
function bench(own: string, earlier_Ohm = Number.NaN): Bench {
  const env = new FakeCell();
  const above = { side: 'above', armed: 'always' } as const;
  env.peaks = [
    { ...above, of: 'voltage', limit: 3.65, what: 'sheet' },
    { ...above, of: 'current', limit: 5, what: 'set limits' },
  ];
  env.earlier_Ohm = earlier_Ohm;
  env.impedance = { ...env.impedance, amplitudeMax_A: 50 } as never;
  return new Bench(of(own), { env }).go(3);
}
const asked = ({ env }: Bench): object[] =>
  env.spectra.map(([{ amplitude, from_Hz, to_Hz, cycles }, { trialOf }]) => ({
    amplitude: Number(amplitude.toPrecision(6)),
    from_Hz,
    to_Hz,
    cycles,
    ...(trialOf === undefined ? {} : { trialOf }),
  }));
const answered = (on: Bench, modulus_Ohm: number | undefined, reason = ''): Bench => {
  const found = modulus_Ohm === undefined ? {} : { modulus_Ohm: [modulus_Ohm, modulus_Ohm] as const };
  on.env.measuring = { is: 'done', points: 1, reason, ...found };
  return on.go(2);
};
const last = ({ told }: Bench): string | undefined => told.lines.at(-1);
const WHOLE = { from_Hz: 1000, to_Hz: 1, cycles: 2 };
const FIRST = { from_Hz: 1000, to_Hz: 1000, cycles: 1 };

describe('the first amplitude where nothing is known of the impedance', () => {
  it.each([
    ['of a voltage is 1 mV', 'amplitude_mV: 10', 0.001, 0.01, 0.02],
    ['or a hundredth', 'amplitude_mV: 200, dc: { current_A: -2 }', 0.002, 0.2, 0.5],
    ['of a current is a hundredth', 'amplitude_A: 2', 0.02, 2, 0.02],
  ])('%s, then all of it as it was asked', (_what, own, trial, amplitude, found_Ohm) => {
    const on = bench(own);
    expect(asked(on)).toEqual([{ ...FIRST, amplitude: trial, trialOf: amplitude }]);
    expect(asked(answered(on, found_Ohm)).at(-1)).toEqual({ ...WHOLE, amplitude });
    expect(on.env.spectra).toHaveLength(2);
    // Its first point is judged as every one is.
    expect(on.env.judge?.([1e-6, 9])).toMatch(/peak/);
  });

  it.each([
    ['mV', 'amplitude_mV: 10', 0.0005, /peak current of 20 A .*expected at most 5 A \(set limits\)/],
    ['A', 'amplitude_A: 2', 0.03, /peak voltage of 3.66 V .*expected at most 3.65 V \(sheet\)/],
  ])(
    'in %s: what it would come to is beyond a limit, and it never goes out',
    (_unit, own, found_Ohm, message) => {
      const on = answered(bench(own), found_Ohm);
      expect(on.env.spectra).toHaveLength(1);
      expect(last(on)).toMatch(message);
      expect(last(on)).toMatch(/^stop: z \(eis\): .*; by a point of a small amplitude$/);
      expect(on.env.givenUp).toEqual([]);
    },
  );

  it.each([
    ['no number', undefined, 'only 0 of 1 points are usable'],
    ['one that is not usable', 0.02, 'only 0 of 1 points are usable'],
  ])('%s tells nothing: the step fails', (_what, found_Ohm, reason) => {
    const on = answered(bench('amplitude_mV: 10'), found_Ohm, reason);
    expect(on.env.spectra).toHaveLength(1);
    expect(last(on)).toMatch(
      /the impedance at 1000 Hz is not known from 0.001 V: only 0 of 1 points are usable/,
    );
  });

  it('one that fails says why', () => {
    const on = bench('amplitude_mV: 10');
    on.env.measuring = { is: 'failed', points: 0, reason: 'overload' };
    expect(last(on.go(2))).toBe('stop: z (eis): overload');
  });

  it.each([
    ['an earlier spectrum leaves room by far', 'amplitude_mV: 10', 0.05],
    ['it is small itself', 'amplitude_mV: 1', Number.NaN],
  ])('is not tried where %s', (_what, own, earlier_Ohm) => {
    expect(asked(bench(own, earlier_Ohm))).toMatchObject([WHOLE]);
  });

  it('is not tried where nothing that answers is limited', () => {
    const on = new Bench(of('amplitude_A: 0.5')).go(3);
    expect(asked(on)).toMatchObject([WHOLE]);
  });

  it('is tried where what an earlier one has found leaves little room', () => {
    expect(asked(bench('amplitude_mV: 10', 0.01))).toMatchObject([{ trialOf: 0.01 }]);
  });

  it('is tried anew where a hold has cut it short, and a deadline ends it', () => {
    const on = bench('amplitude_mV: 10, dc: { current_A: -1 }');
    on.hold(5);
    on.go(3);
    expect(asked(on)).toMatchObject([{ trialOf: 0.01 }, { trialOf: 0.01 }]);
    on.go(600);
    expect(last(on)).toMatch(/deadline/);
    expect(on.env.givenUp).toHaveLength(2);
  });
});
