import { GAS_CONSTANT_J_PER_MOL_K, ZERO_DEGC_K } from '../parts/constants.ts';
import { orificeFlow } from '../parts/gas.ts';
import { H2_CP_J_PER_MOL_K, h2Compressibility, h2InVolume_mol, h2Pressure_bara } from '../parts/hydrogen.ts';
import {
  branchAfter,
  capacity_mol,
  equilibriumLn,
  fillingRate_per_s,
  type HydrideAlloy,
  reactionHeat_J_per_mol,
} from './alloy.ts';

/** Sieverts apparatus around a bed of alloy: sizes, valves, heat. */
export interface HydrideRigParameters {
  readonly alloy: HydrideAlloy;
  readonly alloy_g: number;
  /** Dosing volume with its lines, and the sample holder with nothing in it. */
  readonly tank_L: number;
  readonly holder_L: number;
  readonly supply_bara: number;
  /** Conductances, mol/s per bar upstream (choked): supply valve, vent, valve between tank and sample. */
  readonly supplyValve_mol_per_s_bar: number;
  readonly ventValve_mol_per_s_bar: number;
  readonly sampleValve_mol_per_s_bar: number;
  /** Pump: what it draws, L/s, and what it does not get below. */
  readonly pump_L_per_s: number;
  readonly pumpEnd_bara: number;
  readonly wall_J_per_K: number;
  readonly bedToWall_W_per_K: number;
  readonly wallToAir_W_per_K: number;
}

/** State of apparatus and bed; plain data. H2 that came in and left is counted, so that a balance can be drawn. */
export interface HydrideState {
  tank_mol: number;
  /** Gas in the sample holder, beside what the alloy holds. */
  gas_mol: number;
  held_mol: number;
  /** 0 on the desorption isotherm, 1 on that of absorption. */
  branch_frac: number;
  bed_degC: number;
  wall_degC: number;
  /** What the tank's controller follows: the setpoint, no faster than its rate. */
  ramped_bara: number;
  tank_bara: number;
  sample_bara: number;
  supplied_mol: number;
  vented_mol: number;
  pumped_mol: number;
  leaked_mol: number;
  /** Heat from wall to air, of reaction, and carried in by gas from the tank, J since the start. */
  lostHeat_J: number;
  reactionHeat_J: number;
  gasHeat_J: number;
}

/** What a step gets from outside. Switches: 1 = open. */
export interface HydrideInput {
  readonly tankSet_bara: number;
  readonly tankRate_bar_per_s: number;
  readonly sampleValve_on: number;
  readonly supplyValve_on: number;
  readonly ventValve_on: number;
  readonly pumpValve_on: number;
  readonly room_degC: number;
  readonly air_degC: number;
  readonly ambient_bara: number;
  /** Leak of the holder to the room, mol/s per bar upstream. */
  readonly leak_mol_per_s_bar: number;
  /** 0..1 of the kinetics that poisoning (CO, H2O, O2) has taken. */
  readonly poisoned_frac: number;
}

/** Space for gas in the holder beside the alloy, L. Its growth while it takes up (some 20 %) is not counted. */
export function gasSpace_L(p: HydrideRigParameters): number {
  const solid_L = p.alloy_g / p.alloy.density_kg_per_m3;
  return Math.max(0.05 * p.holder_L, p.holder_L - solid_L);
}

/** Evacuated tank and holder, activated alloy without hydrogen, all at this temperature. */
export function hydrideStart(temperature_degC: number): HydrideState {
  return {
    tank_mol: 0,
    gas_mol: 0,
    held_mol: 0,
    branch_frac: 1,
    bed_degC: temperature_degC,
    wall_degC: temperature_degC,
    ramped_bara: 0,
    tank_bara: 0,
    sample_bara: 0,
    supplied_mol: 0,
    vented_mol: 0,
    pumped_mol: 0,
    leaked_mol: 0,
    lostHeat_J: 0,
    reactionHeat_J: 0,
    gasHeat_J: 0,
  };
}

/** All hydrogen inside, mol. */
export function hydrogenInside_mol(s: HydrideState): number {
  return s.tank_mol + s.gas_mol + s.held_mol;
}

/**
 * One step of apparatus and bed, any length: gas first (controller, vent, pump, valve, leak), then the alloy with its
 * heat, by backward Euler in the one amount that it takes up. Hydrogen and heat are kept to rounding, no amount goes
 * below 0, and a valve never moves more than what makes both sides equal. Writes `s`; nothing else is remembered.
 */
export function stepHydride(p: HydrideRigParameters, s: HydrideState, u: HydrideInput, dt_s: number): void {
  const room_K = u.room_degC + ZERO_DEGC_K;
  stepTank(p, s, u, room_K, dt_s);
  const space_L = gasSpace_L(p);
  const carried_J = u.sampleValve_on >= 0.5 ? equalise(p, s, u, space_L, dt_s) : 0;
  const leak_mol = Math.min(
    s.gas_mol,
    Math.max(0, u.leak_mol_per_s_bar) * orificeFlow(s.sample_bara, u.ambient_bara) * dt_s,
  );
  s.gas_mol -= leak_mol;
  s.leaked_mol += leak_mol;
  stepBed(p, s, u, space_L, carried_J, dt_s);
  s.tank_bara = h2Pressure_bara(s.tank_mol, room_K, p.tank_L);
  s.sample_bara = h2Pressure_bara(s.gas_mol, s.bed_degC + ZERO_DEGC_K, space_L);
}

