import { FARADAY_C_PER_MOL, WATER_L_PER_MOL } from '../parts/constants.ts';
import type { GasVolume } from '../parts/gas.ts';
import { lagPart } from '../parts/lag.ts';
import type { ElectrolyserCell } from './cell.ts';
import type { ElectrolyserGases } from './gases.ts';
import type { ElectrolyserPlantParameters } from './parameters.ts';
import type { StackElectrics } from './stack.ts';
import type { ElectrolyserTruth } from './state.ts';

/**
 * Separator of 200 L, larger for stacks that split more than 1.6 L/min at nominal load; the feed pump tops up between 48
 * and 52 %, at least 5 L/min and six times what is split at nominal load: that, the water that comes over, the vapour
 * of hot gas, and twice the load. Chosen here.
 */
const LEAST_TANK_L = 200;
const SPLIT_OF_LEAST_TANK_L_PER_S = 1.6 / 60;
const LEAST_FEED_L_PER_S = 5 / 60;
const FEED_OF_SPLIT_1 = 6;
const FEED_BELOW_PCT = 48;
const FEED_ABOVE_PCT = 52;
/** Running water fills the cells up again so fast, s. Default. */
const REFILL_S = 10;
/** Below this part of their water the cells begin to dry, and so much less conducts one without any. Default. */
const DRYING_FRAC = 0.3;
const DRIEST_FRAC = 1e-3;
const LIQUID_J_PER_MOL_K = 75.3;
/** Evaporation never cools the stack by more than this in one step, K: a sudden fall of pressure boils off in some. */
const MOST_COOLED_K = 1;

/** Latent heat of water, J/mol; 25..100 degC within 0.3 % of steam tables (recalled). */
export function latentHeat_J_per_mol(temperature_degC: number): number {
  return (2501 - 2.4 * temperature_degC) * 18.015;
}

/** Water that the stack splits at its nominal current, L/s. */
function nominalSplit_L_per_s(p: ElectrolyserPlantParameters): number {
  return ((p.cells * p.currentNominal_A) / (2 * FARADAY_C_PER_MOL)) * WATER_L_PER_MOL;
}

/** What the separator of a plant of this size holds, L. */
export function tankOf_L(p: ElectrolyserPlantParameters): number {
  return LEAST_TANK_L * Math.max(1, nominalSplit_L_per_s(p) / SPLIT_OF_LEAST_TANK_L_PER_S);
}

/** Water of a plant: what the last step took out of the heat of the stack, J. */
export interface StackWater {
  step(dt_s: number, temperature_degC: number, loop_degC: number, flow_frac: number): void;
  /** Latent heat of the vapour that left with the gases. */
  vapour_J: number;
  /** To warm the water that came to the cells from that of the room. */
  feed_J: number;
}

/**
 * Liquid water of a plant and what becomes of it: the feed fills the separator, running water fills the cells, and they
 * lose what is split, what comes over to the cathode (drained from its separator) and the vapour that leaves with both
 * gases. Cells without running water dry: their resistance rises, `truth.dryness_1` times. Everything is counted in
 * `truth` in mol, and closes. A stack that is fed steam has none of it.
 */
export function stackWater(
  p: ElectrolyserPlantParameters,
  cell: ElectrolyserCell,
  stack: Readonly<StackElectrics>,
  gases: Readonly<ElectrolyserGases>,
  cathode: Readonly<GasVolume>,
  anode: Readonly<GasVolume>,
  truth: ElectrolyserTruth,
): StackWater {
  const full_L = Math.max(1e-6, (p.stackWater_mL_per_cm2 * p.cells * p.activeArea_cm2) / 1000);
  const most_J = p.thermal.stackCapacity_J_per_K * MOST_COOLED_K;
  const litresPerPct = tankOf_L(p) / 100;
  const feed_L_per_s = Math.max(LEAST_FEED_L_PER_S, FEED_OF_SPLIT_1 * nominalSplit_L_per_s(p));
  const refilled = lagPart(REFILL_S);
  truth.stackWater_L = cell.isLiquidFed ? full_L : 0;
  const out: StackWater = {
    vapour_J: 0,
    feed_J: 0,
    step(dt_s, temperature_degC, loop_degC, flow_frac) {
      if (!cell.isLiquidFed) return;
      const split = stack.made_mol - gases.oxidised_mol - 2 * gases.recombined_mol;
      const latent = latentHeat_J_per_mol(temperature_degC);
      const asked = vapourOut(cathode, cell.cathodeVapour_bar) + vapourOut(anode, cell.anodeVapour_bar);
      const vapour = Math.min(asked, most_J / latent);
      const taken_L = (split + vapour) * WATER_L_PER_MOL + gases.overToCathode_L;
      truth.stackWater_L -= taken_L;

      const tank_L = truth.level_pct * litresPerPct;
      const lacking_L = (full_L - truth.stackWater_L) * refilled(dt_s) * Math.min(1, flow_frac);
      const filled_L = Math.min(lacking_L, tank_L);
      truth.stackWater_L += filled_L;
      if (truth.level_pct < FEED_BELOW_PCT) truth.feed_on = 1;
      if (truth.level_pct > FEED_ABOVE_PCT) truth.feed_on = 0;
      const fed_L = truth.feed_on * feed_L_per_s * dt_s;
      truth.level_pct = (tank_L - filled_L + fed_L) / litresPerPct;

      truth.dryness_1 = 1 / Math.min(1, Math.max(DRIEST_FRAC, truth.stackWater_L / full_L / DRYING_FRAC));
      out.vapour_J = vapour * latent;
      out.feed_J =
        (filled_L / WATER_L_PER_MOL) * LIQUID_J_PER_MOL_K * (loop_degC - truth.roomTemperature_degC);
      truth.waterSplit_mol += split;
      truth.vapourOut_mol += vapour;
      truth.waterFed_mol += fed_L / WATER_L_PER_MOL;
      truth.waterDrained_mol += gases.drained_L / WATER_L_PER_MOL;
      truth.vapour_J += out.vapour_J;
      truth.feed_J += out.feed_J;
    },
  };
  return out;
}

/** All liquid water in the plant, mol. */
export function waterHeld_mol(t: Readonly<ElectrolyserTruth>): number {
  return ((t.level_pct / 100) * t.tank_L + t.stackWater_L + t.cathodeWater_L) / WATER_L_PER_MOL;
}

/** Vapour that left a side with its gas in the last step, mol: gas leaves saturated. */
function vapourOut(side: Readonly<GasVolume>, vapour_bar: number): number {
  const dry_bar = side.pressure_bara - vapour_bar;
  return dry_bar > 0 ? (side.lastOut_mol * vapour_bar) / dry_bar : 0;
}
