import { expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { distributionOf } from '../../../profiles/spectrum/drt.ts';
import { solveNonNegative } from '../../../profiles/spectrum/nnls.ts';

interface Zarc {
  readonly r: number;
  readonly tau_s: number;
  readonly p: number;
}

/** Z of arcs R / (1 + (j w tau)^p) behind a resistance, with noise of so many Ohm on each part. */
function spectrumOf(arcs: readonly Zarc[], { ohmic = 10, noise = 0, l_H = 0, seed = 1 } = {}) {
  const chance = seededRandom(seed);
  const n = 61;
  const frequency_Hz = Float64Array.from({ length: n }, (_, i) => 10 ** (4 - (6 * i) / (n - 1)));
  const [re, im] = [new Float64Array(n), new Float64Array(n)];
  frequency_Hz.forEach((f, i) => {
    const w = 2 * Math.PI * f;
    re[i] = ohmic;
    im[i] = w * l_H;
    for (const { r, tau_s, p } of arcs) {
      const size = (w * tau_s) ** p;
      const [c, s] = [1 + size * Math.cos((Math.PI * p) / 2), size * Math.sin((Math.PI * p) / 2)];
      re[i] += (r * c) / (c * c + s * s);
      im[i] -= (r * s) / (c * c + s * s);
    }
    re[i] += noise * chance.gauss();
    im[i] += noise * chance.gauss();
  });
  return { frequency_Hz, re, im };
}

/** Exact: gamma of an arc at a time. */
const gammaOf = ({ r, tau_s, p }: Zarc, at_s: number): number =>
  ((r / (2 * Math.PI)) * Math.sin((1 - p) * Math.PI)) /
  (Math.cosh(p * Math.log(at_s / tau_s)) - Math.cos((1 - p) * Math.PI));

const ARC: Zarc = { r: 50, tau_s: 0.01, p: 0.8 };

it('an arc gives its peak, its area and its shape', () => {
  const found = distributionOf(spectrumOf([ARC]));
  expect(found.polarisation).toBeCloseTo(50, 0);
  expect(Math.abs(found.polarisation / 50 - 1)).toBeLessThan(0.005);
  expect(found.ohmic).toBeCloseTo(10, 0);
  expect(found.peaks).toHaveLength(1);
  const [peak] = found.peaks;
  expect(Math.abs(Math.log(peak.tau_s / 0.01))).toBeLessThan(0.02);
  expect(peak.frequency_Hz).toBeCloseTo(1 / (2 * Math.PI * peak.tau_s), 9);
  expect(Math.abs(peak.height / gammaOf(ARC, 0.01) - 1)).toBeLessThan(0.05);
  expect(found.rms_frac).toBeLessThan(1e-3);
  // A decade beside the peak.
  const k = found.tau_s.findIndex(t => t >= 0.1);
  expect(found.gamma[k]).toBeCloseTo(gammaOf(ARC, found.tau_s[k]), 0);
});

it('with noise the area holds, and as much is smoothed as the noise asks for', () => {
  const areas: number[] = [];
  const heights: number[] = [];
  for (let seed = 1; seed <= 10; seed++) {
    const { polarisation, peaks, lambda } = distributionOf(spectrumOf([ARC], { noise: 0.1, seed }));
    areas.push(polarisation);
    heights.push(Math.max(...peaks.map(p => p.height)));
    expect(lambda).toBeGreaterThanOrEqual(1e-5);
    expect(lambda).toBeLessThanOrEqual(1e-2);
  }
  const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  expect(Math.abs(mean(areas) / 50 - 1)).toBeLessThan(0.01);
  expect(Math.abs(mean(heights) / gammaOf(ARC, 0.01) - 1)).toBeLessThan(0.15);
});

it.each([
  [10, 2],
  [30, 2],
  [3, 1],
])('two equal arcs, one %s times slower, are %s peaks', (ratio, count) => {
  const found = distributionOf(spectrumOf([ARC, { ...ARC, tau_s: 0.01 * ratio }], { noise: 0.1 }));
  const main = found.peaks.filter(peak => peak.resistance > 5);
  expect(main).toHaveLength(count);
  expect(found.polarisation / 100).toBeCloseTo(1, 1);
  if (count === 2) {
    expect(Math.abs(Math.log(main[0].tau_s / 0.01))).toBeLessThan(0.15);
    expect(Math.abs(Math.log(main[1].tau_s / (0.01 * ratio)))).toBeLessThan(0.15);
    for (const peak of main) expect(Math.abs(peak.resistance / 50 - 1)).toBeLessThan(0.1);
  }
});

it('an inductance in series is no process', () => {
  const found = distributionOf(spectrumOf([ARC], { l_H: 1e-4 }));
  expect(found.inductance_H).toBeCloseTo(1e-4, 5);
  expect(found.peaks).toHaveLength(1);
});

it('scales with the unit of Z, and refuses what says nothing', () => {
  const ohm = spectrumOf([ARC]);
  const milli = { ...ohm, re: ohm.re.map(v => 1000 * v), im: ohm.im.map(v => 1000 * v) };
  const [a, b] = [distributionOf(ohm), distributionOf(milli)];
  expect(b.lambda).toBe(a.lambda);
  expect(b.polarisation / a.polarisation).toBeCloseTo(1000, 6);
  const few = { frequency_Hz: ohm.frequency_Hz.slice(0, 5), re: ohm.re.slice(0, 5), im: ohm.im.slice(0, 5) };
  expect(() => distributionOf(few)).toThrow(/5 points, expected 12 at least/);
  expect(() => distributionOf({ ...ohm, re: ohm.re.map(() => 1) })).toThrow(/nothing relaxes/);
});

it('a least squares problem without negative figures is solved as its conditions ask', () => {
  const chance = seededRandom(7);
  for (let n = 1; n <= 25; n++) {
    const a = Array.from({ length: n + 3 }, () => Array.from({ length: n }, () => chance.gauss()));
    const b = a.map(() => chance.gauss());
    const h = new Float64Array(n * n);
    const g = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      g[i] = a.reduce((sum, row, r) => sum + row[i] * b[r], 0);
      for (let j = 0; j < n; j++) h[i * n + j] = a.reduce((sum, row) => sum + row[i] * row[j], 0);
    }
    const x = solveNonNegative(h, g);
    for (let i = 0; i < n; i++) {
      const slope = x.reduce((sum, v, j) => sum + h[i * n + j] * v, -g[i]);
      expect(x[i]).toBeGreaterThanOrEqual(0);
      // Kuhn and Tucker: where a figure is free the slope is 0, where it is held it points outward.
      if (x[i] > 1e-9) expect(Math.abs(slope)).toBeLessThan(1e-8);
      else expect(slope).toBeGreaterThan(-1e-8);
    }
  }
  expect(() => solveNonNegative(Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 1))).toThrow(/told apart/);
});
