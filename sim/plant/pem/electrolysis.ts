import type { CellConditions, ElectrolyserCell } from '../electrolyser/cell.ts';
import { THERMONEUTRAL_V } from '../parts/constants.ts';
import {
  activation_V,
  activationSlope_V,
  asr_Ohm_cm2,
  doubleLayer_V,
  exchange_A_per_cm2,
  nernst_V,
  reversibleVoltage_V,
  saturationPressure_bar,
} from './cell.ts';
import type { CellParameters } from './parameters.ts';

/** Vapour never carries more than this part of the pressure: above it the water boils, and takes the heat along. */
const BOILING_FRAC = 0.97;

/**
 * PEM cell of the generic plant: liquid water on both sides, asinh kinetics, all charge makes gas. The membrane may be
 * of another thickness (cm) than that of the fit.
 */
export function pemElectrolysis(
  cell: CellParameters,
  doubleLayer_F_per_cm2: number,
  thickness_cm = cell.membrane_cm,
): ElectrolyserCell {
  // Fields rather than variables: the engine writes a number into a field without allocating.
  const now = { temperature_K: 0, saturated_bar: 0, reversible_V: 0, slope_V: 1, exchange: 1 };
  function findTemperature(temperature_K: number): void {
    now.temperature_K = temperature_K;
    now.saturated_bar = saturationPressure_bar(temperature_K);
    out.resistance_Ohm_cm2 = asr_Ohm_cm2(cell, now.temperature_K, thickness_cm);
    now.reversible_V = reversibleVoltage_V(now.temperature_K);
    now.slope_V = activationSlope_V(cell, now.temperature_K);
    now.exchange = exchange_A_per_cm2(cell, now.temperature_K);
  }

  const out = {
    isLiquidFed: true,
    restHeld_frac: 1,
    doubleLayer_F_per_cm2,
    thermoneutral_V: THERMONEUTRAL_V,
    cathodeVapour_bar: 0,
    anodeVapour_bar: 0,
    resistance_Ohm_cm2: 0,
    prepare(at: Readonly<CellConditions>): void {
      // 0.1 mK changes the voltage by less than a microvolt.
      if (Math.abs(at.temperature_K - now.temperature_K) >= 1e-4) findTemperature(at.temperature_K);
      out.cathodeVapour_bar = Math.min(now.saturated_bar, BOILING_FRAC * at.cathode_bara);
      out.anodeVapour_bar = Math.min(now.saturated_bar, BOILING_FRAC * at.anode_bara);
    },
    equilibrium_V: (h2_bar: number, o2_bar: number): number =>
      now.reversible_V + nernst_V(now.temperature_K, h2_bar, o2_bar),
    activation_V: (density: number): number => activation_V(now.slope_V, now.exchange, density),
    doubleLayer_V: (start_V: number, density: number, dt_s: number): number =>
      doubleLayer_V(start_V, density, now.exchange, now.slope_V, doubleLayer_F_per_cm2, dt_s),
    chargeTransfer_Ohm_cm2: (overvoltage_V: number): number =>
      now.slope_V / (2 * now.exchange * Math.cosh(overvoltage_V / now.slope_V)),
    faradaic_frac: (): number => 1,
  };
  return out;
}
