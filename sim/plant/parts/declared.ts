import type { DeclaredParameter } from './model.ts';

/** A declared parameter in one line; `u` is its standard uncertainty, 0 = taken as exact. */
export function declare(
  name: string,
  value: number,
  [low, high]: readonly [number, number],
  u: number,
  basis: DeclaredParameter['basis'],
  source: string,
): DeclaredParameter {
  return { name, value, low, high, u, basis, source };
}

/**
 * Values of declared parameters by name, with those of `overrides` in their place. Throws a RangeError for a name that is
 * not declared and for a value outside its bounds.
 */
export function declaredValues<Name extends string>(
  declared: readonly DeclaredParameter[],
  overrides: Readonly<Record<string, number>>,
): Readonly<Record<Name, number>> {
  const values = Object.fromEntries(declared.map(({ name, value }) => [name, value])) as Record<
    string,
    number
  >;
  for (const [name, value] of Object.entries(overrides)) {
    const parameter = declared.find(candidate => candidate.name === name);
    if (parameter === undefined)
      throw new RangeError(`no parameter "${name}", expected one of ${declared.map(d => d.name).join(', ')}`);
    if (!(value >= parameter.low && value <= parameter.high))
      throw new RangeError(`${name}: ${value}, expected ${parameter.low}..${parameter.high}`);
    values[name] = value;
  }
  return values as Record<Name, number>;
}
