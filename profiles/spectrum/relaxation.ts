import type { ImpedanceAccuracy } from '../../drivers/contract/measure/impedance.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import { type Distribution, type DistributionPeak, DRT_LEAST_POINTS, distributionsAt } from './drt.ts';
import { type ImpedanceData, instrumentPart, type KkResult, linKk } from './lin-kk.ts';

/**
 * The processes of a spectrum by their relaxation times, with intervals; or why there are none to be told. What noise does
 * to them is drawn (parametric bootstrap, B. Efron, R. Tibshirani, Stat. Sci. 1 (1986) 54) from the noise that the linear
 * Kramers-Kronig test leaves; beside it the choice of the smoothing, the accuracy of the instrument, and what lies beyond
 * the band.
 */

/** A process. u95 with k = 2, in the unit of its figure; NaN where draws with the noise do not show it every time. */
export interface Process extends DistributionPeak {
  readonly tauU95_s: number;
  readonly resistanceU95: number;
  /** False: its maximum lies where no frequency was measured, so that nothing tells where it is and how large. */
  readonly isInBand: boolean;
}

/** A distribution with intervals. Resistances in the unit of Z. */
export interface Relaxation extends Omit<Distribution, 'peaks'> {
  readonly peaks: readonly Process[];
  readonly polarisationU95: number;
}

/** More |Im Z| than this part of the real range at the lowest frequency: the last arc is not closed; at the highest, the first. */
const OPEN_FRAC = 0.2;
/** Nor is one that still rises over so many points, from this part on. */
const TAIL_POINTS = 3;
const RISING_LEAST_FRAC = 0.03;
/** Points that scatter by more of the modulus tell no processes. */
const NOISE_MOST_FRAC = 0.02;
/** A distribution of positive times must follow the spectrum as well as the chain of the test does: this far above. */
const FOLLOWS = 3;
const FOLLOWS_LEAST_FRAC = 0.003;
const DRAWS = 40;
/** A process that fewer of the draws show is not told apart from noise. */
const SHOWN_FRAC = 0.9;
/** The same process in another distribution lies no further away than this, in ln tau: half a decade. */
const SAME_LN = 1.15;
/** So much of what lies beyond the band is in doubt, k = 2; of a process whose maximum lies there all of it. */
const BEYOND_PART = 0.25;
/** The smoothing might as well have been so many times weaker or stronger. */
const SMOOTHING = 10 ** 0.5;

/** Processes of a spectrum; `accuracy` as its instrument declares it, k = 2. */
export function relaxationOf(
  data: ImpedanceData,
  { modulus_pct, phase_deg }: Pick<ImpedanceAccuracy, 'modulus_pct' | 'phase_deg'>,
): Relaxation | { readonly missing: string } {
  const points = new Set(data.frequency_Hz).size;
  if (points < DRT_LEAST_POINTS) return { missing: `${points} frequencies, ${DRT_LEAST_POINTS} are needed` };
  const phase_frac = instrumentPart({ phase_deg });
  const kk = linKk(data, phase_frac);
  const kept = without(data, kk.outliers);
  const wrong = unfit(kept, kk);
  if (wrong !== undefined) return { missing: wrong };
  const work = distributionsAt(kept.frequency_Hz);
  // With k = 1; a phase error turns a point by a part of its modulus.
  const known_frac = Math.hypot(kk.noise_frac, phase_frac / 2 / Math.SQRT2);
  const best = work(kept, { noise: known_frac * rmsModulus(kept) });
  if (best.rms_frac > Math.max(FOLLOWS_LEAST_FRAC, FOLLOWS * known_frac))
    return { missing: 'no positive relaxation times follow the spectrum (an inductive loop?)' };
  const random = seededRandom(1);
  const drawn = Array.from({ length: DRAWS }, () => {
    const noisy = (values: Float64Array): Float64Array =>
      values.map((v, i) => v + kk.noise_frac * Math.hypot(kept.re[i], kept.im[i]) * random.gauss());
    return work({ re: noisy(kept.re), im: noisy(kept.im) }, { lambda: best.lambda });
  });
  const varied = [
    work(kept, { lambda: best.lambda / SMOOTHING }),
    work(kept, { lambda: best.lambda * SMOOTHING }),
    ...[-phase_deg, phase_deg].map(deg => work(turned(kept, deg), { lambda: best.lambda })),
  ];
  const u95Of = (value: number, read: (of: Distribution) => number | undefined): number => {
    const known = drawn.map(read).filter(v => v !== undefined);
    if (known.length < SHOWN_FRAC * DRAWS) return Number.NaN;
    const scatter = Math.sqrt(known.reduce((sum, v) => sum + (v - value) ** 2, 0) / known.length);
    const [weak, strong, left, right] = varied.map(of => (read(of) ?? value) - value);
    return Math.hypot(
      2 * scatter,
      Math.max(Math.abs(weak), Math.abs(strong)),
      Math.max(Math.abs(left), Math.abs(right)),
    );
  };
  const gain = modulus_pct / 100;
  const { slowest_s, fastest_s } = bandOf(kept);
  // A maximum stands at a place of the grid of times: it may lie anywhere half a place off.
  const place = Math.log(best.tau_s[1] / best.tau_s[0]) / Math.sqrt(3);
  return {
    ...best,
    polarisationU95: Math.hypot(
      u95Of(best.polarisation, of => of.polarisation),
      gain * best.polarisation,
      beyondU95(best, kept),
    ),
    peaks: best.peaks.map(peak => ({
      ...peak,
      tauU95_s: Math.hypot(
        u95Of(peak.tau_s, of => sameOf(of, peak)?.tau_s),
        place * peak.tau_s,
      ),
      isInBand: peak.tau_s >= fastest_s && peak.tau_s <= slowest_s,
      resistanceU95: Math.hypot(
        u95Of(peak.resistance, of => sameOf(of, peak)?.resistance),
        gain * peak.resistance,
      ),
    })),
  };
}

