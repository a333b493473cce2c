import { z } from 'zod';
import { askOnce } from '../../../steps/ask.ts';
import type { ResolvedExpression } from '../../bench/on-bench.ts';
import { isRole, stemOf } from '../../file/keys.ts';
import { Asking } from '../asking.ts';
import type { LanguageEnv } from '../env.ts';
import { cannotDrive, MODE_OF, type OutputValues, type Stage, stagesInto } from '../output.ts';
import type { Action, ActionEnd, ActionLook, ActionParts } from './action.ts';
import { failing, rateOf } from './electrical.ts';
import { currentFor_A, powerOf_W } from './power-by-current.ts';
import { askingState } from './saved.ts';
import { intoOf, standingOf, unknownStanding, voltageNow_V } from './standing.ts';

const saved = z.strictObject({
  asking: askingState,
  value: z.number(),
  isStandby: z.boolean(),
  isEntered: z.boolean(),
  set_s: z.number().nullable(),
});
const W_PER_KW = 1000;
/** Load counts as asked for from this part of the least one on. */
const ASKED_FRAC = 0.99;

/**
 * `follow`: one set point by an expression of data and time, at each look. Below `min_` it goes to nothing until more than
 * `restart_` is offered; beyond `max_` it is cut; `per_` bounds its change, from where it stands. With `min_` an offer that
 * cannot be told is none, and a load that stands at nothing begins in standby.
 */
