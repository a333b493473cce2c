/** Slow rise of the cell voltage: what stays, and what rest gives back. */
export interface AgeingParameters {
  /** At nominal current, uV/h. 15 = median of the published tests of 1000 h and more; basis sourced. */
  readonly irreversible_uV_per_h: number;
  /** Per stop of the load, uV. 30 (start 15 + stop 15); published figures differ five-fold; basis default. */
  readonly perStop_uV: number;
  /** Reversible part: grows towards this at nominal current, gone again at rest; basis default. */
  readonly reversible_uV: number;
  readonly reversibleGrowth_h: number;
  readonly reversibleRecovery_h: number;
}

export const AGEING: AgeingParameters = {
  irreversible_uV_per_h: 15,
  perStop_uV: 30,
  reversible_uV: 600,
  reversibleGrowth_h: 20,
  reversibleRecovery_h: 1,
};

/** Mean ageing of the cells so far. */
export interface Ageing {
  irreversible_V: number;
  reversible_V: number;
  stops: number;
  isLoaded: boolean;
}

/** load_frac: current over nominal current. A stop is a fall below 1 % after having been above 5 %. */
export function stepAgeing(
  state: Ageing,
  parameters: AgeingParameters,
  load_frac: number,
  dt_s: number,
): void {
  const dt_h = dt_s / 3600;
  state.irreversible_V += parameters.irreversible_uV_per_h * 1e-6 * load_frac * dt_h;
  const target_V = parameters.reversible_uV * 1e-6 * load_frac;
  const time_h =
    target_V > state.reversible_V ? parameters.reversibleGrowth_h : parameters.reversibleRecovery_h;
  state.reversible_V += (target_V - state.reversible_V) * (1 - Math.exp(-dt_h / time_h));
  if (load_frac > 0.05) state.isLoaded = true;
  if (load_frac < 0.01 && state.isLoaded) {
    state.isLoaded = false;
    state.stops++;
    state.irreversible_V += parameters.perStop_uV * 1e-6;
  }
}
