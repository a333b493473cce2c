/** Complex numbers as far as circuits need them. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** a + b. */
export function plus(a: Complex, b: Complex): Complex {
  return { re: a.re + b.re, im: a.im + b.im };
}

/** a times b. */
export function times(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

/** 1 / a. */
export function inverseOf(a: Complex): Complex {
  const square = a.re * a.re + a.im * a.im;
  return { re: a.re / square, im: -a.im / square };
}

/** tanh a / a; 1 at a = 0. */
export function tanhOver(a: Complex): Complex {
  // Beyond, the hyperbolic functions overflow and tanh is 1 within rounding.
  if (a.re > 20) return inverseOf(a);
  if (Math.abs(a.re) + Math.abs(a.im) < 1e-8) return { re: 1, im: 0 };
  const below = Math.cosh(2 * a.re) + Math.cos(2 * a.im);
  return times({ re: Math.sinh(2 * a.re) / below, im: Math.sin(2 * a.im) / below }, inverseOf(a));
}
