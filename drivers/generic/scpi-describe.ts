import type { ChannelSpec, DeviceDescription, SettableSpec } from '../contract/device.ts';
import { DeviceError } from '../contract/errors.ts';
import { type Quantity, unitOf } from '../contract/units.ts';
import { withTimes } from './instrument-time.ts';
import type { ScpiRead, Speech } from './scpi-file.ts';

/** What the bench file says of this very instrument. */
export interface ScpiUnit {
  /** Absent: the driver knows its models. */
  readonly model?: string;
  readonly serial?: string;
  readonly output?: number;
  readonly address?: number;
  /** Ratings of its type plate, each with its unit: of a supply `voltageNominal_V` and so on. */
  readonly [rating: string]: unknown;
}

/** Channels and settables of a family with the ratings of the bench file. Throws `config` where one is missing. */
export function describeFamily(family: Speech, unit: ScpiUnit, where: string): DeviceDescription {
  const { basis } = family.accuracy;
  const channels = family.reads.map((read): ChannelSpec => {
    const { name, rated, words } = read;
    const range = rangeOf(read, unit, where);
    const own = { name, range, ...(words === undefined ? {} : { words }) };
    if (rated === undefined && read.accuracy === undefined)
      return { ...own, accuracy: { reading_pct: 0, abs: 0, basis } };
    const given = read.accuracy ?? family.accuracy;
    // Without a rating the range is what there is of one.
    const most = rated === undefined ? range[1] : nominalOf(rated, unit, where)[0];
    const abs = (given.rating_pct / 100) * most;
    return { ...own, accuracy: { reading_pct: given.reading_pct, abs, basis: given.basis } };
  });
  return {
    driver: 'generic/scpi',
    channels: withTimes(channels, family.reads),
    settables: family.sets.map(
      (set): SettableSpec => ({
        name: set.name,
        range: rangeOf(set, unit, where),
        tolerance: Math.max(
          (set.tolerance_pct / 100) * (set.rated === undefined ? 1 : nominalOf(set.rated, unit, where)[0]),
          typeof set.say === 'string' ? 0.5 * 10 ** -set.decimals : 0,
        ),
      }),
    ),
    onLoss: family.onLoss,
    watchdog: family.watchdog !== undefined,
    safeList: family.safe,
  };
}

/** What the ratings of a supply are called in a bench file. */
export const SUPPLY_RATINGS: Readonly<Record<string, Quantity>> = {
  voltage: 'voltageNominal_V',
  current: 'currentNominal_A',
  power: 'powerNominal_W',
};

/** A rating of the bench file, its unit and its name there. Throws `config` where it is missing. */
export function nominalOf(
  rating: string,
  unit: ScpiUnit,
  where: string,
): readonly [value: number, symbol: string, key: string] {
  const key = Object.hasOwn(SUPPLY_RATINGS, rating) ? SUPPLY_RATINGS[rating] : rating;
  const value = unit[key];
  if (typeof value === 'number') return [value, unitOf(key) ?? '', key];
  throw new DeviceError('config', where, `this family needs ${key}`);
}

/** The range of a reading or set value in its unit. */
export function rangeOf(
  { range: [low, high], rated }: Pick<ScpiRead, 'range' | 'rated'>,
  unit: ScpiUnit,
  where: string,
): [number, number] {
  const nominal = rated === undefined ? 1 : nominalOf(rated, unit, where)[0];
  return [low * nominal, high * nominal];
}
