import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { isRole, stemOf } from '../file/keys.ts';
import type { StepNode } from '../file/nodes.ts';
import { constantAt } from './constants.ts';
import { type Expected, UNKNOWN } from './expected.ts';
import type { Keys, Looking } from './looking.ts';
import type { SetTarget } from './on-bench.ts';
import type { Between } from './standing.ts';
import { secondsOf } from './times.ts';

/** Where set values stand, and how long ramps take from there. */

const DRIVEN = ['current', 'voltage', 'power', 'resistance'];

/** Remembers where set values stand after a step that sets them; takes no time of its own. */
export function remember({ kind, keys, place }: StepNode, { on, known, standing }: Looking): void {
  const own = keys[kind.key] as Keys;
  if (kind.key === 'rest') standing.off();
  else if (kind.key === 'set' || kind.key === 'cc') {
    for (const [name, raw] of Object.entries(own)) {
      if (stemOf(name) === 'per') continue;
      const value = constantAt([...place, kind.key, name], raw, on, known);
      standing.set(name, [value, value]);
    }
  } else if (kind.isElectrical === true && kind.key !== 'eis') {
    standing.forgetOutput();
    const voltage = Object.keys(own ?? {}).find(name => !isRole(name) && stemOf(name) === 'voltage');
    if (kind.key === 'cv' && voltage !== undefined)
      standing.hold(voltage, constantAt([...place, 'cv', voltage], own[voltage], on, known));
    for (const role of Object.keys(own ?? {}).filter(isRole)) standing.set(role, [Number.NaN, Number.NaN]);
  }
}

/**
 * How long a way takes at the most, s, infinite where nobody knows. `isKnown`: from where it begins stands in the file;
 * else it may begin anywhere that the bench lets its set value be.
 */
export interface WayTime {
  readonly longest_s: number;
  readonly isKnown: boolean;
}

const NO_WAY: WayTime = { longest_s: 0, isKnown: true };

/** Time of a ramp from where it stands. */
export function rampTime({ keys, place }: StepNode, looking: Looking): WayTime {
  const { on, known, standing } = looking;
  const own = keys['ramp'] as Keys;
  const value = (key: string): number => constantAt([...place, 'ramp', key], own[key], on, known);
  const find = (...stems: readonly string[]): string =>
    Object.keys(own).find(key => stems.includes(stemOf(key) ?? '')) ?? '';
  const target = Object.keys(own).find(isRole) ?? find('current', 'voltage', 'power');
  const said = standing.of(target);
  const range = allowed([...place, 'ramp', target], looking);
  const from = said ?? range;
  const to = value(target);
  const isCut = ['until', 'exits', 'gate', 'otherwise'].some(key => key in keys);
  const far = (end: number): number =>
    from === undefined ? Number.NaN : Math.max(Math.abs(end - from[0]), Math.abs(end - from[1]));
  // A target that only the run tells lies in what the bench lets through, too.
  const way = Number.isNaN(to) && range !== undefined ? Math.max(...range.map(far)) : far(to);
  const ends = isCut ? (said ?? [Number.NaN, Number.NaN]) : [to, to];
  standing.set(target, [Math.min(to, ...ends), Math.max(to, ...ends)]);
  let time_s =
    find('in') === ''
      ? (way / value(find('per'))) * secondsOf(find('per'))
      : value(find('in')) * secondsOf(find('in'));
  if (own['pause_every'] !== undefined) {
    const pauses = Math.max(0, Math.ceil(way / value('pause_every') - 1e-9) - 1);
    time_s += pauses * value(find('pause')) * secondsOf(find('pause'));
  }
  // A set value that is asked for faster than the bench lets it move lags behind.
  const held = on.sets.get(dotted([...place, 'ramp', target]));
  const rate_per_s = held === undefined ? undefined : heldRate(held.role, looking);
  const lags_s = held === undefined || rate_per_s === undefined ? 0 : inRole(way, held) / rate_per_s;
  const isTimed = find('in') !== '' && !(lags_s > time_s);
  const isKnown = (said !== undefined && !Number.isNaN(to)) || isTimed;
  time_s = Math.max(time_s, lags_s);
  return { longest_s: Number.isNaN(time_s) ? Number.POSITIVE_INFINITY : time_s, isKnown };
}

