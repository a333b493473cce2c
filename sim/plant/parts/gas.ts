import { GAS_CONSTANT_J_PER_MOL_K } from './constants.ts';

/**
 * Gas volumes and valves. Valves are orifices after ISO 6358: choked below a critical pressure ratio, an ellipse
 * above it, linear (laminar) close to equal pressures. A conductance is mol/s per bar absolute upstream, choked.
 */

const CRITICAL_RATIO = 0.5;
const LAMINAR_RATIO = 0.995;
const LAMINAR_SLOPE =
  Math.sqrt(1 - ((LAMINAR_RATIO - CRITICAL_RATIO) / (1 - CRITICAL_RATIO)) ** 2) / (1 - LAMINAR_RATIO);

/** Flow through a valve of conductance 1, mol/s; check valve: never backwards. Pressures absolute, bar. */
export function orificeFlow(up_bara: number, down_bara: number): number {
  if (up_bara <= down_bara) return 0;
  const ratio = down_bara / up_bara;
  if (ratio <= CRITICAL_RATIO) return up_bara;
  if (ratio >= LAMINAR_RATIO) return LAMINAR_SLOPE * (up_bara - down_bara);
  const x = (ratio - CRITICAL_RATIO) / (1 - CRITICAL_RATIO);
  return up_bara * Math.sqrt(1 - x * x);
}

/** Derivative of `orificeFlow` to the upstream pressure. */
function slopeUp(up_bara: number, down_bara: number): number {
  if (up_bara <= down_bara) return 0;
  const ratio = down_bara / up_bara;
  if (ratio <= CRITICAL_RATIO) return 1;
  if (ratio >= LAMINAR_RATIO) return LAMINAR_SLOPE;
  const x = (ratio - CRITICAL_RATIO) / (1 - CRITICAL_RATIO);
  const root = Math.sqrt(1 - x * x);
  return root + (x * ratio) / ((1 - CRITICAL_RATIO) * root);
}

/** Derivative of `orificeFlow` to the downstream pressure (negative or 0). */
function slopeDown(up_bara: number, down_bara: number): number {
  if (up_bara <= down_bara) return 0;
  const ratio = down_bara / up_bara;
  if (ratio <= CRITICAL_RATIO) return 0;
  if (ratio >= LAMINAR_RATIO) return -LAMINAR_SLOPE;
  const x = (ratio - CRITICAL_RATIO) / (1 - CRITICAL_RATIO);
  return -x / ((1 - CRITICAL_RATIO) * Math.sqrt(1 - x * x));
}

/** One side of the stack with its separator: ideal, stirred, saturated with water vapour. Amounts in mol, dry. */
export interface GasVolume {
  /** Space for gas; water in the separator takes it away. */
  volume_L: number;
  h2_mol: number;
  o2_mol: number;
  n2_mol: number;
  /** Total pressure, vapour included, bar absolute. */
  pressure_bara: number;
  /** What left through all openings together, and what N2 came in, during the last step, mol. */
  lastOut_mol: number;
  lastH2Out_mol: number;
  /** Less what air brought back; negative when more came than went. */
  lastO2Out_mol: number;
  lastN2Out_mol: number;
  lastN2In_mol: number;
}

/**
 * An evacuated volume, L: no gas, pressure 0, nothing has flowed. The plant fills it before its first step.
 */
export function gasVolume(volume_L: number): GasVolume {
  return {
    volume_L,
    h2_mol: 0,
    o2_mol: 0,
    n2_mol: 0,
    pressure_bara: 0,
    lastOut_mol: 0,
    lastH2Out_mol: 0,
    lastO2Out_mol: 0,
    lastN2Out_mol: 0,
    lastN2In_mol: 0,
  };
}

/** Dry pressure of 1 mol, bar. */
export function barPerMol(volume_L: number, temperature_K: number): number {
  return (GAS_CONSTANT_J_PER_MOL_K * temperature_K) / (volume_L * 100);
}

/**
 * One step of a gas volume. Sources in mol over the step (negative = taken by the membrane); N2 comes in through
 * a valve from n2_bara; everything leaves through openings of one summed conductance to ambient. Backward Euler in the
 * total amount (monotone, so Newton inside a bracket always ends), then each species by dilution: positive and
 * conservative at any step.
 */
