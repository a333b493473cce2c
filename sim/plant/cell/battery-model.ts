import type { Spectrum } from '../parts/model.ts';

/**
 * One battery cell as equations: what every chemistry (SPMe, equivalent circuit, Li-S, solid state) offers to the
 * cell's rig, which solves the mode of the cycler (current, voltage, power, resistance) inside each step.
 * Current is positive INTO the cell (charge).
 */
export interface BatteryModel {
  readonly state: Readonly<BatteryState>;
  /** Set by the rig; taken up by the next `prepare`. */
  readonly surroundings: BatterySurroundings;
  /** Works out everything of the next step that its current does not change. dt_s > 0. */
  prepare(dt_s: number): void;
  /**
   * Terminal voltage at the end of the prepared step if current_A flowed all through it, V. Rising in current_A,
   * smooth, finite for every finite current (an exhausted electrode gives a steep, finite voltage and a flag later).
   */
  voltageAfter_V(current_A: number): number;
  /** Carries the prepared step out at this current; the state is then that of the end of the step. */
  take(current_A: number): void;
  /** Small-signal impedance at the present state and temperature, Ohm, from the linearised equations of this model. */
  impedance(frequencies_Hz: Float64Array): Spectrum;
  /** What this kind of cell alone can say, by name; the rig offers it as `cell.<name>`. */
  readonly truths?: Readonly<Record<string, () => number>>;
}

/** What chamber, holder and faults do to a cell. */
export interface BatterySurroundings {
  /** Air of the chamber around cell or holder. */
  ambient_degC: number;
  /** Pressure on the stack of layers; only solid cells depend on it. */
  pressure_MPa: number;
  /** Heat made in the cell beside that of its own model (an internal short), W. */
  addedHeat_W: number;
}

/** What can be said of a cell at any time; NaN where a model has no such thing (a circuit has no electrodes). */
export interface BatteryState {
  time_s: number;
  current_A: number;
  voltage_V: number;
  openCircuit_V: number;
  /** 0..1 of the present capacity. */
  soc_frac: number;
  /** Present capacity between the voltage limits, Ah. */
  capacity_Ah: number;
  temperature_degC: number;
  /** Half-cell potentials against the metal reference at the separator, V (three-electrode cell). */
  negativePotential_V: number;
  positivePotential_V: number;
  /**
   * Potential of the plating reaction at the negative electrode, V. Below 0 metal plates for good; O'Kane's reversible
   * law also keeps a little metal (milliampere-hours) in equilibrium at some ten millivolts above 0.
   */
  platingReserve_V: number;
  heat_W: number;
  /** Charge that went through the terminals since the start, Ah, each counted positive. */
  charged_Ah: number;
  discharged_Ah: number;
  /** Capacity lost for good and what rest or a slow cycle gives back, Ah. */
  irreversibleLoss_Ah: number;
  reversibleLoss_Ah: number;
  /** Parts of the exchange current and of the electrolyte's transport that ageing has taken, 0..1. */
  kineticLoss_frac: number;
  transportLoss_frac: number;
  /** Rise of the resistance by ageing, Ohm; of particle models that of the film alone. */
  resistanceRise_Ohm: number;
  /**
   * 1 while a current is asked of what is used up: the surfaces of a host empty or full, the salt or a species gone, a
   * circuit outside of its table; a held voltage that still gets a trickle counts. 0 at rest; never NaN.
   */
  exhausted_on: number;
  /** 1 where the model's own assumptions no longer hold and its figures are not to be trusted. */
  outsideValidity_on: number;
  /** 1 while another model of the cell has taken over where the first does not hold. */
  handedOver_on: number;
}
