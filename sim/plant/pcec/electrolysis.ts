import type { CellConditions, ElectrolyserCell, GasCrossover } from '../electrolyser/cell.ts';
import {
  FARADAY_C_PER_MOL,
  GAS_CONSTANT_J_PER_MOL_K,
  MOLAR_VOLUME_NL_PER_MOL,
  ZERO_DEGC_K,
} from '../parts/constants.ts';
import { saturationPressure_bar } from '../pem/cell.ts';
import { type ProtonicMembrane, protonicPoint } from './cell.ts';
import { between, COLDEST_DEGC, protonicMap, segmentOf } from './map.ts';

/** Enthalpy of splitting steam at some 550 degC over 2F, V. */
const STEAM_THERMONEUTRAL_V = 1.28;
/** Of the steam, that can be taken up before the cell starves. */
const STARVING_FRAC = 0.98;
/** Changes below which the row of the map is not read anew: some 0.05 mV. */
const SAME_K = 0.03;
const SAME_PRESSURE_FRAC = 3e-4;
/** Part of the smallest slope of the curve that counts as resistance; the rest lies behind the double layer. */
const OHMIC_FRAC = 0.9;
/** Voltage above open circuit up to which that slope is looked for: above, leakage short-circuits the cell, V. */
const OHMIC_BELOW_V = 0.5;
const LEAST_SLOPE_OHM_CM2 = 0.005;
const LEAST_BARA = 0.01;

/** A proton-ceramic stack's cell and leakage, and what of them can be shown. */
export interface ProtonicElectrolysis {
  readonly cell: ElectrolyserCell;
  readonly crossover: GasCrossover;
  /** Steam fed, mol/s, and the part of it that is taken up, 0..1. */
  readonly steam: { readonly fed_mol_per_s: number; readonly used_frac: number };
}

/**
 * Cell and leakage of a proton-ceramic stack on the map of its membrane. Steam is fed by the own actuator at
 * `indexOfSteam` of the settings (NL/min), less the first own disturbance (percent); too little of it bends the curve
 * up and holds the proton current. Holes that come through at rest burn H2: shown as O2 that crosses and recombines.
 */
