import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { isRole, stemOf } from '../file/keys.ts';
import type { StepNode } from '../file/nodes.ts';
import { constantAt } from './constants.ts';
import { type Expected, UNKNOWN } from './expected.ts';
import type { Keys, Looking } from './looking.ts';
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
  const isKnown = (said !== undefined && !Number.isNaN(to)) || find('in') !== '';
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
export function approachTime({ kind, keys, place }: StepNode, looking: Looking): WayTime {
  const { on, known, standing } = looking;
  const none: WayTime = { longest_s: 0, isKnown: true };
  const own = keys[kind.key] as Keys;
  const per = Object.keys(own ?? {}).find(key => stemOf(key) === 'per');
  const target = Object.keys(own ?? {}).find(key => DRIVEN.includes(stemOf(key) ?? ''));
  if (kind.key === 'ramp' || kind.key === 'follow' || per === undefined || target === undefined) return none;
  const said = standing.of(target);
  const from = said ?? allowed([...place, kind.key, target], looking);
  if (from === undefined) return none;
  const value = (key: string): number => constantAt([...place, kind.key, key], own[key], on, known);
  const way = Math.max(...from.map(end => Math.abs(value(target) - end)));
  const time_s = (way / value(per)) * secondsOf(per);
  return Number.isFinite(time_s) ? { longest_s: time_s, isKnown: said !== undefined } : none;
}
