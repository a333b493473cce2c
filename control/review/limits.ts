import type { InterlockSpec } from '../bench/bench.ts';
import type { RoleTable } from '../contract/role-table.ts';
import { namesOfTable } from '../kinds/interlocks/condition.ts';
import { kindOf, mainRole } from '../kinds/interlocks/index.ts';
import { alarmLives } from '../record/alarms/lives.ts';
import { eventsOf } from '../record/recorded-events.ts';
import type { Replay } from '../record/replay.ts';
import { firedOften, firedOn, NEVER } from './alarms/fired.ts';
import type { ResultAlarm } from './alarms/result-alarm.ts';
import { LimitWatch, memberIn } from './limit-watch.ts';
import { type Nearest, nearestOf, toldNearest, withFired } from './nearest.ts';
import type { LimitDistance } from './result.ts';
import type { Timeline } from './timeline.ts';

/** What a record says of its interlocks. */
export interface LimitReview {
  /** How near the run came to each, in the order of the bench file. */
  readonly limits: readonly LimitDistance[];
  /** Each time that one fired, in the order of time. */
  readonly alarms: readonly ResultAlarm[];
}

/**
 * The journal is shown once more to the very probes that watched the run, armed as they were armed then. `channels`: how
 * many each device has, in the order in which they are polled.
 */
export function reviewLimits(
  interlocks: readonly InterlockSpec[],
  roles: RoleTable,
  channels: ReadonlyMap<string, number>,
  replay: Replay,
  timeline: Timeline,
): LimitReview {
  const lives = alarmLives(replay.events);
  const watch = new LimitWatch(interlocks, roles, lives);
  const columns = new Map(
    [...channels]
      .filter(([device]) => watch.devices.has(device))
      .map(([device, count]) => [device, { channels: count, ...watch.columnsOf(device) }]),
  );
  const against = new Set(interlocks.flatMap(spec => kindOf(spec).applied?.(spec) ?? []));
  const sets = replay.applied([...against]);
  let set = sets.next();
  let context: ReturnType<Timeline['context']> | undefined;
  for (const frame of replay.frames(columns)) {
    // What is applied at the very time of a frame counts from the next one on: sampling comes before the gate.
    for (; !set.done && set.value.t_s < frame.t_s; set = sets.next())
      watch.applied(set.value.role, set.value.applied);
    const now = timeline.context(frame.t_s);
    if (now !== context) {
      context = now;
      watch.context(now.state, now.tags);
    }
    watch.take(frame, frame.t_s, frame.row, frame.extents);
  }
  const fired = firedOften(replay.events);
  const values = firedOn(replay.events);
  // Each session of a thinned record tells at its end what all its readings came to.
  const told = toldNearest(replay.events);
  const isWhole = !replay.isThinned || told.length > eventsOf(replay.events, 'resumed').length;
  const changes = eventsOf(replay.events, 'limitChange');
  const limits = interlocks.map(spec => {
    const changed = changes
      .filter(({ data }) => data.id === spec.id)
      .map(({ t_s, data: { to, by, reason } }) => ({ t_s, to, by, reason }));
    const sign = kindOf(spec).rehearsed(spec).trips === '<' ? -1 : 1;
    const seen = nearestOf(spec, seenOf(watch, spec), told, isWhole);
    const nearest = withFired(seen, values.get(spec.id) ?? [], sign);
    const { beyond_s = 0, from_s = Number.NaN } = nearest;
    return {
      ...distanceOf(spec, roles, nearest, timeline),
      ...(changed.length > 0 ? { changed } : {}),
      ...(beyond_s > 0 ? { unwatched: { beyond_s, at: timeline.at(from_s) } } : {}),
      member: nearest.member ?? memberAt(spec, roles, nearest, replay, channels),
      ...(fired.get(spec.id) ?? NEVER),
      ...(isWhole ? {} : { ofKeptRows: true as const }),
    };
  });
  const counted = new Map<string, number>();
  const alarms = lives.flatMap((life): ResultAlarm[] => {
    const nth = counted.get(life.id) ?? 0;
    counted.set(life.id, nth + 1);
    const of = interlocks.find(spec => spec.id === life.id);
    const { flood, wentShelved: _, ...told } = life;
    const { phase, step } = timeline.at(life.raised_s);
    if (flood !== null)
      return [{ ...told, phase, step, limit: flood.limit, unit: 'alarms', peak: flood.count }];
    if (of === undefined) return [];
    const { limit: ofBench, unit, trips } = kindOf(of).rehearsed(of);
    const inForce = changes.findLast(({ t_s, data }) => data.id === life.id && t_s <= life.raised_s);
    const limit = inForce?.data.to ?? ofBench;
    const figure = watch.peakOf(life.id, nth) ?? Number.NaN;
    const peak = Number.isFinite(figure) ? (trips === '<' ? -figure : figure) : null;
    return [{ ...told, phase, step, limit, unit, peak }];
  });
  return { limits, alarms };
}

