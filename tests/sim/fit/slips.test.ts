import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../../sim/fit/data/columns.ts';
import { checkedCurve } from '../../../sim/fit/data/curve-checks.ts';
import { checkTimeStamps } from '../../../sim/fit/data/time-stamps.ts';
import type { FitData } from '../../../sim/fit/fit-data.ts';
import { chooseCircuit } from '../../../sim/fit/spectrum/choose-circuit.ts';
import { prepareSpectrum } from '../../../sim/fit/spectrum/prepare.ts';

/** Slips in files for `fit` that once were fitted, or ended in an error of our own. */

const CELL = { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 };
const STACK = { cells: 10, activeArea_cm2: 50, currentNominal_A: 100 };

function dataOf(kind: FitData['kind'], columns: Record<string, readonly number[]>): FitData {
  const rows = Object.values(columns)[0].length;
  return {
    kind,
    path: 'x.csv',
    rows,
    columns: new Map(Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)])),
    headerLine: 1,
    lines: Array.from({ length: rows }, (_, i) => i + 2),
    notes: [],
  } as unknown as FitData;
}

const range = (n: number, of: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => of(i));
/** R0 + R1 beside C1 at some frequencies, times a factor. */
function arc(frequencies: readonly number[], factor = (_: number): number => 1): FitData {
  const z = frequencies.map((f, i) => {
    const w = 2 * Math.PI * f * 0.01;
    const k = factor(i) / (1 + w * w);
    return [factor(i) * 0.02 + 0.01 * k, -0.01 * w * k];
  });
  return dataOf('spectrum', {
    frequency_Hz: frequencies,
    re_Ohm: z.map(p => p[0]),
    im_Ohm: z.map(p => p[1]),
  });
}
const SWEEP = range(40, i => 10 ** (3 - i / 10));

describe('a spectrum', () => {
  it.each([1, 2])('of %d frequencies is refused', n => {
    expect(() => prepareSpectrum(arc(SWEEP.slice(0, n)))).toThrow(
      /expected at least 3: fewer tell no circuit/,
    );
  });

  it('with a negative resistance is refused', () => {
    expect(() => prepareSpectrum(arc(SWEEP, () => -1))).toThrow(/Re Z is negative at 40 of 40 points/);
  });

  it('of two sweeps of a cell that changed says so', () => {
    const two = prepareSpectrum(arc([...SWEEP, ...SWEEP], i => (i < 40 ? 1 : 1.1)));
    expect(two.warnings.join()).toMatch(/differ by up to (9|10)[.\d]* % of the modulus/);
    expect(prepareSpectrum(arc([...SWEEP, ...SWEEP])).warnings).toEqual([]);
  });

  it('of which no circuit can be told is refused by name', () => {
    const flat = { frequency_Hz: Float64Array.of(1), re: Float64Array.of(1), im: Float64Array.of(0.1) };
    expect(() => chooseCircuit(flat)).toThrow(/tells the figures of no circuit/);
  });
});

describe('stamps', () => {
  const series = (step: number): FitData =>
    dataOf('series', {
      time_s: range(100, i => i * step),
      'cell.current_A': range(100, i => (i % 10 < 5 ? -5 : 0)),
    });
  const check = (step: number) => (): void => checkTimeStamps(series(step), CELL, 'cell', false);

  it.each([1 / 60, 1 / 30, 1 / 12, 1 / 6])('each %d are minutes', step => {
    expect(check(step)).toThrow(/looks like minutes; expected --time min/);
  });

  it.each([0.01, 0.02, 0.1, 0.5, 1, 10])('each %d are seconds', step => {
    expect(check(step)).not.toThrow();
  });

  it('in us are not called ms', () => {
    expect(check(1e6)).toThrow(/time_us if the stamps are microseconds/);
    expect(meaningOf('time_us')).toMatchObject({ name: 'time_s', factor: 1e-6 });
  });
});

describe('a curve', () => {
  const curve = (columns: Record<string, readonly number[]>) => (): FitData =>
    checkedCurve(dataOf('curve' as FitData['kind'], columns), STACK, undefined);
  const current_A = [10, 20, 50, 100];
  const cellVoltage_V = [1.6, 1.7, 1.8, 2];

  it('in kelvin is refused', () => {
    const kelvin = current_A.map(() => 333.15);
    expect(curve({ current_A, cellVoltage_V, temperature_degC: kelvin })).toThrow(
      /333.15 looks like kelvin.*\(60\?\)/,
    );
    expect(curve({ current_A, cellVoltage_V, temperature_degC: current_A.map(() => 60) })).not.toThrow();
  });

  it('of one point is refused', () => {
    expect(curve({ current_A: [50, 50, 50], cellVoltage_V: [1.8, 1.8, 1.8] })).toThrow(
      /3 points that are one and the same/,
    );
  });
});
