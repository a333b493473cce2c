import { FARADAY_C_PER_MOL, GAS_CONSTANT_J_PER_MOL_K } from '../parts/constants.ts';

/** One electrode on which lithium plates and strips. Per cm2. */
export interface LithiumElectrodeParameters {
  /** 1 - coulombic efficiency of plating: at the first charge, and once it has settled. */
  readonly lossFirst_frac: number;
  readonly loss_frac: number;
  /** Charge after which the loss has come down by 1/e. */
  readonly settles_mAh_per_cm2: number;
  /** Part of the loss that stays as metal without contact; the rest is surface film. */
  readonly deadShare_frac: number;
  readonly exchange_mA_per_cm2: number;
  /** Area of freshly plated, mossy metal over that of a smooth foil, and the charge at which half of it is there. */
  readonly mossArea_1: number;
  readonly moss_mAh_per_cm2: number;
  /** Where there is hardly any metal only so much of the area takes part (nucleation); gone after this charge. */
  readonly bareArea_frac: number;
  readonly nucleation_mAh_per_cm2: number;
  /** Film on a smooth foil, and what lost lithium adds to it. */
  readonly film_Ohm_cm2: number;
  readonly filmGrowth_Ohm_cm4_per_mAh: number;
  /** Without metal: volts per charge above 0 V. Fresh: oxide and first film, once; then double layer and solvent. */
  readonly fresh_V_per_mAh_cm2: number;
  readonly spent_V_per_mAh_cm2: number;
}

/** What has become of the lithium of one electrode, mAh/cm2; plain data. Metal and all that is lost add up. */
export interface LithiumElectrode {
  metal: number;
  /** Of the metal what was plated last, to be stripped first. */
  moss: number;
  dead: number;
  film: number;
  /** Charge taken out beyond the last metal; before the first plating the oxide of the foil. */
  above: number;
  isFresh: boolean;
  plated: number;
}

/** A foil with this much lithium; without any, a bare collector with `oxide` to be reduced first. mAh/cm2. */
export function lithiumElectrode(metal: number, oxide: number): LithiumElectrode {
  return {
    metal,
    moss: 0,
    dead: 0,
    film: 0,
    above: metal > 0 ? 0 : oxide,
    isFresh: metal <= 0 && oxide > 0,
    plated: 0,
  };
}

/** Lithium in this electrode, whatever its form, less what charge above 0 V stands for, mAh/cm2: falls by what leaves. */
export function lithiumHeld(e: LithiumElectrode): number {
  return e.metal + e.dead + e.film - e.above;
}

/** Part of what is plated now that is lost, 0..1. */
export function lossNow_frac(p: LithiumElectrodeParameters, e: LithiumElectrode): number {
  return p.loss_frac + (p.lossFirst_frac - p.loss_frac) * Math.exp(-e.plated / p.settles_mAh_per_cm2);
}

/** Charge above 0 V after this much has been stripped (positive) or plated, mAh/cm2. */
export function aboveAfter(e: LithiumElectrode, stripped: number): number {
  if (stripped < 0) return Math.max(0, e.above + stripped);
  return e.above + Math.max(0, stripped - e.metal);
}

/** Potential of an electrode without current against lithium, V, at that charge above 0 V. */
export function restPotential_V(p: LithiumElectrodeParameters, e: LithiumElectrode, above: number): number {
  return above * (e.isFresh ? p.fresh_V_per_mAh_cm2 : p.spent_V_per_mAh_cm2);
}

/** Area that takes part over that of a smooth foil. */
export function activeArea_1(p: LithiumElectrodeParameters, e: LithiumElectrode): number {
  const mossy = 1 + ((p.mossArea_1 - 1) * e.moss) / (e.moss + p.moss_mAh_per_cm2);
  const covered = -Math.expm1(-e.metal / p.nucleation_mAh_per_cm2);
  return mossy * (p.bareArea_frac + (1 - p.bareArea_frac) * covered);
}

/** Film of a smooth foil with what lost lithium has added, Ohm cm2, at the reference temperature. */
export function filmNow_Ohm_cm2(p: LithiumElectrodeParameters, e: LithiumElectrode): number {
  return p.film_Ohm_cm2 + p.filmGrowth_Ohm_cm4_per_mAh * (e.film + e.dead);
}

/** Volts of charge transfer at this current density on the active area (symmetric Butler-Volmer). */
export function transfer_V(density_mA: number, exchange_mA: number, temperature_K: number): number {
  return (
    ((2 * GAS_CONSTANT_J_PER_MOL_K * temperature_K) / FARADAY_C_PER_MOL) *
    Math.asinh(density_mA / (2 * exchange_mA))
  );
}

/** Strips (positive) or plates this charge, mAh/cm2. What is plated is metal, dead metal and film from then on. */
export function moveLithium(p: LithiumElectrodeParameters, e: LithiumElectrode, stripped: number): void {
  if (stripped >= 0) {
    const metal = Math.min(e.metal, stripped);
    e.metal -= metal;
    e.moss = Math.max(0, e.moss - metal);
    e.above += stripped - metal;
    return;
  }
  const reduced = Math.min(e.above, -stripped);
  e.above -= reduced;
  const plated = -stripped - reduced;
  if (plated <= 0) return;
  e.isFresh = false;
  const lost = lossNow_frac(p, e) * plated;
  e.metal += plated - lost;
  e.moss += plated - lost;
  e.dead += p.deadShare_frac * lost;
  e.film += (1 - p.deadShare_frac) * lost;
  e.plated += plated;
}

/** Slope of the charge transfer at a density, Ohm cm2. */
export function transferSlope_Ohm_cm2(
  density_mA: number,
  exchange_mA: number,
  temperature_K: number,
): number {
  const half = density_mA / (2 * exchange_mA);
  const thermal_V = (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / FARADAY_C_PER_MOL;
  return (1000 * thermal_V) / exchange_mA / Math.sqrt(1 + half * half);
}
