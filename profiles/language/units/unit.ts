import { nearest } from '../../../drivers/contract/explain.ts';
import { BASES, type NamedUnit, QUANTITIES, type Scale } from './table.ts';

/** What a unit is: its place among the base units, and how values are turned from one unit into another. Pure. */

/** A unit, named or come about in an expression. Value times num / den, plus `offset`, is in base units. */
export interface Unit {
  /** As it is shown to people: `mV_per_h`, `1/A`. */
  readonly text: string;
  /** Exponents in the order of `BASES`. */
  readonly dimension: readonly number[];
  readonly num: number;
  readonly den: number;
  readonly scale: Scale;
  readonly offset: number;
}

/** value * num / den + plus: how a value is turned into another unit. */
export interface Conversion {
  readonly num: number;
  readonly den: number;
  readonly plus: number;
}

const PER = '_per_';

const NAMED = new Map<string, Unit>(
  QUANTITIES.flatMap(q => q.units).map(unit => [unit.text, withDimension(unit)]),
);
const SIMPLE_NAMES = [...NAMED.keys()];
/** Only `V_per_cell` and the like: a number of cells is a `_count`. */
const BEHIND_PER_ONLY = 'cell';
const MOST_PARTS = 4;
const ROUNDING = 1e-12;

/** Plain number without a unit. */
export const ONE: Unit = {
  text: '1',
  dimension: BASES.map(() => 0),
  num: 1,
  den: 1,
  scale: 'plain',
  offset: 0,
};

function withDimension(unit: NamedUnit): Unit {
  return { ...unit, dimension: BASES.map(base => unit.exponents[base] ?? 0) };
}

/** Composed units that were asked for before: a method names the same few again and again. */
const COMPOSED = new Map<string, Unit | undefined>();
const MOST_COMPOSED = 256;

/** The unit of this name, or undefined: one of the table, or several of it with `_per_` between. */
export function unitNamed(text: string): Unit | undefined {
  const simple = NAMED.get(text);
  if (simple !== undefined) return text === BEHIND_PER_ONLY ? undefined : simple;
  if (!text.includes(PER)) return undefined;
  if (COMPOSED.has(text)) return COMPOSED.get(text);
  const unit = composedOf(text);
  if (COMPOSED.size >= MOST_COMPOSED) COMPOSED.clear();
  COMPOSED.set(text, unit);
  return unit;
}

function composedOf(text: string): Unit | undefined {
  const parts = text.split(PER);
  if (parts.length < 2 || parts.length > MOST_PARTS) return undefined;
  let unit: Unit | undefined;
  for (const part of parts) {
    const next = NAMED.get(part);
    // A difference of readings may stand in a rate, a reading may not: K_per_min, never degC_per_min.
    if (next === undefined || next.scale !== 'plain') return undefined;
    if (unit === undefined && part === BEHIND_PER_ONLY) return undefined;
    unit = unit === undefined ? next : quotient(unit, next);
  }
  return unit === undefined ? undefined : { ...unit, text };
}

/** What was probably meant by a word that is no unit, in the words of a message; empty if nothing is near. */
export function unitHint(word: string): string {
  const parts = word.split(PER).map(part => {
    const known = NAMED.get(part);
    if (part === '') return undefined;
    if (known === undefined) return nearest(part, SIMPLE_NAMES, Math.min(part.length - 1, 2));
    if (known.scale === 'plain' || !word.includes(PER)) return part;
    return known.text === 'degC' ? 'K' : 'bar';
  });
  const meant = parts.join(PER);
  return parts.includes(undefined) || meant === word || unitNamed(meant) === undefined
    ? ''
    : ` (did you mean ${meant}?)`;
}

/** Names of the units with this dimension, the usual one first: what may be written in its place. */
export function unitsLike(unit: Unit): readonly string[] {
  return SIMPLE_NAMES.filter(name => {
    const other = unitNamed(name);
    return other !== undefined && sameDimension(other, unit) && isPlace(other) === isPlace(unit);
  });
}

/** True where both measure the same: only then can one be turned into the other. */
export function sameDimension(a: Unit, b: Unit): boolean {
  for (let i = 0; i < BASES.length; i++) if (a.dimension[i] !== b.dimension[i]) return false;
  return true;
}

