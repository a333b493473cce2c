import { unitOf } from '../../drivers/contract/units.ts';
import type { InterlockSpec } from '../bench/bench.ts';
import { eventsOf } from '../record/recorded-events.ts';
import type { Replay } from '../record/replay.ts';
import type { MeasuredRole, RoleTable } from '../tick/roles.ts';
import { isArmedIn } from '../watch/interlocks.ts';
import { makeProbe } from '../watch/probes.ts';
import { judgedRole } from '../watch/residual-roles.ts';
import { nameOf, type Seen } from '../watch/words.ts';
import type { LimitDistance } from './summary.ts';
import type { Timeline } from './timeline.ts';

/**
 * How near a recorded run came to each interlock, in the order of the bench file: the journal is shown once more to
 * the very probes that watched the run, armed as they were armed then. `channels`: how many each device has, in the
 * order in which they are polled.
 */
export function closestLimits(
  interlocks: readonly InterlockSpec[],
  roles: RoleTable,
  channels: ReadonlyMap<string, number>,
  replay: Replay,
  timeline: Timeline,
): LimitDistance[] {
  const seen = new Map<string, Seen>();
  const seenOf = (device: string): Seen => {
    const found = seen.get(device) ?? { device, frame: undefined, last_s: 0 };
    seen.set(device, found);
    return found;
  };
  const watched = interlocks.map(spec => ({
    spec,
    probe: makeProbe(spec, roles, seenOf),
    closest: new Closest(spec.delay_s),
  }));
  const columns = new Map(
    [...channels]
      .filter(([device]) => seen.has(device))
      .map(([device, count]) => [device, { channels: count, wanted: columnsOf(interlocks, roles, device) }]),
  );
  const byDevice = new Map(
    [...columns.keys()].map(device => [
      device,
      watched.filter(w => w.probe.devices.some(s => s.device === device)),
    ]),
  );
  for (const frame of replay.frames(columns)) {
    const of = seenOf(frame.device);
    of.frame = frame;
    of.last_s = frame.t_s;
    const { state, tags } = timeline.context(frame.t_s);
    for (const { spec, probe, closest } of byDevice.get(frame.device) ?? []) {
      probe.take(frame, false);
      closest.take(frame.t_s, probe.figure(), frame.row, isArmedIn(spec.armed, state, tags));
    }
  }
  const fired = eventsOf(replay.events, 'alarm').map(e => e.data.id);
  return watched.map(({ spec, closest }) => ({
    ...distanceOf(spec, roles, closest, timeline),
    member: memberAt(spec, roles, closest.row, replay, channels),
    fired: fired.filter(id => id === spec.id).length,
  }));
}

/**
 * The nearest approach of one interlock. It fires when every figure of an unbroken time of at least its delay is beyond
 * the limit; so the limit that would just have fired is the largest of the least figures of all such times.
 */
class Closest {
  figure = -Infinity;
  t_s = Number.NaN;
  row = -1;
  /** Nearest figure however short. */
  peak = -Infinity;
  armed_s = 0;
  unusable = 0;
  sum = 0;
  count = 0;
  readonly #delay_s: number;
  /** Times of the unbroken run, the window's start in them, and the window's least figures, rising. */
  #times: number[] = [];
  #start = 0;
  #dropped = 0;
  #least: { n: number; t_s: number; figure: number; row: number }[] = [];
  #last_s = Number.NaN;

  constructor(delay_s: number) {
    this.#delay_s = delay_s;
  }

  take(t_s: number, figure: number, row: number, isArmed: boolean): void {
    if (!isArmed) {
      this.#times = [];
      this.#least = [];
      this.#start = 0;
      this.#dropped = 0;
      this.#last_s = Number.NaN;
      return;
    }
    if (!Number.isNaN(this.#last_s)) this.armed_s += t_s - this.#last_s;
    this.#last_s = t_s;
    if (figure === Infinity) this.unusable++;
    else if (figure !== -Infinity) {
      this.peak = Math.max(this.peak, figure);
      this.sum += figure;
      this.count++;
    }
    if (this.#delay_s === 0) {
      this.#offer(t_s, figure, row);
      return;
    }
    const n = this.#dropped + this.#times.push(t_s) - 1;
    while (this.#least.length > 0 && this.#least[this.#least.length - 1].figure >= figure) this.#least.pop();
    this.#least.push({ n, t_s, figure, row });
    // The shortest window that lasts the delay.
    while (this.#start + 1 < this.#times.length && t_s - this.#times[this.#start + 1] >= this.#delay_s)
      this.#start++;
    while (this.#least[0].n < this.#dropped + this.#start) this.#least.shift();
    if (this.#start > 1000) {
      this.#times = this.#times.slice(this.#start);
      this.#dropped += this.#start;
      this.#start = 0;
    }
    if (t_s - this.#times[this.#start] < this.#delay_s) return;
    const { figure: least, row: at, t_s: when } = this.#least[0];
    this.#offer(when, least, at);
  }

  #offer(t_s: number, figure: number, row: number): void {
    if (!(figure > this.figure)) return;
    this.figure = figure;
    this.t_s = t_s;
    this.row = row;
  }
}

function distanceOf(
  spec: InterlockSpec,
  roles: RoleTable,
  closest: Closest,
  timeline: Timeline,
): Omit<LimitDistance, 'member' | 'fired'> {
  const trips = spec.kind === 'threshold' || spec.kind === 'difference' ? spec.trips : '>';
  const sign = trips === '<' ? -1 : 1;
  const limit = spec.kind === 'rate' ? spec.limit_per_min : spec.limit;
  const unit = unitOf(spec.role) ?? '';
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
    role: spec.kind === 'difference' ? `${spec.role} - ${spec.minus}` : spec.role,
    reaction: spec.reaction,
    trips,
    limit,
    unit: spec.kind === 'rate' ? `${unit}/min` : unit,
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
    // Of a level, not of a change or a spread: offsets of one instrument cancel there.
    u95: spec.kind === 'threshold' && Number.isFinite(u95) && unit !== 'on' ? u95 : null,
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
  if (role === undefined || role.count === 1 || row < 0) return null;
  const frame = replay.frame(role.device, channels.get(role.device) ?? 0, row);
  if (frame === undefined) return null;
  const cells = frame.values.subarray(role.first, role.first + role.count);
  const mean = cells.reduce((sum, v) => sum + v, 0) / role.count;
  const nearness = (v: number): number =>
    spec.kind === 'spread' ? Math.abs(v - mean) : spec.kind === 'threshold' && spec.trips === '<' ? -v : v;
  let worst = 0;
  for (let i = 1; i < cells.length; i++) if (nearness(cells[i]) > nearness(cells[worst])) worst = i;
  return nameOf(role, role.first + worst);
}

function columnsOf(interlocks: readonly InterlockSpec[], roles: RoleTable, device: string): number[] {
  const columns = new Set<number>();
  const add = (role: MeasuredRole | undefined): void => {
    if (role?.device !== device) return;
    for (let i = 0; i < role.count; i++) columns.add(role.first + i);
  };
  for (const spec of interlocks) {
    add(roles.measured.get(judgedRole(spec)));
    if (spec.kind === 'difference') add(roles.measured.get(spec.minus));
  }
  return [...columns].sort((a, b) => a - b);
}
