const MOST_ITERATIONS = 100;

/**
 * Where a function that changes its sign between low and high crosses zero: Chandrupatla 1997 (inverse quadratic
 * steps where they are safe, halving where not). Ends when |f| <= within or the bracket has no width left; bounded
 * iterations, no allocation. Without a change of sign the end with the smaller |f| is given back.
 */
export function rootBetween(f: (x: number) => number, low: number, high: number, within: number): number {
  let b = low;
  let a = high;
  let c = high;
  let fa = f(a);
  let fb = f(b);
  if (fa * fb > 0) return Math.abs(fa) < Math.abs(fb) ? a : b;
  let fc = fa;
  let t = 0.5;
  for (let k = 0; k < MOST_ITERATIONS; k++) {
    const x = a + t * (b - a);
    const fx = f(x);
    if (fx > 0 === fa > 0) {
      c = a;
      fc = fa;
    } else {
      c = b;
      fc = fb;
      b = a;
      fb = fa;
    }
    a = x;
    fa = fx;
    const best = Math.abs(fb) < Math.abs(fa) ? b : a;
    if (Math.abs(fa) <= within || Math.abs(fb) <= within) return best;
    const narrow = (4 * Number.EPSILON * Math.abs(best)) / Math.abs(b - c);
    if (!(narrow < 0.5)) return best;
    const xi = (a - b) / (c - b);
    const phi = (fa - fb) / (fc - fb);
    if (phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi) {
      t = (fa / (fb - fa)) * (fc / (fb - fc)) + ((c - a) / (b - a)) * (fa / (fc - fa)) * (fb / (fc - fb));
    } else t = 0.5;
    t = Math.min(1 - narrow, Math.max(narrow, t));
  }
  return Math.abs(fb) < Math.abs(fa) ? b : a;
}

/**
 * Zero of a rising function inside [low, high], looked for from `guess` outwards (first stride `stride`, then four
 * times as far each): few calls where the last step's answer is a good guess. Beyond the bounds: the nearer bound.
 */
export function risingRoot(
  f: (x: number) => number,
  guess: number,
  stride: number,
  low: number,
  high: number,
  within: number,
): number {
  let x = Math.min(high, Math.max(low, guess));
  let fx = f(x);
  let far = stride;
  while (!(Math.abs(fx) <= within)) {
    const bound = fx > 0 ? low : high;
    if (x === bound) return bound;
    const next = fx > 0 ? Math.max(low, x - far) : Math.min(high, x + far);
    const fNext = f(next);
    if (fNext > 0 !== fx > 0) return rootBetween(f, x, next, within);
    x = next;
    fx = fNext;
    far *= 4;
  }
  return x;
}
