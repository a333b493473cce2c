/** Sets one of a rig's actuators or disturbances. @throws RangeError for an unknown place, and for a value that is no finite number. */
export function store(
  values: Float64Array,
  names: readonly string[],
  kind: string,
  index: number,
  value: number,
): void {
  if (!(index >= 0 && index < values.length))
    throw new RangeError(`${kind} ${index}: expected 0..${values.length - 1}`);
  if (!Number.isFinite(value)) throw new RangeError(`${names[index]}: ${value}, expected a finite number`);
  values[index] = value;
}
