import { leastSquaresQr } from './least-squares-qr.ts';

/**
 * Linear Kramers-Kronig test: a chain of resistors beside capacitors with fixed time constants, an inductance and a
 * capacitance in series obey the Kramers-Kronig relations whatever their figures; what they cannot follow does not
 * (B. A. Boukamp, J. Electrochem. Soc. 142 (1995) 1885). The number of links is taken where mu, 1 minus the negative
 * over the positive resistances, falls to 0.85 (M. Schoenleber, D. Klotz, E. Ivers-Tiffee, Electrochim. Acta 131
 * (2014) 20), and no smaller than where the residuals stop falling: mu alone can end with three links.
 */

/** Measured impedance: frequencies falling or rising, Hz (> 0), Z in any unit. */
export interface ImpedanceData {
  readonly frequency_Hz: Float64Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** One chain fitted. Residuals: measured minus chain, part of the modulus. */
export interface KkChain {
  readonly links: number;
  readonly mu: number;
  readonly re_frac: Float64Array;
  readonly im_frac: Float64Array;
  readonly rms_frac: number;
}

/** What the test says of a spectrum. */
export interface KkResult extends KkChain {
  /** Part of the residuals that neighbours share, rms, part of the modulus: what is no noise. */
  readonly systematic_frac: number;
  /** The rest, rms: noise from point to point. */
  readonly noise_frac: number;
  /** Points that lie alone far from the chain, and are left out of it. */
  readonly outliers: readonly number[];
  readonly passes: boolean;
}

const MU = 0.85;
const LEAST_LINKS = 3;
/** Over so many further links the residuals must fall by this much to go on. */
const LOOK_AHEAD = 6;
const STILL_FALLS = 0.8;
/** Chains follow valid spectra this well at the least; below, a systematic residual is the chain's own. */
const CHAIN_FRAC = 0.001;
/** Lag-1 correlation of the residuals, in units of its own scatter: beyond, it is no chance. */
const NO_CHANCE_SIGMA = 1.5;
/** A test that fails is tried with so many further links, up to this part of the points. */
const LONGER = 4;
const LONGEST_FRAC = 0.6;
/** A point this many times the noise of the others away is an outlier, if it is also further than the least. */
const OUTLIER_SIGMA = 6;
const OUTLIER_LEAST_FRAC = 0.005;
const OUTLIERS_MOST_FRAC = 0.1;
/** Fewer points than this say nothing. */
export const KK_LEAST_POINTS = 8;

/** The chain with so many links; time constants evenly over the logarithm of the measured range. */
export function kkChain(data: ImpedanceData, links: number): KkChain {
  const { frequency_Hz, re, im } = data;
  const n = frequency_Hz.length;
  const omega = frequency_Hz.map(f => 2 * Math.PI * f);
  const shortest = Math.log(1 / omega.reduce((a, b) => Math.max(a, b)));
  const longest = Math.log(1 / omega.reduce((a, b) => Math.min(a, b)));
  const p = links + 3;
  const a = new Float64Array(2 * n * p);
  const b = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    const weight = 1 / Math.hypot(re[i], im[i]);
    const real = i * p;
    const imaginary = (n + i) * p;
    for (let k = 0; k < links; k++) {
      const x = omega[i] * Math.exp(shortest + ((longest - shortest) * k) / (links - 1));
      a[real + k] = weight / (1 + x * x);
      a[imaginary + k] = (-weight * x) / (1 + x * x);
    }
    a[real + links] = weight;
    a[imaginary + links + 1] = weight * omega[i];
    a[imaginary + links + 2] = -weight / omega[i];
    b[i] = weight * re[i];
    b[n + i] = weight * im[i];
  }
  const x = leastSquaresQr(a, b, p);
  const residuals = b.map((value, row) => {
    let sum = 0;
    for (let k = 0; k < p; k++) sum += a[row * p + k] * x[k];
    return value - sum;
  });
  return {
    links,
    mu: muOf(x.subarray(0, links)),
    re_frac: residuals.subarray(0, n),
    im_frac: residuals.subarray(n),
    rms_frac: rms(residuals),
  };
}

/** 1 minus the sum of the negative over the sum of the positive resistances; 1 where none is negative. */
export function muOf(resistances: ArrayLike<number>): number {
  let positive = 0;
  let negative = 0;
  for (let k = 0; k < resistances.length; k++) {
    if (resistances[k] >= 0) positive += resistances[k];
    else negative -= resistances[k];
  }
  return negative === 0 ? 1 : 1 - negative / positive;
}

