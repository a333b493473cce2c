import { z } from 'zod';
import { askOnce } from '../../../steps/ask.ts';
import type { ResolvedExpression } from '../../bench/on-bench.ts';
import { isRole, stemOf } from '../../file/keys.ts';
import { Asking } from '../asking.ts';
import type { LanguageEnv } from '../env.ts';
import { cannotDrive, type OutputMode, type OutputValues, type Stage, stagesInto } from '../output.ts';
import type { Action, ActionEnd, ActionLook, ActionParts } from './action.ts';
import { failing, rateOf, standingOf } from './electrical.ts';
import { askingState } from './saved.ts';

const MODES: Readonly<Record<string, OutputMode>> = { current: 'cc', voltage: 'cv', power: 'cp' };
const saved = z.strictObject({
  asking: askingState,
  value: z.number(),
  isStandby: z.boolean(),
  set_s: z.number().nullable(),
});
const W_PER_KW = 1000;

/**
 * `follow`: one set point by an expression of data and time, at each look. Below `min_` it goes to nothing until
 * `restart_`; beyond `max_` it is cut; `per_` bounds its change, from where it stands.
 */
export function follow(parts: ActionParts): Action {
  const { instruction, env, label } = parts;
  const keys = Object.keys(instruction.own);
  const key = keys.find(isRole) ?? keys.find(name => (stemOf(name) ?? '') in MODES);
  if (key === undefined) return failing('nothing to follow');
  const stem = stemOf(key) ?? '';
  const mode = isRole(key) ? undefined : MODES[stem];
  const { output } = env;
  const wrong = mode === undefined ? undefined : cannotDrive(output, mode);
  if (wrong !== undefined) return failing(wrong);
  const role = instruction.sets[key].role;
  const bound = (stemOfBound: string): number => {
    const name = parts.keyOf(stemOfBound);
    return name === undefined ? Number.NaN : parts.onRole(name, parts.value(name))[1];
  };
  const [min, restart, max] = [bound('min'), bound('restart'), bound('max')];
  const per = parts.keyOf('per');
  const rate_per_s = per === undefined ? Infinity : rateOf(parts, per, { [key]: 0 });
  const old = parts.saved === undefined ? undefined : saved.parse(parts.saved);
  let value =
    old?.value ??
    (mode !== undefined && (stem === 'current' || stem === 'voltage' || stem === 'power')
      ? standingOf(env, stem, role)
      : env.applied(role));
  let isStandby = old?.isStandby ?? false;
  let set_s = old?.set_s ?? Number.NaN;
  const begin: OutputValues = { [stem]: value };
  const isOn = output !== undefined && env.applied(output.roles.output) === 1;
  const stages = mode === undefined || output === undefined ? [] : stagesInto(output, mode, begin, isOn);
  const asking = new Asking(stages, label, false, old?.asking);
  const aside = (which: 'standby' | 'restart'): Stage =>
    Object.keys({ ...(instruction.own[which] as object | undefined) }).map(name =>
      parts.onRole(`${which}.${name}`, parts.value(`${which}.${name}`)),
    );
  const [onStandby, onRestart] = [aside('standby'), aside('restart')];
  const end_s = endOf(env, instruction.own[key]);

  const switched = (look: ActionLook, offered: number): void => {
    const goes = !isStandby && offered < min;
    const comes = isStandby && offered >= (Number.isNaN(restart) ? min : restart);
    if (!goes && !comes) return;
    isStandby = goes;
    for (const [name, to] of goes ? onStandby : onRestart) env.ask(name, to, label);
    const available_kW = offered / W_PER_KW;
    const words = goes ? 'hot standby' : 'restart';
    env.note(look.t_s, { kind: goes ? 'standby' : 'restart', data: { available_kW } }, words);
  };

  return {
    tick(look): ActionEnd | undefined {
      const progress = asking.tick(env, look.t_s);
      if (typeof progress === 'object')
        return { kind: 'missing', reason: `not applied in time: ${progress.missing}` };
      if (progress === 'waits') return undefined;
      if (Number.isNaN(set_s)) set_s = look.t_s;
      if (look.elapsed_s >= end_s - 1e-6) return { kind: 'data', reason: 'end of the data' };
      if (look.isGated) return undefined;
      const offered = parts.onRole(key, parts.now(key))[1];
      if (Number.isNaN(offered)) return { kind: 'failed', reason: `${key} is not known` };
      switched(look, offered);
      const goal = isStandby ? 0 : Math.min(offered, Number.isNaN(max) ? Infinity : max);
      const most = rate_per_s === Infinity || Number.isNaN(value) ? Infinity : rate_per_s * look.dt_s;
      value = most === Infinity ? goal : value + Math.max(-most, Math.min(most, goal - value));
      if (stem === 'power') {
        env.noteAsked(look.t_s, 'load.available_kW', offered / W_PER_KW, label);
        env.noteAsked(look.t_s, 'stack.powerAsked_kW', value / W_PER_KW, label);
      }
      askOnce(env, role, value, label);
      return undefined;
    },
    get isSet() {
      return !Number.isNaN(set_s);
    },
    get took_s() {
      return asking.took_s;
    },
    isArrived: true,
    due_s: () => (end_s === Infinity ? undefined : end_s),
    get isAwaiting() {
      return !asking.isDone;
    },
    state: () => ({
      asking: { ...asking.state() },
      value,
      isStandby,
      set_s: Number.isNaN(set_s) ? null : set_s,
    }),
  };
}

/** Where the first of its data ends, s; Infinity where there are none, or where they repeat. */
function endOf(env: LanguageEnv, raw: unknown): number {
  const slots =
    typeof raw === 'object' && raw !== null && 'slots' in raw ? (raw as ResolvedExpression).slots : [];
  const ends = slots.flatMap(slot => (slot.from === 'data' ? [env.dataEnd_s(slot.data)] : []));
  return Math.min(Infinity, ...ends);
}
