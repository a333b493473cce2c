/**
 * A row of volumes that exchange with their neighbours and store, driven by a sine: diagonal + i omega storage,
 * symmetric links. Answer in re and im.
 */
export interface ComplexColumn {
  readonly diagonal: Float64Array;
  readonly storage: Float64Array;
  readonly link: Float64Array;
  readonly source: Float64Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Empty columns for so many volumes. */
export function complexColumn(count: number): ComplexColumn {
  const make = (): Float64Array => new Float64Array(count);
  return { diagonal: make(), storage: make(), link: make(), source: make(), re: make(), im: make() };
}

/** Solves for one angular frequency, 1/s (> 0), by elimination without pivoting (diagonally dominant). */
export function solveComplex(column: ComplexColumn, omega_per_s: number): void {
  const { diagonal, storage, link, source, re, im } = column;
  const count = diagonal.length;
  // Eliminated diagonals; allocated here, once per frequency: spectra are not part of the stepping path.
  const dre = new Float64Array(count);
  const dim = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    dre[i] = diagonal[i];
    dim[i] = omega_per_s * storage[i];
    re[i] = source[i];
    im[i] = 0;
    if (i === 0) continue;
    const size = dre[i - 1] ** 2 + dim[i - 1] ** 2;
    const fre = (link[i - 1] * dre[i - 1]) / size;
    const fim = (-link[i - 1] * dim[i - 1]) / size;
    dre[i] -= fre * link[i - 1];
    dim[i] -= fim * link[i - 1];
    re[i] += fre * re[i - 1] - fim * im[i - 1];
    im[i] += fre * im[i - 1] + fim * re[i - 1];
  }
  for (let i = count - 1; i >= 0; i--) {
    const a = re[i] + (i < count - 1 ? link[i] * re[i + 1] : 0);
    const b = im[i] + (i < count - 1 ? link[i] * im[i + 1] : 0);
    const size = dre[i] ** 2 + dim[i] ** 2;
    re[i] = (a * dre[i] + b * dim[i]) / size;
    im[i] = (b * dre[i] - a * dim[i]) / size;
  }
}
