import type { ElectrolyserTruth } from '../electrolyser/state.ts';
import { MOLAR_VOLUME_NL_PER_MOL } from './constants.ts';
import { lagPart } from './lag.ts';

/** Room, water level and water quality: simple first-order models, figures chosen here. */

const ROOM_L = 200_000;
/** Air changes per second with the ventilation on (30 an hour) and off (draughts, 0.5 an hour). */
const VENTILATED_PER_S = 30 / 3600;
const STILL_PER_S = 0.5 / 3600;
/** Separator: 2 L a percent; the feed pump tops up 5 L/min between 48 and 52 %. */
const LITRES_PER_PCT = 2;
const FEED_L_PER_S = 5 / 60;
const FEED_BELOW_PCT = 48;
const FEED_ABOVE_PCT = 52;
const WATER_L_PER_MOL = 0.018015;
/** Resin bed while the pump runs; slow leaching while it stands. */
const CLEAN_US_PER_CM = 0.08;
const CLEANING_S = 900;
const LEACHED_US_PER_CM = 0.6;
const LEACHING_S = 40_000;

const ventilated = lagPart(1 / VENTILATED_PER_S);
const still = lagPart(1 / STILL_PER_S);
const cleaned = lagPart(CLEANING_S);
const leached = lagPart(LEACHING_S);

/** leakedH2 to the room and water used by the stack during dt_s. */
export function stepUtilities(
  truth: ElectrolyserTruth,
  leakedH2_mol: number,
  waterUsed_mol: number,
  isVentilated: boolean,
  pumpIsOn: boolean,
  dt_s: number,
): void {
  const leaked_pct = (100 * leakedH2_mol * MOLAR_VOLUME_NL_PER_MOL) / ROOM_L;
  const renewed = isVentilated ? ventilated(dt_s) : still(dt_s);
  truth.roomH2_vol_pct = Math.min(100, truth.roomH2_vol_pct * (1 - renewed) + leaked_pct);

  if (truth.level_pct < FEED_BELOW_PCT) truth.feed_on = 1;
  if (truth.level_pct > FEED_ABOVE_PCT) truth.feed_on = 0;
  const fed_L = truth.feed_on * FEED_L_PER_S * dt_s;
  const used_L = waterUsed_mol * WATER_L_PER_MOL;
  truth.level_pct = Math.max(0, Math.min(100, truth.level_pct + (fed_L - used_L) / LITRES_PER_PCT));

  const target = pumpIsOn ? CLEAN_US_PER_CM : LEACHED_US_PER_CM;
  const changed = pumpIsOn ? cleaned(dt_s) : leached(dt_s);
  truth.conductivity_uS_per_cm += (target - truth.conductivity_uS_per_cm) * changed;
}
