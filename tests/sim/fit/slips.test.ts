import { describe, expect, it } from 'vitest';
import { chooseCircuit } from '../../../profiles/spectrum/choose-circuit.ts';
import { parseCircuit } from '../../../profiles/spectrum/circuit.ts';
import { fitCircuit } from '../../../profiles/spectrum/circuit-fit.ts';
import { meaningOf } from '../../../sim/fit/data/columns.ts';
import { checkedCurve } from '../../../sim/fit/data/curve-checks.ts';
import { checkSeriesUnits, smallCurrentHint } from '../../../sim/fit/data/series-units.ts';
import { checkTimeStamps } from '../../../sim/fit/data/time-stamps.ts';
import { type FitData, readFitData } from '../../../sim/fit/fit-data.ts';
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

  it.each([
    [
      2,
      /current_A ends at 2 A, 2 % of the nominal current; expected a column current_A_per_cm2 if it is A\/cm2/,
    ],
    [3, /3 % of the nominal current; expected a column current_A_per_cm2/],
    [1.9, /expected a column current_A_per_cm2/],
    [2000, /2000 % of the nominal current; expected a column current_mA_per_cm2 if it is mA\/cm2/],
    [100_000, /expected a column current_mA if it is mA, or --nominal/],
  ])('that ends at %d of a stack of 100 A and 50 cm2 is asked', (last, says) => {
    const scaled = current_A.map(i => (i * last) / 100);
    expect(curve({ current_A: scaled, cellVoltage_V })).toThrow(says);
  });

  it.each([10, 50, 100, 200])('that ends at %d A is one', last => {
    expect(curve({ current_A: current_A.map(i => (i * last) / 100), cellVoltage_V })).not.toThrow();
  });

  it('of one point is refused', () => {
    expect(curve({ current_A: [50, 50, 50], cellVoltage_V: [1.8, 1.8, 1.8] })).toThrow(
      /3 points that are one and the same/,
    );
  });
});

describe('thousandths under a heading', () => {
  const series = (amp: number, volt: number) =>
    dataOf('series', {
      time_s: range(20, i => i),
      'cell.current_A': range(20, i => (i > 10 ? -amp : 0)),
      'cell.voltage_V': range(20, i => (i > 10 ? volt - volt / 50 : volt)),
    });
  const check = (amp: number, volt: number) => (): void => checkSeriesUnits(series(amp, volt), CELL, 'cell');

  it('mA under A are asked as such, not as ms', () => {
    expect(check(5000, 3.7)).toThrow(
      /^x\.csv:13: cell\.current_A 5000 is 1000 times .* \(5 A\); expected cell\.current_mA as heading if it is mA/,
    );
  });

  it('mV under V, and V under mV', () => {
    expect(check(5, 3700)).toThrow(/^x\.csv:2: cell\.voltage_V 3700 .* expected cell\.voltage_mV as heading/);
    expect(check(5, 0.0037)).toThrow(/is 0\.0037 V a cell at most, expected V as unit of the heading/);
  });

  it.each([0.05, 5, 100])('%d A and 3.7 V are none', amp => expect(check(amp, 3.7)).not.toThrow());

  it('A under mA say so where nothing can be determined', () => {
    expect(smallCurrentHint(series(0.005, 3.7), CELL)).toMatch(
      /the current is 0\.005 A at most, 0\.1 % of what goes .* is the unit in its heading right\?/,
    );
    expect(smallCurrentHint(series(0.1, 3.7), CELL)).toBe('');
    expect(smallCurrentHint(series(0, 3.7), CELL)).toBe('');
  });
});

describe('exact data', () => {
  it('leave residuals of the search, which nobody is warned of', () => {
    const { frequency_Hz, re, im } = prepareSpectrum(arc(SWEEP));
    const fit = fitCircuit({ frequency_Hz, re, im }, parseCircuit('R0-p(R1,C1)'));
    expect(fit.rms_frac).toBeLessThan(1e-9);
    expect(fit.warnings.join()).not.toMatch(/not random/);
    // A part of the modulus that is no rounding is told of.
    const bent = re.map((r, i) => r * (1 + 0.01 * Math.sin(i / 4)));
    const other = fitCircuit({ frequency_Hz, re: bent, im }, parseCircuit('R0-p(R1,C1)'));
    expect(other.warnings.join()).toMatch(/residuals are not random/);
  });
});

describe('other units of a curve', () => {
  const curveOf = (text: string) => readFitData('c.csv', text);

  it.each([
    ['temperature_K', 'current_A,cellVoltage_V,temperature_K\n50,1.8,333.15', 'temperature_degC', 60],
    ['cathode_bara', 'current_A,cellVoltage_V,cathode_bara\n50,1.8,10', 'cathode_barg', 8.98675],
    ['current_A_per_m2', 'current_A_per_m2,cellVoltage_V\n20000,1.8', 'current_A_per_cm2', 2],
    ['a row of units', 'current,cellVoltage,temperature\nmA,mV,K\n50000,1800,333.15', 'current_A', 50],
    ['units in brackets', 'j;U;T\n[A/m²];[V];[°C]\n20000;1,8;60', 'current_A_per_cm2', 2],
    ['a row of the same units', 'current_A,cellVoltage_V\nA,V\n50,1.8', 'current_A', 50],
  ])('%s', (_, text, name, value) => {
    expect(curveOf(text).columns.get(name)?.[0]).toBeCloseTo(value, 9);
    expect(curveOf(text).kind).toBe('curve');
  });

  it('an atmosphere that was assumed is said', () => {
    expect(curveOf('current_A,cellVoltage_V,cathode_bara\n50,1.8,10').notes.join()).toMatch(
      /cathode_bara read with an atmosphere of 1\.01325 bar/,
    );
  });

  it('a row of units that contradicts the names is refused', () => {
    expect(() => curveOf('current_A,cellVoltage_V\nmA,V\n50,1.8')).toThrow(
      /^c\.csv:2: unit "mA" under current_A, expected the unit that its name says/,
    );
  });
});
