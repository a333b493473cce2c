import type { Ageing, AgeingParameters } from '../parts/ageing.ts';
import type { ElectrolyserCell } from './cell.ts';

/**
 * What ageing has done to the mean cell. What stays is split as declared: a resistance in series, active area that is
 * lost (kinetics and double layer together), and transport through the porous layers. What rest gives back is area that
 * gas or oxide covers for a while. Each part meets its voltage at nominal current and the present temperature.
 */
export interface AgedCell {
  /** In series with that of the fresh cell, Ohm cm2. */
  readonly ohmic_Ohm_cm2: number;
  /** Fresh over present active area, >= 1. */
  readonly perArea_1: number;
  /** Voltage over the square of the density, V cm4/A2: transport, as it grows towards a limiting current. */
  readonly transport_V_cm4_per_A2: number;
  /** Takes up the ageing so far, with the cell as it is prepared; once per step. */
  refresh(): void;
}

/** So long the gas in the porous layers takes to follow the current, s: an arc at some 3 Hz. Basis default. */
export const TRANSPORT_S = 0.05;
/** Changes smaller than this are not worked out anew, V. */
const NOTICED_V = 1e-7;
/** The same for the temperature, on which the slope of the kinetics depends, K. */
const NOTICED_K = 0.05;
/** More than this part of the area is never lost, as the logarithm of fresh over present: the law ends there. */
const MOST_LOST_LN = 6;

/** Ageing of a cell at its nominal density (A/cm2); `temperature_K` is asked for at each refresh. */
export function agedCell(
  p: AgeingParameters,
  cell: ElectrolyserCell,
  nominal_A_per_cm2: number,
  ageing: Readonly<Ageing>,
  temperature_K: () => number,
): AgedCell {
  const together = p.ohmicShare_frac + p.transportShare_frac;
  const scale = together > 1 ? 1 / together : 1;
  const ohmicShare = p.ohmicShare_frac * scale;
  const transportShare = p.transportShare_frac * scale;
  const kineticShare = 1 - ohmicShare - transportShare;
  // Fields rather than variables: the engine writes a number into a field without allocating.
  const seen = { irreversible_V: 0, covered_V: 0, temperature_K: 0 };
  const aged = {
    ohmic_Ohm_cm2: 0,
    perArea_1: 1,
    transport_V_cm4_per_A2: 0,
    refresh(): void {
      const { irreversible_V, reversible_V } = ageing;
      const at_K = temperature_K();
      if (
        Math.abs(irreversible_V - seen.irreversible_V) < NOTICED_V &&
        Math.abs(reversible_V - seen.covered_V) < NOTICED_V &&
        Math.abs(at_K - seen.temperature_K) < NOTICED_K
      )
        return;
      seen.irreversible_V = irreversible_V;
      seen.covered_V = reversible_V;
      seen.temperature_K = at_K;
      aged.ohmic_Ohm_cm2 = (ohmicShare * irreversible_V) / nominal_A_per_cm2;
      aged.transport_V_cm4_per_A2 = (transportShare * irreversible_V) / nominal_A_per_cm2 ** 2;
      aged.perArea_1 = freshOverPresent(kineticShare * irreversible_V + reversible_V);
    },
  };

  /** By how much the same current has to come from less area for the kinetics to cost so much more, V. */
  function freshOverPresent(rise_V: number): number {
    if (!(rise_V > 0)) return 1;
    const fresh_V = cell.activation_V(nominal_A_per_cm2);
    // From a Tafel line, then on the law itself, whatever it is.
    let lost = rise_V / (cell.chargeTransfer_Ohm_cm2(fresh_V) * nominal_A_per_cm2);
    for (let k = 0; k < 4 && lost < MOST_LOST_LN; k++) {
      const density = nominal_A_per_cm2 * Math.exp(lost);
      const now_V = cell.activation_V(density);
      const step = (rise_V - (now_V - fresh_V)) / (cell.chargeTransfer_Ohm_cm2(now_V) * density);
      lost += step;
      if (Math.abs(step) < 1e-9) break;
    }
    return Math.exp(Math.max(0, Math.min(MOST_LOST_LN, lost)));
  }
  return aged;
}
