import { z } from 'zod';
import { type Quantity, TIME_KEYS, type TimeKey, VALUE_KEYS, VALUE_UNITS, type ValueKey } from './units.ts';

/**
 * What a method says of a data file: `data: { <name>: { ... } }`. Columns, units and dialect may be left out where the
 * file says them itself; a rule for what is wrong in a file may not: without one, such a file is refused.
 */

const column = z.union([z.string().min(1), z.number().int().min(1)], {
  error: 'expected a heading of the file, or the number of a column from 1',
});
const positive = z.number({ error: 'expected a number > 0' }).positive('expected a number > 0');
const seconds = positive.max(31_622_400, 'expected at most a year in s');

const valueKeys = Object.fromEntries(VALUE_KEYS.map(key => [key, column.optional()])) as Record<
  ValueKey,
  z.ZodOptional<typeof column>
>;
const timeKeys = Object.fromEntries(TIME_KEYS.map(key => [key, column.optional()])) as Record<
  TimeKey,
  z.ZodOptional<typeof column>
>;

/** Keys that say what counts as 1, in the unit of their last part. */
const RATED = {
  rated_W: VALUE_UNITS.power_W,
  rated_kW: VALUE_UNITS.power_kW,
  rated_MW: VALUE_UNITS.power_MW,
  rated_GW: VALUE_UNITS.power_GW,
  rated_W_per_m2: VALUE_UNITS.irradiance_W_per_m2,
  rated_kW_per_m2: VALUE_UNITS.irradiance_kW_per_m2,
} as const;
type RatedKey = keyof typeof RATED;
const RATED_KEYS = Object.keys(RATED) as readonly RatedKey[];
const ratedKeys = Object.fromEntries(RATED_KEYS.map(key => [key, positive.optional()])) as Record<
  RatedKey,
  z.ZodOptional<typeof positive>
>;

const entry = z.strictObject({
  /** The file, beside the method file; `--wind FILE` takes its place for the name `wind`. */
  file: z.string().min(1).optional(),
  /** Column of clock stamps; of several (date and time, or year, month, day, hour, minute) a list. */
  time: z.union([column, z.array(column).min(2).max(6)]).optional(),
  ...timeKeys,
  /** For files without times: one row so often. */
  step_s: seconds.optional(),
  /** IANA name of the zone of stamps that have none of their own, with its summer time. */
  zone: z.string().refine(isZone, 'expected a time zone, e.g. Europe/Berlin or UTC').optional(),
  /** Which of day and month comes first in stamps like 03/04/2020. */
  dates: z.enum(['dmy', 'mdy']).optional(),
  /** Whether a stamp is the beginning or the end of the time that its value stands for; default: as the file says, else begin. */
  stamps: z.enum(['begin', 'end']).optional(),
  /** Second 0 of the run: a clock stamp (in `zone`), or a time of the file in s. */
  from: z.union([z.string().min(1), z.number()]).optional(),
  ...valueKeys,
  ...ratedKeys,
  /** How values at the file's step become values at 1 s. */
  between: z.enum(['hold', 'linear', 'mean']).optional(),
  /** Steps that are longer than the usual one, and values that are not there. */
  gaps: z
    .union([
      z.literal('refuse'),
      z.strictObject({ hold_s: seconds }),
      z.strictObject({ interpolate_s: seconds }),
    ])
    .default('refuse'),
  /** Values a little outside their range: an offset at night, a cloud's edge. */
  outside: z.enum(['refuse', 'clip']).default('refuse'),
  /** Rows with the stamp of the row before. */
  repeated: z.enum(['refuse', 'first', 'last', 'mean']).default('refuse'),
  /** Whole numbers among decimal ones, some powers of ten above both neighbours. */
  lostPoints: z.enum(['refuse', 'keep']).default('refuse'),
  /** Numbers that stand for "no value", e.g. -999. */
  missing: z.array(z.number()).default([]),
  /** After its end the series begins again. */
  repeat: z.boolean().default(false),
  separator: z.enum([',', ';', '\t', '|', ' ']).optional(),
  decimal: z.enum(['.', ',']).optional(),
});

/** See `DataEntry`; that keys do not contradict each other is checked too. */
export const dataEntrySchema = entry
  .refine(e => VALUE_KEYS.filter(key => e[key] !== undefined).length <= 1, {
    error: `expected one column of values: one of ${VALUE_KEYS.join(', ')}`,
  })
  .refine(e => givenTimes(e).length <= 1, {
    error: `expected one way to tell the time: one of time, ${TIME_KEYS.join(', ')}, step_s`,
  })
  .refine(e => RATED_KEYS.filter(key => e[key] !== undefined).length <= 1, {
    error: `expected one of ${RATED_KEYS.join(', ')}`,
  });

/** Entry of a data file in a method file, defaults filled in. */
export type DataEntry = z.output<typeof entry> & {
  /** Columns that are taken as they stand, by their names with units. */
  readonly columns?: Readonly<Record<string, string | number>>;
};

/** The entry of a file of which nothing is said. */
export const PLAIN_ENTRY: DataEntry = entry.parse({});

/** The column of values that an entry names, and in which unit it holds them. */
export function namedValue(
  e: DataEntry,
): { readonly key: ValueKey; readonly column: string | number } | undefined {
  for (const key of VALUE_KEYS) {
    const column = e[key];
    if (column !== undefined) return { key, column };
  }
  return undefined;
}

/** The columns that are taken as they stand. */
export function namedColumns(
  e: DataEntry,
): readonly { readonly name: string; readonly column: string | number }[] {
  return Object.entries(e.columns ?? {}).map(([name, column]) => ({ name, column }));
}

/** The columns of times that an entry names; `key` undefined: clock stamps. */
export function namedTime(
  e: DataEntry,
): { readonly key: TimeKey | undefined; readonly columns: readonly (string | number)[] } | undefined {
  if (e.time !== undefined) return { key: undefined, columns: Array.isArray(e.time) ? e.time : [e.time] };
  for (const key of TIME_KEYS) {
    const column = e[key];
    if (column !== undefined) return { key, columns: [column] };
  }
  return undefined;
}

/** What an entry says counts as 1, in W or W/m2; undefined where it says nothing. */
export function namedRating(
  e: DataEntry,
): { readonly text: string; readonly quantity: Quantity; readonly value: number } | undefined {
  for (const key of RATED_KEYS) {
    const value = e[key];
    if (value !== undefined) {
      const { quantity, factor } = RATED[key];
      return { text: `${key}: ${value}`, quantity, value: value * factor };
    }
  }
  return undefined;
}

function givenTimes(e: DataEntry): readonly string[] {
  return ['time' as const, 'step_s' as const, ...TIME_KEYS].filter(key => e[key] !== undefined);
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
