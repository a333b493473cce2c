import type { BatteryState } from '../cell/battery-model.ts';
import { FARADAY_C_PER_MOL } from '../parts/constants.ts';
import { hostCapacity_Ah, particleSurface_m2, type SpmeParameters } from './parameters.ts';
import { bookPlating, type Plated, platingCurrent_A_per_m2 } from './plating.ts';
import { type SeiGrowth, seiCurrent_A_per_m2, seiThickness_m } from './sei.ts';

/** Side reactions on the negative particles of one cell: film and plated metal, and what they cost. */
export interface Ageing {
  readonly film_m: number;
  readonly film_Ohm: number;
  /**
   * Current that the side reactions take from the charge current during the prepared step, A. Plating takes no more
   * than the cell's own charge current brings; dissolving metal gives (negative).
   */
  sideAt_A(current_A: number): number;
  /** Lithium in film and dead metal, Ah. */
  readonly lost_Ah: number;
  /** Lithium in metal that can dissolve again, Ah. */
  readonly plated_Ah: number;
  /** Resistance of the film over that of the start, Ohm; 0 when the film does not resist. */
  readonly rise_Ohm: number;
  /**
   * Side currents of the next step from the state at its beginning; `filling_frac` is that of the negative particle,
   * of its surface or its mean, whichever is fuller. An empty particle feeds no film, a full one takes no metal back.
   */
  prepare(
    state: Readonly<BatteryState>,
    interface_V: number,
    filling_frac: number,
    temperature_K: number,
    dt_s: number,
  ): void;
  /** reserve_V: the plating reserve at the beginning of the step. */
  take(current_A: number, dt_s: number, reserve_V: number): void;
}

/** Filling below which nothing is left for a film. */
const EMPTY_FRAC = 1e-4;

/** Which side reactions run. */
export interface AgeingOptions {
  readonly sei?: SeiGrowth;
  readonly filmResists?: boolean;
  readonly withPlating?: boolean;
}

/** The side reactions of a fresh cell. */
export function spmeAgeing(parameters: SpmeParameters, options: AgeingOptions): Ageing {
  const { negative, area_m2, sei, plating, electrolyte } = parameters;
  const surface_m2 = particleSurface_m2(negative, area_m2);
  const specific_per_m = surface_m2 / (negative.thickness_m * area_m2);
  const filmPerMetre_Ohm = sei.resistivity_Ohm_m / surface_m2;
  const metal: Plated = { plated_mol_per_m3: 0, dead_mol_per_m3: 0 };
  const perAmount_Ah = (negative.thickness_m * area_m2 * FARADAY_C_PER_MOL) / 3600;
  const host_C = 3600 * hostCapacity_Ah(negative, area_m2);
  // Written in place at each step; captured variables would be boxed anew.
  const now = {
    film_m: sei.start_m,
    filmLithium_Ah: 0,
    filmCurrent_A_per_m2: 0,
    film_A: 0,
    plating_A: 0,
    reserveBefore_V: 1,
  };
  const film_Ohm = (): number => (options.filmResists ? now.film_m * filmPerMetre_Ohm : 0);
  const platedAt_A = (current_A: number): number =>
    now.plating_A > 0 ? Math.min(now.plating_A, Math.max(0, current_A)) : now.plating_A;
  return {
    get film_m() {
      return now.film_m;
    },
    get film_Ohm() {
      return film_Ohm();
    },
    sideAt_A: current_A => now.film_A + platedAt_A(current_A),
    get lost_Ah() {
      return now.filmLithium_Ah + metal.dead_mol_per_m3 * perAmount_Ah;
    },
    get plated_Ah() {
      return metal.plated_mol_per_m3 * perAmount_Ah;
    },
    get rise_Ohm() {
      return film_Ohm() - (options.filmResists ? sei.start_m * filmPerMetre_Ohm : 0);
    },
    prepare(state, interface_V, filling_frac, temperature_K, dt_s) {
      if (options.sei !== undefined) {
        // The reaction sits under the film: the current through the film shifts its potential, resisting or not.
        const through_V = (-state.current_A / surface_m2) * now.film_m * sei.resistivity_Ohm_m;
        const drive_V = Number.isNaN(interface_V) ? 1 : interface_V - (options.filmResists ? 0 : through_V);
        now.filmCurrent_A_per_m2 =
          filling_frac > EMPTY_FRAC
            ? seiCurrent_A_per_m2(sei, options.sei, now.film_m, drive_V, temperature_K)
            : 0;
        now.film_A = now.filmCurrent_A_per_m2 * surface_m2;
      }
      if (options.withPlating) {
        // Mean of the last two states: the lagged feedback of a strongly plating electrode then dies out.
        const present_V = Number.isNaN(state.platingReserve_V) ? 1 : state.platingReserve_V;
        const density_A_per_m2 = platingCurrent_A_per_m2(
          metal,
          plating,
          0.5 * (present_V + now.reserveBefore_V),
          electrolyte.initial_mol_per_m3,
          specific_per_m,
          temperature_K,
          dt_s,
        );
        const room_C = 0.5 * Math.max(0, 1 - filling_frac) * host_C;
        now.plating_A = Math.max(density_A_per_m2 * surface_m2, -room_C / dt_s);
      }
    },
    take(current_A, dt_s, reserve_V) {
      if (options.withPlating) {
        now.reserveBefore_V = reserve_V;
        bookPlating(
          metal,
          plating,
          platedAt_A(current_A) / surface_m2,
          sei.start_m / now.film_m,
          specific_per_m,
          dt_s,
        );
      }
      if (options.sei !== undefined) {
        now.film_m = seiThickness_m(sei, now.film_m, now.filmCurrent_A_per_m2, dt_s);
        now.filmLithium_Ah += (now.film_A * dt_s) / 3600;
      }
    },
  };
}
