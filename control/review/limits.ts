import type { InterlockSpec } from '../bench/bench.ts';
import type { MeasuredRole, RoleTable } from '../contract/role-table.ts';
import { kindOf } from '../kinds/interlocks/index.ts';
import type { Probe } from '../kinds/interlocks/probe.ts';
import { nameOf, type Seen } from '../kinds/interlocks/words.ts';
import type { Replay } from '../record/replay.ts';
import { isArmedIn } from '../watch/interlocks.ts';
import { makeProbe } from '../watch/probe.ts';
import { type AlarmLife, AlarmPeaks, alarmLives, firedOften, NEVER } from './alarms.ts';
import { Closest } from './closest.ts';
import type { LimitDistance, ResultAlarm } from './result.ts';
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
  const seen = new Map<string, Seen>();
  const seenOf = (device: string): Seen => {
    const found = seen.get(device) ?? { device, frame: undefined, last_s: 0 };
    seen.set(device, found);
    return found;
  };
  const applied = new Map<string, number>();
  const bench = { roles, seenOf, applied: (role: string) => applied.get(role) ?? Number.NaN };
  const watched = interlocks.map(spec => ({ spec, probe: makeProbe(spec, bench) }));
  const figures = figuresOf(watched, lives);
  const peaks = new Map(figures.flatMap(figure => [...figure.peaks]));
  const closestOf = new Map(
    figures.flatMap(figure => figure.watchers.flatMap(w => w.of.map(spec => [spec, w.closest]))),
  );
  const columns = new Map(
    [...channels]
      .filter(([device]) => seen.has(device))
      .map(([device, count]) => [device, { channels: count, wanted: columnsOf(interlocks, roles, device) }]),
  );
  const byDevice = new Map(
    [...columns.keys()].map(device => [
      device,
      figures.filter(figure => figure.probe.devices.some(s => s.device === device)),
    ]),
  );
  const against = new Set(interlocks.flatMap(spec => kindOf(spec).applied?.(spec) ?? []));
  const sets = replay.applied([...against]);
  let set = sets.next();
  let context: ReturnType<Timeline['context']> | undefined;
  for (const frame of replay.frames(columns)) {
    // What is applied at the very time of a frame counts from the next one on: sampling comes before the gate.
    for (; !set.done && set.value.t_s < frame.t_s; set = sets.next())
      applied.set(set.value.role, set.value.applied);
    const of = seenOf(frame.device);
    of.frame = frame;
    of.last_s = frame.t_s;
    const now = timeline.context(frame.t_s);
    if (now !== context) {
      context = now;
      for (const { watchers } of figures)
        for (const watcher of watchers) watcher.isArmed = isArmedIn(watcher.armed, now.state, now.tags);
    }
    for (const { probe, watchers, peaks } of byDevice.get(frame.device) ?? []) {
      if (probe.band === undefined) probe.take(frame, false, watchers[0].isArmed);
      const figure = probe.figure();
      for (let i = 0; i < watchers.length; i++)
        watchers[i].closest.take(frame.t_s, figure, frame.row, watchers[i].isArmed);
      if (peaks.size > 0) for (const alarms of peaks.values()) alarms.take(frame.t_s, figure);
    }
  }
  const fired = firedOften(replay.events);
  const limits = interlocks.map(spec => {
    const closest = closestOf.get(spec) ?? new Closest(spec.delay_s);
    return {
      ...distanceOf(spec, roles, closest, timeline),
      member: memberAt(spec, roles, closest.row, replay, channels),
      ...(fired.get(spec.id) ?? NEVER),
    };
  });
  const counted = new Map<string, number>();
  const alarms = lives.flatMap((life): ResultAlarm[] => {
    const nth = counted.get(life.id) ?? 0;
    counted.set(life.id, nth + 1);
    const of = watched.find(({ spec }) => spec.id === life.id);
    if (of === undefined) return [];
    const { limit, unit, trips } = kindOf(of.spec).rehearsed(of.spec);
    const { phase, step } = timeline.at(life.raised_s);
    const figure = peaks.get(life.id)?.of(nth) ?? Number.NaN;
    const peak = Number.isFinite(figure) ? (trips === '<' ? -figure : figure) : null;
    return [{ ...life, phase, step, limit, unit, peak }];
  });
  return { limits, alarms };
}

