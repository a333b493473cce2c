import { describe, expect, it } from 'vitest';
import { ledgerOf } from '../../profiles/cell/ledger.ts';
import { pulsesOf } from '../../profiles/cell/pulses.ts';
import { stillToCome } from '../../profiles/cell/rest-alone.ts';
import { cellKpis } from '../../profiles/cell-kpis.ts';
import { resistanceAt } from '../../profiles/language/methods/cell-pulses/resistance.ts';
import type { RecordedRun, RecordedStep } from '../../profiles/recorded-run.ts';
import { CELL, cellRecord, type Piece } from '../validate/figures/cell-record.ts';
import { seeded } from '../validate/figures/seeded.ts';
import { figureOf } from './figures.ts';

/** A pulse of 25 mOhm, 10 s at 1C, on a rest that still comes back from the load before it. */

const LOAD_S = 600;
const PULSE_S = 10;
type Course = (rested_s: number) => number;

/** Volts still to come after so long a rest. */
const COURSES: Readonly<Record<string, Course>> = {
  'a diffusion': t => 0.0007 * (Math.sqrt(t + LOAD_S) - Math.sqrt(t)),
  'a logarithm': t => -0.002 * Math.log((t + 1) / LOAD_S),
  'an exponential of 60 s': t => 0.01 * Math.exp(-t / 60),
  'an exponential of 600 s': t => 0.02 * Math.exp(-t / 600),
  nothing: () => 0,
};

function rested(rest_s: number, left_V: Course, noise_V = 0): { run: RecordedRun; pulse: RecordedStep } {
  const pieces: Piece[] = [
    { for_s: LOAD_S, current_A: -2.5 },
    { for_s: rest_s, current_A: 0 },
    { for_s: PULSE_S, current_A: -5 },
    { for_s: 60, current_A: 0 },
  ];
  const start_s = LOAD_S + rest_s;
  const made = cellRecord(pieces, {
    dt_s: 1,
    asked: {
      'cell.currentSet_A': [
        [0, -2.5],
        [LOAD_S, 0],
        [start_s, -5],
        [start_s + PULSE_S, 0],
      ],
      'cell.modeSet_count': [[0, 1]],
    },
  });
  const chance = seeded(5);
  const { t_s } = made.series('cell.current_A');
  const value = t_s.map(t => {
    const current_A = t <= LOAD_S ? -2.5 : t > start_s + 1e-9 && t <= start_s + PULSE_S ? -5 : 0;
    const drift_V = t > LOAD_S ? left_V(t - LOAD_S) : left_V(0);
    return 3.7 - drift_V + 0.025 * current_A + noise_V * chance.gauss();
  });
  const step = (from_s: number, to_s: number, kind: string): RecordedStep =>
    ({ start_s: from_s, end_s: to_s, kind, ended: 'time' }) as unknown as RecordedStep;
  const pulse = step(start_s, start_s + PULSE_S, 'cc');
  const steps = [step(0, LOAD_S, 'cc'), step(LOAD_S, start_s, 'rest'), pulse];
  const series = (role: string) => (role === 'cell.voltage_V' ? { t_s, value } : made.series(role));
  return { run: { ...made, steps, series }, pulse };
}

const CASES = Object.keys(COURSES).flatMap(name =>
  [40, 60, 300, 1800].map(rest_s => [name, rest_s] as const),
);

describe('a pulse on a rest that still comes back', () => {
  it.each(CASES)(
    'after %s of %d s is told without it, and the rest of it is in the uncertainty',
    (name, rest_s) => {
      const course = COURSES[name];
      const drift_mOhm = (1000 * (course(rest_s) - course(rest_s + PULSE_S))) / 5;
      const { run, pulse } = rested(rest_s, course);
      const [own] = pulsesOf(run, CELL, ledgerOf(run, CELL)).slice(-1);
      const asked = resistanceAt(run, pulse, PULSE_S - 1e-3);
      for (const [value, u95] of [
        [own.resistance_mOhm, own.u95_mOhm],
        [asked.value ?? Number.NaN, asked.u95],
      ]) {
        expect(Math.abs(value - 25)).toBeLessThanOrEqual(u95 + 1e-3);
        // Most of the drift is gone, not only covered.
        expect(Math.abs(value - 25)).toBeLessThan(0.5 * Math.abs(drift_mOhm) + 9e-3);
        expect(u95).toBeLessThan(2.5 * Math.abs(drift_mOhm) + 0.06);
      }
    },
  );

  it('that moves by more than a tenth of the pulse has no resistance, and says why', () => {
    const { run, pulse } = rested(40, t => 0.3 * Math.exp(-t / 60));
    expect(pulsesOf(run, CELL, ledgerOf(run, CELL))).toHaveLength(0);
    const asked = resistanceAt(run, pulse, PULSE_S);
    expect(asked.value).toBeNull();
    expect(asked.missing).toMatch(/^the voltage at rest still moved, by .* mV in 10 s, .* more than 10 %/);
    const told = figureOf(cellKpis(run), 'pulse-resistance-discharge');
    expect(told.value).toBeNull();
    expect(told.definition).toContain('had come to stand');
  });

  it('is no less certain for noise on a rest that stands', () => {
    const { run, pulse } = rested(1800, () => 0, 1e-4);
    const { value, u95 } = resistanceAt(run, pulse, PULSE_S);
    expect(Math.abs((value ?? 0) - 25)).toBeLessThanOrEqual(u95);
    expect(u95).toBeLessThan(0.1);
  });
});

