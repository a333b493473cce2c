/**
 * A row of nodes with two unknowns each (potential and salt), coupled to their neighbours only: rows of charge and salt,
 * solved by elimination from one end to the other.
 */
export interface Blocks {
  /** Diagonal blocks: charge row (d11, d12), salt row (d21, d22). Used up by the solution. */
  readonly d11: Float64Array;
  readonly d12: Float64Array;
  readonly d21: Float64Array;
  readonly d22: Float64Array;
  /** Right sides; the solution (potential, salt) afterwards. */
  readonly r1: Float64Array;
  readonly r2: Float64Array;
  /** Of the face behind each node: charge with potential, salt with salt. */
  readonly conductance: Float64Array;
  readonly link: Float64Array;
  /** Potential that a change of a node's salt is worth to the charge across its faces, V m3/mol. */
  readonly pull: Float64Array;
}

/** Room for so many nodes. */
export function blocks(count: number): Blocks {
  const make = (): Float64Array => new Float64Array(count);
  return {
    d11: make(),
    d12: make(),
    d21: make(),
    d22: make(),
    r1: make(),
    r2: make(),
    conductance: make(),
    link: make(),
    pull: make(),
  };
}

/** Solves in place; no pivoting beyond the two by two blocks. */
export function solveBlocks({ d11, d12, d21, d22, r1, r2, conductance, link, pull }: Blocks): void {
  const last = d11.length - 1;
  for (let k = 1; k <= last; k++) {
    const b = k - 1;
    const g = conductance[b];
    const l = link[b];
    // Row k minus (block below the diagonal) times (inverse of the block before) times row k - 1.
    const det = d11[b] * d22[b] - d12[b] * d21[b];
    const f11 = (g * d22[b] - g * pull[b] * d21[b]) / det;
    const f12 = (g * pull[b] * d11[b] - g * d12[b]) / det;
    const f21 = (-l * d21[b]) / det;
    const f22 = (l * d11[b]) / det;
    const above = g * pull[k];
    d11[k] -= f11 * g;
    d12[k] -= f11 * above + f12 * l;
    d21[k] -= f21 * g;
    d22[k] -= f21 * above + f22 * l;
    r1[k] += f11 * r1[b] + f12 * r2[b];
    r2[k] += f21 * r1[b] + f22 * r2[b];
  }
  for (let k = last; k >= 0; k--) {
    let charge = r1[k];
    let salt = r2[k];
    if (k < last) {
      charge += conductance[k] * (r1[k + 1] + pull[k + 1] * r2[k + 1]);
      salt += link[k] * r2[k + 1];
    }
    const det = d11[k] * d22[k] - d12[k] * d21[k];
    r1[k] = (d22[k] * charge - d12[k] * salt) / det;
    r2[k] = (d11[k] * salt - d21[k] * charge) / det;
  }
}
