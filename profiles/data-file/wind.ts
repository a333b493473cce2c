import { z } from 'zod';
import type { Random } from '../../drivers/contract/random.ts';
import { TURBINE, type Turbine, turbineSeries_frac } from './turbine.ts';

/** Longest series that is made: a week; the frequency grid of longer ones would not fit in memory comfortably. */
const LONGEST_S = 604_800;

const windSchema = z.strictObject({
  seconds: z.number().int().min(1).max(LONGEST_S),
  /** Mean wind at hub height over the whole series, m/s. */
  mean_m_per_s: z.number().min(0.5).max(40),
  /** Reference turbulence at 15 m/s: class A 0.16, B 0.14, C 0.12 (IEC 61400-1 Ed. 3). */
  turbulence_frac: z.number().min(0).max(0.5).default(0.14),
  hub_m: z.number().min(10).max(200).default(90),
  /** Standard deviation of the slow part (weather) as part of the mean; 10-minute steps with memory 0.97. */
  slow_frac: z.number().min(0).max(0.5).default(0.2),
});

export type WindOptions = z.input<typeof windSchema>;

/** IEC 61400-1 normal turbulence model: standard deviation of the 1 Hz wind, m/s. */
export function turbulence_m_per_s(turbulence_frac: number, mean_m_per_s: number): number {
  return turbulence_frac * (0.75 * mean_m_per_s + 5.6);
}

/** IEC 61400-1 Kaimal spectrum of the longitudinal wind, (m/s)^2/Hz, one-sided. */
export function kaimal(
  frequency_Hz: number,
  sigma_m_per_s: number,
  mean_m_per_s: number,
  hub_m: number,
): number {
  const length_m = 8.1 * 0.7 * Math.min(60, hub_m);
  const time_s = length_m / mean_m_per_s;
  return (4 * sigma_m_per_s * sigma_m_per_s * time_s) / (1 + 6 * frequency_Hz * time_s) ** (5 / 3);
}

/**
 * Wind at 1 s, m/s, >= 0: slow part + Kaimal turbulence. The turbulence is the sum of all harmonics between
 * 1/600 Hz and 0.5 Hz with random phases (inverse FFT), scaled to the variance of the normal turbulence model; what
 * is slower than 10 minutes is the slow part (first-order memory of 0.97 over 10 minutes, interpolated).
 */
export function windSeries_m_per_s(options: WindOptions, random: Random): Float64Array {
  const { seconds, mean_m_per_s, turbulence_frac, hub_m, slow_frac } = windSchema.parse(options);
  const size = 2 ** Math.ceil(Math.log2(Math.max(seconds, 1024)));
  const sigma_m_per_s = turbulence_m_per_s(turbulence_frac, mean_m_per_s);
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  let variance = 0;
  for (let k = Math.ceil(size / 600); k < size / 2; k++) {
    const power = kaimal(k / size, sigma_m_per_s, mean_m_per_s, hub_m) / size;
    const amplitude = Math.sqrt(2 * power);
    const phase = 2 * Math.PI * random.uniform();
    re[k] = amplitude * Math.cos(phase);
    im[k] = amplitude * Math.sin(phase);
    variance += power;
  }
  // The band holds a part of the spectrum's variance; the model's figure is that of the band.
  const scale = variance > 0 ? sigma_m_per_s / Math.sqrt(variance) : 0;
  fft(re, im);
  const slow = slowPart(seconds, random);
  const wind = new Float64Array(seconds);
  for (let i = 0; i < seconds; i++) {
    wind[i] = Math.max(0, mean_m_per_s * (1 + slow_frac * slow(i)) + scale * re[i]);
  }
  return wind;
}

/** A wind that was made, through a turbine. */
export interface GeneratedWind {
  /** Power over rated power, 0..1, one value a second from second 0. */
  readonly power_frac: Float64Array;
  /** The model with its parameters and seed. */
  readonly source: string;
}

/** Wind of a seed through a turbine: what is followed where no file is given. Same options, same series. */
export function generatedWind(
  options: WindOptions & { readonly seed: number; readonly turbine?: Turbine },
  random: Random,
): GeneratedWind {
  const { seed, turbine = TURBINE, ...wind } = options;
  return {
    power_frac: turbineSeries_frac(turbine, windSeries_m_per_s(wind, random)),
    source: `IEC 61400-1 Kaimal, normal turbulence, mean ${wind.mean_m_per_s} m/s, ${wind.seconds} s, seed ${seed}`,
  };
}

const SLOW_STEP_S = 600;
const SLOW_MEMORY = 0.97;

/** Weather: unit variance, first-order memory, linear between 10-minute points. */
function slowPart(seconds: number, random: Random): (i: number) => number {
  const points = new Float64Array(Math.ceil(seconds / SLOW_STEP_S) + 2);
  points[0] = random.gauss();
  const fresh = Math.sqrt(1 - SLOW_MEMORY ** 2);
  for (let k = 1; k < points.length; k++) points[k] = SLOW_MEMORY * points[k - 1] + fresh * random.gauss();
  return i => {
    const at = i / SLOW_STEP_S;
    const k = Math.floor(at);
    return points[k] + (points[k + 1] - points[k]) * (at - k);
  };
}

/** In-place radix-2 FFT (Cooley-Tukey); length a power of two. The real part of the result is the sum of harmonics. */
function fft(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const [x, y] = [re[i], im[i]];
      re[i] = re[j];
      im[i] = im[j];
      re[j] = x;
      im[j] = y;
    }
  }
  for (let length = 2; length <= n; length *= 2) {
    const half = length / 2;
    const angle = (2 * Math.PI) / length;
    for (let k = 0; k < half; k++) {
      const c = Math.cos(angle * k);
      const s = Math.sin(angle * k);
      for (let i = k; i < n; i += length) {
        const j = i + half;
        const x = re[j] * c - im[j] * s;
        const y = re[j] * s + im[j] * c;
        re[j] = re[i] - x;
        im[j] = im[i] - y;
        re[i] += x;
        im[i] += y;
      }
    }
  }
}