export function protonicElectrolysis(
  membrane: ProtonicMembrane,
  stackArea_cm2: number,
  doubleLayer_F_per_cm2: number,
  indexOfSteam: number,
): ProtonicElectrolysis {
  const map = protonicMap(membrane);
  const density = map.density_A_per_cm2;
  const nodes = density.length;
  const volts = new Float64Array(nodes);
  const protons = new Float64Array(nodes);
  /** Overvoltage behind the double layer at each node, V, rising. */
  const over_V = new Float64Array(nodes);
  const steam = { fed_mol_per_s: 0, used_frac: 0 };
  let nernstSlope_V = 0;
  let rowAt_K = 0;
  let rowAt_bara = 0;
  let rowAt_steam = -1;
  let ohmic_Ohm_cm2 = 0;

  /** Row of the map at these conditions: split into rest, resistance and what lies behind the double layer. */
  function findRow(at: Readonly<CellConditions>): void {
    const bara = Math.max(at.anode_bara, LEAST_BARA);
    const isSame =
      Math.abs(at.temperature_K - rowAt_K) < SAME_K &&
      Math.abs(bara - rowAt_bara) < SAME_PRESSURE_FRAC * rowAt_bara &&
      steam.fed_mol_per_s === rowAt_steam;
    if (isSame) return;
    rowAt_K = at.temperature_K;
    rowAt_bara = bara;
    rowAt_steam = steam.fed_mol_per_s;
    map.row(rowAt_K, bara, volts, protons);
    const limit = (2 * FARADAY_C_PER_MOL * steam.fed_mol_per_s) / stackArea_cm2;
    let slope = Number.POSITIVE_INFINITY;
    for (let k = 1; k < nodes && volts[k] < volts[0] + OHMIC_BELOW_V; k++)
      slope = Math.min(slope, (volts[k] - volts[k - 1]) / (density[k] - density[k - 1]));
    ohmic_Ohm_cm2 = OHMIC_FRAC * Math.max(LEAST_SLOPE_OHM_CM2, Math.min(slope, 10));
    over_V[0] = 0;
    let starved_V = 0;
    for (let k = 1; k < nodes; k++) {
      const before_V = starved_V;
      starved_V = starving_V(density[k], limit);
      const step = density[k] - density[k - 1];
      const rise_V = volts[k] - volts[k - 1] - ohmic_Ohm_cm2 * step;
      over_V[k] = over_V[k - 1] + Math.max(rise_V, LEAST_SLOPE_OHM_CM2 * step) + starved_V - before_V;
    }
    for (let k = 0; k < nodes; k++) protons[k] = Math.min(protons[k], STARVING_FRAC * limit);
    // Colder than the map the membrane's own resistance goes on growing.
    const coldest_K = COLDEST_DEGC + ZERO_DEGC_K;
    cell.resistance_Ohm_cm2 = ohmic_Ohm_cm2;
    if (rowAt_K < coldest_K)
      cell.resistance_Ohm_cm2 +=
        protonicPoint(membrane, rowAt_K, bara).membrane_Ohm_cm2 -
        protonicPoint(membrane, coldest_K, bara).membrane_Ohm_cm2;
  }

  /** Nernst term of the steam that is used up; a steep straight line where there is none left. */
  function starving_V(i: number, limit: number): number {
    const x = i / Math.max(limit, 1e-3);
    const inside = Math.min(x, STARVING_FRAC);
    return nernstSlope_V * ((x - inside) / (1 - STARVING_FRAC) - Math.log(1 - inside));
  }

  const cell = {
    isLiquidFed: false,
    restHeld_frac: 1,
    doubleLayer_F_per_cm2,
    thermoneutral_V: STEAM_THERMONEUTRAL_V,
    cathodeVapour_bar: 0,
    anodeVapour_bar: 0,
    resistance_Ohm_cm2: 0,
    prepare(at: Readonly<CellConditions>): void {
      nernstSlope_V = (GAS_CONSTANT_J_PER_MOL_K * at.temperature_K) / (2 * FARADAY_C_PER_MOL);
      const lost = Math.min(1, Math.max(0, at.disturbances[0] / 100));
      const set_NL_per_min = Math.max(0, at.settings[indexOfSteam]);
      steam.fed_mol_per_s = (set_NL_per_min * (1 - lost)) / 60 / MOLAR_VOLUME_NL_PER_MOL;
      findRow(at);
      // Dry cathode gas but for what the membrane lets through; a cold anode condenses its steam.
      const saturated_bar = saturationPressure_bar(Math.min(at.temperature_K, 470));
      const cathodeSteam_frac = 1 - membrane.cathodeH2_frac;
      cell.cathodeVapour_bar = vapour_bar(
        cathodeSteam_frac,
        at.cathode_bara - cell.cathodeVapour_bar,
        saturated_bar,
      );
      cell.anodeVapour_bar = vapour_bar(
        membrane.steam_frac,
        at.anode_bara - cell.anodeVapour_bar,
        saturated_bar,
      );
    },
    /** The map holds the anode's gas and H2 at its pressure; other H2 moves it by Nernst. */
    equilibrium_V: (h2_bar: number): number =>
      volts[0] + nernstSlope_V * Math.log(h2_bar / (membrane.cathodeH2_frac * rowAt_bara)),
    activation_V: (i: number): number => between(density, over_V, i),
    /** Straight pieces: each is an exponential, followed until it leaves its piece or the time is over. */
    doubleLayer_V(start_V: number, i: number, dt_s: number): number {
      let v = start_V;
      let left_s = dt_s;
      let k = segmentOf(over_V, v);
      for (let n = 0; n < 2 * nodes; n++) {
        const slope = (over_V[k + 1] - over_V[k]) / (density[k + 1] - density[k]);
        const goal_V = over_V[k] + (i - density[k]) * slope;
        const tau_s = slope * doubleLayer_F_per_cm2;
        const isRising = goal_V > v;
        const isLast = isRising ? k === nodes - 2 : k === 0;
        const edge_V = isRising ? over_V[k + 1] : over_V[k];
        const staysInside = isLast || (isRising ? goal_V <= edge_V : goal_V >= edge_V);
        const toEdge_s = staysInside
          ? Number.POSITIVE_INFINITY
          : tau_s * Math.log((v - goal_V) / (edge_V - goal_V));
        if (toEdge_s >= left_s) return goal_V + (v - goal_V) * Math.exp(-left_s / tau_s);
        left_s -= Math.max(0, toEdge_s);
        v = edge_V;
        k += isRising ? 1 : -1;
      }
      return v;
    },
    chargeTransfer_Ohm_cm2(overvoltage_V: number): number {
      const k = segmentOf(over_V, overvoltage_V);
      return (over_V[k + 1] - over_V[k]) / (density[k + 1] - density[k]);
    },
    faradaic_frac(i: number): number {
      if (i <= 0) return 0;
      return Math.min(1, Math.max(0, between(density, protons, Math.min(i, density[nodes - 1])) / i));
    },
  };

  const crossover = {
    h2_mol_per_s_cm2: 0,
    o2_mol_per_s_cm2: 0,
    anodeOxidised_frac: 0,
    cathodeRecombined_frac: 1,
    prepare(at: Readonly<CellConditions>, i: number): void {
      const protonic = between(density, protons, Math.min(Math.max(i, 0), density[nodes - 1]));
      const present =
        (at.cathodeH2_bar / (at.cathodeH2_bar + 0.01)) * (at.anodeO2_bar / (at.anodeO2_bar + 0.01));
      crossover.o2_mol_per_s_cm2 = (Math.max(0, -protonic) * present) / (4 * FARADAY_C_PER_MOL);
      const fed = steam.fed_mol_per_s;
      const used_mol_per_s = (Math.max(0, protonic) * stackArea_cm2) / (2 * FARADAY_C_PER_MOL);
      steam.used_frac = fed > 0 ? Math.min(1, used_mol_per_s / fed) : 0;
    },
  };

  return { cell, crossover, steam };
}

/** Steam beside a dry gas so that it is this part of both, bar. */
function vapour_bar(steam_frac: number, dry_bar: number, saturated_bar: number): number {
  return Math.min((steam_frac / (1 - steam_frac)) * Math.max(0, dry_bar), saturated_bar);
}
