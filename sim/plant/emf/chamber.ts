import { FARADAY_C_PER_MOL, GAS_CONSTANT_J_PER_MOL_K } from '../parts/constants.ts';
import type { EmfGas } from './nernst.ts';

/** Gas space of one side, mol; plain data. What came in and left is counted for balances. */
export interface EmfChamber {
  h2: number;
  o2: number;
  steam: number;
  /** N2 or Ar. */
  inert: number;
}

/** What is fed, mol/s of each. */
export interface EmfFeed {
  readonly h2: number;
  readonly o2: number;
  readonly steam: number;
  readonly inert: number;
}

const J_PER_BAR_L = 100;

/** Gas in a volume, mol. */
export function gasOf_mol(volume_L: number, bara: number, temperature_K: number): number {
  return (bara * volume_L * J_PER_BAR_L) / (GAS_CONSTANT_J_PER_MOL_K * temperature_K);
}

/** All gas of a chamber, mol. */
export function total_mol(c: EmfChamber): number {
  return c.h2 + c.o2 + c.steam + c.inert;
}

/** Partial pressures of a chamber at its total pressure. */
export function gasPressures(c: EmfChamber, bara: number): EmfGas {
  const all = Math.max(1e-30, total_mol(c));
  return { h2_bar: (bara * c.h2) / all, o2_bar: (bara * c.o2) / all, steam_bar: (bara * c.steam) / all };
}

/** Feed of so much gas (mol/s): steam of the whole, H2 and O2 of the dry rest, the remainder inert; parts 0..1. */
export function feedOf(flow: number, steam: number, h2: number, o2: number): EmfFeed {
  const part = (v: number): number => Math.min(1, Math.max(0, v));
  const wet = part(steam);
  const fuel = part(h2);
  const oxygen = Math.min(part(o2), 1 - fuel);
  const dry = flow * (1 - wet);
  return { h2: dry * fuel, o2: dry * oxygen, steam: flow * wet, inert: dry * (1 - fuel - oxygen) };
}

/** Burns what H2 and O2 of a hot chamber can: none of both is left. */
export function burn(c: EmfChamber): void {
  const burnt = Math.min(c.h2, 2 * c.o2);
  c.h2 -= burnt;
  c.o2 -= burnt / 2;
  c.steam += burnt;
}

/**
 * Feeds a stirred chamber for a step and lets out what is above `end_mol`. Species by dilution: none goes below 0, and
 * what came in is inside or out. Adds to `out` what left.
 */
export function flush(c: EmfChamber, feed: EmfFeed, end_mol: number, dt_s: number, out: EmfChamber): void {
  c.h2 += feed.h2 * dt_s;
  c.o2 += feed.o2 * dt_s;
  c.steam += feed.steam * dt_s;
  c.inert += feed.inert * dt_s;
  const all = total_mol(c);
  const leaves = all > end_mol ? 1 - end_mol / all : 0;
  for (const key of ['h2', 'o2', 'steam', 'inert'] as const) {
    const gone = c[key] * leaves;
    c[key] -= gone;
    out[key] += gone;
  }
}

/** Takes so much H2 out of a side, mol: what there is, then out of steam, which leaves its oxygen. What was had, mol. */
function takeHydrogen(c: EmfChamber, h2: number): number {
  const had = Math.min(h2, c.h2);
  const split = Math.min(h2 - had, c.steam);
  c.h2 -= had;
  c.steam -= split;
  c.o2 += split / 2;
  return had + split;
}

/** Takes so many moles of O out of a side: what O2 there is, then out of steam, which leaves its H2. What was had, mol. */
function takeOxygen(c: EmfChamber, oxygen: number): number {
  const had = Math.min(oxygen, 2 * c.o2);
  const split = Math.min(oxygen - had, c.steam);
  c.o2 -= had / 2;
  c.steam -= split;
  c.h2 += split;
  return had + split;
}

/**
 * What an ionic charge (C, positive: electrolysis) does to both sides: protons go from the positive to the negative one,
 * oxide ions the other way; hot gases react at once. No more goes than there is; gives back the charge that found
 * nothing to move. H2, O and so all mass are kept.
 */
export function moveIons(
  positive: EmfChamber,
  negative: EmfChamber,
  charge_C: number,
  protonShare_frac: number,
): number {
  const pairs = Math.abs(charge_C) / (2 * FARADAY_C_PER_MOL);
  const [from, to] = charge_C >= 0 ? [positive, negative] : [negative, positive];
  const protons = takeHydrogen(from, pairs * protonShare_frac);
  const oxides = takeOxygen(to, pairs * (1 - protonShare_frac));
  to.h2 += protons;
  from.o2 += oxides / 2;
  burn(from);
  burn(to);
  return Math.sign(charge_C) * (pairs - protons - oxides) * 2 * FARADAY_C_PER_MOL;
}
