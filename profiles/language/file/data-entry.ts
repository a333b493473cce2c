import { z } from 'zod';
import type { Place } from '../../../drivers/contract/explain.ts';
import { entryShape, givenTimes, RATED_KEYS } from '../../data-file/entry.ts';
import { TIME_KEYS, VALUE_KEYS, VALUE_UNITS, type ValueKey } from '../../data-file/units.ts';
import { isOwnName, onOff } from './keys.ts';
import type { Source } from './source.ts';

/** What a file says of its data: a file of figures with its columns, or a wind that is made. */

type Keys = Readonly<Record<string, unknown>>;

/** What a source of power offers, in per cent of its rated power: the name under which a method follows it. */
export const OFFERED = 'power_pct';
/** The one entry whose file a person may replace at the start. */
export const WIND = 'wind';

const part = z.number().min(0).max(50);

/** Keys of a wind that is made. */
const GENERATED = {
  generated: z.literal('wind').optional().meta({
    description: 'no file: a wind of the seed of the run through a turbine (IEC 61400-1, Kaimal)',
  }),
  mean_m_per_s: z.number().min(0.5).max(40).optional().meta({ description: 'its mean at the hub (9)' }),
  turbulence_pct: part
    .optional()
    .meta({ description: 'its turbulence at 15 m/s: class A 16, B 14, C 12 (14)' }),
  slow_pct: part
    .optional()
    .meta({ description: 'its slow part, weather, standard deviation of the mean (20)' }),
  hub_m: z.number().min(10).max(200).optional().meta({ description: 'height of its hub (90)' }),
};

/** A load series or another file of figures: columns under names with units. */
export const dataSchema = z
  .object({
    ...entryShape,
    repeat: onOff.optional().meta({ description: 'begins again at its end (off)' }),
    ...GENERATED,
  })
  .catchall(
    z.union([z.string().min(1), z.number().int().min(1)], {
      error: 'expected the name of a column, or its number from 1',
    }),
  );

const MADE = Object.keys(GENERATED);
/** Keys that are no columns. */
const PLAIN: readonly string[] = [
  ...Object.keys(entryShape).filter(key => !VALUE_KEYS.some(of => of === key)),
  ...MADE,
];

/** Keys of an entry behind which a column stands. */
export function columnKeys(entry: Keys): readonly string[] {
  return Object.keys(entry).filter(key => !PLAIN.includes(key));
}

/** The column that offers power: wind, a share, or power and sun of which the rated value is given. */
export function offeringKeys(entry: Keys): readonly ValueKey[] {
  const rated = RATED_KEYS.filter(key => key in entry).map(key => key.includes('_per_m2'));
  return VALUE_KEYS.filter(key => {
    if (!(key in entry)) return false;
    const { quantity } = VALUE_UNITS[key];
    if (quantity === 'wind speed' || quantity === 'share') return true;
    return rated.includes(quantity === 'irradiance');
  });
}

/** What expressions may ask of an entry: its columns, and `power_pct` where it offers power. */
export function namesOfEntry(entry: Keys): readonly string[] {
  const columns = columnKeys(entry);
  const isOffer = columns.length === 0 || offeringKeys(entry).length > 0;
  const own = columns.filter(key => isOwnName(key) && key !== OFFERED);
  return isOffer ? [...own, OFFERED] : own;
}

/** Whether it has no end: it begins again, or is made as long as it is followed. */
export function isEndlessEntry(entry: Keys): boolean {
  return [true, 'on'].includes(entry['repeat'] as string | boolean) || 'generated' in entry;
}

/** Keys of one entry that contradict each other or lack something. @throws LanguageError with the place */
export function checkDataEntry(source: Source, name: string, entry: Keys): void {
  const at: Place = ['data', name];
  const columns = columnKeys(entry);
  const stray = MADE.slice(1).find(key => key in entry);
  if ('generated' in entry) {
    const other = Object.keys(entry).find(key => !MADE.includes(key));
    if (other !== undefined)
      throw source.error([...at, other], 'belongs to a file, expected a file or generated, one of them');
    return;
  }
  if (stray !== undefined) throw source.error([...at, stray], 'expected generated: wind beside it');
  if (!('file' in entry) && name !== WIND)
    throw source.error([...at, 'file'], 'missing key "file", expected the name of a file');
  for (const column of columns) {
    if (!isOwnName(column) && !VALUE_KEYS.some(key => key === column))
      throw source.error([...at, column], 'has no unit, expected a name like power_MW');
  }
  const times = givenTimes(entry);
  if (times.length > 1)
    throw source.error(
      [...at, times[1]],
      `expected one way to tell the time: one of time, ${TIME_KEYS.join(', ')}, step_s`,
    );
  checkOffer(source, at, entry, columns);
}

function checkOffer(source: Source, at: Place, entry: Keys, columns: readonly string[]): void {
  const [, second] = offeringKeys(entry);
  if (second !== undefined)
    throw source.error(
      [...at, second],
      `expected one column of what is offered: one of ${VALUE_KEYS.join(', ')}`,
    );
  const rated = RATED_KEYS.filter(key => key in entry);
  if (rated.length > 1) throw source.error([...at, rated[1]], `expected one of ${RATED_KEYS.join(', ')}`);
  const unrated = columns.find(column => !isOwnName(column) && offeringKeys(entry).length === 0);
  if (unrated !== undefined)
    throw source.error([...at, unrated], 'expected rated_kW beside it: so much counts as 100 pct');
  if (rated.length === 1 && columns.length > 0 && offeringKeys(entry).length === 0)
    throw source.error(
      [...at, rated[0]],
      'nothing is rated by it, expected a column of power or irradiance beside it',
    );
}
