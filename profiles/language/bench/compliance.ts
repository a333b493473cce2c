/**
 * The current that a channel may give while a method has it hold a voltage and says no current beside it, in the unit of the
 * set point: the smaller of what the bench allows to charge and to discharge with, since nobody can tell which way it will
 * flow. Undefined: the bench allows none or does not say.
 */
export function currentBeside({
  min,
  max,
}: {
  readonly min: number;
  readonly max: number;
}): number | undefined {
  const ways = [max, min].filter((value, i) => Number.isFinite(value) && (i === 0 ? value > 0 : value < 0));
  return ways.toSorted((a, b) => Math.abs(a) - Math.abs(b))[0];
}