/** What the rows of the record show of a limit. */
function seenOf(watch: LimitWatch, spec: InterlockSpec): Nearest {
  const { figure, t_s, row, peak, armed_s, unusable, sum, count } = watch.closestOf(spec);
  const { beyond_s, from_s } = watch.unwatchedOf(spec) ?? {};
  const blind = beyond_s === undefined || from_s === undefined ? {} : { beyond_s, from_s };
  return { figure, t_s, row, peak, armed_s, unusable, sum, count, ...blind };
}

function distanceOf(
  spec: InterlockSpec,
  roles: RoleTable,
  closest: Nearest,
  timeline: Timeline,
): Omit<LimitDistance, 'member' | 'fired' | 'firedUnusable'> {
  const { role, trips, limit, unit, isLevel } = kindOf(spec).rehearsed(spec);
  const sign = trips === '<' ? -1 : 1;
  const value = (figure: number): number | null => (Number.isFinite(figure) ? sign * figure : null);
  const nearest = value(closest.figure);
  const mean = closest.count > 0 ? sign * (closest.sum / closest.count) : Number.NaN;
  const way_frac = nearest === null ? Number.NaN : (nearest - mean) / (limit - mean);
  const accuracy = roles.measured.get(mainRole(spec, namesOfTable(roles)))?.accuracy;
  const u95 =
    accuracy === undefined ? Number.NaN : (accuracy.reading_pct / 100) * Math.abs(limit) + accuracy.abs;
  return {
    id: spec.id,
    kind: spec.kind,
    role,
    reaction: spec.reaction,
    trips,
    limit,
    unit,
    delay_s: spec.delay_s,
    armed: spec.armed,
    armed_s: closest.armed_s,
    closest: nearest,
    distance: nearest === null ? null : sign * (limit - nearest),
    ofLimit_frac:
      nearest === null || nearest <= 0 || limit <= 0
        ? null
        : trips === '>'
          ? nearest / limit
          : limit / nearest,
    // Values that start beyond the limit have no way to it.
    way_frac: Number.isFinite(way_frac) && sign * (limit - mean) > 0 ? way_frac : null,
    at: nearest === null ? null : timeline.at(closest.t_s),
    peak: value(closest.peak),
    u95: isLevel && Number.isFinite(u95) && unit !== 'on' ? u95 : null,
    unusable: closest.unusable,
  };
}

/** A reading that an alarm names is found again within this, s: both are counted from the begin of the run. */
const SAME_S = 1e-6;

/** Which member of an array role it was: the row is read once more, whole; where nobody knows it, what was read at that time. */
function memberAt(
  spec: InterlockSpec,
  roles: RoleTable,
  { row, t_s }: Nearest,
  replay: Replay,
  channels: ReadonlyMap<string, number>,
): string | null {
  const role = roles.measured.get(mainRole(spec, namesOfTable(roles)));
  if (role === undefined || role.count === 1 || Number.isNaN(t_s)) return null;
  const all = channels.get(role.device) ?? 0;
  if (row >= 0) {
    const frame = replay.frame(role.device, all, row);
    return frame === undefined ? null : memberIn(spec, role, frame.values);
  }
  const wanted = Array.from({ length: all }, (_, i) => i);
  const within = { from_s: t_s - SAME_S, to_s: t_s + SAME_S };
  for (const frame of replay.between(role.device, { channels: all, wanted }, within))
    return memberIn(spec, role, frame.values);
  return null;
}