/** What one probe reads, and all that follow it: how near, by delay and arming, and how high during each alarm. */
interface Figure {
  readonly probe: Probe;
  readonly watchers: {
    readonly of: InterlockSpec[];
    readonly armed: string;
    readonly closest: Closest;
    isArmed: boolean;
  }[];
  readonly peaks: ReadonlyMap<string, AlarmPeaks>;
}

/**
 * Limits without history on the same channels and the same side read the same figure, whatever their limit; with the
 * same delay and arming it comes equally near to each. A probe with history stands by itself.
 */
function figuresOf(
  watched: readonly { readonly spec: InterlockSpec; readonly probe: Probe }[],
  lives: readonly AlarmLife[],
): Figure[] {
  const byKey = new Map<string | InterlockSpec, Figure & { readonly peaks: Map<string, AlarmPeaks> }>();
  const alarmed = new Set(lives.map(life => life.id));
  for (const { spec, probe } of watched) {
    const { band } = probe;
    const side = band !== undefined && band.high < Number.MAX_VALUE ? '>' : '<';
    const devices = probe.devices.map(seen => seen.device).join();
    const key = band === undefined ? spec : `${devices} ${band.first} ${band.count} ${side}`;
    const figure: Figure & { readonly peaks: Map<string, AlarmPeaks> } = byKey.get(key) ?? {
      probe,
      watchers: [],
      peaks: new Map(),
    };
    byKey.set(key, figure);
    if (alarmed.has(spec.id)) figure.peaks.set(spec.id, new AlarmPeaks(spec.id, lives));
    const same = figure.watchers.find(w => w.armed === spec.armed && w.closest.delay_s === spec.delay_s);
    if (same !== undefined) same.of.push(spec);
    else
      figure.watchers.push({
        of: [spec],
        armed: spec.armed,
        closest: new Closest(spec.delay_s),
        isArmed: false,
      });
  }
  return [...byKey.values()];
}

function distanceOf(
  spec: InterlockSpec,
  roles: RoleTable,
  closest: Closest,
  timeline: Timeline,
): Omit<LimitDistance, 'member' | 'fired' | 'firedUnusable'> {
  const { role, trips, limit, unit, isLevel } = kindOf(spec).rehearsed(spec);
  const sign = trips === '<' ? -1 : 1;
  const value = (figure: number): number | null => (Number.isFinite(figure) ? sign * figure : null);
  const nearest = value(closest.figure);
  const mean = closest.count > 0 ? sign * (closest.sum / closest.count) : Number.NaN;
  const way_frac = nearest === null ? Number.NaN : (nearest - mean) / (limit - mean);
  const accuracy = roles.measured.get(spec.role)?.accuracy;
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

/** Which member of an array role it was: the row is read once more, whole. */
function memberAt(
  spec: InterlockSpec,
  roles: RoleTable,
  row: number,
  replay: Replay,
  channels: ReadonlyMap<string, number>,
): string | null {
  const role = roles.measured.get(spec.role);
  const { nearness } = kindOf(spec).rehearsed(spec);
  if (role === undefined || role.count === 1 || row < 0 || nearness === undefined) return null;
  const frame = replay.frame(role.device, channels.get(role.device) ?? 0, row);
  if (frame === undefined) return null;
  const cells = frame.values.subarray(role.first, role.first + role.count);
  const mean = cells.reduce((sum, v) => sum + v, 0) / role.count;
  let worst = 0;
  for (let i = 1; i < cells.length; i++)
    if (nearness(cells[i], mean) > nearness(cells[worst], mean)) worst = i;
  return nameOf(role, role.first + worst);
}

function columnsOf(interlocks: readonly InterlockSpec[], roles: RoleTable, device: string): number[] {
  const columns = new Set<number>();
  const add = (role: MeasuredRole | undefined): void => {
    if (role?.device !== device) return;
    for (let i = 0; i < role.count; i++) columns.add(role.first + i);
  };
  for (const spec of interlocks) {
    for (const role of kindOf(spec).judged(spec)) add(roles.measured.get(role));
  }
  return [...columns].sort((a, b) => a - b);
}
