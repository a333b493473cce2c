import { z } from 'zod';
import {
  type Quantity,
  TIME_KEYS,
  TIME_UNITS,
  type TimeKey,
  VALUE_KEYS,
  VALUE_UNITS,
  type ValueKey,
} from './units.ts';

/**
 * What a method says of a data file: `data: { <name>: { ... } }`. Columns, units and dialect may be left out where the
 * file says them itself; a rule for what is wrong in a file may not: without one, such a file is refused.
 */

const column = z.union([z.string().min(1), z.number().int().min(1)], {
  error: 'expected a heading of the file, or the number of a column from 1',
});
const positive = z.number({ error: 'expected a number > 0' }).positive('expected a number > 0');
const seconds = positive.max(31_622_400, 'expected at most a year in s');

const valueKeys = Object.fromEntries(
  VALUE_KEYS.map(key => {
    const { quantity, shown } = VALUE_UNITS[key];
    return [key, column.optional().meta({ description: `column of ${quantity}, in ${shown}` })];
  }),
) as Record<ValueKey, z.ZodOptional<typeof column>>;
const timeKeys = Object.fromEntries(
  TIME_KEYS.map(key => [
    key,
    column.optional().meta({ description: `column of times, numbers in ${TIME_UNITS[key].shown}` }),
  ]),
) as Record<TimeKey, z.ZodOptional<typeof column>>;

/** In the unit of their last part. */
const RATED = {
  rated_W: VALUE_UNITS.power_W,
  rated_kW: VALUE_UNITS.power_kW,
  rated_MW: VALUE_UNITS.power_MW,
  rated_GW: VALUE_UNITS.power_GW,
  rated_W_per_m2: VALUE_UNITS.irradiance_W_per_m2,
  rated_kW_per_m2: VALUE_UNITS.irradiance_kW_per_m2,
} as const;
type RatedKey = keyof typeof RATED;
/** Keys that say what counts as 1. */
export const RATED_KEYS = Object.keys(RATED) as readonly RatedKey[];
const ratedKeys = Object.fromEntries(
  RATED_KEYS.map(key => [key, positive.optional().meta({ description: 'so much counts as 100 pct' })]),
) as Record<RatedKey, z.ZodOptional<typeof positive>>;

const says = (description: string): { readonly description: string } => ({ description });

const GAPS = 'expected refuse, { hold_s: N } or { interpolate_s: N }';

/** The keys of an entry as zod schemas, with their words for an editor. */
export const entryShape = {
  file: z
    .string({ error: 'expected the name of a file' })
    .min(1)
    .optional()
    .meta(says('the file, from the folder of the method; --wind FILE takes the place of the file of wind')),
  time: z
    .union([column, z.array(column).min(2).max(6)])
    .optional()
    .meta(says('column of clock stamps, or a list of columns that make one: [Date, Time]')),
  ...timeKeys,
  step_s: seconds.optional().meta(says('no column of times: a row so often')),
  zone: z
    .string({ error: 'expected a time zone, e.g. Europe/Berlin or UTC' })
    .refine(isZone, 'expected a time zone, e.g. Europe/Berlin or UTC')
    .optional()
    .meta(says('zone of stamps without one of their own, e.g. Europe/Berlin (UTC, which is said)')),
  dates: z.enum(['dmy', 'mdy']).optional().meta(says('day or month first in stamps like 03/04/2020')),
  stamps: z
    .enum(['begin', 'end'])
    .optional()
    .meta(says('what a stamp is of the time that its value stands for (as the file says, else begin)')),
  from: z
    .union([z.string().min(1), z.number()])
    .optional()
    .meta(says('second 0: a stamp in zone, or seconds on the clock of the file (the first row)')),
  ...valueKeys,
  ...ratedKeys,
  between: z
    .enum(['hold', 'linear', 'mean'])
    .optional()
    .meta(says('between two rows: the last one holds, a straight line, or the mean of each second (hold)')),
  gaps: z
    .union(
      [
        z.literal('refuse', { error: GAPS }),
        z.strictObject({ hold_s: seconds }),
        z.strictObject({ interpolate_s: seconds }),
      ],
      { error: GAPS },
    )
    .default('refuse')
    .meta(says('rows and values that are not there: refuse, or bridged up to so long (refuse)')),
  outside: z
    .enum(['refuse', 'clip'])
    .default('refuse')
    .meta(says('values a little out of range: an offset at night, the edge of a cloud (refuse)')),
  repeated: z
    .enum(['refuse', 'first', 'last', 'mean'])
    .default('refuse')
    .meta(says('rows with the time of the row before (refuse)')),
  lostPoints: z
    .enum(['refuse', 'keep'])
    .default('refuse')
    .meta(says('whole numbers among decimal ones, powers of ten above both neighbours (refuse)')),
  missing: z.array(z.number()).default([]).meta(says('numbers that stand for "no value": [-999]')),
  repeat: z.boolean().default(false).meta(says('begins again at its end (off)')),
  separator: z.enum([',', ';', '\t', '|', ' ']).optional().meta(says('between two cells')),
  decimal: z.enum(['.', ',']).optional().meta(says('decimal mark')),
};

const entry = z.strictObject(entryShape);

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

/** The keys by which an entry says how the time is told: more than one contradict each other. */
export function givenTimes(e: Readonly<Record<string, unknown>>): readonly string[] {
  return ['time' as const, 'step_s' as const, ...TIME_KEYS].filter(key => e[key] !== undefined);
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