/** Why a spectrum has no distribution that would mean something. */
function unfit({ frequency_Hz, re, im }: ImpedanceData, kk: KkResult): string | undefined {
  const percent = (frac: number): string => `${Number((100 * frac).toPrecision(2))} %`;
  if (!kk.passes)
    return `the spectrum does not pass the Kramers-Kronig test: ${percent(kk.systematic_frac)} of |Z| is no noise`;
  if (kk.noise_frac > NOISE_MOST_FRAC)
    return `its points scatter by ${percent(kk.noise_frac)} of |Z|, expected ${percent(NOISE_MOST_FRAC)} at most`;
  const order = [...frequency_Hz.keys()].sort((a, b) => frequency_Hz[a] - frequency_Hz[b]);
  const [slowest, fastest] = [order[0], order[order.length - 1]];
  const range = Math.max(...re) - Math.min(...re);
  if (!(range > 0)) return 'the real part is the same at all frequencies';
  // What has not begun at the highest frequency cannot be told from the resistance before it; an inductance is no arc.
  const cut = -im[fastest] / range;
  if (cut > OPEN_FRAC)
    return `the band begins within an arc: at ${Number(frequency_Hz[fastest].toPrecision(3))} Hz Im is ${percent(cut)} of it`;
  const open = Math.abs(im[slowest]) / range;
  const f = Number(frequency_Hz[slowest].toPrecision(3));
  // The tail of diffusion or of a blocking electrode still rises.
  const isRising = -im[slowest] > RISING_LEAST_FRAC * range && -im[slowest] > -im[order[TAIL_POINTS]];
  return open > OPEN_FRAC || isRising
    ? `the band does not reach the end of the last arc: at ${f} Hz Im is ${percent(open)} of it`
    : undefined;
}

/** What is in doubt of what lies at times that the band does not reach: a part of a tail, all of a process that it cuts. */
function beyondU95({ tau_s, gamma, peaks }: Distribution, data: ImpedanceData): number {
  const { slowest_s, fastest_s } = bandOf(data);
  const step = Math.log(tau_s[1] / tau_s[0]);
  const doubtOf = (isOutside: (tau: number) => boolean): number => {
    const tail = tau_s.reduce((sum, tau, k) => sum + (isOutside(tau) ? gamma[k] * step : 0), 0);
    const cut = peaks.reduce((sum, peak) => sum + (isOutside(peak.tau_s) ? peak.resistance : 0), 0);
    return Math.max(BEYOND_PART * tail, cut);
  };
  return Math.hypot(
    doubtOf(tau => tau > slowest_s),
    doubtOf(tau => tau < fastest_s),
  );
}

/** The relaxation times that the frequencies of a spectrum reach, s. */
function bandOf({ frequency_Hz }: ImpedanceData): { readonly slowest_s: number; readonly fastest_s: number } {
  return {
    slowest_s: 1 / (2 * Math.PI * Math.min(...frequency_Hz)),
    fastest_s: 1 / (2 * Math.PI * Math.max(...frequency_Hz)),
  };
}

function rmsModulus({ re, im }: ImpedanceData): number {
  return Math.sqrt(re.reduce((sum, r, i) => sum + r * r + im[i] * im[i], 0) / re.length);
}

/** The process of a distribution that lies nearest. */
function sameOf({ peaks }: Distribution, { tau_s }: DistributionPeak): DistributionPeak | undefined {
  const away = (peak: DistributionPeak): number => Math.abs(Math.log(peak.tau_s / tau_s));
  const [first, ...rest] = peaks;
  if (first === undefined) return undefined;
  const nearest = rest.reduce((best, peak) => (away(peak) < away(best) ? peak : best), first);
  return away(nearest) < SAME_LN ? nearest : undefined;
}

function without({ frequency_Hz, re, im }: ImpedanceData, left: readonly number[]): ImpedanceData {
  const keep = (values: Float64Array): Float64Array => values.filter((_, i) => !left.includes(i));
  return { frequency_Hz: keep(frequency_Hz), re: keep(re), im: keep(im) };
}

function turned({ re, im }: ImpedanceData, deg: number): Pick<ImpedanceData, 're' | 'im'> {
  const [cos, sin] = [Math.cos((deg * Math.PI) / 180), Math.sin((deg * Math.PI) / 180)];
  return {
    re: re.map((r, i) => r * cos - im[i] * sin),
    im: im.map((v, i) => re[i] * sin + v * cos),
  };
}