/** How long a ramp takes, at the most and as expected; of one from anywhere half of the longest is likely. */
export function ofRamp(
  step: StepNode,
  looking: Looking,
): { readonly longest_s: number; readonly expected: Expected } {
  const { longest_s, isKnown } = rampTime(step, looking);
  if (isKnown && longest_s < Number.POSITIVE_INFINITY)
    return { longest_s, expected: { known_s: longest_s, likely_s: longest_s, by: 'file' } };
  const likely_s = Number.isFinite(longest_s) ? longest_s / 2 : 0;
  return { longest_s, expected: { ...UNKNOWN, likely_s } };
}

/** How long a step takes until its own time counts, s. `isOpen`: only the run tells how long its approach of `per_` is. */
export interface Beginning {
  readonly longest_s: number;
  /** What is known of it before the run. */
  readonly known_s: number;
  readonly isOpen: boolean;
}

/** Until the set values that a step begins with stand: by its own approach, and by what the bench holds back. */
export function beginningOf(step: StepNode, looking: Looking): Beginning {
  const [approach, held] = [approachTime(step, looking), heldBack(step, looking)];
  const isKnown = approach.isKnown && held.isKnown;
  // From a known place it is one way, which both bound.
  const longest_s = isKnown
    ? Math.max(approach.longest_s, held.longest_s)
    : approach.longest_s + held.longest_s;
  return {
    longest_s,
    known_s: isKnown ? longest_s : approach.isKnown ? approach.longest_s : 0,
    isOpen: !approach.isKnown,
  };
}

/**
 * How long a `set` takes under the ramp limits of the bench, and where it leaves its set values; of one from anywhere a
 * quarter of the longest is likely, since it often stands there already.
 */
export function ofSet(
  step: StepNode,
  looking: Looking,
): { readonly longest_s: number; readonly expected: Expected } {
  const { keys, place } = step;
  const ways = Object.keys(keys['set'] as Keys).map(name =>
    heldWay([...place, 'set', name], name, step, looking),
  );
  remember(step, looking);
  const longest_s = Math.max(0, ...ways.map(way => way.longest_s));
  if (ways.every(way => way.isKnown))
    return { longest_s, expected: { known_s: longest_s, likely_s: longest_s, by: 'file' } };
  return { longest_s, expected: { ...UNKNOWN, likely_s: longest_s / 4 } };
}

/** What the bench holds back at the beginning of an electrical step. */
function heldBack(step: StepNode, looking: Looking): WayTime {
  const { kind, keys, place } = step;
  const { bench, standing } = looking;
  const own = { ...(keys[kind.key] as Keys | undefined) };
  const outputs = DRIVEN.map(what => `${bench.subjectKind}.${what}Set_`);
  const slow = [...(bench.ranges ?? [])].flatMap(([role, { min, max, ramp_per_s }]) =>
    ramp_per_s !== undefined && outputs.some(name => role.startsWith(name))
      ? [{ role, whole_s: (max - min) / ramp_per_s }]
      : [],
  );
  const isDriven = kind.isElectrical === true || kind.key === 'ramp';
  const target = Object.keys(own).find(key => isRole(key) || DRIVEN.includes(stemOf(key) ?? ''));
  const isAside = target !== undefined && isRole(target) && (kind.key === 'ramp' || kind.key === 'follow');
  if (!isDriven || isAside || slow.length === 0 || ['eis', 'voltammetry'].includes(kind.key)) return NO_WAY;
  const current = `${outputs[0]}A`;
  const isTold = bench.settable.includes(`${bench.subjectKind}.modeSet_count`);
  if (kind.key === 'rest') {
    const whole_s = isTold ? 0 : (slow.find(({ role }) => role === current)?.whole_s ?? 0);
    return standing.of('current') === undefined && whole_s > 0
      ? { longest_s: whole_s, isKnown: false }
      : NO_WAY;
  }
  const isCurrent = target !== undefined && stemOf(target) === 'current';
  const isFromKnown = isCurrent && standing.of(target) !== undefined;
  const ways = slow.map(({ role, whole_s }): WayTime => {
    if (role !== current || !isFromKnown) {
      // A current goes down to what flows while another limit takes over, and comes up again behind it.
      return { longest_s: role === current ? 2 * whole_s : whole_s, isKnown: false };
    }
    return kind.key === 'cc' ? heldWay([...place, 'cc', target], target, step, looking) : NO_WAY;
  });
  return {
    longest_s: ways.reduce((sum, way) => sum + way.longest_s, 0),
    isKnown: ways.every(way => way.isKnown),
  };
}

