import type { Recovery, RecoverySet } from '../../../steps/recovery.ts';
import type { RecoverRule } from '../../layout/instruction.ts';
import { type Core, Stuck } from '../core.ts';
import type { LanguageEnv } from '../env.ts';
import type { Lane } from '../lane.ts';
import type { Count } from '../live-expression.ts';
import type { Exceeded, Watch } from '../watch.ts';

/** What leads into a suspension, with its recovery in figures; where that cannot be told now it trips. */
export function withRecovery(core: Core, found: Exceeded, rule: RecoverRule, count: Count): Exceeded {
  try {
    return { ...found, recovery: recoveryNow(core, rule, count) };
  } catch (error) {
    if (!(error instanceof Stuck)) throw error;
    return {
      ...found,
      // biome-ignore lint/suspicious/noThenProperty: the word of the language
      then: 'trip',
      text: `${found.text}, and its recovery cannot be told: ${error.message}`,
    };
  }
}

/** In run time. @throws UnknownValue */
function recoveryNow(core: Core, rule: RecoverRule, count: Count): Recovery {
  const sets = rule.sets.map(({ target, to, per_s }): RecoverySet => {
    const { num, den, plus } = target.to;
    const set = { role: target.role, to: (core.valueOf(to, count) * num) / den + plus };
    if (per_s === undefined) return set;
    return { ...set, per_s: Math.abs(core.valueOf(per_s.value, count) * per_s.factor) * core.speed };
  });
  return {
    sets,
    for_s: core.secondsOf(rule.for_s, count) / core.speed,
    within_s: core.secondsOf(rule.within_s, count) / core.speed,
    at_most: rule.at_most,
  };
}

/** Places of the limits that have led into a suspension and are not back yet, of what is under way. */
export function notYetBack(own: Watch, lane: Lane, into: Set<string>): Set<string> {
  own.addSuspended(into);
  addIn(lane, into);
  return into;
}

function addIn({ frames, step, lanes }: Lane, into: Set<string>): void {
  for (const { watch } of frames) watch.addSuspended(into);
  step?.watch.addSuspended(into);
  for (const lane of lanes) addIn(lane, into);
}

/** What drives the load of an output: in a suspension it is never set to more than it stands at. */
export function isLoad({ output }: LanguageEnv, role: string): boolean {
  if (output === undefined) return false;
  const { current, power, voltage } = output.roles;
  return role === current || role === power || role === voltage || role === output.roles.output;
}

/** The one of two set points of a load that lets less through; none that turns its sign. */
export function smaller(stands: number, to: number): number {
  if (stands * to < 0) return 0;
  return Math.abs(to) < Math.abs(stands) ? to : stands;
}

/** So far towards its goal in this time; the goal itself where no rate is said, or where nobody knows where it stands. */
export function onWay(from: number, { to, per_s }: Omit<RecoverySet, 'role'>, dt_s: number): number {
  if (per_s === undefined || Number.isNaN(from)) return to;
  const most = per_s * dt_s;
  return Math.abs(to - from) <= most ? to : from + Math.sign(to - from) * most;
}
