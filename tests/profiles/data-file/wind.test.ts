import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { TURBINE, turbinePower_frac, turbineSeries_frac } from '../../../profiles/data-file/turbine.ts';
import {
  generatedWind,
  kaimal,
  turbulence_m_per_s,
  windSeries_m_per_s,
} from '../../../profiles/data-file/wind.ts';

const mean = (x: ArrayLike<number>): number => Array.from(x).reduce((sum, v) => sum + v, 0) / x.length;
const deviation = (x: ArrayLike<number>): number => {
  const m = mean(x);
  return Math.sqrt(Array.from(x).reduce((sum, v) => sum + (v - m) ** 2, 0) / x.length);
};

/** Power in a band by direct Fourier sums at the harmonics of the series, (m/s)^2. */
function bandVariance(x: Float64Array, low_Hz: number, high_Hz: number): number {
  const n = x.length;
  let sum = 0;
  for (let k = Math.ceil(low_Hz * n); k < high_Hz * n; k++) {
    let re = 0;
    let im = 0;
    for (let i = 0; i < n; i++) {
      re += x[i] * Math.cos((2 * Math.PI * k * i) / n);
      im += x[i] * Math.sin((2 * Math.PI * k * i) / n);
    }
    sum += (2 * (re * re + im * im)) / n / n;
  }
  return sum;
}

describe('wind', () => {
  it('normal turbulence model, class B at 10 m/s: 1.83 m/s', () => {
    expect(turbulence_m_per_s(0.14, 10)).toBeCloseTo(1.834, 3);
  });

  it('the Kaimal spectrum integrates to its variance', () => {
    let sum = 0;
    const step = 1.001;
    for (let f = 1e-7; f < 1e3; f *= step) sum += kaimal(f * Math.sqrt(step), 2, 10, 90) * f * (step - 1);
    expect(sum / 4).toBeCloseTo(1, 2);
  });

  it('turbulence without the slow part has mean and standard deviation of the model', () => {
    const wind = windSeries_m_per_s({ seconds: 32_768, mean_m_per_s: 12, slow_frac: 0 }, seededRandom(3));
    expect(mean(wind)).toBeCloseTo(12, 1);
    expect(deviation(wind) / turbulence_m_per_s(0.14, 12)).toBeCloseTo(1, 1);
  });

  it('has the shape of the Kaimal spectrum: the share of three bands within 5 %', () => {
    const seconds = 4096;
    const wind = windSeries_m_per_s({ seconds, mean_m_per_s: 14, slow_frac: 0 }, seededRandom(4));
    const expectedIn = (low_Hz: number, high_Hz: number): number => {
      let sum = 0;
      for (let k = Math.ceil(low_Hz * seconds); k < high_Hz * seconds; k++)
        sum += kaimal(k / seconds, 1, 14, 90) / seconds;
      return sum;
    };
    const whole = expectedIn(1 / 585, 0.5);
    const sigma = turbulence_m_per_s(0.14, 14);
    for (const [low_Hz, high_Hz] of [
      [1 / 585, 0.01],
      [0.01, 0.1],
      [0.1, 0.5],
    ]) {
      const share = bandVariance(wind, low_Hz, high_Hz) / sigma ** 2;
      expect(share / (expectedIn(low_Hz, high_Hz) / whole)).toBeCloseTo(1, 1);
    }
  });

  it('same seed, same wind; another seed, another', () => {
    const make = (seed: number) =>
      generatedWind({ seconds: 600, mean_m_per_s: 8, seed }, seededRandom(seed)).power_frac;
    expect(make(1)).toEqual(make(1));
    expect(make(1)).not.toEqual(make(2));
  });

  it('a night at 1 s: 0..1, swings over much of it, no step that a rotor could not make', () => {
    const profile = generatedWind({ seconds: 28_800, mean_m_per_s: 9, seed: 1 }, seededRandom(1));
    const p = profile.power_frac;
    expect(p.length).toBe(28_800);
    expect(Math.min(...p)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...p)).toBeLessThanOrEqual(1);
    expect(Math.max(...p) - Math.min(...p)).toBeGreaterThan(0.5);
    for (let i = 1; i < p.length; i++) expect(Math.abs(p[i] - p[i - 1])).toBeLessThan(0.125);
    expect(profile.source).toContain('seed 1');
  });

  it.each([
    [{ seconds: 0, mean_m_per_s: 8 }, /seconds/],
    [{ seconds: 10, mean_m_per_s: Number.NaN }, /mean_m_per_s/],
    [{ seconds: 10, mean_m_per_s: 80 }, /mean_m_per_s/],
  ])('refuses %j', (options, message) => {
    expect(() => windSeries_m_per_s(options, seededRandom(1))).toThrow(message);
  });
});

describe('turbine', () => {
  it.each([
    [0, 0],
    [3, 0],
    [7.25, (7.25 ** 3 - 27) / (11.5 ** 3 - 27)],
    [11.5, 1],
    [24.9, 1],
    [25, 0],
  ])('at a steady %f m/s gives %f of its rated power', (wind, expected) => {
    expect(turbinePower_frac(TURBINE, wind)).toBeCloseTo(expected, 12);
    expect(turbineSeries_frac(TURBINE, new Float64Array(200).fill(wind))[199]).toBeCloseTo(expected, 6);
  });

  it('follows a step with the lag of its rotor: 63 % after 8 s', () => {
    const wind = new Float64Array(100).fill(15);
    wind[0] = 0;
    expect(turbineSeries_frac(TURBINE, wind)[8]).toBeCloseTo(1 - Math.exp(-1), 3);
  });

  it('after a storm stop waits for the wind to fall below the restart speed', () => {
    const wind = Float64Array.from({ length: 300 }, (_, i) => (i < 100 ? 26 : i < 200 ? 23.5 : 20));
    const power = turbineSeries_frac(TURBINE, wind);
    expect(power[199]).toBeLessThan(1e-6);
    expect(power[299]).toBeGreaterThan(0.99);
  });
});
