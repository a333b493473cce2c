import { GAS_CONSTANT_J_PER_MOL_K } from '../parts/constants.ts';
import { H2_G_PER_MOL } from '../parts/hydrogen.ts';

/** One branch of an isotherm by van 't Hoff: ln(p / 1 bar) = dH / RT - dS / R at half the capacity; both negative. */
export interface PlateauBranch {
  readonly enthalpy_J_per_mol: number;
  readonly entropy_J_per_mol_K: number;
}

/** A hydride-forming alloy, activated: equilibrium, kinetics, heat. All amounts per mol of H2. */
export interface HydrideAlloy {
  readonly absorption: PlateauBranch;
  readonly desorption: PlateauBranch;
  /** d ln p / d(filling) of the plateau. */
  readonly slope_1: number;
  /** How the isotherm falls off where the alloy is nearly empty and rises where it is nearly full: see `equilibriumLn`. */
  readonly poorEnd_frac: number;
  readonly poorEndPower_1: number;
  readonly fullEnd_frac: number;
  readonly fullEndPower_1: number;
  /** Most that it takes at any pressure, mass of H over mass of the hydride, %. */
  readonly capacity_pct: number;
  readonly absorption_per_s: number;
  readonly absorptionActivation_J_per_mol: number;
  readonly desorption_per_s: number;
  readonly desorptionActivation_J_per_mol: number;
  readonly density_kg_per_m3: number;
  readonly heat_J_per_kg_K: number;
}

/** Scanning between the branches goes along a line so steep, d ln p / d(filling); default chosen here. */
const SCAN_SLOPE = 10;
/** An empty or a full alloy is this far from 0 or 1 where the law has its poles. */
const EDGE = 1e-6;
/** ln p of nothing: what a turbomolecular pump would not reach. */
const LEAST_LN_P = -60;
const MOST_LN_P = 60;
/** Larger driving forces ln(p / p_eq) count as this: of an empty alloy it would be without bound. Default. */
const MOST_DRIVE = 4;

/** H2 that this mass of alloy takes at most, mol. */
export function capacity_mol(alloy: HydrideAlloy, alloy_g: number): number {
  const part = alloy.capacity_pct / 100;
  return (alloy_g * part) / (1 - part) / H2_G_PER_MOL;
}

function branchLn(branch: PlateauBranch, temperature_K: number): number {
  return (
    branch.enthalpy_J_per_mol / (GAS_CONSTANT_J_PER_MOL_K * temperature_K) -
    branch.entropy_J_per_mol_K / GAS_CONSTANT_J_PER_MOL_K
  );
}

/** Width of the hysteresis at this temperature, ln(p_abs / p_des); never negative. */
export function hysteresis_1(alloy: HydrideAlloy, temperature_K: number): number {
  return Math.max(0, branchLn(alloy.absorption, temperature_K) - branchLn(alloy.desorption, temperature_K));
}

/**
 * ln of the equilibrium pressure in bar: van 't Hoff + hysteresis + slope (x - 1/2) - (poor / x)^m + (full / (1 - x))^n.
 * The two last terms are chosen here: they leave the plateau flat and bend where measured isotherms do. `filling_frac` x:
 * H2 held over the capacity; `branch_frac`: 0 on the desorption isotherm, 1 on the absorption isotherm. Rises with the
 * filling and with the temperature.
 */
export function equilibriumLn(
  alloy: HydrideAlloy,
  filling_frac: number,
  branch_frac: number,
  temperature_K: number,
): number {
  const x = Math.min(1 - EDGE, Math.max(EDGE, filling_frac));
  const ln =
    branchLn(alloy.desorption, temperature_K) +
    branch_frac * hysteresis_1(alloy, temperature_K) +
    alloy.slope_1 * (x - 0.5) -
    (alloy.poorEnd_frac / x) ** alloy.poorEndPower_1 +
    (alloy.fullEnd_frac / (1 - x)) ** alloy.fullEndPower_1;
  return Math.min(MOST_LN_P, Math.max(LEAST_LN_P, ln));
}

/**
 * Where between the branches the alloy stands after its filling has changed: towards absorption while it takes up,
 * towards desorption while it gives, never a jump.
 */
export function branchAfter(
  alloy: HydrideAlloy,
  branch_frac: number,
  change_frac: number,
  temperature_K: number,
): number {
  const width = Math.max(1e-3, hysteresis_1(alloy, temperature_K));
  return Math.min(1, Math.max(0, branch_frac + (SCAN_SLOPE * change_frac) / width));
}

/**
 * Rate at which the filling changes, 1/s; positive: takes up. Absorption C exp(-E/RT) ln(p/p_eq) (1 - x), desorption
 * C exp(-E/RT) (p/p_eq - 1) x: the forms that public models of LaNi5 tanks use, after Mayer, Groll, Supper, J. Less-
 * Common Met. 131 (1987) 235 (recalled).
 */
export function fillingRate_per_s(
  alloy: HydrideAlloy,
  filling_frac: number,
  equilibrium_ln: number,
  pressure_bara: number,
  temperature_K: number,
): number {
  const drive = pressure_bara > 0 ? Math.log(pressure_bara) - equilibrium_ln : Number.NEGATIVE_INFINITY;
  const rt = GAS_CONSTANT_J_PER_MOL_K * temperature_K;
  if (drive >= 0)
    return (
      alloy.absorption_per_s *
      Math.exp(-alloy.absorptionActivation_J_per_mol / rt) *
      Math.min(MOST_DRIVE, drive) *
      (1 - filling_frac)
    );
  return (
    alloy.desorption_per_s *
    Math.exp(-alloy.desorptionActivation_J_per_mol / rt) *
    Math.expm1(drive) *
    filling_frac
  );
}

/** Content of a filling, mass of H over mass of the hydride, %. */
export function content_pct(alloy: HydrideAlloy, filling_frac: number): number {
  const full = alloy.capacity_pct / (100 - alloy.capacity_pct);
  const ratio = filling_frac * full;
  return (100 * ratio) / (1 + ratio);
}

/** Heat that absorption sets free, J/mol: the mean of both branches, so that a closed cycle keeps nothing. */
export function reactionHeat_J_per_mol(alloy: HydrideAlloy): number {
  return -(alloy.absorption.enthalpy_J_per_mol + alloy.desorption.enthalpy_J_per_mol) / 2;
}