export function stepGasVolume(
  gas: GasVolume,
  h2Source_mol: number,
  o2Source_mol: number,
  n2_bara: number,
  n2Conductance: number,
  n2MaxFlow_mol_per_s: number,
  outConductance: number,
  ambient_bara: number,
  vapour_bar: number,
  temperature_K: number,
  dt_s: number,
): void {
  const h2 = Math.max(0, gas.h2_mol + h2Source_mol);
  const o2 = Math.max(0, gas.o2_mol + o2Source_mol);
  const start = h2 + o2 + gas.n2_mol;
  const perMol = barPerMol(gas.volume_L, temperature_K);
  let low = 0;
  let high = start + n2MaxFlow_mol_per_s * dt_s;
  let n = Math.min(Math.max(start + gas.lastN2In_mol - gas.lastOut_mol, low), high);
  let inflow = 0;
  for (let k = 0; k < 60; k++) {
    const p = n * perMol + vapour_bar;
    const open = n2Conductance > 0 ? n2Conductance * orificeFlow(n2_bara, p) : 0;
    inflow = Math.min(open, n2MaxFlow_mol_per_s);
    // What flows out is wet: the dry gas is its share of the pressure.
    const dry_frac = p > 0 ? (n * perMol) / p : 0;
    const outflow = outConductance * orificeFlow(p, ambient_bara) * dry_frac;
    const residual = n - start + (outflow - inflow) * dt_s;
    if (residual > 0) high = n;
    else low = n;
    const inflowSlope = open > 0 && open < n2MaxFlow_mol_per_s ? n2Conductance * slopeDown(n2_bara, p) : 0;
    const slope = 1 + (outConductance * slopeUp(p, ambient_bara) * dry_frac - inflowSlope) * perMol * dt_s;
    const newton = n - residual / slope;
    // Close enough that this step is exact to rounding; a closed volume still sees its smallest leak.
    const isLast = Math.abs(residual) < 1e-7 * (start + 1);
    const next = isLast || (newton > low && newton < high) ? newton : (low + high) / 2;
    // The inflow goes with n: what is left of the residual must not look like a leak.
    inflow += inflowSlope * (next - n) * perMol;
    n = next;
    if (isLast) break;
  }
  const n2In = Math.max(0, inflow) * dt_s;
  const filled = start + n2In;
  // Out of the balance, not out of the valve equation: what is left of Newton's residual must not make or lose gas.
  const out = Math.max(0, filled - n);
  const kept = filled > 0 ? 1 - out / filled : 1;
  const n2 = gas.n2_mol + n2In;
  gas.h2_mol = h2 * kept;
  gas.o2_mol = o2 * kept;
  gas.n2_mol = n2 * kept;
  gas.lastH2Out_mol = h2 * (1 - kept);
  gas.lastO2Out_mol = o2 * (1 - kept);
  gas.lastN2Out_mol = n2 * (1 - kept);
  gas.lastOut_mol = out;
  gas.lastN2In_mol = n2In;
  gas.pressure_bara = filled * kept * perMol + vapour_bar;
}

/**
 * Gas that comes back from outside (ambient_bara, dry, this part of it O2, the rest N2) through openings of one summed
 * conductance into a volume below its pressure: what a side that cools or uses up its gas draws in. Called after
 * `stepGasVolume`; never fills the volume beyond ambient. Its N2 counts as come in, its O2 against what left.
 */
export function drawBack(
  gas: GasVolume,
  conductance: number,
  o2_frac: number,
  ambient_bara: number,
  temperature_K: number,
  dt_s: number,
): void {
  const perMol = barPerMol(gas.volume_L, temperature_K);
  const room_mol = (ambient_bara - gas.pressure_bara) / perMol;
  if (!(room_mol > 0 && conductance > 0)) return;
  const asked_mol = conductance * orificeFlow(ambient_bara, gas.pressure_bara) * dt_s;
  const drawn_mol = room_mol * -Math.expm1(-asked_mol / room_mol);
  gas.o2_mol += o2_frac * drawn_mol;
  gas.n2_mol += (1 - o2_frac) * drawn_mol;
  gas.lastO2Out_mol -= o2_frac * drawn_mol;
  gas.lastN2In_mol += (1 - o2_frac) * drawn_mol;
  gas.pressure_bara += drawn_mol * perMol;
}