/** How long a set value takes from where it stands under the ramp limit of the bench; none without one. */
function heldWay(place: Place, name: string, { keys, kind }: StepNode, looking: Looking): WayTime {
  const { on, known, standing } = looking;
  const target = on.sets.get(dotted(place));
  const rate_per_s = target === undefined ? undefined : heldRate(target.role, looking);
  if (target === undefined || rate_per_s === undefined) return NO_WAY;
  const to = constantAt(place, (keys[kind.key] as Keys)[name], on, known);
  const said = standing.of(name);
  const range = allowed(place, looking) ?? [Number.NaN, Number.NaN];
  const ends = Number.isNaN(to) ? range : [to];
  const way = Math.max(...ends.flatMap(end => (said ?? range).map(from => Math.abs(end - from))));
  return { longest_s: inRole(way, target) / rate_per_s, isKnown: said !== undefined && !Number.isNaN(to) };
}

/** The ramp limit of the bench for a role, in its unit per second. */
function heldRate(role: string, { bench }: Looking): number | undefined {
  return bench.ranges?.get(role)?.ramp_per_s;
}

/** A way in the unit of its role. */
const inRole = (way: number, { to }: SetTarget): number => Math.abs((way * to.num) / to.den);

/** Between which values the bench lets a set value be, in the unit of its key; undefined where nobody says so. */
function allowed(place: Place, { on, bench }: Looking): Between | undefined {
  const target = on.sets.get(dotted(place));
  const range = bench.ranges?.get(target?.role ?? '');
  if (target === undefined || range === undefined) return undefined;
  const { num, den, plus } = target.to;
  const asKey = (value: number): number => ((value - plus) * den) / num;
  return [asKey(range.min), asKey(range.max)];
}

/** How long the approach of `per_` at the beginning of a step takes from where the output stands; none without one. */
function approachTime({ kind, keys, place }: StepNode, looking: Looking): WayTime {
  const { on, known, standing } = looking;
  const own = keys[kind.key] as Keys;
  const per = Object.keys(own ?? {}).find(key => stemOf(key) === 'per');
  const target = Object.keys(own ?? {}).find(key => DRIVEN.includes(stemOf(key) ?? ''));
  if (kind.key === 'ramp' || kind.key === 'follow' || per === undefined || target === undefined)
    return NO_WAY;
  const said = standing.of(target);
  const from = said ?? allowed([...place, kind.key, target], looking);
  if (from === undefined) return NO_WAY;
  const value = (key: string): number => constantAt([...place, kind.key, key], own[key], on, known);
  const way = Math.max(...from.map(end => Math.abs(value(target) - end)));
  const time_s = (way / value(per)) * secondsOf(per);
  return Number.isFinite(time_s) ? { longest_s: time_s, isKnown: said !== undefined } : NO_WAY;
}