export function follow(parts: ActionParts): Action {
  const { instruction, env, label } = parts;
  const keys = Object.keys(instruction.own);
  const key = keys.find(isRole) ?? keys.find(name => (stemOf(name) ?? '') in MODE_OF);
  if (key === undefined) return failing('nothing to follow');
  const stem = stemOf(key) ?? '';
  const { role, byCurrent } = instruction.sets[key];
  const mode = isRole(key) ? undefined : byCurrent === undefined ? MODE_OF[stem] : 'cc';
  const { output } = env;
  const wrong = mode === undefined ? undefined : cannotDrive(output, mode);
  if (wrong !== undefined) return failing(wrong);
  const bound = (stemOfBound: string): number => {
    const name = parts.keyOf(stemOfBound);
    return name === undefined ? Number.NaN : parts.onRole(name, parts.value(name))[1];
  };
  const [min, restart, max] = [bound('min'), bound('restart'), bound('max')];
  const per = parts.keyOf('per');
  const rate_per_s = per === undefined ? Infinity : rateOf(parts, per, { [key]: 0 });
  const old = parts.saved === undefined ? undefined : saved.parse(parts.saved);
  let current_A = byCurrent === undefined ? Number.NaN : standingOf(env, 'current', role);
  let value = old?.value ?? standing();
  if (mode === 'cv' && Number.isNaN(value)) return failing(unknownStanding('voltage'));
  const hasLeast = !Number.isNaN(min);
  let isStandby = old?.isStandby ?? (hasLeast && !(value > 0));
  // What standby sets is set where a step begins in it, too: nothing says that it stands already.
  let isEntered = old?.isEntered ?? !isStandby;
  let set_s = old?.set_s ?? Number.NaN;
  const begin: OutputValues = byCurrent === undefined ? { [stem]: value } : { current: current_A };
  const isOn = output !== undefined && env.applied(output.roles.output) === 1;
  const stages =
    mode === undefined || output === undefined
      ? []
      : stagesInto(output, mode, begin, intoOf(env, mode, isOn, true));
  const asking = new Asking(stages, label, false, old?.asking);
  const aside = (which: 'standby' | 'restart'): Stage =>
    Object.keys({ ...(instruction.own[which] as object | undefined) }).map(name =>
      parts.onRole(`${which}.${name}`, parts.value(`${which}.${name}`)),
    );
  const [onStandby, onRestart] = [aside('standby'), aside('restart')];
  const end_s = endOf(env, instruction.own[key]);

  /** Where what is followed stands as the step begins, in the unit of the role; of a power by a current in W. */
  function standing(): number {
    if (byCurrent !== undefined) return powerOf_W(byCurrent, current_A, voltageNow_V(env));
    if (mode === undefined) return env.applied(role);
    return stem === 'current' || stem === 'voltage' || stem === 'power'
      ? standingOf(env, stem, role)
      : env.applied(role);
  }
  /** The load has come back at this run time, and no voltage has been read with it yet, s. */
  let back_s: number | undefined;
  /** What is asked of the role for it. */
  const asked = (dt_s: number): number => {
    if (byCurrent === undefined) return value;
    // No time has passed in a look right behind the step before.
    const down_A = rate_per_s === Infinity ? Infinity : (rate_per_s * dt_s) / byCurrent.nominal_V;
    const now = { measured_V: voltageNow_V(env), last_A: current_A, down_A };
    const found_A = currentFor_A(byCurrent, value, now);
    // The voltage of less load would ask for more than the power.
    const isSeen = back_s === undefined || env.arrived_s(`${output?.subject}.voltage_V`) > back_s;
    if (isSeen) back_s = undefined;
    current_A = isSeen ? found_A : Math.min(found_A, current_A);
    return current_A;
  };
  /** In kW, for the record: of a current that is followed at the voltage as measured. */
  const kW = (offered: number): number => {
    const power_W =
      stem === 'power' ? offered : stem === 'current' ? offered * voltageNow_V(env) : Number.NaN;
    return Number.isNaN(power_W) ? 0 : power_W / W_PER_KW;
  };
  const switched = (look: ActionLook, offered: number): void => {
    const comes = isStandby && (Number.isNaN(restart) ? offered >= min : offered > restart);
    const goes = isStandby ? !isEntered && !comes : hasLeast && !(offered >= min);
    isEntered = true;
    if (!goes && !comes) return;
    isStandby = goes;
    for (const [name, to] of goes ? onStandby : onRestart) env.ask(name, to, label);
    const available_kW = kW(offered);
    const of = Number.isNaN(offered) ? 'nothing known' : offeredText(role, stem, offered);
    const words = `${goes ? (output?.subject === 'cell' ? 'standby' : 'hot standby') : 'restart'} at ${of} offered`;
    env.note(look.t_s, { kind: goes ? 'standby' : 'restart', data: { available_kW } }, words);
  };

  return {
    tick(look): ActionEnd | undefined {
      const progress = asking.tick(env, look.t_s);
      if (typeof progress === 'object')
        return { kind: 'missing', reason: `not applied in time: ${progress.missing}` };
      if (progress === 'waits') return undefined;
      if (Number.isNaN(set_s)) set_s = look.t_s;
      if (look.isLast) return undefined;
      if (look.elapsed_s >= end_s - 1e-6) return { kind: 'data', reason: 'end of the data' };
      if (look.isGated) return undefined;
      const offered = parts.onRole(key, parts.now(key))[1];
      if (Number.isNaN(offered) && !hasLeast) return { kind: 'failed', reason: `${key} is not known` };
      switched(look, offered);
      const goal = isStandby ? 0 : Math.min(offered, Number.isNaN(max) ? Infinity : max);
      const most = rate_per_s === Infinity || Number.isNaN(value) ? Infinity : rate_per_s * look.dt_s;
      value = most === Infinity ? goal : value + Math.max(-most, Math.min(most, goal - value));
      if (stem === 'power') {
        env.noteAsked(look.t_s, 'load.available_kW', offered / W_PER_KW, label);
        env.noteAsked(look.t_s, 'stack.powerAsked_kW', value / W_PER_KW, label);
      }
      askOnce(env, role, asked(look.dt_s), label);
      return undefined;
    },
    get isSet() {
      return !Number.isNaN(set_s);
    },
    get took_s() {
      return asking.took_s;
    },
    isArrived: true,
    get isLoad() {
      return hasLeast ? !isStandby && value >= ASKED_FRAC * min : undefined;
    },
    due_s: () => (end_s === Infinity ? undefined : end_s),
    get isAwaiting() {
      return !asking.isDone;
    },
    afterHold({ held_s, t_s, wasAtRest }) {
      asking.shift(held_s);
      if (wasAtRest) back_s = t_s;
    },
    state: () => ({
      asking: { ...asking.state() },
      value,
      isStandby,
      isEntered,
      set_s: Number.isNaN(set_s) ? null : set_s,
    }),
  };
}

/** What is offered, in the unit of what is followed. */
function offeredText(role: string, stem: string, offered: number): string {
  if (stem === 'power') return `${(offered / W_PER_KW).toFixed(1)} kW`;
  return `${Number(offered.toPrecision(4))} ${role.slice(role.lastIndexOf('_') + 1)}`;
}

/** Where the first of its data ends, s; Infinity where there are none, or where they repeat. */
function endOf(env: LanguageEnv, raw: unknown): number {
  const slots =
    typeof raw === 'object' && raw !== null && 'slots' in raw ? (raw as ResolvedExpression).slots : [];
  const ends = slots.flatMap(slot => (slot.from === 'data' ? [env.dataEnd_s(slot.data)] : []));
  return Math.min(Infinity, ...ends);
}
