import { DeviceError } from '../contract/errors.ts';

/**
 * Texts of instruments that speak lines: numbers with or without a unit, lists, states, errors, identity.
 * IEEE 488.2-1992 (numeric response data, 8.7; `*IDN?`, 10.14) and SCPI-1999 (error queue, 21.8; NaN and infinity, 7.2).
 */

/** A number as an instrument writes it, and perhaps its unit. */
const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d{1,3})?)\s*([A-Za-z]*)$/i;
/** SCPI-1999 7.2.1.4: these stand for infinity, its negative, and "not a number". */
const NO_NUMBER = 9.9e37;

/** What a unit in an answer is worth in the plain one. */
const FACTORS: Readonly<Record<string, readonly [plain: string, factor: number]>> = {
  V: ['V', 1],
  MV: ['V', 1e-3],
  KV: ['V', 1e3],
  A: ['A', 1],
  MA: ['A', 1e-3],
  KA: ['A', 1e3],
  W: ['W', 1],
  KW: ['W', 1e3],
  S: ['s', 1],
};

/** The fields of a list, without blanks around them. */
export function fieldsOf(text: string): string[] {
  return text.split(',').map(field => field.trim());
}

/**
 * The number of an answer in `unit` (V, A, W, s); NaN for SCPI's own "no number" and infinities. Undefined where it is no
 * number or one of another unit: then it is no answer to this question. A number without a unit is taken as in `unit`.
 */
export function numberIn(text: string, unit: string): number | undefined {
  const match = NUMBER.exec(text.trim());
  if (match === null) return undefined;
  const value = Number(match[1]);
  const given = match[2].toUpperCase();
  if (given === '') return Math.abs(value) >= NO_NUMBER ? Number.NaN : value;
  const factor = FACTORS[given];
  if (factor === undefined || factor[0] !== unit) return undefined;
  return value * factor[1];
}

/** A set value as all instruments take it: plain digits, no exponent; never above `most` by rounding. */
export function setText(value: number, decimals: number, most: number): string {
  if (!Number.isFinite(value)) throw new DeviceError('range', 'scpi', `${value} is no set value`);
  const text = value.toFixed(decimals);
  if (Number(text) <= most) return text;
  return (Math.floor(value * 10 ** decimals) / 10 ** decimals).toFixed(decimals);
}

/** ON, OFF, 1, 0 as 1 or 0; undefined for anything else. */
export function switchOf(text: string): 0 | 1 | undefined {
  if (/^(ON|\+?1)$/i.test(text.trim())) return 1;
  return /^(OFF|\+?0)$/i.test(text.trim()) ? 0 : undefined;
}

/** An entry of the error queue, `-222,"Data out of range"` (Delta: `0,None`); undefined where it is none. */
export function errorOf(text: string): { readonly code: number; readonly text: string } | undefined {
  const match = /^([+-]?\d{1,5})\s*,\s*(.*)$/.exec(text.trim());
  if (match === null) return undefined;
  return { code: Number(match[1]), text: match[2].replace(/^"|"$/g, '') };
}

/** Whether a text looks like the expected one: number like number, word like word. */
export function alike(text: string, expected: string): boolean {
  return /^[+-]?[\d.]/.test(text) === /^[+-]?[\d.]/.test(expected) || switchOf(text) !== undefined;
}

/** The same text, number, or state. */
export function same(text: string, expected: string): boolean {
  if (text.toUpperCase() === expected.toUpperCase()) return true;
  const state = switchOf(text);
  if (state !== undefined && state === switchOf(expected)) return true;
  const number = Number.parseFloat(text);
  return Number.isFinite(number) && number === Number.parseFloat(expected) && /^[+-]?[\d.]/.test(text);
}