/** Dosing: while the valve to the sample is shut a controller brings the tank to its ramped setpoint. */
function stepTank(
  p: HydrideRigParameters,
  s: HydrideState,
  u: HydrideInput,
  room_K: number,
  dt_s: number,
): void {
  const isDosing = u.sampleValve_on < 0.5;
  if (isDosing) {
    const most_bar = Math.max(0, u.tankRate_bar_per_s) * dt_s;
    const away_bar = Math.max(0, u.tankSet_bara) - s.ramped_bara;
    s.ramped_bara += Math.max(-most_bar, Math.min(most_bar, away_bar));
  } else s.ramped_bara = s.tank_bara;
  const wanted_mol = h2InVolume_mol(s.ramped_bara, room_K, p.tank_L);
  const supply_mol = p.supplyValve_mol_per_s_bar * orificeFlow(p.supply_bara, s.tank_bara) * dt_s;
  if (isDosing && u.supplyValve_on >= 0.5 && s.tank_mol < wanted_mol) {
    const most_mol = h2InVolume_mol(p.supply_bara, room_K, p.tank_L) - s.tank_mol;
    const in_mol = Math.max(0, Math.min(wanted_mol - s.tank_mol, supply_mol, most_mol));
    s.tank_mol += in_mol;
    s.supplied_mol += in_mol;
  }
  // The controller lowers through the vent down to ambient, and below that through the pump.
  const isOver = isDosing && s.tank_mol > wanted_mol;
  const isVented = u.ventValve_on >= 0.5;
  if (isVented || (isOver && s.tank_bara > u.ambient_bara)) {
    const end_mol = h2InVolume_mol(u.ambient_bara, room_K, p.tank_L);
    const floor_mol = isVented ? end_mol : Math.max(wanted_mol, end_mol);
    const flow_mol = p.ventValve_mol_per_s_bar * orificeFlow(s.tank_bara, u.ambient_bara) * dt_s;
    const out_mol = Math.max(0, Math.min(s.tank_mol - floor_mol, flow_mol));
    s.tank_mol -= out_mol;
    s.vented_mol += out_mol;
  }
  const isPumped = u.pumpValve_on >= 0.5;
  if (isPumped || (isOver && s.tank_bara <= u.ambient_bara * (1 + 1e-9))) {
    const end_mol = h2InVolume_mol(p.pumpEnd_bara, room_K, p.tank_L);
    const floor_mol = isPumped ? end_mol : Math.max(wanted_mol, end_mol);
    const drawn_mol = s.tank_mol * -Math.expm1((-p.pump_L_per_s * dt_s) / p.tank_L);
    const out_mol = Math.max(0, Math.min(s.tank_mol - floor_mol, drawn_mol));
    s.tank_mol -= out_mol;
    s.pumped_mol += out_mol;
  }
  s.tank_bara = h2Pressure_bara(s.tank_mol, room_K, p.tank_L);
}

/** Gas through the open valve between tank and sample; returns the heat that it carries into the bed, J. */
function equalise(
  p: HydrideRigParameters,
  s: HydrideState,
  u: HydrideInput,
  space_L: number,
  dt_s: number,
): number {
  const room_K = u.room_degC + ZERO_DEGC_K;
  const bed_K = s.bed_degC + ZERO_DEGC_K;
  s.sample_bara = h2Pressure_bara(s.gas_mol, bed_K, space_L);
  const apart_bar = s.tank_bara - s.sample_bara;
  if (apart_bar === 0) return 0;
  const perTank = barPerMol(s.tank_bara, room_K, p.tank_L);
  const perSample = barPerMol(s.sample_bara, bed_K, space_L);
  // So much makes both equal; a valve that would move more in the step comes near it by its own time constant.
  const equal_mol = Math.abs(apart_bar) / (perTank + perSample);
  const flow_mol_per_s =
    p.sampleValve_mol_per_s_bar *
    orificeFlow(Math.max(s.tank_bara, s.sample_bara), Math.min(s.tank_bara, s.sample_bara));
  const size_mol = equal_mol * -Math.expm1((-flow_mol_per_s * dt_s) / equal_mol);
  const moved_mol = apart_bar > 0 ? Math.min(s.tank_mol, size_mol) : -Math.min(s.gas_mol, size_mol);
  s.tank_mol -= moved_mol;
  s.gas_mol += moved_mol;
  return moved_mol > 0 ? moved_mol * H2_CP_J_PER_MOL_K * (room_K - bed_K) : 0;
}

function barPerMol(pressure_bara: number, temperature_K: number, volume_L: number): number {
  const z = h2Compressibility(temperature_K, pressure_bara);
  return (z * GAS_CONSTANT_J_PER_MOL_K * temperature_K) / (volume_L * 100);
}

