import type { InterlockSpec } from '../bench/bench.ts';
import { eventsOf, type RecordedEvent } from '../record/recorded-events.ts';
import type { FiredOn } from './alarms/fired.ts';
import type { Closest } from './closest.ts';

/** How near a run came to a limit: of the rows of its record, and of all readings where the record says it. */
export type Nearest = Pick<
  Closest,
  'figure' | 't_s' | 'row' | 'peak' | 'armed_s' | 'unusable' | 'sum' | 'count'
> & {
  readonly member?: string | null;
  /** How long it was beyond the limit while that was not armed, s, and since when; absent: nobody asked. */
  readonly beyond_s?: number;
  readonly from_s?: number;
};

/** What one session told at its end, by limit. Several of one session: the last one has it all. */
export function toldNearest(events: readonly RecordedEvent[]): ReadonlyMap<string, Nearest>[] {
  const bySession = new Map(eventsOf(events, 'limits').map(({ data }) => [data.from_s, data.nearest]));
  return [...bySession.values()].map(
    nearest =>
      new Map(
        nearest.map(({ id, member, unwatched, ...one }) => {
          const figure = Number.isNaN(one.figure) ? -Infinity : one.figure;
          const peak = Number.isNaN(one.peak) ? -Infinity : one.peak;
          return [
            id,
            { ...one, figure, peak, row: -1, ...unwatched, ...(member === undefined ? {} : { member }) },
          ];
        }),
      ),
  );
}

/**
 * Of all sessions together. The rows that were kept count where a session told nothing (`isWhole` false): alone they make
 * much of a reading that stood short of a limit's delay, and miss what lay between them.
 */
export function nearestOf(
  { id }: InterlockSpec,
  kept: Nearest,
  told: readonly ReadonlyMap<string, Nearest>[],
  isWhole: boolean,
): Nearest {
  const all = told.flatMap(session => session.get(id) ?? []);
  if (all.length === 0) return kept;
  const sumOf = (of: (one: Nearest) => number): number => all.reduce((sum, one) => sum + of(one), 0);
  const from = isWhole ? all : [...all, kept];
  return {
    ...from.reduce((best, one) => (one.figure > best.figure ? one : best)),
    peak: Math.max(...from.map(({ peak }) => peak)),
    armed_s: isWhole ? sumOf(one => one.armed_s) : kept.armed_s,
    unusable: sumOf(one => one.unusable),
    sum: sumOf(one => one.sum),
    count: sumOf(one => one.count),
    ...(all.some(({ beyond_s }) => beyond_s !== undefined)
      ? {
          beyond_s: sumOf(one => one.beyond_s ?? 0),
          from_s: all.find(({ beyond_s = 0 }) => beyond_s > 0)?.from_s ?? Number.NaN,
        }
      : {}),
  };
}

/**
 * What a limit fired on counts as its nearest approach, also where the rows show it for less than the delay or not at all:
 * the interlock has seen it. `sign`: -1 where it trips below. The nearest of several, and what came nearer otherwise, stays.
 */
export function withFired(nearest: Nearest, fired: readonly FiredOn[], sign: 1 | -1): Nearest {
  const best = fired.reduce<FiredOn | undefined>(
    (most, one) => (most === undefined || sign * one.value > sign * most.value ? one : most),
    undefined,
  );
  if (best === undefined) return nearest;
  const figure = sign * best.value;
  const peak = Math.max(nearest.peak, figure);
  if (nearest.figure >= figure) return { ...nearest, peak };
  const { member: _, ...rest } = nearest;
  return { ...rest, figure, t_s: best.t_s, row: -1, peak };
}
