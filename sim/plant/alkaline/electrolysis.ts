import type { CellConditions, ElectrolyserCell, GasCrossover } from '../electrolyser/cell.ts';
import { FARADAY_C_PER_MOL, THERMONEUTRAL_V } from '../parts/constants.ts';
import { nernst_V, reversibleVoltage_V } from '../pem/cell.ts';
import {
  type AlkalineCurve,
  alkalineActivation_V,
  alkalineAsr_Ohm_cm2,
  alkalineKinetics_cm2_per_A,
} from './cell.ts';
import {
  h2Solubility_mol_per_L_bar,
  kohConductivity_S_per_cm,
  lyeMolarity_mol_per_L,
  lyeVapour_bar,
} from './lye.ts';
import { type FaradaicCurve, faradaicEfficiency, sanchezH2InO2_vol_pct } from './purity.ts';
import { alkalineRest, type RestParameters } from './rest.ts';
import { currentEfficiency, type ShuntLadder } from './shunt.ts';

/** Everything of cells, diaphragm and lye that can be chosen. */
export interface AlkalineParameters {
  readonly cells: number;
  readonly activeArea_cm2: number;
  readonly curve: AlkalineCurve;
  readonly doubleLayer_F_per_cm2: number;
  readonly koh_frac: number;
  readonly faradaic?: FaradaicCurve;
  readonly ladder: ShuntLadder;
  readonly isPurityMeasured: boolean;
  readonly rest: RestParameters;
  /** Factor on the H2 that crosses, 1 = as the correlation or the figures below say. */
  readonly crossover_1: number;
  /** Diaphragm: H2 for each bar of difference, mol/(s cm2 bar); supersaturation under load, bar cm2/A. */
  readonly diaphragm_mol_per_s_cm2_bar: number;
  readonly supersaturation_bar_cm2_per_A: number;
  /** Of what the lye carries over at nominal density, the part in proportion to the density, 0..1. */
  readonly carriedWithLoad_frac: number;
  readonly nominal_A_per_cm2: number;
  /** Mean time of the lye in the loop (volume over flow at full flow), s. */
  readonly lyeResidence_s: number;
  readonly lyeFlow_L_per_min: number;
}

/** Below this the correlation of the measured stack is not defined; its flux is held. */
const LOW_A_PER_CM2 = 0.05;
/** Changes below which figures are not worked out anew: a microvolt, a millionth of the H2 in O2. */
const SAME_K = 1e-3;
const SAME_BAR = 1e-4;
const SAME_TERM_BAR = 3e-4;
/** After so many time constants nothing of the start is left, even of a steep one. */
const SETTLED = 200;
const LEAST_BARA = 0.01;

/** Overvoltage over which the double layer gives way to the reverse current, V. */
const LAYER_V = 0.1;

/** Own actuator and disturbances, by their places in the conditions. */
export const ALKALINE_ACTUATORS = [['lye.splitSet_on', 0]] as const;
export const ALKALINE_DISTURBANCES = ['lye.lost_pct', 'lye.mixed_pct', 'lye.diluted_pct'] as const;
const LOST = 0;
const MIXED = 1;
const DILUTED = 2;
/** Of the lye, that may be lost before the cells run dry. */
const SPARE_FRAC = 0.3;
/** Vapour never carries more than this part of the pressure: above it the lye would boil. */
const BOILING_FRAC = 0.95;
/** O2 that crosses beside H2, for each bar of its own; it is about half as mobile. Basis recalled. */
const O2_PER_H2 = 0.5;

/** Cell and separator of an alkaline stack: they share the lye. */
export interface AlkalineElectrolysis {
  readonly cell: ElectrolyserCell;
  readonly crossover: GasCrossover;
  readonly lye: AlkalineLye;
}

