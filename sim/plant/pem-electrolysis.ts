import { THERMONEUTRAL_V } from './constants.ts';
import type { CellConditions, ElectrolyserCell } from './electrolyser-cell.ts';
import {
  activation_V,
  activationSlope_V,
  asr_Ohm_cm2,
  doubleLayer_V,
  exchange_A_per_cm2,
  nernst_V,
  reversibleVoltage_V,
  saturationPressure_bar,
} from './pem-cell.ts';
import type { CellParameters } from './pem-parameters.ts';

/** PEM cell of the generic plant: liquid water on both sides, asinh kinetics, all charge makes gas. */
export function pemElectrolysis(cell: CellParameters, doubleLayer_F_per_cm2: number): ElectrolyserCell {
  let temperature_K = 0;
  let reversible_V = 0;
  let slope_V = 1;
  let exchange = 1;
  const out = {
    doubleLayer_F_per_cm2,
    thermoneutral_V: THERMONEUTRAL_V,
    cathodeVapour_bar: 0,
    anodeVapour_bar: 0,
    resistance_Ohm_cm2: 0,
    prepare(at: Readonly<CellConditions>): void {
      if (at.temperature_K === temperature_K) return;
      temperature_K = at.temperature_K;
      out.cathodeVapour_bar = saturationPressure_bar(temperature_K);
      out.anodeVapour_bar = out.cathodeVapour_bar;
      out.resistance_Ohm_cm2 = asr_Ohm_cm2(cell, temperature_K);
      reversible_V = reversibleVoltage_V(temperature_K);
      slope_V = activationSlope_V(cell, temperature_K);
      exchange = exchange_A_per_cm2(cell, temperature_K);
    },
    equilibrium_V: (h2_bar: number, o2_bar: number): number =>
      reversible_V + nernst_V(temperature_K, h2_bar, o2_bar),
    activation_V: (density: number): number => activation_V(slope_V, exchange, density),
    doubleLayer_V: (start_V: number, density: number, dt_s: number): number =>
      doubleLayer_V(start_V, density, exchange, slope_V, doubleLayer_F_per_cm2, dt_s),
    chargeTransfer_Ohm_cm2: (overvoltage_V: number): number =>
      slope_V / (2 * exchange * Math.cosh(overvoltage_V / slope_V)),
    faradaic_frac: (): number => 1,
  };
  return out;
}
