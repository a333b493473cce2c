/**
 * Shunt currents of a stack whose cells share their lye: a ladder. Each cell hangs with its channels on a common
 * manifold; what flows along the manifold passes the electrodes by. With constant resistances the ladder is linear,
 * so one solution for a cell voltage of 1 V and a lye of 1 S/cm serves every operating point.
 */
export interface ShuntLadder {
  /** Bypass of each of the cells, S at a lye of 1 S/cm: times conductivity and cell voltage is A lost in that cell. */
  readonly bypass_cm: Float64Array;
  /** Mean of it over the cells. */
  readonly meanBypass_cm: number;
}

/** Length over cross-section of one channel and of one cell's piece of manifold, 1/cm. */
export interface LyePaths {
  readonly channel_per_cm: number;
  readonly manifold_per_cm: number;
  /** Such ladders in parallel: inlet and outlet of both sides are 4. */
  readonly ladders: number;
}

/**
 * Solves the ladder of a stack of `cells` equal cells (Kirchhoff at each manifold node, a tridiagonal system). The ends
 * of the manifold are open.
 */
export function shuntLadder(cells: number, paths: LyePaths): ShuntLadder {
  const channel_S = 1 / paths.channel_per_cm;
  const manifold_S = 1 / paths.manifold_per_cm;
  const node_V = new Float64Array(cells);
  const upper = new Float64Array(cells);
  // Thomas: diagonal channel + neighbours, off-diagonal -manifold, right side channel times the cell's potential.
  for (let k = 0; k < cells; k++) {
    const left_S = k > 0 ? manifold_S : 0;
    const right_S = k < cells - 1 ? manifold_S : 0;
    const pivot = channel_S + left_S + right_S - left_S * (k > 0 ? upper[k - 1] : 0);
    upper[k] = right_S / pivot;
    node_V[k] = (channel_S * (k + 0.5) + left_S * (k > 0 ? node_V[k - 1] : 0)) / pivot;
  }
  for (let k = cells - 2; k >= 0; k--) node_V[k] += upper[k] * node_V[k + 1];
  const bypass_cm = new Float64Array(cells);
  let sum = 0;
  for (let k = 0; k < cells; k++) {
    // The current between two nodes passes the plate between them: half of either cell.
    const before = k > 0 ? node_V[k] - node_V[k - 1] : 0;
    const behind = k < cells - 1 ? node_V[k + 1] - node_V[k] : 0;
    bypass_cm[k] = (paths.ladders * manifold_S * (before + behind)) / 2;
    sum += bypass_cm[k];
  }
  return { bypass_cm, meanBypass_cm: sum / cells };
}

/** Part of the stack's current that passes the electrodes (0..1): 1 less the mean bypass; 0 if all goes by. */
export function currentEfficiency(
  ladder: ShuntLadder,
  conductivity_S_per_cm: number,
  cellVoltage_V: number,
  current_A: number,
): number {
  const lost_A = ladder.meanBypass_cm * conductivity_S_per_cm * cellVoltage_V;
  return current_A > lost_A ? 1 - lost_A / current_A : 0;
}
