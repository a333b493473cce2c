import { DeviceError } from '../../contract/errors.ts';

/** What the values of OPC UA nodes are as numbers of a bench, and back (OPC UA part 6, table 1: the built-in types). */

/** Numeric and boolean built-in types by their identifier. */
const NUMBER_TYPES = {
  1: 'Boolean',
  2: 'SByte',
  3: 'Byte',
  4: 'Int16',
  5: 'UInt16',
  6: 'Int32',
  7: 'UInt32',
  8: 'Int64',
  9: 'UInt64',
  10: 'Float',
  11: 'Double',
} as const;
/** A built-in type that a set point can be written as. */
export type NumberType = (typeof NUMBER_TYPES)[keyof typeof NUMBER_TYPES];

/** The built-in types that are no numbers, for messages. */
const OTHER_TYPES: Readonly<Record<number, string>> = {
  0: 'nothing',
  12: 'a text',
  13: 'a date',
  15: 'bytes',
};

/** What each whole-number type can hold. Of the 64-bit ones what a number here can hold without being rounded. */
const WHOLE: Readonly<Record<string, readonly [low: number, high: number]>> = {
  Boolean: [0, 1],
  SByte: [-128, 127],
  Byte: [0, 255],
  Int16: [-32_768, 32_767],
  UInt16: [0, 65_535],
  Int32: [-2_147_483_648, 2_147_483_647],
  UInt32: [0, 4_294_967_295],
  Int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  UInt64: [0, Number.MAX_SAFE_INTEGER],
};
const FLOAT_MAX = 3.4028234663852886e38;
const WORD = 2 ** 32;

/** The number type with this identifier in namespace 0, undefined for any other. */
export function numberType(identifier: unknown): NumberType | undefined {
  return NUMBER_TYPES[identifier as keyof typeof NUMBER_TYPES];
}

/** Name of a built-in type for people. */
export function typeName(identifier: number): string {
  return numberType(identifier) ?? OTHER_TYPES[identifier] ?? `a value of built-in type ${identifier}`;
}

/** What is sent for a value: a Boolean, a number, or the two words [high, low] of a 64-bit one. */
export type RawValue = boolean | number | readonly [high: number, low: number];

/** The value as the node's type has it. Throws `range` if the type cannot hold it exactly (a Float may round it). */
export function rawOf(node: string, value: number, type: NumberType): RawValue {
  if (type === 'Double' && Number.isFinite(value)) return value;
  if (type === 'Float' && Math.abs(value) <= FLOAT_MAX) return value;
  const span = WHOLE[type];
  if (span === undefined || !Number.isInteger(value) || value < span[0] || value > span[1]) {
    const holds = span === undefined ? '' : ` (whole numbers ${span[0]}..${span[1]})`;
    throw new DeviceError('range', node, `${value} does not fit its type ${type}${holds}; nothing was sent`);
  }
  if (type === 'Boolean') return value === 1;
  if (type === 'Int64' || type === 'UInt64') {
    const low = ((value % WORD) + WORD) % WORD;
    // Two's complement, as it is on the wire.
    return [((value - low) / WORD + WORD) % WORD, low];
  }
  return value;
}

/** A value as the library hands it out. `arrayType`: 0 one value, 1 a row of them, 2 a table. */
export interface LibraryVariant {
  readonly dataType: number;
  readonly arrayType: number;
  readonly value: unknown;
}

/** One value, or the values of an array; NaN for each that is no number, with the reason of the first. */
export interface Numbers {
  readonly value: number;
  readonly values?: Float64Array;
  readonly why?: string;
}

/** The numbers of a node's value. Booleans are 0 and 1. A whole number that would be rounded here is none. */
export function numbersOf(variant: LibraryVariant | null | undefined): Numbers {
  if (variant === null || variant === undefined || variant.dataType === 0)
    return { value: Number.NaN, why: 'the node holds nothing' };
  const { dataType, arrayType, value } = variant;
  const type = numberType(dataType);
  if (type === undefined)
    return { value: Number.NaN, why: `the node holds no number but ${typeName(dataType)}` };
  const why = 'the node holds a whole number beyond 2^53, which would be rounded';
  if (arrayType === 0) {
    const number = numberOf(value, type);
    return Number.isNaN(number) && isWide(type) ? { value: number, why } : { value: number };
  }
  if (arrayType !== 1) return { value: Number.NaN, why: 'the node holds a table, expected one row' };
  const values = Float64Array.from((value ?? []) as ArrayLike<unknown>, member => numberOf(member, type));
  return isWide(type) && values.some(Number.isNaN)
    ? { value: Number.NaN, values, why }
    : { value: Number.NaN, values };
}

const isWide = (type: NumberType): boolean => type === 'Int64' || type === 'UInt64';

function numberOf(value: unknown, type: NumberType): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (!isWide(type)) return typeof value === 'number' ? value : Number.NaN;
  if (!Array.isArray(value)) return Number.NaN;
  const [high, low] = value as [number, number];
  const number = (type === 'Int64' ? high | 0 : high >>> 0) * WORD + (low >>> 0);
  return Number.isSafeInteger(number) ? number : Number.NaN;
}

/** Severity and sub-code of a status code; below them are bits about the value beside it (OPC UA part 4, 7.39). */
const CODE = 0xffff_0000;
/**
 * Codes whose severity is uncertain and by which the value is none that is measured now (OPC UA part 8, 6.3): the last one before
 * the source was lost, or before whatever brought it stopped; a value put in by hand; one from before the first.
 */
const NOT_MEASURED: ReadonlySet<number> = new Set([0x408f_0000, 0x4090_0000, 0x4091_0000, 0x4092_0000]);

/** Whether a status code says more than Good. */
export const hasSubCode = (code: number): boolean => (code & CODE) !== 0;

/**
 * What a status code says of a value: its two highest bits (OPC UA part 4, 7.39). Good with a sub-code is good. Bad is also an
 * uncertain one of a value that is not measured now.
 */
export function severityOf(code: number): 'good' | 'uncertain' | 'bad' {
  if (NOT_MEASURED.has((code & CODE) >>> 0)) return 'bad';
  const bits = code >>> 30;
  return bits === 0 ? 'good' : bits === 1 ? 'uncertain' : 'bad';
}
