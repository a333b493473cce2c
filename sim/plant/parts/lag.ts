/**
 * Part of the way to its target that a first-order lag goes in dt_s, 1 - exp(-dt / lag); remembers the last answer, as
 * steps are mostly of one length.
 */
export function lagPart(lag_s: number): (dt_s: number) => number {
  let forStep_s = -1;
  let part_frac = 0;
  return dt_s => {
    if (dt_s !== forStep_s) {
      forStep_s = dt_s;
      part_frac = -Math.expm1(-dt_s / lag_s);
    }
    return part_frac;
  };
}
