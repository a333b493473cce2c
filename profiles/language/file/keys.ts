import { z } from 'zod';
import { splitName, unitText } from '../units/names.ts';
import type { Unit } from '../units/unit.ts';

/** Keys with units: which units a stem may be written in, and the schemas of what stands beside them. */

const TIMES = ['s', 'min', 'h', 'd', 'ms'] as const;

const LOADS = [
  'A',
  'mA',
  'kA',
  'C',
  'pct',
  'A_per_cm2',
  'mA_per_cm2',
  'V',
  'mV',
  'V_per_cell',
  'W',
  'kW',
  'MW',
  'W_per_cm2',
] as const;

/** Units that a stem may carry as a key of a step, the usual one first. */
export const STEM_UNITS = {
  current: ['A', 'mA', 'kA', 'C', 'pct', 'A_per_cm2', 'mA_per_cm2', 'A_per_g', 'mA_per_g'],
  voltage: ['V', 'mV', 'V_per_cell', 'mV_per_cell'],
  power: ['W', 'mW', 'kW', 'MW', 'pct', 'W_per_cm2', 'mW_per_cm2'],
  resistance: ['Ohm', 'mOhm', 'Ohm_cm2', 'mOhm_cm2'],
  amplitude: ['mV', 'V', 'mA', 'A', 'pct'],
  from: ['Hz', 'mHz', 'kHz', 'MHz'],
  to: ['Hz', 'mHz', 'kHz', 'MHz'],
  begin: ['V', 'mV'],
  end: ['V', 'mV'],
  vertex1: ['V', 'mV'],
  vertex2: ['V', 'mV'],
  rate: ['mV_per_s', 'V_per_s', 'mV_per_min'],
  step: ['mV', 'V'],
  quiet: TIMES,
  currentMax: ['mA', 'A'],
  for: TIMES,
  within: TIMES,
  exact: ['s', 'ms'],
  average: TIMES,
  every: TIMES,
  before: TIMES,
  after: TIMES,
  per: ['s', 'min', 'h'],
  in: TIMES,
  pause: TIMES,
  min: LOADS,
  restart: LOADS,
  max: LOADS,
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Stem = keyof typeof STEM_UNITS;

/** A number, or an expression as text. */
export const value = z.union([z.number(), z.string().min(1)], {
  error: 'expected a number or an expression',
});
/** Text of a condition. */
export const condition = z.string({ error: 'expected a condition: cell.voltage_V < 2.5' }).min(1);
/** A switch that is written out. */
export const onOff = z.union([z.boolean(), z.enum(['on', 'off'])], { error: 'expected on or off' });
/** A value of any name: a number, an expression, a switch. */
export const anyValue = z.union([z.number(), z.string().min(1), z.boolean()], {
  error: 'expected a number, an expression, on or off',
});

/** All keys of some stems, none of them needed, each with its words for an editor. */
export function stemShape(stems: Readonly<Partial<Record<Stem, string>>>): z.ZodRawShape {
  const entries = Object.entries(stems).flatMap(([stem, doc]) =>
    STEM_UNITS[stem as Stem].map(unit => [
      `${stem}_${unit}`,
      value.optional().meta({ description: `${doc}, in ${unit}` }),
    ]),
  );
  return Object.fromEntries(entries);
}

/** The stem of a key with a unit, or undefined: `for_min` -> `for`. */
export function stemOf(key: string): string | undefined {
  return splitName(key)?.stem;
}

/** The unit at the end of a key, as a unit of numbers; undefined of switches, texts, and keys without one. */
export function numberUnit(key: string): Unit | undefined {
  const unit = splitName(key)?.unit;
  return typeof unit === 'object' ? unit : undefined;
}

/** True of a role: `chamber.temperature_degC`, a name in parts with a unit. */
export function isRole(key: string): boolean {
  return /^[a-z]\w*(\.[a-zA-Z]\w*)+$/.test(key) && splitName(key) !== undefined;
}

/** True of a name of one's own: `rate_C`, `pulse_s`, `wind_file`. */
export function isOwnName(key: string): boolean {
  return /^[a-z]\w*$/.test(key) && splitName(key) !== undefined;
}

/** What to write in place of the unit of a key of this stem: `expected one of for_s, for_min ...`. */
export function unitsOfStem(stem: string): string {
  const known = Object.hasOwn(STEM_UNITS, stem) ? STEM_UNITS[stem as Stem] : undefined;
  return known === undefined ? '' : known.map(unit => `${stem}_${unit}`).join(', ');
}

/** `A_per_cm2` of `current_A_per_cm2`; empty where a key has none. */
export function unitWord(key: string): string {
  const split = splitName(key);
  return split === undefined ? '' : unitText(split.unit);
}
