import type { Frame } from '../../drivers/contract/frame.ts';
import type { InterlockSpec } from '../bench/bench.ts';
import { isTag } from '../bench/checks/armed-tags.ts';
import type { MeasuredRole, RoleTable } from '../contract/role-table.ts';
import type { RunState } from '../contract/run-state.ts';
import { namesOfTable } from '../kinds/interlocks/condition.ts';
import { kindOf } from '../kinds/interlocks/index.ts';
import type { Probe } from '../kinds/interlocks/probe.ts';
import { nameOf, type Seen } from '../kinds/interlocks/words.ts';
import type { AlarmLife } from '../record/alarms/lives.ts';
import type { Extent, Members } from '../record/series/extents.ts';
import { isArmedIn } from '../watch/interlocks.ts';
import { makeProbe } from '../watch/probe.ts';
import { AlarmPeaks } from './alarms/fired.ts';
import { Closest } from './closest.ts';
import { Unwatched } from './unwatched.ts';

/** How near the readings of a bench come to its limits, reading by reading: of a record that is read again, or of a run. */
export class LimitWatch {
  readonly #seen = new Map<string, Seen>();
  readonly #applied = new Map<string, number>();
  readonly #figures: readonly Figure[];
  readonly #byDevice: ReadonlyMap<string, readonly Figure[]>;
  readonly #roles: RoleTable;
  #isRunning = false;

