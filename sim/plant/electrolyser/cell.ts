/**
 * What a chemistry brings to the generic electrolyser plant: the voltage of one cell, the part of its current that
 * makes gas, and what crosses its separator. The plant does the rest (supply, gas, heat, ageing, sensors) and keeps
 * the balances of charge, atoms and energy whatever these laws are.
 */

/**
 * What the cells feel in a step; one object per plant, overwritten at each step before the cell and the crossover are
 * asked. Pressures in bar absolute.
 */
export interface CellConditions {
  /** Length of this step, s (> 0). */
  dt_s: number;
  temperature_K: number;
  /** Current density before this step, A/cm2 (>= 0). */
  density_A_per_cm2: number;
  /** 0 at rest .. 1 under load: how far the gas at the electrodes is evolved gas rather than that of the volumes. */
  evolving_frac: number;
  /** Total pressures, vapour included. */
  cathode_bara: number;
  anode_bara: number;
  /** Dry partial pressures in the gas volumes. */
  cathodeH2_bar: number;
  cathodeO2_bar: number;
  anodeH2_bar: number;
  anodeO2_bar: number;
  /** Flow of the water or lye loop through the stack. */
  flow_L_per_min: number;
  /** Current settings of the rig: the common actuators (`SETTING`), then those of `OwnInputs.actuators`. */
  readonly settings: Float64Array;
  /** Disturbances of `OwnInputs.disturbances`, in their order; 0 = healthy. */
  readonly disturbances: Float64Array;
}

/**
 * Electrochemistry of the mean cell: V = equilibrium + activation (behind the double layer) + resistance x density.
 * `prepare` is called once per step; everything else refers to the conditions of the last `prepare`.
 */
export interface ElectrolyserCell {
  /** Double layer, F/cm2 of active area; > 0. */
  readonly doubleLayer_F_per_cm2: number;
  /** Enthalpy of the reaction over 2F, V: liquid water 1.4813, steam less. Energy of the H2 in the balances. */
  readonly thermoneutral_V: number;
  prepare(conditions: Readonly<CellConditions>): void;
  /** The cells live on liquid water, which evaporates into both gases; false for a stack that is fed steam. */
  readonly isLiquidFed: boolean;
  /** Part of its equilibrium voltage that the cell keeps without current while there is gas, 0..1; set by `prepare`. */
  readonly restHeld_frac: number;
  /** Water vapour over the electrolyte of each side, bar; set by `prepare`. */
  readonly cathodeVapour_bar: number;
  readonly anodeVapour_bar: number;
  /** Linear area-specific resistance, Ohm cm2 (>= 0); set by `prepare`. */
  readonly resistance_Ohm_cm2: number;
  /** Equilibrium voltage of one cell, V, with these dry partial pressures (> 0) at the electrodes, bar. */
  equilibrium_V(h2_bar: number, o2_bar: number): number;
  /** Activation overvoltage at steady state, V; 0 at 0, rising in the density (>= 0), A/cm2. */
  activation_V(density_A_per_cm2: number): number;
  /**
   * Activation overvoltage after dt_s at a constant density, V, from start_V: the solution of
   * C dV/dt = i - i_F(V), the same law as `activation_V`; the step may be long against the double layer.
   */
  doubleLayer_V(start_V: number, density_A_per_cm2: number, dt_s: number): number;
  /** Slope d(activation)/d(density) of the steady law where the overvoltage is activation_V, Ohm cm2 (> 0). */
  chargeTransfer_Ohm_cm2(activation_V: number): number;
  /**
   * Part of the current through the electrodes that makes gas, 0..1, at this density, A/cm2: less than 1 where
   * shunt currents or electronic leakage by-pass it. What makes no gas becomes heat.
   */
  faradaic_frac(density_A_per_cm2: number): number;
}

/**
 * What crosses the separator, as found by `prepare`; mol/(s cm2). The plant multiplies by area and time and never
 * lets more than half of what is there cross in one step.
 */
export interface GasCrossover {
  /** Once per step, with the density of this step, A/cm2. May keep a lag (lye loop): `conditions.dt_s` passes. */
  prepare(conditions: Readonly<CellConditions>, density_A_per_cm2: number): void;
  /** H2 from cathode to anode (negative: back). */
  readonly h2_mol_per_s_cm2: number;
  /** O2 from anode to cathode (negative: back). */
  readonly o2_mol_per_s_cm2: number;
  /** Part of the crossed H2 that the anode oxidises under load, 0..1. */
  readonly anodeOxidised_frac: number;
  /** Part of the crossed O2 that the cathode turns into water, 0..1. */
  readonly cathodeRecombined_frac: number;
}