// The residual is monotone, so that halving the bracket alone would end; regula falsi gets there sooner.
const ROUNDS = 60;
const SAME_FRAC = 1e-11;
// No bed gets colder or hotter than this.
const LEAST_K = 150;
const MOST_K = 1500;

/** The alloy takes up or gives, and the bed warms or cools, together. */
function stepBed(
  p: HydrideRigParameters,
  s: HydrideState,
  u: HydrideInput,
  space_L: number,
  carried_J: number,
  dt_s: number,
): void {
  const { alloy } = p;
  const most_mol = capacity_mol(alloy, p.alloy_g);
  const bed_J_per_K = (p.alloy_g / 1000) * alloy.heat_J_per_kg_K;
  const inner_J_per_K = p.bedToWall_W_per_K * dt_s;
  const outer_J_per_K = p.wallToAir_W_per_K * dt_s;
  const heat_J_per_mol = reactionHeat_J_per_mol(alloy);
  // Bed and wall at the end of the step, both backward Euler: wall' = (wallStart + inner bed') / wallSum.
  const wallSum = p.wall_J_per_K + inner_J_per_K + outer_J_per_K;
  const wallStart = p.wall_J_per_K * s.wall_degC + outer_J_per_K * u.air_degC;
  const bedSum = bed_J_per_K + inner_J_per_K - (inner_J_per_K * inner_J_per_K) / wallSum;
  const bedStart = bed_J_per_K * s.bed_degC + carried_J + (inner_J_per_K * wallStart) / wallSum;
  const z = h2Compressibility(s.bed_degC + ZERO_DEGC_K, s.sample_bara);
  const bar_per_mol_K = (z * GAS_CONSTANT_J_PER_MOL_K) / (space_L * 100);
  const active = 1 - Math.min(1, Math.max(0, u.poisoned_frac));

  const bedAt_degC = (taken_mol: number): number => (bedStart + heat_J_per_mol * taken_mol) / bedSum;
  const residual = (taken_mol: number): number => {
    const bed_K = Math.min(MOST_K, Math.max(LEAST_K, bedAt_degC(taken_mol) + ZERO_DEGC_K));
    const change = taken_mol / most_mol;
    const filling = s.held_mol / most_mol + change;
    const branch = branchAfter(alloy, s.branch_frac, change, bed_K);
    const ln = equilibriumLn(alloy, filling, branch, bed_K);
    const bara = (s.gas_mol - taken_mol) * bar_per_mol_K * bed_K;
    return taken_mol - active * fillingRate_per_s(alloy, filling, ln, bara, bed_K) * most_mol * dt_s;
  };
  const taken_mol = active > 0 && most_mol > 0 ? between(residual, s, most_mol) : 0;
  const before_mol = s.held_mol;
  s.held_mol = Math.min(most_mol, Math.max(0, s.held_mol + taken_mol));
  const held_mol = s.held_mol - before_mol;
  s.gas_mol = Math.max(0, s.gas_mol - held_mol);
  s.bed_degC = bedAt_degC(held_mol);
  if (most_mol > 0)
    s.branch_frac = branchAfter(alloy, s.branch_frac, held_mol / most_mol, s.bed_degC + ZERO_DEGC_K);
  s.wall_degC = (wallStart + inner_J_per_K * s.bed_degC) / wallSum;
  s.reactionHeat_J += heat_J_per_mol * held_mol;
  s.gasHeat_J += carried_J;
  s.lostHeat_J += outer_J_per_K * (s.wall_degC - u.air_degC);
}

/** Root of a function that rises by at least 1 per mol, between giving all that is held and taking all gas or filling up. */
function between(residual: (taken_mol: number) => number, s: HydrideState, most_mol: number): number {
  const same_mol = SAME_FRAC * most_mol;
  const atRest = residual(0);
  if (Math.abs(atRest) <= same_mol) return 0;
  // It rises by at least 1 per mol, so that the root is no further from 0 than the residual there is large.
  let low = atRest > 0 ? Math.max(-s.held_mol, -atRest) : 0;
  let high = atRest > 0 ? 0 : Math.min(s.gas_mol, most_mol - s.held_mol, -atRest);
  if (!(high > low)) return 0;
  let atLow = atRest > 0 ? residual(low) : atRest;
  let atHigh = atRest > 0 ? atRest : residual(high);
  if (atLow >= 0) return low;
  if (atHigh <= 0) return high;
  let kept = 0;
  for (let k = 0; k < ROUNDS && high - low > same_mol; k++) {
    const secant = (low * atHigh - high * atLow) / (atHigh - atLow);
    const middle = secant > low && secant < high ? secant : (low + high) / 2;
    const at = residual(middle);
    if (Math.abs(at) <= same_mol) return middle;
    // Illinois: an end that stays twice counts half.
    if (at > 0) {
      high = middle;
      atHigh = at;
      if (kept > 0) atLow /= 2;
      kept = 1;
    } else {
      low = middle;
      atLow = at;
      if (kept < 0) atHigh /= 2;
      kept = -1;
    }
  }
  return (low + high) / 2;
}
