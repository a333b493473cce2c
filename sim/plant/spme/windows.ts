import { hostCapacity_Ah, type SpmeParameters } from './parameters.ts';

/**
 * Between which fillings an electrode pair works: the capacity of the cell follows from the two hosts and the
 * lithium (sodium) that is still cyclable, so it falls by itself as lithium is lost.
 */
export interface SpmeWindows {
  readonly negativeEmpty_frac: number;
  readonly negativeFull_frac: number;
  readonly capacity_Ah: number;
}

/** Cyclable lithium as the paper starts its cell, Ah. */
export function startLithium_Ah(parameters: SpmeParameters): number {
  const { negative, positive, area_m2 } = parameters;
  return (
    negative.start_frac * hostCapacity_Ah(negative, area_m2) +
    positive.start_frac * hostCapacity_Ah(positive, area_m2)
  );
}

/** Fillings and capacity between the voltage limits for so much cyclable lithium, Ah. */
export function spmeWindows(parameters: SpmeParameters, lithium_Ah: number): SpmeWindows {
  const { negative, positive, area_m2, lower_V, upper_V } = parameters;
  const negative_Ah = hostCapacity_Ah(negative, area_m2);
  const positive_Ah = hostCapacity_Ah(positive, area_m2);
  const fillingAt = (voltage_V: number): number => {
    let low = Math.max(0, (lithium_Ah - positive_Ah) / negative_Ah);
    let high = Math.min(1, lithium_Ah / negative_Ah);
    for (let k = 0; k < 50; k++) {
      const middle = (low + high) / 2;
      const y = (lithium_Ah - middle * negative_Ah) / positive_Ah;
      if (positive.openCircuit_V(y) - negative.openCircuit_V(middle) < voltage_V) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  };
  const negativeEmpty_frac = fillingAt(lower_V);
  const negativeFull_frac = fillingAt(upper_V);
  return {
    negativeEmpty_frac,
    negativeFull_frac,
    capacity_Ah: (negativeFull_frac - negativeEmpty_frac) * negative_Ah,
  };
}
