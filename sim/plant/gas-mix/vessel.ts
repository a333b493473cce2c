import { AMBIENT_BARA, GAS_CONSTANT_J_PER_MOL_K, MOLAR_VOLUME_NL_PER_MOL } from '../parts/constants.ts';
import { orificeFlow } from '../parts/gas.ts';

/** Gases of the mix, mol; plain data. */
export interface MixedGas {
  h2: number;
  o2: number;
  n2: number;
}

/** The vessel with its mass-flow controllers and outlet. */
export interface MixVessel {
  readonly volume_L: number;
  /** Range of each controller, NL/min, and its time constant. */
  readonly h2Max_NL_per_min: number;
  readonly o2Max_NL_per_min: number;
  readonly n2Max_NL_per_min: number;
  readonly flowLag_s: number;
  /** Outlet wide open, mol/s per bar upstream, choked; the relief valve the same, above this pressure. */
  readonly outlet_mol_per_s_bar: number;
  readonly relief_bara: number;
}

/** State of the vessel; what was fed and let out is counted for balances, mol. */
export interface MixState {
  gas: MixedGas;
  fed: MixedGas;
  out: MixedGas;
  /** What the controllers let through, NL/min. */
  flow: MixedGas;
  pressure_bara: number;
}

/** What a step gets from outside. */
export interface MixInput {
  readonly h2Set_NL_per_min: number;
  readonly o2Set_NL_per_min: number;
  readonly n2Set_NL_per_min: number;
  /** The outlet holds this pressure, bar absolute. */
  readonly pressureSet_bara: number;
  readonly temperature_K: number;
  /** H2 past its shut valve, NL/min. */
  readonly h2Leak_NL_per_min: number;
  readonly isN2Lost: boolean;
  readonly outletBlocked_frac: number;
}

const GASES = ['h2', 'o2', 'n2'] as const;
const J_PER_BAR_L = 100;
const AIR_O2_FRAC = 0.2095;
const LEAST_K = 150;

/** A vessel full of air at ambient pressure, nothing flowing. */
export function mixStart(p: MixVessel, temperature_K: number): MixState {
  const all = AMBIENT_BARA / barPerMol(p, temperature_K);
  const none = (): MixedGas => ({ h2: 0, o2: 0, n2: 0 });
  return {
    gas: { h2: 0, o2: AIR_O2_FRAC * all, n2: (1 - AIR_O2_FRAC) * all },
    fed: none(),
    out: none(),
    flow: none(),
    pressure_bara: AMBIENT_BARA,
  };
}

function barPerMol(p: MixVessel, temperature_K: number): number {
  return (GAS_CONSTANT_J_PER_MOL_K * Math.max(LEAST_K, temperature_K)) / (p.volume_L * J_PER_BAR_L);
}

/** All gas in the vessel, mol. */
export function mixed_mol(gas: MixedGas): number {
  return gas.h2 + gas.o2 + gas.n2;
}

/** Part of one gas in the vessel, vol%; 0 of an empty one. */
export function part_vol_pct(gas: MixedGas, name: keyof MixedGas): number {
  const all = mixed_mol(gas);
  return all > 0 ? (100 * gas[name]) / all : 0;
}

/**
 * One step: controllers follow their setpoints with a lag, the vessel is stirred, its outlet lets out what is above its
 * pressure, and the relief valve what is above that. Ideal gas, no reaction. Dilution is exact at a steady flow; no
 * species goes below 0, and all that came in is inside or out.
 */
export function stepMix(p: MixVessel, s: MixState, u: MixInput, dt_s: number): void {
  const follows = -Math.expm1(-dt_s / p.flowLag_s);
  const sets: MixedGas = {
    h2: within(u.h2Set_NL_per_min, p.h2Max_NL_per_min),
    o2: within(u.o2Set_NL_per_min, p.o2Max_NL_per_min),
    n2: u.isN2Lost ? 0 : within(u.n2Set_NL_per_min, p.n2Max_NL_per_min),
  };
  const before = mixed_mol(s.gas);
  let fedAll = 0;
  for (const gas of GASES) {
    s.flow[gas] += (sets[gas] - s.flow[gas]) * follows;
    fedAll += fedIn_mol(p, s, u, gas, dt_s);
  }
  const perMol = barPerMol(p, u.temperature_K);
  const all = before + fedAll;
  const open = p.outlet_mol_per_s_bar * (1 - Math.min(1, Math.max(0, u.outletBlocked_frac)));
  // Neither valve takes the vessel below what it holds, and none lets ambient air in.
  const outlet = out_mol(all, perMol, Math.max(AMBIENT_BARA, u.pressureSet_bara), open, dt_s);
  const relief = out_mol(all - outlet, perMol, p.relief_bara, p.outlet_mol_per_s_bar, dt_s);
  const end = all - outlet - relief;
  // Stirred: what was there fades by exp(-x), what comes in all through the step by less; both scaled to what is left.
  const x = (outlet + relief) / Math.max(1e-30, (before + end) / 2);
  const oldKept = Math.exp(-x);
  const newKept = x > 1e-9 ? -Math.expm1(-x) / x : 1;
  const kept = before * oldKept + fedAll * newKept;
  const scale = kept > 0 ? end / kept : 0;
  for (const gas of GASES) {
    const fed_mol = fedIn_mol(p, s, u, gas, dt_s);
    const there = s.gas[gas] + fed_mol;
    s.gas[gas] = Math.min(there, scale * (s.gas[gas] * oldKept + fed_mol * newKept));
    s.fed[gas] += fed_mol;
    s.out[gas] += there - s.gas[gas];
  }
  s.pressure_bara = mixed_mol(s.gas) * perMol;
}

/** What comes in of one gas during a step, mol. */
function fedIn_mol(p: MixVessel, s: MixState, u: MixInput, gas: keyof MixedGas, dt_s: number): number {
  const leak = gas === 'h2' ? within(u.h2Leak_NL_per_min, p.h2Max_NL_per_min) : 0;
  return ((s.flow[gas] + leak) / 60 / MOLAR_VOLUME_NL_PER_MOL) * dt_s;
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

/** What a valve that holds a pressure lets out of so much gas, mol. */
function out_mol(all: number, perMol: number, hold_bara: number, conductance: number, dt_s: number): number {
  const above = all - hold_bara / perMol;
  if (!(above > 0)) return 0;
  return Math.min(above, conductance * orificeFlow(all * perMol, AMBIENT_BARA) * dt_s);
}
