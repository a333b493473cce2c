import { isRole, stemOf } from '../file/keys.ts';
import type { StepNode } from '../file/nodes.ts';
import { constantAt } from './constants.ts';
import type { Keys, Looking } from './looking.ts';
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
    for (const role of Object.keys(own ?? {}).filter(isRole)) standing.set(role, [Number.NaN, Number.NaN]);
  }
}

/** Time of a ramp from where it stands, at the most, s; infinite where nobody knows. */
export function rampTime({ keys, place }: StepNode, { on, known, standing }: Looking): number {
  const own = keys['ramp'] as Keys;
  const value = (key: string): number => constantAt([...place, 'ramp', key], own[key], on, known);
  const find = (...stems: readonly string[]): string =>
    Object.keys(own).find(key => stems.includes(stemOf(key) ?? '')) ?? '';
  const target = Object.keys(own).find(isRole) ?? find('current', 'voltage', 'power');
  const from = standing.of(target);
  const to = value(target);
  const isCut = ['until', 'exits', 'gate', 'otherwise'].some(key => key in keys);
  const way = from === undefined ? Number.NaN : Math.max(Math.abs(to - from[0]), Math.abs(to - from[1]));
  const ends = isCut ? (from ?? [Number.NaN, Number.NaN]) : [to, to];
  standing.set(target, [Math.min(to, ...ends), Math.max(to, ...ends)]);
  let time_s =
    find('in') === ''
      ? (way / value(find('per'))) * secondsOf(find('per'))
      : value(find('in')) * secondsOf(find('in'));
  if (own['pause_every'] !== undefined) {
    const pauses = Math.max(0, Math.ceil(way / value('pause_every') - 1e-9) - 1);
    time_s += pauses * value(find('pause')) * secondsOf(find('pause'));
  }
  return Number.isNaN(time_s) ? Number.POSITIVE_INFINITY : time_s;
}

/**
 * How long the approach of `per_` at the beginning of a step takes from where the output stands, s; 0 without one, and
 * where nobody knows from where it begins.
 */
export function approachTime({ kind, keys, place }: StepNode, { on, known, standing }: Looking): number {
  const own = keys[kind.key] as Keys;
  const per = Object.keys(own ?? {}).find(key => stemOf(key) === 'per');
  const target = Object.keys(own ?? {}).find(key => DRIVEN.includes(stemOf(key) ?? ''));
  if (kind.key === 'ramp' || kind.key === 'follow' || per === undefined || target === undefined) return 0;
  const from = standing.of(target);
  if (from === undefined) return 0;
  const value = (key: string): number => constantAt([...place, kind.key, key], own[key], on, known);
  const way = Math.max(...from.map(end => Math.abs(value(target) - end)));
  const time_s = (way / value(per)) * secondsOf(per);
  return Number.isFinite(time_s) ? time_s : 0;
}
