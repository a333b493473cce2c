import { arrhenius } from '../parts/arrhenius.ts';
import { FARADAY_C_PER_MOL } from '../parts/constants.ts';
import type { PlatingParameters } from './plating.ts';
import type { SeiParameters } from './sei.ts';

/**
 * What a single-particle model with electrolyte has to know of a cell. Stoichiometry ("sto") is the filling of
 * the host, 0..1. One set is one file in `battery-sets/`, each with its paper.
 */

/** One porous electrode of spherical particles. */
export interface SpmeElectrode {
  readonly thickness_m: number;
  /** Electrolyte's share of the volume. */
  readonly porosity_frac: number;
  /** Active material's share of the volume. */
  readonly active_frac: number;
  readonly particleRadius_m: number;
  readonly maximum_mol_per_m3: number;
  /** Filling as the paper starts its cell; with the other electrode's it fixes the cyclable lithium (or sodium). */
  readonly start_frac: number;
  /** Effective, of the solid matrix: tortuosity already taken in. */
  readonly conductivity_S_per_m: number;
  /** Exponent of the porosity in the transport through the electrolyte. */
  readonly bruggeman_1: number;
  /** Per m2 of particle surface. */
  readonly doubleLayer_F_per_m2: number;
  /** Open-circuit potential against the metal, V. */
  openCircuit_V(sto_frac: number): number;
  /**
   * Rate of the charge transfer: exchange current density in A/m2 = rate sqrt(c_e c_s (c_max - c_s)),
   * concentrations in mol/m3.
   */
  rate(sto_frac: number, temperature_K: number): number;
  /** Solid diffusion. */
  diffusivity_m2_per_s(sto_frac: number, temperature_K: number): number;
  /** True when the diffusivity changes with the filling (then it is looked up in each shell at each step). */
  readonly diffusivityVaries: boolean;
}

/** Porous separator. */
export interface SpmeSeparator {
  readonly thickness_m: number;
  readonly porosity_frac: number;
  readonly bruggeman_1: number;
}

/** Binary electrolyte, concentration in mol/m3 of salt. */
export interface SpmeElectrolyte {
  readonly initial_mol_per_m3: number;
  /** Transference number of the cation; 1 = single-ion conductor, no concentration gradients. */
  readonly transference_1: number;
  readonly thermodynamicFactor_1: number;
  diffusivity_m2_per_s(salt_mol_per_m3: number, temperature_K: number): number;
  conductivity_S_per_m(salt_mol_per_m3: number, temperature_K: number): number;
}

/** One cell. */
export interface SpmeParameters {
  readonly name: string;
  /** What it is, where its figures come from, and in which range they may be used. */
  readonly about: string;
  /** sourced = figures of the named paper, recalled = known, not looked up, default = chosen here. */
  readonly basis: 'sourced' | 'recalled' | 'default';
  readonly source: string;
  /** Of all layers together. */
  readonly area_m2: number;
  readonly nominal_Ah: number;
  /** State of charge at which a cell of this set starts if nothing is said; 0.5 if left out. */
  readonly startSoc_frac?: number;
  /** Temperature of cell and chamber at the start, degC; 25 if left out. */
  readonly start_degC?: number;
  /** Temperatures for which the set has figures, degC; 10 K about the start if left out. */
  readonly valid_degC?: readonly [low: number, high: number];
  readonly lower_V: number;
  readonly upper_V: number;
  readonly negative: SpmeElectrode;
  readonly separator: SpmeSeparator;
  readonly positive: SpmeElectrode;
  readonly electrolyte: SpmeElectrolyte;
  /** Tabs, foils, leads inside the sense points. */
  readonly contact_Ohm: number;
  readonly heatCapacity_J_per_K: number;
  readonly heatTransfer_W_per_K: number;
  readonly sei: SeiParameters;
  readonly plating: PlatingParameters;
}

/** Surface of all particles of an electrode, m2. */
export function particleSurface_m2(electrode: SpmeElectrode, area_m2: number): number {
  return (3 * electrode.active_frac * electrode.thickness_m * area_m2) / electrode.particleRadius_m;
}

/** Charge an electrode holds from empty to full, Ah. */
export function hostCapacity_Ah(electrode: SpmeElectrode, area_m2: number): number {
  const volume_m3 = electrode.active_frac * electrode.thickness_m * area_m2;
  return (volume_m3 * electrode.maximum_mol_per_m3 * FARADAY_C_PER_MOL) / 3600;
}

/** Arrhenius factor of a set as a function of temperature; asked for again and again at one temperature it is kept. */
export function activation(energy_J_per_mol: number, reference_K: number): (temperature_K: number) => number {
  const known = { temperature_K: reference_K, factor: 1 };
  return temperature_K => {
    if (temperature_K !== known.temperature_K) {
      known.factor = arrhenius(energy_J_per_mol, reference_K, temperature_K);
      known.temperature_K = temperature_K;
    }
    return known.factor;
  };
}

/** Straight lines between points of rising x; beyond the ends the end value. */
export function lines(points: readonly (readonly [x: number, y: number])[]): (x: number) => number {
  const xs = Float64Array.from(points, point => point[0]);
  const ys = Float64Array.from(points, point => point[1]);
  const last = xs.length - 1;
  return x => {
    if (!(x > xs[0])) return ys[0];
    if (x >= xs[last]) return ys[last];
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (xs[middle] <= x) low = middle;
      else high = middle;
    }
    return ys[low] + ((ys[high] - ys[low]) * (x - xs[low])) / (xs[high] - xs[low]);
  };
}