/** The lye as it is now, for sensors and truths. */
export interface AlkalineLye {
  readonly conductivity_S_per_cm: number;
  readonly koh_frac: number;
  /** Part of the lye that is still there. */
  readonly left_frac: number;
  /** H2 that the lye carries over to the anode, mol/(s cm2). */
  readonly carried_mol_per_s_cm2: number;
}

/**
 * An alkaline stack: curve, current lost to the common lye, gas carried over by diffusion through the diaphragm and,
 * with the lag of the loop, by lye that is mixed behind the separators. Split lye (`lye.splitSet_on`) carries nothing
 * over but what `lye.mixed_pct` lets through.
 */
export function alkalineElectrolysis(p: AlkalineParameters, indexOfSplit: number): AlkalineElectrolysis {
  const stackArea_cm2 = p.cells * p.activeArea_cm2;
  const slope_V = p.curve.slope_V / Math.LN10;
  const lye = { conductivity_S_per_cm: 1, koh_frac: p.koh_frac, left_frac: 1, carried_mol_per_s_cm2: 0 };
  const rest = alkalineRest(p.rest);
  let temperature_K = 0;
  let kinetics = 1;
  let reversible_V = 0;
  let vapourTerm_V = 0;
  let vapour_bar = 0;
  let cathode_bara = 1;
  let anode_bara = 1;
  /** Temperature and concentration for which the figures of the lye were last worked out. */
  let lyeAt_K = 0;
  let lyeAt_frac = -1;
  let termAt_K = -1;
  let termAtCathode_bara = 0;
  let termAtAnode_bara = 0;

  /** What lye is there and how it conducts. */
  function findLye(at: Readonly<CellConditions>): void {
    const { disturbances } = at;
    lye.left_frac = 1 - Math.min(0.95, Math.max(0, disturbances[LOST] / 100));
    lye.koh_frac = p.koh_frac * (1 - Math.min(1, Math.max(0, disturbances[DILUTED] / 100)));
    if (Math.abs(temperature_K - lyeAt_K) < SAME_K && lye.koh_frac === lyeAt_frac) return;
    lyeAt_K = temperature_K;
    lyeAt_frac = lye.koh_frac;
    lye.conductivity_S_per_cm = conductivity(lye.koh_frac);
    vapour_bar = lyeVapour_bar(temperature_K, lye.koh_frac);
    reversible_V = reversibleVoltage_V(temperature_K);
    kinetics = alkalineKinetics_cm2_per_A(p.curve, temperature_K);
  }

  /** The fits take the total pressures: what Nernst lacks with the dry ones. */
  function findVapourTerm(at: Readonly<CellConditions>): void {
    const isSame =
      lyeAt_K === termAt_K &&
      Math.abs(at.cathode_bara - termAtCathode_bara) < SAME_TERM_BAR &&
      Math.abs(at.anode_bara - termAtAnode_bara) < SAME_TERM_BAR;
    if (isSame) return;
    termAt_K = lyeAt_K;
    termAtCathode_bara = at.cathode_bara;
    termAtAnode_bara = at.anode_bara;
    vapourTerm_V = nernst_V(
      temperature_K,
      at.cathode_bara / Math.max(at.cathode_bara - cell.cathodeVapour_bar, 1e-6),
      at.anode_bara / Math.max(at.anode_bara - cell.anodeVapour_bar, 1e-6),
    );
  }

  function conductivity(koh_frac: number): number {
    // Pure water at the least: a small figure, so that nothing divides by 0.
    return Math.max(
      1e-3,
      kohConductivity_S_per_cm(temperature_K, lyeMolarity_mol_per_L(temperature_K, koh_frac)),
    );
  }

  const cell = {
    isLiquidFed: true,
    restHeld_frac: 0,
    doubleLayer_F_per_cm2: p.doubleLayer_F_per_cm2,
    thermoneutral_V: THERMONEUTRAL_V,
    cathodeVapour_bar: 0,
    anodeVapour_bar: 0,
    resistance_Ohm_cm2: 0,
    prepare(at: Readonly<CellConditions>): void {
      temperature_K = at.temperature_K;
      rest.prepare(at);
      cell.restHeld_frac = rest.held_frac;
      findLye(at);
      cell.cathodeVapour_bar = Math.min(vapour_bar, BOILING_FRAC * at.cathode_bara);
      cell.anodeVapour_bar = Math.min(vapour_bar, BOILING_FRAC * at.anode_bara);
      findVapourTerm(at);
      const fitted = alkalineAsr_Ohm_cm2(p.curve, temperature_K, (at.cathode_bara + at.anode_bara) / 2);
      const diluted_1 =
        lye.koh_frac === p.koh_frac ? 1 : conductivity(p.koh_frac) / lye.conductivity_S_per_cm;
      const wetted = Math.min(1, lye.left_frac / (1 - SPARE_FRAC));
      cell.resistance_Ohm_cm2 = (fitted * diluted_1) / wetted;
      cathode_bara = Math.max(at.cathode_bara, LEAST_BARA);
      anode_bara = Math.max(at.anode_bara, LEAST_BARA);
    },
    equilibrium_V: (h2_bar: number, o2_bar: number): number =>
      reversible_V + nernst_V(temperature_K, h2_bar, o2_bar) + vapourTerm_V,
    activation_V: (density: number): number => alkalineActivation_V(slope_V, kinetics, density),
    /** u = exp(-V / slope) obeys a linear equation. */
    doubleLayer_V(start_V: number, density: number, dt_s: number): number {
      // Without a current the reverse current through the lye empties the layer.
      if (density === 0 && p.cells > 1)
        return start_V * Math.exp((-p.rest.reverse_A_per_cm2 * dt_s) / (p.doubleLayer_F_per_cm2 * LAYER_V));
      const end = 1 / (1 + kinetics * density);
      const decay = ((density + 1 / kinetics) * dt_s) / (slope_V * p.doubleLayer_F_per_cm2);
      if (decay > SETTLED) return -slope_V * Math.log(end);
      return -slope_V * Math.log(end + (Math.exp(-start_V / slope_V) - end) * Math.exp(-decay));
    },
    chargeTransfer_Ohm_cm2: (overvoltage_V: number): number =>
      slope_V * kinetics * Math.exp(-overvoltage_V / slope_V),
    faradaic_frac(density: number): number {
      const charging = density > 0 ? rest.charging_frac(density) : 0;
      return charging < 1 ? (1 - charging) * gasPart_frac(density) : 0;
    },
  };

  /** Of the current that is not spent on filling the electrodes, the part that makes gas. */
  function gasPart_frac(density: number): number {
    if (p.faradaic === undefined) {
      const rest_V = reversible_V + nernst_V(temperature_K, cathode_bara, anode_bara);
      const volts = rest_V + cell.activation_V(density) + cell.resistance_Ohm_cm2 * density;
      return currentEfficiency(p.ladder, lye.conductivity_S_per_cm, volts, density * p.activeArea_cm2);
    }
    // What was measured is the product: the H2 that crosses was made as well.
    const measured = faradaicEfficiency(p.faradaic, temperature_K, density);
    const crossed_A_per_cm2 = 2 * FARADAY_C_PER_MOL * Math.max(0, crossover.h2_mol_per_s_cm2);
    return measured > 0 ? Math.min(1, measured + Math.min(measured, crossed_A_per_cm2 / density)) : 0;
  }

  /** H2 to the anode at steady state for a cathode full of H2 and mixed lye: by diffusion, and carried. */
  function fluxes(at: Readonly<CellConditions>, density: number, h2_bar: number): void {
    const diffusing =
      p.diaphragm_mol_per_s_cm2_bar * (h2_bar + p.supersaturation_bar_cm2_per_A * Math.max(0, density));
    if (p.faradaic !== undefined && p.isPurityMeasured) {
      const all = p.crossover_1 * measuredFlux(p.faradaic, density) * (h2_bar / cathode_bara);
      diffusive = Math.min(all, p.crossover_1 * diffusing);
      carriedTarget = all - diffusive;
      return;
    }
    diffusive = p.crossover_1 * diffusing;
    const flow_L_per_s_cm2 = at.flow_L_per_min / 60 / stackArea_cm2;
    const solubility = h2Solubility_mol_per_L_bar(lyeMolarity_mol_per_L(temperature_K, lye.koh_frac));
    const load_1 = Math.max(0, density) / p.nominal_A_per_cm2;
    const carrying = 1 - p.carriedWithLoad_frac + p.carriedWithLoad_frac * load_1;
    carriedTarget = (p.crossover_1 * flow_L_per_s_cm2 * solubility * h2_bar * carrying) / 2;
  }

  /** H2 to the anode of the measured stack, mol/(s cm2), from its efficiency and its H2 in O2. */
  function measuredFlux(faradaic: FaradaicCurve, density: number): number {
    const isSame =
      density === fluxAt_A_per_cm2 && lyeAt_K === fluxAt_K && Math.abs(cathode_bara - fluxAt_bara) < SAME_BAR;
    if (isSame) return flux;
    fluxAt_A_per_cm2 = density;
    fluxAt_K = lyeAt_K;
    fluxAt_bara = cathode_bara;
    const inside = Math.max(density, LOW_A_PER_CM2);
    const h2_frac = Math.min(0.99, sanchezH2InO2_vol_pct(lyeAt_K, cathode_bara, inside) / 100);
    const o2 = (faradaicEfficiency(faradaic, lyeAt_K, inside) * inside) / (4 * FARADAY_C_PER_MOL);
    flux = (h2_frac / (1 - h2_frac)) * o2;
    return flux;
  }

  let flux = 0;
  let fluxAt_A_per_cm2 = -1;
  let fluxAt_K = 0;
  let fluxAt_bara = 0;
  let diffusive = 0;
  let carriedTarget = 0;
  /** Residences of the lye that a step is, and the part of the lye that it renews. */
  let mixedFor = -1;
  let mixed_frac = 0;

  const crossover = {
    h2_mol_per_s_cm2: 0,
    o2_mol_per_s_cm2: 0,
    anodeOxidised_frac: 0,
    cathodeRecombined_frac: 0,
    prepare(at: Readonly<CellConditions>, density_A_per_cm2: number): void {
      fluxes(at, density_A_per_cm2, at.cathodeH2_bar);
      const isSplit = at.settings[indexOfSplit] >= 0.5;
      const leaking = Math.min(1, Math.max(0, at.disturbances[MIXED] / 100));
      const flowing_frac = at.flow_L_per_min / p.lyeFlow_L_per_min;
      const target = carriedTarget * (isSplit ? leaking : 1);
      // The lye that comes back was mixed one residence ago; standing lye brings nothing.
      const residence_s = (p.lyeResidence_s * lye.left_frac) / Math.max(flowing_frac, 1e-3);
      const passed = at.dt_s / residence_s;
      if (passed !== mixedFor) {
        mixedFor = passed;
        mixed_frac = 1 - Math.exp(-passed);
      }
      lye.carried_mol_per_s_cm2 += (target - lye.carried_mol_per_s_cm2) * mixed_frac;
      const carried = flowing_frac > 0.01 ? lye.carried_mol_per_s_cm2 : 0;
      // Back from an anode that holds more H2 than the cathode.
      const back = at.anodeH2_bar > 0 ? p.diaphragm_mol_per_s_cm2_bar * at.anodeH2_bar : 0;
      crossover.h2_mol_per_s_cm2 = diffusive + carried - back;
      const perBar = (diffusive + carried) / Math.max(at.cathodeH2_bar, 0.1);
      crossover.o2_mol_per_s_cm2 = O2_PER_H2 * perBar * (at.anodeO2_bar - at.cathodeO2_bar);
    },
  };

  return { cell, crossover, lye };
}