/** Chain with as many links as the mu criterion and a plateau of the residuals ask for. */
export function chooseChain(data: ImpedanceData): KkChain {
  const most = Math.max(LEAST_LINKS, data.frequency_Hz.length - 3);
  const best: number[] = [];
  let chain = kkChain(data, LEAST_LINKS);
  let muReached = false;
  for (let links = LEAST_LINKS; ; links++) {
    if (links > LEAST_LINKS) chain = kkChain(data, links);
    muReached ||= chain.mu <= MU;
    best.push(Math.min(chain.rms_frac, best.at(-1) ?? Number.POSITIVE_INFINITY));
    const before = best.at(-1 - LOOK_AHEAD);
    const isFlat = before !== undefined && best[best.length - 1] > STILL_FALLS * before;
    const isGood = chain.rms_frac < 0.1 * CHAIN_FRAC;
    if ((muReached && (isFlat || isGood)) || links >= most) return chain;
  }
}

/** What an instrument with this phase error may add to the residuals, part of the modulus. */
export function instrumentPart({ phase_deg }: { readonly phase_deg: number }): number {
  return Math.sin((phase_deg * Math.PI) / 180);
}

/**
 * Tests a spectrum, at least `KK_LEAST_POINTS` points of more than one frequency. `instrument_frac`: what the phase error
 * of the instrument may add, part of the modulus; a spectrum turned by it breaks the relations and says nothing of the
 * device under test.
 */
export function linKk(data: ImpedanceData, instrument_frac = 0): KkResult {
  const allowed_frac = Math.max(CHAIN_FRAC, instrument_frac);
  const n = data.frequency_Hz.length;
  const outliers: number[] = [];
  for (;;) {
    const kept = [...data.frequency_Hz.keys()].filter(i => !outliers.includes(i));
    const tested = part(data, kept);
    let chain = chooseChain(tested);
    let shared = sharedOf(chain);
    // One sharp arc wants many links; what breaks the relations no chain follows, however long.
    while (isSystematic(shared, allowed_frac) && chain.links + LONGER <= LONGEST_FRAC * kept.length) {
      chain = kkChain(tested, chain.links + LONGER);
      shared = sharedOf(chain);
    }
    const passes = !isSystematic(shared, allowed_frac);
    const worst = furthest(chain);
    const mayLeave =
      outliers.length + 1 <= OUTLIERS_MOST_FRAC * n && kept.length > KK_LEAST_POINTS && worst.isAlone;
    if (mayLeave) {
      outliers.push(kept[worst.at]);
      continue;
    }
    outliers.sort((a, b) => a - b);
    // Residuals of those left out, too: the picture shows them.
    return { ...chain, ...spread(chain, kept, n), ...shared, outliers, passes };
  }
}

function part({ frequency_Hz, re, im }: ImpedanceData, at: readonly number[]): ImpedanceData {
  const pick = (values: Float64Array): Float64Array => Float64Array.from(at, i => values[i]);
  return { frequency_Hz: pick(frequency_Hz), re: pick(re), im: pick(im) };
}

function spread(chain: KkChain, kept: readonly number[], n: number): Pick<KkChain, 're_frac' | 'im_frac'> {
  const over = (values: Float64Array): Float64Array => {
    const all = new Float64Array(n).fill(Number.NaN);
    kept.forEach((i, k) => {
      all[i] = values[k];
    });
    return all;
  };
  return { re_frac: over(chain.re_frac), im_frac: over(chain.im_frac) };
}

function isSystematic(
  shared: Pick<KkResult, 'systematic_frac'> & { readonly sigma: number },
  allowed_frac: number,
): boolean {
  return shared.systematic_frac > allowed_frac && shared.sigma > NO_CHANCE_SIGMA;
}

/** Lag-1 covariance of both parts: what neighbours share is no noise. */
function sharedOf({ re_frac, im_frac }: KkChain): Pick<KkResult, 'systematic_frac' | 'noise_frac'> & {
  readonly sigma: number;
} {
  const n = re_frac.length;
  let together = 0;
  let alone = 0;
  for (const residuals of [re_frac, im_frac]) {
    for (let i = 0; i < n; i++) {
      alone += residuals[i] ** 2;
      if (i > 0) together += residuals[i] * residuals[i - 1];
    }
  }
  const systematic = Math.max(0, together) / (2 * n - 2);
  return {
    systematic_frac: Math.sqrt(systematic),
    noise_frac: Math.sqrt(Math.max(0, alone / (2 * n) - systematic)),
    sigma: alone > 0 ? (together / alone) * Math.sqrt(2 * n) : 0,
  };
}

/** The point furthest off, and whether it is an outlier: far beyond the scatter of the others, its neighbours not. */
function furthest({ re_frac, im_frac }: KkChain): { readonly at: number; readonly isAlone: boolean } {
  const off = Array.from(re_frac, (re, i) => Math.hypot(re, im_frac[i]));
  const at = off.indexOf(Math.max(...off));
  const sorted = [...off].sort((a, b) => a - b);
  // The median of a Rayleigh distribution is 1.177 standard deviations.
  const sigma = sorted[Math.floor(sorted.length / 2)] / 1.177;
  const near = Math.max(off[at - 1] ?? 0, off[at + 1] ?? 0);
  return { at, isAlone: off[at] > Math.max(OUTLIER_SIGMA * sigma, OUTLIER_LEAST_FRAC) && near < off[at] / 2 };
}

function rms(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
}
