/** A cell as one lump in a holder (jig, tab clamps, plates) that gives its heat to the air. */
export interface CellHeatParameters {
  readonly cell_J_per_K: number;
  readonly cellToHolder_W_per_K: number;
  readonly holder_J_per_K: number;
  readonly holderToAir_W_per_K: number;
}

// Hotter than this there is no cell left, and no equation that holds: abuse ends here instead of at infinity.
const MOST_DEGC = 1000;

/** Temperatures of cell and holder. */
export interface CellHeat {
  readonly cell_degC: number;
  readonly holder_degC: number;
  /** The heat holds all through the step; exact for that, whatever the length of the step. */
  step(heat_W: number, ambient_degC: number, dt_s: number): void;
}

/** Both lumps start at start_degC. */
export function cellHeat(p: CellHeatParameters, start_degC: number): CellHeat {
  const cellRate = p.cellToHolder_W_per_K / p.cell_J_per_K;
  const holderRate = p.cellToHolder_W_per_K / p.holder_J_per_K;
  const airRate = p.holderToAir_W_per_K / p.holder_J_per_K;
  // exp(A dt) of the two equations: mean decay, and half the distance of the two eigenvalues.
  const mean = -(cellRate + holderRate + airRate) / 2;
  const apart = Math.sqrt(mean * mean - cellRate * airRate);
  let knownStep_s = 0;
  let even = 0;
  let odd = 0;
  const heat = {
    cell_degC: start_degC,
    holder_degC: start_degC,
    step(heat_W: number, ambient_degC: number, dt_s: number): void {
      if (dt_s !== knownStep_s) {
        knownStep_s = dt_s;
        const slow = Math.exp((mean + apart) * dt_s);
        const fast = Math.exp((mean - apart) * dt_s);
        even = (slow + fast) / 2;
        odd = (slow - fast) / (2 * apart);
      }
      const holderEnd_degC = ambient_degC + heat_W / p.holderToAir_W_per_K;
      const cellEnd_degC = holderEnd_degC + heat_W / p.cellToHolder_W_per_K;
      const cell = heat.cell_degC - cellEnd_degC;
      const holder = heat.holder_degC - holderEnd_degC;
      heat.cell_degC = cellEnd_degC + even * cell + odd * ((-cellRate - mean) * cell + cellRate * holder);
      heat.holder_degC =
        holderEnd_degC + even * holder + odd * (holderRate * cell + (-holderRate - airRate - mean) * holder);
      heat.cell_degC = Math.min(MOST_DEGC, heat.cell_degC);
      heat.holder_degC = Math.min(MOST_DEGC, heat.holder_degC);
    },
  };
  return heat;
}