describe('a pulse that is read seldom', () => {
  /** 20 mOhm at once and 2 mOhm with each root of a second, read every so often. */
  const readEach = (every_s: number, first_s: number) => {
    const { run, pulse } = rested(1800, () => 0);
    const { start_s, end_s } = pulse;
    const isKept = (t: number): boolean =>
      t <= start_s || (t - start_s - first_s + 1e3 * every_s) % every_s === 0;
    const { t_s } = run.series('cell.voltage_V');
    const kept = t_s.filter(isKept);
    const of = (value: Float64Array) => ({ t_s: kept, value });
    const volts = kept.map(t =>
      t > start_s && t <= end_s ? 3.7 - 5 * (0.02 + 0.002 * Math.sqrt(t - start_s)) : 3.7,
    );
    const amperes = kept.map(t => (t > start_s && t <= end_s ? -5 : 0));
    const series = (role: string) =>
      role === 'cell.voltage_V' ? of(volts) : role === 'cell.current_A' ? of(amperes) : run.series(role);
    return resistanceAt({ ...run, series }, pulse, PULSE_S);
  };
  const truth = 20 + 2 * Math.sqrt(PULSE_S);

  it.each([
    [4, 4],
    [5, 4],
    [5, 3],
    [10, 9],
    [10, 7],
  ])(
    'each %i s, first after %i s: the time from the last reading to 10 s is in the uncertainty',
    (every_s, first_s) => {
      const { value, u95 } = readEach(every_s, first_s);
      expect(Math.abs((value ?? Number.NaN) - truth)).toBeLessThanOrEqual(u95);
      expect(u95).toBeLessThan(0.2 * truth);
    },
  );

  it('has no resistance where something held its current', () => {
    const { run, pulse } = rested(1800, () => 0);
    const { t_s, value } = run.series('cell.current_A');
    const falling = value.map((v, i) => (v === 0 ? 0 : v * Math.exp((pulse.start_s - t_s[i]) / 20)));
    const series = (role: string) => (role === 'cell.current_A' ? { t_s, value: falling } : run.series(role));
    const found = resistanceAt({ ...run, series }, pulse, PULSE_S);
    expect(found).toMatchObject({ value: null });
    expect(found.missing).toContain('the current did not stand');
  });
});

describe('what a rest would still come to', () => {
  const rest = { from_s: 0, to_s: 0 };
  const series = (to_s: number, of: (t_s: number) => number) => {
    const t_s = Float64Array.from({ length: to_s }, (_, i) => i + 1);
    return { t_s, value: t_s.map(of) };
  };

  it.each([
    [36, 360],
    [360, 360],
    [1800, 600],
    [14_400, 1800],
  ])('is that of semi-infinite diffusion after %d s of rest, %d s of load', (rest_s, load_s) => {
    const left = (t: number): number => 1e-3 * (Math.sqrt(t + load_s) - Math.sqrt(t));
    const found = stillToCome(
      series(rest_s, t => 4 - left(t)),
      { ...rest, to_s: rest_s },
      load_s,
      1,
    );
    // Its course is told over the last third, where it went faster.
    expect(found).toBeGreaterThan(left(rest_s));
    expect(found).toBeLessThan(1.4 * left(rest_s));
  });

  it('is nothing of a voltage that stands', () => {
    expect(
      stillToCome(
        series(600, () => 4),
        { ...rest, to_s: 600 },
        360,
        1,
      ),
    ).toBe(0);
  });
});
