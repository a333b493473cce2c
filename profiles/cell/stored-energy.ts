/** A cell that gives back less than this part is none that stores energy: two alike electrodes (chosen here), per cent. */
const STORED_PCT = 1;

/** Why there is no energy efficiency then. */
export const STORES_NONE = `less than ${STORED_PCT} % of the energy came back: alike electrodes store none`;

/** Energy out over energy in, %; null of what stores none: 0 +- 0 would be a figure of the electrodes' resistance. */
export function storedEnergy_pct(into_Wh: number, out_Wh: number): number | null {
  const ratio_pct = (100 * out_Wh) / into_Wh;
  return ratio_pct < STORED_PCT ? null : ratio_pct;
}
