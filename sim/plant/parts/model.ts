import type { Rig } from './rig.ts';
import type { PlantRandom } from './sensors.ts';

/**
 * What a plant model offers to the twin, the rehearsal, the fit and the validation: its parameter sets, the
 * parameters that may be chosen, fitted or varied, and the rig made from them.
 */

/** One figure of a plant that may be chosen, fitted or varied. The unit is the last part of its name. */
export interface DeclaredParameter {
  /** e.g. `asr_Ohm_cm2`, `gasVolume_L`; dimensionless figures end in `_frac` or `_1`. */
  readonly name: string;
  readonly value: number;
  /** Physically sensible bounds; a fit stays inside, a bench file outside is refused. */
  readonly low: number;
  readonly high: number;
  /** Standard uncertainty (k = 1), in the same unit; 0 = taken as exact. The Monte Carlo draws from it. */
  readonly u: number;
  /** sourced = read in the named source, recalled = known, not looked up, default = chosen here. */
  readonly basis: 'sourced' | 'recalled' | 'default';
  readonly source: string;
}

/** What is said of the device under test beside its model; from the bench file. */
export interface PlantSubject {
  /** Cells in series; 1 for a battery cell. */
  readonly cells: number;
  /** Active area of one cell of a stack, cm2; 0 for a battery cell. */
  readonly activeArea_cm2: number;
  /** Nominal current of a stack, or 1C of a battery cell, A. */
  readonly currentNominal_A: number;
}

/** Of a vessel of gas nothing electrical is said; its sizes are declared figures of its plant. */
export const VESSEL_SUBJECT: PlantSubject = { cells: 1, activeArea_cm2: 0, currentNominal_A: 1 };

/** What to make a rig from. `parameters` overrides declared values by name; unknown names throw a RangeError. */
export interface PlantRequest {
  readonly set: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly subject: PlantSubject;
  /** Seeded: draws the spread of the cells, the errors and the noise of the sensors. */
  readonly random: PlantRandom;
}

/** Impedance of the whole device under test, Ohm, one entry per asked frequency; capacitive arcs have im < 0. */
export interface Spectrum {
  readonly re_Ohm: Float64Array;
  readonly im_Ohm: Float64Array;
}

/** A rig with what only the simulator knows. */
export interface PlantRig extends Rig {
  /** Noise-free figures by name, for tests, residuals, pictures; never for control. */
  truthOf(name: string): number;
  readonly truths: readonly string[];
  /**
   * What can go wrong inside the plant, as figures with their unit (`pinhole.area_mm2`, `water.pumpStopped_on`,
   * `cell[7].dry_pct`); 0 = healthy. `sim/faults.ts` switches them in time; control never sees them.
   */
  readonly disturbances: readonly string[];
  disturbanceIndex(name: string): number;
  /** Sets a disturbance; takes effect from the rig's present time on. */
  disturb(index: number, value: number): void;
  /**
   * Small-signal impedance at the present state, from the linearised equations of the very model that steps,
   * frequencies in Hz (> 0), rising or not.
   */
  impedance(frequencies_Hz: Float64Array): Spectrum;
}

/** One operating point of a steady curve; pressures gauge. */
export interface SteadyPoint {
  readonly current_A: number;
  readonly temperature_degC: number;
  readonly cathode_barg: number;
  readonly anode_barg: number;
}

/**
 * What stands under test: a stack of cells with gas on both sides, a cell behind a cycler channel, or a vessel of gas
 * (hydride bed, gas mix), which has no electrical terminals: its `impedance` throws a RangeError.
 */
export type PlantKind = 'stack' | 'cell' | 'vessel';

/** One kind of plant. */
export interface PlantModel {
  /** As the bench file writes it: `PLANTS` in `sim/plants.ts` has all names. */
  readonly name: string;
  readonly kind: PlantKind;
  /** What is modelled, what is not, and where it may be used; a few sentences for `sim/README.md` and reports. */
  readonly about: string;
  /** Parameter sets by name; the first is the default. */
  readonly sets: readonly string[];
  /** Declared parameters of a set with their values there. Throws a RangeError for an unknown set. */
  parameters(set: string): readonly DeclaredParameter[];
  create(request: PlantRequest): PlantRig;
  /** Steady voltage of one cell, V, at a point; stacks only. Used by the fit of a polarisation curve. */
  steadyCellVoltage_V?(
    set: string,
    parameters: Readonly<Record<string, number>>,
    subject: PlantSubject,
    point: SteadyPoint,
  ): number;
}
