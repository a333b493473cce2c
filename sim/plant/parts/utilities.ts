import type { ElectrolyserTruth } from '../electrolyser/state.ts';
import { MOLAR_VOLUME_NL_PER_MOL } from './constants.ts';
import { lagPart } from './lag.ts';

/** Room and water quality: simple first-order models, figures chosen here. */

const ROOM_L = 200_000;
/** Air changes per second with the ventilation on (30 an hour) and off (draughts, 0.5 an hour). */
const VENTILATED_PER_S = 30 / 3600;
const STILL_PER_S = 0.5 / 3600;
/** Resin bed while the pump runs; slow leaching while it stands. */
const CLEAN_US_PER_CM = 0.08;
const CLEANING_S = 900;
const LEACHED_US_PER_CM = 0.6;
const LEACHING_S = 40_000;

const ventilated = lagPart(1 / VENTILATED_PER_S);
const still = lagPart(1 / STILL_PER_S);
const cleaned = lagPart(CLEANING_S);
const leached = lagPart(LEACHING_S);

/** Lets dt_s pass with H2 that leaked to the room, mol. */
export function stepUtilities(
  truth: ElectrolyserTruth,
  leakedH2_mol: number,
  isVentilated: boolean,
  pumpIsOn: boolean,
  dt_s: number,
): void {
  const leaked_pct = (100 * leakedH2_mol * MOLAR_VOLUME_NL_PER_MOL) / ROOM_L;
  const renewed = isVentilated ? ventilated(dt_s) : still(dt_s);
  truth.roomH2_vol_pct = Math.min(100, truth.roomH2_vol_pct * (1 - renewed) + leaked_pct);

  const target = pumpIsOn ? CLEAN_US_PER_CM : LEACHED_US_PER_CM;
  const changed = pumpIsOn ? cleaned(dt_s) : leached(dt_s);
  truth.conductivity_uS_per_cm += (target - truth.conductivity_uS_per_cm) * changed;
}
