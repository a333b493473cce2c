import type { LiveAlarm, RoleValue, TrendLimit } from '../../../control/view.ts';
import { shownUnit } from '../chart-groups.ts';
import { usable } from '../trends.ts';

/** What stands on a tile: one quantity of the bench with what is set and the limits around it. Pure. */

/** In the unit of the page. */
export interface TileLimit {
  readonly id: string;
  readonly value: number;
  readonly trips: '>' | '<';
  readonly reaction: TrendLimit['reaction'];
  /** False: it does not count in the step that runs. */
  readonly isArmed: boolean;
}

/** In the unit of the page. */
export interface HeldLimit {
  readonly reaction: TrendLimit['reaction'];
  readonly gone: 'below' | 'above';
  readonly value: number;
}

export interface TileFacts {
  /** Of an array without its `[]`. */
  readonly role: string;
  readonly unit: string;
  /** The value; of an array its mean. Null: no reading that may be used. */
  readonly value: number | null;
  /** Lowest and highest member of an array, each null where it cannot be told. */
  readonly spread?: { readonly min: number | null; readonly max: number | null };
  /** Which reading the tile speaks of, for the word where there is none. */
  readonly from: RoleValue;
  /** What is set; null: nothing yet. Absent: nothing sets it. */
  readonly set?: number | null;
  /** Why it is not in force as it stands there (`SetValue`). Absent: it is. */
  readonly setIs?: 'ceiling' | 'floor' | 'off' | 'other';
  /** A limit that has fired and still stands although the value is no longer beyond it: where its cause is gone. */
  readonly held?: HeldLimit;
  /** Of its instrument, in the unit of the tile; undefined: not known. */
  readonly resolution: number | undefined;
  readonly limits: readonly TileLimit[];
  /** Left and right end of its bar; undefined: there is nothing to measure it by. */
  readonly scale: readonly [number, number] | undefined;
}

/** A wall and a desk have room for so many. */
const MOST_TILES = 9;
const FIGURES = ['min', 'mean', 'max'] as const;

/** The tiles of a bench: the roles of its trends in their order, each array once. `alarms`: those that stand. */
export function tilesOf(
  roles: readonly RoleValue[],
  trends: readonly string[],
  limits: readonly TrendLimit[],
  suppressed: readonly string[],
  alarms: readonly LiveAlarm[] = [],
): readonly TileFacts[] {
  const byRole = new Map(roles.map(value => [value.role, value]));
  const names = [...new Set(trends.map(bareName))];
  return names
    .flatMap(name => tileOf(name, byRole, { limits, suppressed, alarms }) ?? [])
    .slice(0, MOST_TILES);
}

/** `cell.voltage_V[]` of `cell.voltage_V[].max`. */
function bareName(trend: string): string {
  return trend.replace(/\[\]\.(min|mean|max)$/, '[]');
}

interface LimitsShown {
  readonly limits: readonly TrendLimit[];
  readonly suppressed: readonly string[];
  readonly alarms: readonly LiveAlarm[];
}

function tileOf(
  name: string,
  byRole: ReadonlyMap<string, RoleValue>,
  { limits, suppressed, alarms }: LimitsShown,
): TileFacts | undefined {
  const isArray = name.endsWith('[]');
  const main = byRole.get(isArray ? `${name}.mean` : name);
  // A state has its word, and no scale.
  if (main === undefined || main.word !== undefined) return undefined;
  const { unit, factor } = shownUnit(main);
  const scaled = (value: number | null): number | null => (value === null ? null : value * factor);
  const own = limits
    .filter(({ role }) => (isArray ? FIGURES.some(figure => role === `${name}.${figure}`) : role === name))
    .map(({ id, value, trips, reaction }) => ({
      id,
      value: value * factor,
      trips,
      reaction,
      isArmed: !suppressed.includes(id),
    }));
  const read = (figure: 'min' | 'max'): number | null => scaled(usable(byRole.get(`${name}.${figure}`)));
  const spread = isArray ? { min: read('min'), max: read('max') } : undefined;
  const value = scaled(usable(main));
  const set = main.set === undefined ? undefined : scaled(main.set.value);
  const held = heldOf(own, { value, spread }, alarms, factor);
  const ends = [main.set?.min, main.set?.max].flatMap(end => (end === undefined ? [] : [end * factor]));
  return {
    role: name.replace(/\[\]$/, ''),
    unit,
    value,
    ...(spread === undefined ? {} : { spread }),
    from: main,
    ...(set === undefined ? {} : { set }),
    ...(main.set?.is === undefined ? {} : { setIs: main.set.is }),
    ...(held === undefined ? {} : { held }),
    resolution: main.resolution === undefined ? undefined : main.resolution * factor,
    limits: own,
    scale: scaleOf([...own.map(limit => limit.value), ...ends], [value, spread?.min, spread?.max]),
  };
}

