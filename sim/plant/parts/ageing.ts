import { AGEING_CLASSES, type AgeingClass } from './ageing-classes.ts';
import { arrhenius } from './arrhenius.ts';
import { ZERO_DEGC_K } from './constants.ts';

/**
 * Slow rise of the cell voltage: what stays, and what rest gives back. Rates are figures of one mean cell.
 * The defaults are of the order of the published tests; none of them is measured on this stack.
 */
export interface AgeingParameters {
  /** At nominal current, uV/h; of the kind of product (`AGEING_CLASSES`). */
  readonly irreversible_uV_per_h: number;
  /**
   * Parts of what stays, as voltage at nominal current: contact and membrane resistance, and transport through the
   * porous layers. The rest is lost active area; if both are more than 1 together, each takes its part of their sum.
   */
  readonly ohmicShare_frac: number;
  readonly transportShare_frac: number;
  /**
   * On top of it at 1.5 times nominal current, growing with the square of the excess, uV/h. Basis default: the
   * steep part above 2 A/cm2 that durability models use.
   */
  readonly overload_uV_per_h: number;
  /** With the output on below 10 % of nominal current, and at rest, uV/h; basis default. */
  readonly lowLoad_uV_per_h: number;
  readonly idle_uV_per_h: number;
  /** Per full swing of the load (0 to nominal or back), uV; basis default. */
  readonly perSwing_uV: number;
  /** At a ripple of 1 % effective, uV/h; basis default: published effects are not consistent. */
  readonly perRipplePercent_uV_per_h: number;
  /** Arrhenius energy of the rates with time, from `reference_degC`; basis default. */
  readonly activation_J_per_mol: number;
  readonly reference_degC: number;
  /** Part by which the rates with time grow per bar of cathode pressure; basis default. */
  readonly perBar_frac: number;
  /** Per stop of the load, uV. 30 (start 15 + stop 15); published figures differ five-fold; basis default. */
  readonly perStop_uV: number;
  /** Reversible part: grows towards this at nominal current, gone again at rest; basis default. */
  readonly reversible_uV: number;
  readonly reversibleGrowth_h: number;
  readonly reversibleRecovery_h: number;
}

/** Rate and shares of a class as parameters. */
export function ratesOf(
  kind: AgeingClass,
): Pick<AgeingParameters, 'irreversible_uV_per_h' | 'ohmicShare_frac' | 'transportShare_frac'> {
  const { irreversible_uV_per_h, ohmicShare_frac, transportShare_frac } = kind;
  return { irreversible_uV_per_h, ohmicShare_frac, transportShare_frac };
}

/** Those of a laboratory cell. */
export const AGEING: AgeingParameters = {
  ...ratesOf(AGEING_CLASSES.laboratoryPem),
  overload_uV_per_h: 45,
  lowLoad_uV_per_h: 1,
  idle_uV_per_h: 0.2,
  perSwing_uV: 0.5,
  perRipplePercent_uV_per_h: 0.5,
  activation_J_per_mol: 40_000,
  reference_degC: 60,
  perBar_frac: 0.002,
  perStop_uV: 30,
  reversible_uV: 600,
  reversibleGrowth_h: 20,
  reversibleRecovery_h: 1,
};

/** Mean ageing of the cells so far; voltages at nominal current. */
export interface Ageing {
  irreversible_V: number;
  reversible_V: number;
  stops: number;
  isLoaded: boolean;
  /** Load of the last step, part of nominal. */
  load_frac: number;
}

const LOW_LOAD_FRAC = 0.1;
/** Below this the stack rests. */
const REST_FRAC = 0.01;

/**
 * Lets dt_s pass at a load (current over nominal current, >= 0). `stress_1` multiplies what goes with time
 * (`ageingStress_1`), `ripple_frac` is the effective ripple over the current. A stop is a fall below 1 % after having
 * been above 5 %.
 */
export function stepAgeing(
  state: Ageing,
  parameters: AgeingParameters,
  load_frac: number,
  stress_1: number,
  ripple_frac: number,
  dt_s: number,
): void {
  const dt_h = dt_s / 3600;
  const over = load_frac > 1 ? (load_frac - 1) / 0.5 : 0;
  const little =
    load_frac >= LOW_LOAD_FRAC
      ? 0
      : load_frac > REST_FRAC
        ? parameters.lowLoad_uV_per_h
        : parameters.idle_uV_per_h;
  const rate_uV_per_h =
    parameters.irreversible_uV_per_h * load_frac +
    parameters.overload_uV_per_h * over * over +
    little +
    (load_frac > REST_FRAC ? parameters.perRipplePercent_uV_per_h * ripple_frac * 100 : 0);
  const swing_uV = parameters.perSwing_uV * Math.abs(load_frac - state.load_frac);
  state.load_frac = load_frac;
  state.irreversible_V += (rate_uV_per_h * stress_1 * dt_h + swing_uV) * 1e-6;
  const target_V = parameters.reversible_uV * 1e-6 * load_frac;
  const time_h =
    target_V > state.reversible_V ? parameters.reversibleGrowth_h : parameters.reversibleRecovery_h;
  state.reversible_V += (target_V - state.reversible_V) * -Math.expm1(-dt_h / time_h);
  if (load_frac > 0.05) state.isLoaded = true;
  if (load_frac < REST_FRAC && state.isLoaded) {
    state.isLoaded = false;
    state.stops++;
    state.irreversible_V += parameters.perStop_uV * 1e-6;
  }
}

/** By how much the rates with time are raised at a stack temperature and a cathode pressure; 1 at the reference. */
export function ageingStress_1(
  parameters: AgeingParameters,
  temperature_degC: number,
  cathode_barg: number,
): number {
  return (
    arrhenius(
      parameters.activation_J_per_mol,
      parameters.reference_degC + ZERO_DEGC_K,
      temperature_degC + ZERO_DEGC_K,
    ) *
    (1 + parameters.perBar_frac * Math.max(0, cathode_barg))
  );
}
