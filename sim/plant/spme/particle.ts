import { type Shells, type SpmeMesh, shells } from './mesh.ts';
import type { SpmeElectrode } from './parameters.ts';
import { type ComplexColumn, complexColumn, solveComplex } from './tridiagonal.ts';

/**
 * Diffusion in the one particle that stands for all of an electrode: finite volumes in shells, backward Euler.
 * Unknown is the filling (sto). Amounts are exact: what goes through the surface is what the shells gain. The filling
 * after a step is affine in the inflow as long as the diffusivity is that of the step's beginning.
 */
export interface Particle {
  /** Filling of each shell, inside first. */
  readonly sto: Float64Array;
  /** Filling at the surface after the prepared step without inflow, and its change per unit inflow (m/s). */
  readonly step: { readonly base_frac: number; readonly response_s_per_m: number };
  /** Present mean filling. */
  mean_frac(): number;
  /** Fills all shells alike. */
  fill(sto_frac: number): void;
  /** Takes up a profile of as many shells and its filling at the surface. */
  load(sto: Float64Array, surface_frac: number): void;
  prepare(dt_s: number, temperature_K: number): void;
  /** inflow: mol/(m2 s) over c_max, into the particle. */
  take(inflow_m_per_s: number): void;
  /** Filling of the surface now. */
  surface_frac(): number;
  /** Small-signal filling of the surface per unit inflow at a frequency; answers in `answer.re[last]`, `.im[last]`. */
  transfer(omega_per_s: number, temperature_K: number): { re_s_per_m: number; im_s_per_m: number };
}

/** An exhausted particle may stand a little outside of 0..1; the functions of the papers hold inside. */
function inside(sto_frac: number): number {
  return Math.max(0, Math.min(1, sto_frac));
}

/** A particle of an electrode, filled to sto_frac throughout. */
export function particle(electrode: SpmeElectrode, mesh: SpmeMesh, sto_frac: number): Particle {
  const geometry: Shells = shells(mesh, electrode.particleRadius_m);
  const { count, radius_m, volume, conductance, outer_1, inner_1, slope_m } = geometry;
  const last = count - 1;
  const area = radius_m * radius_m;
  const totalVolume = radius_m ** 3 / 3;
  const varies = electrode.diffusivityVaries;
  const isHarmonic = mesh.between === 'harmonic';
  const sto = new Float64Array(count).fill(sto_frac);
  const link = new Float64Array(last);
  const mass = new Float64Array(count);
  const pivot = new Float64Array(count);
  const lower = new Float64Array(count);
  const base = new Float64Array(count);
  const unit = new Float64Array(count);
  const column: ComplexColumn = complexColumn(count);
  // One record for what changes at each step: its figures are written in place, captured variables would be boxed anew.
  const now = {
    factoredStep_s: 0,
    factoredDiffusivity: 0,
    surfaceDiffusivity: 0,
    surface_frac: sto_frac,
    base_frac: sto_frac,
    response_s_per_m: 0,
  };

  const lookUp = (temperature_K: number): void => {
    if (!varies) {
      now.surfaceDiffusivity = electrode.diffusivity_m2_per_s(0.5, temperature_K);
      for (let i = 0; i < last; i++) link[i] = conductance[i] * now.surfaceDiffusivity;
      return;
    }
    // Mean diffusivity over the filling between two shells (Simpson): it may fall a hundred-fold across a particle.
    let here = electrode.diffusivity_m2_per_s(inside(sto[0]), temperature_K);
    for (let i = 0; i < last; i++) {
      const next = electrode.diffusivity_m2_per_s(inside(sto[i + 1]), temperature_K);
      const between = isHarmonic
        ? (2 * here * next) / (here + next)
        : (here +
            4 * electrode.diffusivity_m2_per_s(inside(0.5 * (sto[i] + sto[i + 1])), temperature_K) +
            next) /
          6;
      link[i] = conductance[i] * between;
      here = next;
    }
    now.surfaceDiffusivity = electrode.diffusivity_m2_per_s(inside(now.surface_frac), temperature_K);
  };
  const factor = (dt_s: number): void => {
    for (let i = 0; i < count; i++) mass[i] = volume[i] / dt_s;
    // What a row stores, its inner neighbours included: no differences of large numbers, so amounts stay exact
    // however fast the diffusion is.
    let stored = mass[0];
    pivot[0] = 1 / (stored + link[0]);
    for (let i = 1; i < count; i++) {
      lower[i] = link[i - 1] * pivot[i - 1];
      stored = mass[i] + lower[i] * stored;
      pivot[i] = 1 / (stored + (i < last ? link[i] : 0));
    }
    // The inflow enters the last row only: forward elimination leaves it there.
    unit[last] = area * pivot[last];
    for (let i = last - 1; i >= 0; i--) unit[i] = link[i] * unit[i + 1] * pivot[i];
    now.response_s_per_m = outer_1 * unit[last] - inner_1 * unit[last - 1] + slope_m / now.surfaceDiffusivity;
  };

  return {
    sto,
    step: now,
    mean_frac() {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += volume[i] * sto[i];
      return sum / totalVolume;
    },
    fill(filling_frac) {
      sto.fill(filling_frac);
      now.surface_frac = filling_frac;
    },
    load(profile, surface_frac) {
      sto.set(profile);
      now.surface_frac = surface_frac;
    },
    prepare(dt_s, temperature_K) {
      if (varies) {
        lookUp(temperature_K);
        factor(dt_s);
      } else {
        const current = electrode.diffusivity_m2_per_s(0.5, temperature_K);
        if (current !== now.factoredDiffusivity || dt_s !== now.factoredStep_s) {
          lookUp(temperature_K);
          factor(dt_s);
          now.factoredDiffusivity = current;
          now.factoredStep_s = dt_s;
        }
      }
      base[0] = mass[0] * sto[0];
      for (let i = 1; i < count; i++) base[i] = mass[i] * sto[i] + lower[i] * base[i - 1];
      base[last] *= pivot[last];
      for (let i = last - 1; i >= 0; i--) base[i] = (base[i] + link[i] * base[i + 1]) * pivot[i];
      now.base_frac = outer_1 * base[last] - inner_1 * base[last - 1];
    },
    take(inflow_m_per_s) {
      for (let i = 0; i < count; i++) sto[i] = base[i] + inflow_m_per_s * unit[i];
      now.surface_frac = now.base_frac + inflow_m_per_s * now.response_s_per_m;
    },
    surface_frac() {
      return now.surface_frac;
    },
    transfer(omega_per_s, temperature_K) {
      lookUp(temperature_K);
      now.factoredStep_s = 0;
      for (let i = 0; i < count; i++) {
        column.diagonal[i] = (i > 0 ? link[i - 1] : 0) + (i < last ? link[i] : 0);
        column.storage[i] = volume[i];
        column.source[i] = i === last ? area : 0;
      }
      for (let i = 0; i < last; i++) column.link[i] = link[i];
      solveComplex(column, omega_per_s);
      return {
        re_s_per_m:
          outer_1 * column.re[last] - inner_1 * column.re[last - 1] + slope_m / now.surfaceDiffusivity,
        im_s_per_m: outer_1 * column.im[last] - inner_1 * column.im[last - 1],
      };
    },
  };
}