/** True of degC, barg and bara: readings on a scale, whose difference is in K or bar. */
export function isPlace(unit: Unit): boolean {
  return unit.scale !== 'plain';
}

/** True of a plain number: a ratio, a count. */
export function isNumber(unit: Unit): boolean {
  return sameDimension(unit, ONE);
}

/** The unit of a product of two values. */
export function product(a: Unit, b: Unit): Unit {
  return composed(
    a.dimension.map((e, i) => e + b.dimension[i]),
    a.num * b.num,
    a.den * b.den,
  );
}

/** The unit of a ratio of two values. */
export function quotient(a: Unit, b: Unit): Unit {
  return composed(
    a.dimension.map((e, i) => e - b.dimension[i]),
    a.num * b.den,
    a.den * b.num,
  );
}

/** The unit of a square root, or undefined where a base unit would have half an exponent. */
export function rootOf(unit: Unit): Unit | undefined {
  if (unit.dimension.some(e => e % 2 !== 0)) return undefined;
  return composed(
    unit.dimension.map(e => e / 2),
    Math.sqrt(unit.num),
    Math.sqrt(unit.den),
  );
}

/** What the difference of two such readings is in: K of degC, bar of barg and bara, else the unit itself. */
export function differenceOf(unit: Unit): Unit {
  if (!isPlace(unit)) return unit;
  return unitNamed(unit.dimension[BASES.indexOf('K')] === 1 ? 'K' : 'bar') ?? unit;
}

/**
 * How a value of one unit becomes one of another with the same dimension, as a factor in lowest terms, so that
 * 9 mV are the same double as 0.009 V.
 */
export function conversion(from: Unit, to: Unit): Conversion {
  const { num, den } = lowestTerms(from.num * to.den, from.den * to.num);
  const plus = ((from.offset - to.offset) * to.den) / to.num;
  return { num, den, plus: isPlace(from) && isPlace(to) ? plus : 0 };
}

/** A value turned by a conversion. */
export function converted(value: number, { num, den, plus }: Conversion): number {
  return (value * num) / den + plus;
}

function composed(dimension: readonly number[], num: number, den: number): Unit {
  const unit = { dimension, ...lowestTerms(num, den), scale: 'plain' as const, offset: 0 };
  return { ...unit, text: textOf(unit) };
}

/** num / den without common factors; where normal litres make them no whole numbers, as near as rounding leaves them. */
function lowestTerms(num: number, den: number): { readonly num: number; readonly den: number } {
  if (Number.isSafeInteger(num) && Number.isSafeInteger(den)) {
    let [x, y] = [Math.abs(num), Math.abs(den)];
    while (y !== 0) [x, y] = [y, x % y];
    return x === 0 ? { num, den } : { num: num / x, den: den / x };
  }
  const isWhole = (ratio: number): boolean => Math.abs(ratio - Math.round(ratio)) < ROUNDING * ratio;
  if (isWhole(num / den)) return { num: Math.round(num / den), den: 1 };
  return isWhole(den / num) ? { num: 1, den: Math.round(den / num) } : { num: num / den, den: 1 };
}

/** `h` where such a unit has a name, else base units: `1/A`, `V/s`, with the factor before them. */
function textOf(unit: Omit<Unit, 'text'>): string {
  for (const [name, named] of NAMED) {
    const isSame = named.num * unit.den === named.den * unit.num && named.scale === 'plain';
    if (isSame && name !== 'count' && named.dimension.every((e, i) => e === unit.dimension[i])) return name;
  }
  const word = (i: number, e: number): string => (e === 1 ? BASES[i] : `${BASES[i]}^${e}`);
  const above = unit.dimension.flatMap((e, i) => (e > 0 ? [word(i, e)] : []));
  const below = unit.dimension.flatMap((e, i) => (e < 0 ? [word(i, -e)] : []));
  const factor = unit.num / unit.den;
  const tops = [...(factor === 1 ? [] : [String(Number(factor.toPrecision(6)))]), ...above];
  const top = tops.length === 0 ? '1' : tops.join(' ');
  return below.length === 0 ? top : `${top}/${below.length === 1 ? below[0] : `(${below.join(' ')})`}`;
}
