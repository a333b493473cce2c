import { type Driven, shownOf, standingOf } from '../actions/standing.ts';
import type { LanguageEnv } from '../env.ts';
import type { Lane } from '../lane.ts';
import { smaller } from './recover.ts';

/** Where the load of an output stands on its way down into a hold and up again, where something else than the set point holds it. */

/** A set point is not what holds the output where so much less flows. */
const HOLDS_FRAC = 0.97;
/** A supply has followed its set point, and a meter shows it, so long after, s. */
const FOLLOWS_S = 2;

function drivenBy({ output }: LanguageEnv, role: string): Exclude<Driven, 'resistance'> | undefined {
  const { roles } = output ?? {};
  return (['current', 'power', 'voltage'] as const).find(what => roles?.[what] === role);
}

/**
 * Where a set point is led down from: what flows and stands, where that is less than it. Beside a power or a voltage the
 * current stands at the most that the bench allows, and its way down would lower nothing for minutes. NaN: nobody knows.
 */
export function leadsFrom(env: LanguageEnv, role: string): number {
  const applied = env.applied(role);
  const what = drivenBy(env, role);
  return what === undefined ? applied : smaller(applied, standingOf(env, what, role));
}

/**
 * On its way up at a rate it holds the output no more: a reading that has seen it stand here shows clearly less, so that
 * the rest of its way raises nothing.
 */
export function isOpen(env: LanguageEnv, role: string, per_s: number, t_s: number): boolean {
  const what = drivenBy(env, role);
  const { output } = env;
  if (what === undefined || output?.subject !== 'stack') return false;
  const shown = shownOf(env, what);
  const behind_s = t_s - env.arrived_s('stack.current_A') + FOLLOWS_S;
  return Math.abs(shown) + per_s * behind_s < HOLDS_FRAC * Math.abs(env.applied(role));
}

/** The step under way lets its current rise from nothing whenever it begins: what flowed before never comes back at once. */
export function beginsAnew({ step, lanes }: Lane): boolean {
  return step?.action.beginsAnew === true || lanes.some(beginsAnew);
}
