/**
 * Fillings closer than this to empty or full count as exhausted. Not smaller: the exchange current falls to zero there
 * faster than the straight line below rises, and the voltage would no longer rise with the current.
 */
export const FILLING_BOUND_FRAC = 3e-4;
/** Empty or full to here, nothing more goes out or in; what is asked beyond goes into side reactions. */
export const CARRIED_BOUND_FRAC = 1e-9;
/**
 * A current that takes a surface from its bound to empty or full costs so much, V, along a straight line: finite, no
 * NaN, and so steep that a short or a held voltage takes part of what is left only, and all that is drawn is carried.
 */
const END_V = 6;
/** What is left of a surface is never less than this: the line stays finite. */
const LEAST_ROOM_FRAC = 1e-7;
/** A filling, held inside the bounds. */
export function boundedFilling_frac(sto_frac: number): number {
  if (sto_frac < FILLING_BOUND_FRAC) return FILLING_BOUND_FRAC;
  if (sto_frac > 1 - FILLING_BOUND_FRAC) return 1 - FILLING_BOUND_FRAC;
  return sto_frac;
}

/** How far a surface at or beyond its bound has to empty or full before a step, 0..1; the line above is over that. */
function endRoom_frac(start_frac: number): number {
  return Math.max(start_frac < 0.5 ? start_frac : 1 - start_frac, LEAST_ROOM_FRAC);
}

/** Where the line begins that a filling lies on: at the bound, or beyond it where the surface was before the step. */
function endStart_frac(filling_frac: number, rested_frac: number): number {
  return filling_frac < 0.5
    ? Math.min(FILLING_BOUND_FRAC, rested_frac)
    : Math.max(1 - FILLING_BOUND_FRAC, rested_frac);
}

/**
 * What the end of a host adds to its potential, V: 0 inside the bounds and for a surface that a step leaves where it is
 * or takes back, so that a cell at rest shows its open circuit however empty or full it is. `rested_frac` is the surface
 * at the end of the step without a current.
 */
export function endOfHost_V(filling_frac: number, rested_frac: number): number {
  if (boundedFilling_frac(filling_frac) === filling_frac) return 0;
  const start_frac = endStart_frac(filling_frac, rested_frac);
  const beyond_frac = start_frac - filling_frac;
  return beyond_frac > 0 === filling_frac < 0.5 ? (END_V * beyond_frac) / endRoom_frac(start_frac) : 0;
}

/** Change of `endOfHost_V` with the filling, V per unit; 0 or negative. */
export function endOfHostSlope_V(filling_frac: number, rested_frac: number): number {
  if (endOfHost_V(filling_frac, rested_frac) === 0) return 0;
  return -END_V / endRoom_frac(endStart_frac(filling_frac, rested_frac));
}

/** Whether a surface stands at its bound, empty or full. */
export function isAtEnd(surface_frac: number): boolean {
  return boundedFilling_frac(surface_frac) !== surface_frac;
}