  /** `lives`: alarms whose peaks are asked for. */
  constructor(interlocks: readonly InterlockSpec[], roles: RoleTable, lives: readonly AlarmLife[] = []) {
    this.#roles = roles;
    const seenOf = (device: string): Seen => {
      const found = this.#seen.get(device) ?? { device, frame: undefined, last_s: 0 };
      this.#seen.set(device, found);
      return found;
    };
    const bench = { roles, seenOf, applied: (role: string) => this.#applied.get(role) ?? Number.NaN };
    const watched = interlocks.map(spec => ({ spec, probe: makeProbe(spec, bench) }));
    this.#figures = figuresOf(watched, lives);
    this.#byDevice = new Map(
      [...this.#seen.keys()].map(device => [
        device,
        this.#figures.filter(({ probe }) => probe.devices.some(seen => seen.device === device)),
      ]),
    );
  }

  /** Devices that a limit looks at. */
  get devices(): ReadonlySet<string> {
    return new Set(this.#seen.keys());
  }

  /**
   * What is read of a device: of array roles that nothing looks into only what their members come to, of the others all
   * channels.
   */
  columnsOf(device: string): { readonly wanted: readonly number[]; readonly members: readonly Members[] } {
    const members: Members[] = [];
    const wanted = new Set<number>();
    const names = namesOfTable(this.#roles);
    for (const figure of this.#byDevice.get(device) ?? []) {
      const { span } = figure.probe;
      if (span !== undefined && span.count > 1) {
        const found = members.findIndex(({ first, count }) => first === span.first && count === span.count);
        figure.extent = found < 0 ? members.push(span) - 1 : found;
        continue;
      }
      for (const spec of figure.watchers.flatMap(({ of }) => of))
        for (const name of kindOf(spec).judged(spec, names)) {
          const role = this.#roles.measured.get(name);
          if (role?.device !== device) continue;
          for (let i = 0; i < role.count; i++) wanted.add(role.first + i);
        }
    }
    return { wanted: [...wanted].sort((a, b) => a - b), members };
  }

  /** A set point was read back. */
  applied(role: string, value: number): void {
    this.#applied.set(role, value);
  }

  /** What is going on from now on: it arms and disarms. */
  context(state: RunState, tags: readonly string[]): void {
    for (const { watchers } of this.#figures)
      for (const watcher of watchers) watcher.isArmed = isArmedIn(watcher.armed, state, tags);
    // Before a run and behind it nothing is asked of a tag.
    this.#isRunning = isArmedIn('running', state, tags);
  }

  /**
   * A reading of any device at a run time; `row`: its row in the record. The frame is held until the device's next one.
   * `extents`: what `columnsOf` asks for, where the frame holds nothing but that.
   */
  take(frame: Frame, t_s: number, row: number, extents?: readonly Extent[]): void {
    const figures = this.#byDevice.get(frame.device);
    const seen = this.#seen.get(frame.device);
    if (figures === undefined || seen === undefined) return;
    seen.frame = frame;
    seen.last_s = t_s;
    for (let k = 0; k < figures.length; k++) {
      const { watchers, peaks } = figures[k];
      const figure = figureIn(figures[k], frame, extents);
      for (let i = 0; i < watchers.length; i++)
        watchers[i].closest.take(t_s, figure, row, watchers[i].isArmed);
      for (let i = 0; i < watchers.length; i++)
        for (let j = 0; j < watchers[i].unwatched.length; j++)
          watchers[i].unwatched[j].take(t_s, figure, watchers[i].isArmed || !this.#isRunning);
      if (peaks.size > 0) for (const alarms of peaks.values()) alarms.take(t_s, figure);
    }
  }

  /** The nearest approach to a limit so far. */
  closestOf(spec: InterlockSpec): Closest {
    const watchers = this.#figures.flatMap(figure => figure.watchers);
    return watchers.find(({ of }) => of.includes(spec))?.closest ?? new Closest(spec.delay_s);
  }

  /** How long it was beyond a limit that a tag arms while that was not armed; undefined: of another limit, or one with a history. */
  unwatchedOf(spec: InterlockSpec): Unwatched | undefined {
    const watchers = this.#figures.flatMap(figure => figure.watchers);
    const found = watchers.find(({ of }) => of.includes(spec));
    return found?.unwatched[found.of.indexOf(spec)];
  }

  /** The largest figure during the nth alarm of a limit; NaN without one. */
  peakOf(id: string, nth: number): number {
    for (const { peaks } of this.#figures) {
      const found = peaks.get(id);
      if (found !== undefined) return found.of(nth);
    }
    return Number.NaN;
  }
}

/** Which member of an array role is the nearest to its limit in one reading; null: it has no members. */
export function memberIn(spec: InterlockSpec, role: MeasuredRole, values: Float64Array): string | null {
  const { nearness } = kindOf(spec).rehearsed(spec);
  if (role.count === 1 || nearness === undefined) return null;
  const cells = values.subarray(role.first, role.first + role.count);
  const mean = cells.reduce((sum, v) => sum + v, 0) / role.count;
  let worst = 0;
  for (let i = 1; i < cells.length; i++)
    if (nearness(cells[i], mean, role.role) > nearness(cells[worst], mean, role.role)) worst = i;
  return nameOf(role, role.first + worst);
}

/** What a reading comes to for a probe: larger is nearer to its limit. */
function figureIn(
  { probe, watchers, extent }: Figure,
  frame: Frame,
  extents: readonly Extent[] | undefined,
): number {
  if (extents !== undefined && extent >= 0 && probe.span !== undefined) {
    const of = extents[extent];
    return Number.isNaN(of.mean) ? Infinity : probe.span.figure(of);
  }
  if (probe.band === undefined) probe.take(frame, false, watchers[0].isArmed);
  return probe.figure();
}

/** What one probe reads, and all that follow it: how near, by delay and arming, and how high during each alarm. */
interface Figure {
  readonly probe: Probe;
  readonly watchers: {
    readonly of: InterlockSpec[];
    readonly armed: string;
    readonly closest: Closest;
    /** Of each of `of`, where a tag arms them and they have no history. */
    readonly unwatched: Unwatched[];
    isArmed: boolean;
  }[];
  readonly peaks: ReadonlyMap<string, AlarmPeaks>;
  /** Which of the members of `columnsOf`; -1: it looks at the channels. */
  extent: number;
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
      extent: -1,
    };
    byKey.set(key, figure);
    if (alarmed.has(spec.id)) figure.peaks.set(spec.id, new AlarmPeaks(spec.id, lives));
    const same = figure.watchers.find(w => w.armed === spec.armed && w.closest.delay_s === spec.delay_s);
    const unwatched: Unwatched[] = [];
    if (band !== undefined && isTag(spec.armed)) {
      const { trips, limit } = kindOf(spec).rehearsed(spec);
      unwatched.push(new Unwatched(trips === '<' ? -limit : limit, spec.delay_s));
    }
    if (same !== undefined) {
      same.of.push(spec);
      same.unwatched.push(...unwatched);
    } else
      figure.watchers.push({
        of: [spec],
        armed: spec.armed,
        closest: new Closest(spec.delay_s),
        unwatched,
        isArmed: false,
      });
  }
  return [...byKey.values()];
}