/** The gravest limit whose alarm still stands while the value is back on its good side. */
function heldOf(
  limits: readonly TileLimit[],
  at: Pick<TileFacts, 'value' | 'spread'>,
  alarms: readonly LiveAlarm[],
  factor: number,
): HeldLimit | undefined {
  const held = limits.flatMap(limit => {
    const alarm = alarms.find(
      ({ id, since_s, gone_s }) => id === limit.id && since_s !== null && gone_s === null,
    );
    if (alarm?.goneAt == null || isBeyond(limit, at)) return [];
    return [{ reaction: limit.reaction, gone: alarm.goneAt.is, value: alarm.goneAt.value * factor }];
  });
  return held.toSorted((a, b) => GRAVER.indexOf(b.reaction) - GRAVER.indexOf(a.reaction))[0];
}

/** The value, of an array one of its members, is beyond a limit now. */
export function isBeyond(
  { trips, value: limit }: TileLimit,
  { value, spread }: Pick<TileFacts, 'value' | 'spread'>,
): boolean {
  const at = spread === undefined ? value : trips === '>' ? spread.max : spread.min;
  return at !== null && (trips === '>' ? at > limit : at < limit);
}

/** Room beyond the outermost limit, part of the scale: a value just beyond it is still in the picture. */
const BEYOND = 0.08;

/** From nothing, or the lowest mark, to the highest; undefined where nothing marks it. A value beyond stands at the end. */
function scaleOf(
  marks: readonly number[],
  values: readonly (number | null | undefined)[],
): readonly [number, number] | undefined {
  if (marks.length === 0) return undefined;
  const known = values.flatMap(value => (value === null || value === undefined ? [] : [value]));
  const low = Math.min(0, ...marks, ...(marks.length > 1 ? [] : known));
  const high = Math.max(0, ...marks, ...(marks.length > 1 ? [] : known));
  const air = (high - low) * BEYOND;
  return high > low ? [low < 0 ? low - air : low, high > 0 ? high + air : high] : undefined;
}

/** Where a value stands on a bar, 0 to 1: beyond its ends at them. */
export function placeOn([low, high]: readonly [number, number], value: number): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}

/** From the mildest to the gravest. */
const GRAVER = ['warn', 'hold', 'suspend', 'stop', 'trip'];

/**
 * The armed limit that the value is nearest to, as part of the bar; of those that it is beyond, the gravest. Undefined
 * without a value or a limit. Of an array each member counts.
 */
export function nearestLimit({ value, spread, limits, scale }: TileFacts): TileLimit | undefined {
  if (scale === undefined) return undefined;
  let nearest: TileLimit | undefined;
  let beyond: TileLimit | undefined;
  let least = Infinity;
  for (const limit of limits) {
    const at = spread === undefined ? value : limit.trips === '>' ? spread.max : spread.min;
    if (!limit.isArmed || at === null) continue;
    const left = (limit.trips === '>' ? limit.value - at : at - limit.value) / (scale[1] - scale[0]);
    if (left < least) [nearest, least] = [limit, left];
    const grave = beyond === undefined ? -1 : GRAVER.indexOf(beyond.reaction);
    if (left <= 0 && GRAVER.indexOf(limit.reaction) > grave) beyond = limit;
  }
  return beyond ?? nearest;
}
