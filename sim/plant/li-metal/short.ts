/** How dendrites short a cell; doses and charges in mAh/cm2, currents in mA/cm2. */
export interface ShortParameters {
  /** Current density at which one mAh/cm2 counts as one; above it counts with this power of the ratio. */
  readonly critical_mA_per_cm2: number;
  readonly power_1: number;
  /** Dose at which half of all cells have a soft short, and how far they spread (Weibull shape). */
  readonly dose_mAh_per_cm2: number;
  readonly shape_1: number;
  /** Filament of a soft short, median; it spreads by a factor of three either way. */
  readonly soft_Ohm_cm2: number;
  /** Part of the soft dose after which it is a hard one. */
  readonly hardAfter_frac: number;
  readonly hard_Ohm_cm2: number;
  /** Chance that a soft short breaks when the current turns. */
  readonly breaks_frac: number;
}

/** Dose so far and what has grown; plain data, chance included. */
export interface ShortState {
  readonly seed: number;
  drawn_count: number;
  dose: number;
  softAt: number;
  hardAt: number;
  conductance_S_per_cm2: number;
  /** 0 none, 1 soft, 2 hard. */
  kind: number;
  softShorts_count: number;
}

/** The next number in 0..1 of a seeded state (splitmix32 of its count). */
function next(s: ShortState): number {
  s.drawn_count++;
  let z = (s.seed + Math.imul(s.drawn_count, 0x9e3779b9)) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return ((z ^ (z >>> 15)) >>> 0) / 4294967296;
}

/** A cell without a short; `seed` decides when and how one comes. */
export function shortState(p: ShortParameters, seed: number): ShortState {
  const s: ShortState = {
    seed: seed | 0,
    drawn_count: 0,
    dose: 0,
    softAt: 0,
    hardAt: 0,
    conductance_S_per_cm2: 0,
    kind: 0,
    softShorts_count: 0,
  };
  drawDose(p, s, 1);
  return s;
}

/** When the next soft short comes, from the present dose on, in parts of a first one. */
function drawDose(p: ShortParameters, s: ShortState, part: number): void {
  const u = Math.min(1 - 1e-12, next(s));
  const spread = (-Math.log(1 - u) / Math.LN2) ** (1 / p.shape_1);
  s.softAt = s.dose + part * p.dose_mAh_per_cm2 * spread;
  s.hardAt = s.softAt + part * p.hardAfter_frac * p.dose_mAh_per_cm2 * spread;
}

const SPREAD = 3;
/** A short that has broken comes back sooner than the first came. */
const AGAIN_PART = 0.2;

/**
 * Dose of a charge that has been plated at a current density, and what comes of it. `hasTurned`: the current has changed
 * its direction since the last charge.
 */
export function growShort(
  p: ShortParameters,
  s: ShortState,
  density_mA_per_cm2: number,
  plated_mAh_per_cm2: number,
  hasTurned: boolean,
): void {
  if (hasTurned && s.kind === 1 && next(s) < p.breaks_frac) {
    s.kind = 0;
    s.conductance_S_per_cm2 = 0;
    drawDose(p, s, AGAIN_PART);
  }
  const ratio = density_mA_per_cm2 / p.critical_mA_per_cm2;
  // Finite at any current: what is beyond a thousand times critical shorts at once anyway.
  s.dose = Math.min(1e12, s.dose + plated_mAh_per_cm2 * Math.min(1e3, ratio) ** p.power_1);
  if (s.kind === 0 && s.dose >= s.softAt) {
    s.kind = 1;
    s.softShorts_count++;
    s.conductance_S_per_cm2 = 1 / (p.soft_Ohm_cm2 * SPREAD ** (2 * next(s) - 1));
  }
  if (s.kind === 1 && s.dose >= s.hardAt) {
    s.kind = 2;
    s.conductance_S_per_cm2 = 1 / p.hard_Ohm_cm2;
  }
}
