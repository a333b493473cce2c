import { describe, expect, it } from 'vitest';
import { Bench, FakeCell } from './fake-cell.ts';

/** The step `eis`: what it asks of the bench, and how it ends. */

/** Steps as they ended, without phases: `label: how`. */
function steps(bench: Bench): string[] {
  return bench.told.lines.filter(line => line.includes('..')).map(line => line.replace(/^\S+ /, ''));
}
const ran = (text: string, for_s = 1000): Bench => new Bench(text).go(for_s);
const last = (bench: Bench): string | undefined => bench.told.lines.at(-1);

describe('an impedance spectrum', () => {
  const EIS = 'eis: { amplitude_mV: 10, from_kHz: 1, to_Hz: 10, cycles: 2';
  const done = (bench: Bench): void => {
    bench.env.measuring = { is: 'done', points: 21, reason: '' };
  };

  it('is asked for in V and Hz, and ends when all of it is measured; the load stays', () => {
    const bench = new Bench(`- { cc: { current_A: 1 }, for_s: 2 }\n- { ${EIS} }, id: z, within_min: 5 }`);
    bench.go(10);
    expect(bench.env.spectra).toEqual([
      [
        {
          control: 'voltage',
          amplitude: 0.01,
          from_Hz: 1000,
          to_Hz: 10,
          pointsPerDecade: 10,
          cycles: 2,
          dc: 'keep',
        },
        { id: 'z', label: 'z (eis)', levels: {} },
      ],
    ]);
    expect(bench.env.current_A).toBe(1);
    done(bench);
    bench.go(1);
    expect(steps(bench)).toEqual(['cc: time, time', 'z (eis): reached, 21 points']);
    expect(bench.env.givenUp).toEqual([]);
  });

  it('points and periods may be expressions; what is no whole number fails the step', () => {
    const asks = (points: string): string =>
      `- each: { n_count: [3] }\n  steps:\n  - { eis: { amplitude_mV: 10, from_kHz: 1, to_Hz: 10, points_per_decade: ${points}, cycles: n_count }, within_min: 5 }`;
    const bench = ran(asks('n_count * 2 - 1'), 10);
    expect(bench.env.spectra[0][0]).toMatchObject({ pointsPerDecade: 5, cycles: 3 });
    const wrong = ran(asks('n_count / 2'), 10);
    expect(wrong.env.spectra).toEqual([]);
    expect(wrong.told.lines.join(' ')).toMatch(/points_per_decade is 1.5, expected a whole number 1..100/);
  });

  it('at open circuit: nothing flows before it begins', () => {
    const bench = new Bench(`- { cc: { current_A: 1 }, for_s: 2 }\n- { ${EIS}, dc: open }, within_min: 5 }`);
    bench.env.delay_s = 0.3;
    bench.go(10, ({ env }) => {
      if (env.spectra.length > 0) expect(env.current_A).toBe(0);
    });
    expect(bench.env.spectra[0][0].dc).toBe('open');
  });

  it('at a bias of its own: the current is applied first', () => {
    const bench = new Bench(`- { ${EIS}, dc: { current_C: 1/5 } }, within_min: 5 }`);
    bench.env.delay_s = 0.3;
    bench.go(10);
    expect(bench.env.spectra[0][0].dc).toEqual({ current_A: 1 });
    expect(bench.env.current_A).toBe(1);
  });

  it('and a reading has shown it: the first point has the voltage and current of its moment', () => {
    const bench = new Bench(`- { ${EIS}, dc: { current_C: 1/5 } }, within_min: 5 }`);
    let seen_s = 0;
    bench.env.arrived_s = () => seen_s;
    bench.go(5);
    expect(bench.env.current_A).toBe(1);
    expect(bench.env.spectra).toEqual([]);
    seen_s = bench.env.t_s;
    bench.go(1);
    expect(bench.env.spectra).toHaveLength(1);
  });

  it('an amplitude in pct is one of the direct current', () => {
    const eis = '- { eis: { amplitude_pct: 5, from_Hz: 100, to_Hz: 1 }, within_min: 5 }';
    const bench = new Bench(`- { cc: { current_A: 2 }, for_s: 2 }\n${eis}`).go(10);
    expect(bench.env.spectra[0][0]).toMatchObject({ control: 'current', amplitude: 0.1 });
    // What its meter shows of no current at all is none.
    const zero = new FakeCell();
    const meter = Object.assign(zero, { accuracy: () => ({ reading_pct: 0.1, abs: 0.01 }) });
    meter.value = role => (role === 'cell.current_A' ? 0.012 : 3.6);
    expect(last(new Bench(eis, { env: meter }).go(10))).toContain('0.012 A that is read to +-0.01 A');
    const still = ran(eis);
    expect(last(still)).toMatch(/^stop: eis: amplitude_pct of a direct current of 0 A: as good as none/);
  });

  it('knows the loops around it', () => {
    const bench = new Bench(
      `- each: { level_A: [1, 2] }\n  steps:\n  - { cc: { current_A: level_A }, for_s: 1 }\n  - { ${EIS} }, within_min: 5 }`,
    );
    bench.go(10, b => {
      if (b.env.measuring.is === 'under way') done(b);
    });
    expect(bench.env.spectra.map(([, { levels }]) => levels)).toEqual([{ level_A: 1 }, { level_A: 2 }]);
    expect(last(bench)).toBe('complete: procedure completed');
  });

  it('is given up at its deadline, and where the step is left', () => {
    const late = ran(`- { ${EIS} }, within_s: 5 }`);
    expect(late.env.givenUp).toEqual(['deadline of 5 s passed']);
    expect(last(late)).toMatch(/^stop: eis: deadline of 5 s passed/);
    const left = ran(`- { ${EIS} }, within_s: 50, exits: [{ when: step.time_s > 3, then: next }] }`);
    expect(left.env.givenUp).toHaveLength(1);
    expect(last(left)).toBe('complete: procedure completed');
  });

  it('one that fails stops the run', () => {
    const bench = new Bench(`- { ${EIS} }, within_s: 50 }`).go(2);
    bench.env.measuring = { is: 'failed', points: 3, reason: 'the instrument hangs' };
    bench.go(2);
    expect(last(bench)).toBe('stop: eis: the instrument hangs');
  });

  it.each([
    [
      'a band beyond the instrument',
      'eis: { amplitude_mV: 10, from_MHz: 5, to_Hz: 1 }',
      /5000000 Hz, expected/,
    ],
    [
      'an amplitude beyond it',
      'eis: { amplitude_V: 2, from_Hz: 100, to_Hz: 1 }',
      /amplitude 2 V, expected at most 1 V/,
    ],
  ])('%s is refused in words', (_what, eis, message) => {
    const bench = ran(`- { ${eis}, within_s: 50 }`);
    expect(last(bench)).toMatch(message);
    expect(bench.env.spectra).toEqual([]);
  });

  const limited = (earlier_Ohm = 0.05): FakeCell => {
    const env = new FakeCell();
    const above = { side: 'above', armed: 'always' } as const;
    env.peaks = [
      { ...above, of: 'voltage', limit: 3.65, what: 'sheet' },
      { ...above, of: 'current', limit: 2, what: 'set limits' },
      { ...above, of: 'current', limit: 1.5, what: 'trip curve', armed: 'curve' },
    ];
    env.earlier_Ohm = earlier_Ohm;
    return env;
  };
  it.each([
    ['a voltage on the direct one', 'amplitude_mV: 60', /a peak voltage of 3.66 V \(3.6 V \+ 0.06 V/, 0.05],
    [
      'a current on the direct one',
      'amplitude_A: 0.9, dc: { current_A: 1.2 }',
      /peak current of 2.1 A .*set limits/,
      0.05,
    ],
    ['what an earlier spectrum has found', 'amplitude_mV: 10', /peak current of 2.5 A \(0 A \+ 2.5 A/, 0.004],
  ])('never begins with peaks beyond the limits: %s', (_what, amplitude, message, earlier_Ohm) => {
    const eis = `- { eis: { ${amplitude}, from_Hz: 100, to_Hz: 1 }, within_s: 50 }`;
    const env = limited(earlier_Ohm);
    env.impedance = { ...env.impedance, amplitudeMax_A: amplitude.includes('A:') ? 1 : 5 } as never;
    const bench = new Bench(eis, { env }).go(10);
    expect(last(bench)).toMatch(message);
    expect(env.spectra).toEqual([]);
  });

  it.each([
    ['the limits', 'amplitude_mV: 10', [0.004, 0.01], 5, /peak current of 2.5 A .*set limits/],
    ['a trip of its tag', 'amplitude_mV: 10', [0.006, 0.01], 5, /peak current of 1.667 A .*trip curve/],
    [
      'the instrument',
      'amplitude_mV: 10',
      [0.008, 0.01],
      1,
      /1.25 A peak \(0.01 V at 8 mOhm\), expected at most 1 A/,
    ],
    ['the voltage of a current', 'amplitude_A: 1', [0.01, 0.06], 5, /peak voltage of 3.66 V/],
  ] as const)(
    'ends with the point that shows peaks beyond %s',
    (_what, amplitude, modulus_Ohm, most_A, message) => {
      const env = limited();
      env.impedance = { ...env.impedance, amplitudeMax_A: most_A } as never;
      const bench = new Bench(
        `- { eis: { ${amplitude}, from_Hz: 100, to_Hz: 1 }, within_s: 50, tags: [curve] }`,
        { env },
      );
      bench.go(3);
      // The small amplitude before it finds nothing against it.
      env.measuring = { is: 'done', points: 1, reason: '', modulus_Ohm: [0.02, 0.02] };
      bench.go(1);
      expect(env.spectra).toHaveLength(2);
      env.measuring = { is: 'under way', points: 1, reason: '', modulus_Ohm };
      bench.go(2);
      expect(last(bench)).toMatch(message);
      expect(env.givenUp).toHaveLength(1);
    },
  );

  it('judges each point as it comes, not with the next look', () => {
    const env = limited();
    env.impedance = { ...env.impedance, amplitudeMax_A: 5 } as never;
    new Bench('- { eis: { amplitude_mV: 10, from_Hz: 100, to_Hz: 1 }, within_s: 50 }', { env }).go(3);
    expect(env.judge?.([0.006, 0.01])).toBeUndefined();
    expect(env.judge?.([0.004, 0.01])).toMatch(/peak current of 2.5 A .*set limits/);
  });

  it('waits for a direct value that is not known', () => {
    const env = limited();
    env.isBlind = true;
    const bench = new Bench(`- { ${EIS} }, within_s: 50 }`, { env }).go(5);
    expect(env.spectra).toEqual([]);
    env.isBlind = false;
    bench.go(2);
    expect(env.spectra).toHaveLength(1);
  });

  it('begins again from its first frequency after a cut', () => {
    const bench = new Bench(`- { cc: { current_A: 1 }, for_s: 2 }\n- { ${EIS} }, within_s: 50 }`).go(10);
    bench.cut();
    bench.env.measuring = { is: 'none', points: 0, reason: '' };
    bench.go(2);
    expect(bench.env.spectra).toHaveLength(2);
    expect(bench.env.current_A).toBe(1);
  });
});
