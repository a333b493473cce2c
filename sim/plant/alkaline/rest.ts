import type { CellConditions } from '../electrolyser/cell.ts';

/**
 * An alkaline stack at rest: each plate with its two electrodes is a galvanic cell, shorted through channels and
 * manifold of the common lye. A reverse current uses up the charge that nickel electrodes store (some ten seconds, in
 * which the cells keep their voltage), then a mixed potential is left that falls by a power of the time. Law and level:
 * log of a 34-cell plant at 10 bar (17 stops, published with Electrolyzer_static_and_dynamic_property, 2021), 0.23 V a
 * cell at 1 min and t^-0.47 within 10 % from 40 s to 20 min. More cells in series leak more: that a 160-cell plant
 * (log of Universita Politecnica delle Marche) lies 2.5 times lower per cell gives the exponent.
 */
export interface RestParameters {
  readonly cells: number;
  /** Charge that the electrodes store, C/cm2, and the reverse current that uses it up, A/cm2. */
  readonly storedCharge_C_per_cm2: number;
  readonly reverse_A_per_cm2: number;
  /** Voltage of a cell of a 34-cell stack 1 min after the stop, V. */
  readonly tail_V: number;
}

const TAIL_EXPONENT = -0.47;
const TAIL_AT_S = 60;
const TAIL_CELLS = 34;
const CELLS_EXPONENT = -0.6;
/** Equilibrium voltage of which the tail is taken, V. */
const EQUILIBRIUM_V = 1.23;
/** Part of the charge at which the voltage has fallen to half. */
const KNEE_FRAC = 0.1;
/** A stack that has never run. */
const LONG_S = 1e7;

/** What stored charge and mixed potential leave of the cell's voltage. */
export interface AlkalineRest {
  /** Once per step, before it. */
  prepare(at: Readonly<CellConditions>): void;
  /** Part of the equilibrium voltage that stands at rest, 0..1. */
  readonly held_frac: number;
  readonly stored_C_per_cm2: number;
  /** Part of this density, A/cm2 (> 0), that fills the electrodes again in this step and makes no gas. */
  charging_frac(density_A_per_cm2: number): number;
}

/** A stack that has never run: nothing stored, no voltage. */
export function alkalineRest(p: RestParameters): AlkalineRest {
  const tail_frac = (p.tail_V / EQUILIBRIUM_V) * (p.cells / TAIL_CELLS) ** CELLS_EXPONENT;
  // A single cell shares its lye with none.
  const reverse = p.cells > 1 ? p.reverse_A_per_cm2 : 0;
  let rest_s = LONG_S;
  let dt_s = 0;
  const out = {
    held_frac: 0,
    stored_C_per_cm2: 0,
    prepare(at: Readonly<CellConditions>): void {
      // The step that is over ended with this density; a stop takes milliseconds.
      const stored = out.stored_C_per_cm2 + (at.density_A_per_cm2 - reverse) * dt_s;
      out.stored_C_per_cm2 = Math.min(p.storedCharge_C_per_cm2, Math.max(0, stored));
      if (at.density_A_per_cm2 > reverse) rest_s = 0;
      else rest_s = Math.min(LONG_S, rest_s + dt_s);
      dt_s = at.dt_s;
      const left = out.stored_C_per_cm2 / p.storedCharge_C_per_cm2;
      const held = (left * (1 + KNEE_FRAC)) / (left + KNEE_FRAC);
      // As it is at the end of the step.
      const tail =
        held < 1
          ? Math.min(1, tail_frac * Math.exp(TAIL_EXPONENT * Math.log((rest_s + dt_s) / TAIL_AT_S)))
          : 0;
      out.held_frac = held + (1 - held) * tail;
    },
    charging_frac(density_A_per_cm2: number): number {
      const lacking = p.storedCharge_C_per_cm2 - out.stored_C_per_cm2;
      return lacking > 0 ? Math.min(1, lacking / (density_A_per_cm2 * dt_s)) : 0;
    },
  };
  return out;
}
