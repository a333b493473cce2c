import { z } from 'zod';
import { askOnce } from '../../../steps/ask.ts';
import { isRole, numberUnit, stemOf } from '../../file/keys.ts';
import { conversion, converted, unitNamed } from '../../units/unit.ts';
import { Asking } from '../asking.ts';
import { DUST_S } from '../beside/dust.ts';
import { MODE_OF, type OutputValues, stagesInto } from '../output.ts';
import type { Action, ActionEnd, ActionParts } from './action.ts';
import { failing, rateOf } from './electrical.ts';
import { askingState } from './saved.ts';
import { intoOf, standingOf, unknownStanding } from './standing.ts';

const saved = z.strictObject({
  asking: askingState,
  from: z.number(),
  way_s: z.number(),
  isAsked: z.boolean(),
});

/** `ramp`: one set point from where it stands to a target, in steps with pauses where they are asked for. */
export function ramp(parts: ActionParts): Action {
  const { instruction, env, label } = parts;
  const keys = Object.keys(instruction.own);
  const key = keys.find(isRole) ?? keys.find(name => (stemOf(name) ?? '') in MODE_OF);
  if (key === undefined) return failing('the ramp has no target');
  const [role, target] = parts.onRole(key, parts.value(key));
  if (Number.isNaN(target)) return failing(`${key} is not known`);
  const old = parts.saved === undefined ? undefined : saved.parse(parts.saved);
  const stem = stemOf(key) ?? '';
  const mode = isRole(key) ? undefined : MODE_OF[stem];
  const from = old?.from ?? startOf(parts, key, role, stem);
  if (Number.isNaN(from)) return failing(unknownStanding('voltage'));
  const way = Math.abs(target - from);
  const toRole = (value: number): number =>
    (value * instruction.sets[key].to.num) / instruction.sets[key].to.den;
  const rate_per_s = rate(parts, way);
  if (!(rate_per_s > 0) && way > 0) return failing('the rate of the ramp is not known');
  const pauseEvery = parts.value('pause_every');
  const pauseKey = parts.keyOf('pause');
  const pause_s = pauseKey === undefined ? 0 : seconds(parts, pauseKey);
  const every = Number.isNaN(pauseEvery) ? Infinity : Math.abs(toRole(pauseEvery));
  const values: OutputValues = { [stem]: from };
  const { output } = env;
  const isOn = output !== undefined && env.applied(output.roles.output) === 1;
  const stages =
    mode === undefined || output === undefined
      ? []
      : stagesInto(output, mode, values, intoOf(env, mode, isOn, true));
  const asking = new Asking(stages, label, false, old?.asking);
  const whole_s = timeOf(way, rate_per_s, every, pause_s);
  let way_s = old?.way_s ?? 0;
  let isAsked = old?.isAsked ?? false;
  let isThere = false;
  return {
    tick(look): ActionEnd | undefined {
      const progress = asking.tick(env, look.t_s);
      if (typeof progress === 'object')
        return { kind: 'missing', reason: `not applied in time: ${progress.missing}` };
      if (progress === 'waits') return undefined;
      const { outcome, asked } = env.answer(role);
      if (isAsked && asked === target && outcome === 'applied' && env.applied(role) === target) {
        isThere = true;
        return { kind: 'reached', reason: 'reached' };
      }
      if (!look.isGated) way_s += look.dt_s;
      const gone = wayAfter(way_s, rate_per_s, every, pause_s);
      const isOver = way_s >= whole_s - DUST_S;
      askOnce(env, role, isOver ? target : from + Math.sign(target - from) * gone, label);
      isAsked = true;
      return undefined;
    },
    isSet: true,
    // Its way begins with its first set point, whatever an earlier one has taken; at its end the last one stands.
    get took_s() {
      return isThere ? (env.answer(role).took_s ?? 0) : 0;
    },
    isArrived: true,
    due_s: () => whole_s,
    get isAwaiting() {
      return !asking.isDone || env.answer(role).asked === target;
    },
    afterHold: ({ held_s }) => asking.shift(held_s),
    state: () => ({ asking: { ...asking.state() }, from, way_s, isAsked }),
  };
}

/** Where it stands: as applied, else as measured, else the low end of what may be set. */
function startOf({ env }: ActionParts, key: string, role: string, stem: string): number {
  if (!isRole(key) && (stem === 'current' || stem === 'voltage' || stem === 'power'))
    return standingOf(env, stem, role);
  const applied = env.applied(role);
  if (!Number.isNaN(applied)) return applied;
  const measured = env.value(role.replace(/Set_/, '_'));
  return Number.isNaN(measured) ? (env.limits(role)?.min ?? 0) : measured;
}

/** In the unit of the role a method second. */
function rate(parts: ActionParts, way: number): number {
  const per = parts.keyOf('per');
  if (per !== undefined) return rateOf(parts, per, parts.instruction.own);
  const key = parts.keyOf('in');
  return key === undefined ? Number.NaN : way / seconds(parts, key);
}

/** The value of a key of time, s. */
function seconds(parts: ActionParts, key: string): number {
  const [unit, second] = [numberUnit(key), unitNamed('s')];
  return unit === undefined || second === undefined
    ? Number.NaN
    : converted(parts.value(key), conversion(unit, second));
}

/** How far it is after `t_s` on the way: it stands `pause_s` after each `every`. */
function wayAfter(t_s: number, rate_per_s: number, every: number, pause_s: number): number {
  if (every === Infinity || pause_s === 0) return rate_per_s * t_s;
  const leg_s = every / rate_per_s;
  const round_s = leg_s + pause_s;
  const rounds = Math.floor(t_s / round_s);
  return rounds * every + Math.min(every, rate_per_s * (t_s - rounds * round_s));
}

/** How long the whole way takes, s: no pause at its end. */
function timeOf(way: number, rate_per_s: number, every: number, pause_s: number): number {
  if (every === Infinity || pause_s === 0) return way / rate_per_s;
  return way / rate_per_s + Math.max(0, Math.ceil(way / every - 1e-9) - 1) * pause_s;
}
