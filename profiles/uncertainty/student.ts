/** Student's t distribution, and the interval of a mixture of such. */

/** ln of the gamma function for x > 0 (Lanczos 1964, g = 7, nine terms; relative error below 1e-14). */
function logGamma(x: number): number {
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = 0.99999999999980993;
  for (let i = 0; i < terms.length; i++) sum += terms[i] / (x + i);
  const t = x + terms.length - 1.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Regularised incomplete beta function by its continued fraction (Lentz; DLMF 8.17.22). */
function betaInc(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaInc(b, a, 1 - x);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 300; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-12) break;
  }
  return (front * h) / a;
}

/** Probability that a t variable of so many degrees of freedom is at most `t`. */
export function studentCdf(t: number, freedom: number): number {
  const tail = 0.5 * betaInc(freedom / 2, 0.5, freedom / (freedom + t * t));
  return t < 0 ? tail : 1 - tail;
}

/** One part of a mixture: a t distribution, shifted and scaled. Weights are relative. */
export interface MixturePart {
  readonly weight: number;
  readonly offset: number;
  readonly scale: number;
  readonly freedom: number;
}

/** The bound u for which -u..u holds this probability of the mixture. */
export function symmetricBound(parts: readonly MixturePart[], probability: number): number {
  const sum = parts.reduce((total, part) => total + part.weight, 0);
  const inside = (u: number): number =>
    parts.reduce(
      (total, { weight, offset, scale, freedom }) =>
        total +
        weight * (studentCdf((u - offset) / scale, freedom) - studentCdf((-u - offset) / scale, freedom)),
      0,
    ) / sum;
  let high = Math.max(...parts.map(part => Math.abs(part.offset) + 2 * part.scale));
  for (let k = 0; k < 60 && inside(high) < probability; k++) high *= 2;
  let low = 0;
  for (let k = 0; k < 50 && high - low > 1e-5 * high; k++) {
    const middle = (low + high) / 2;
    if (inside(middle) < probability) low = middle;
    else high = middle;
  }
  return high;
}

/** Two-sided 95 % factor of Student's t: 12.7 for one degree of freedom, 1.96 for many. */
export function student95(freedom: number): number {
  return symmetricBound([{ weight: 1, offset: 0, scale: 1, freedom }], 0.95);
}
