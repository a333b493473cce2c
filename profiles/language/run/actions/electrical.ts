import { z } from 'zod';
import { askOnce } from '../../../steps/ask.ts';
import { Asking } from '../asking.ts';
import type { LanguageEnv } from '../env.ts';
import { cannotDrive, isOutputOn, type OutputMode, type OutputValues, stagesInto } from '../output.ts';
import type { Action, ActionEnd, ActionLook, ActionParts } from './action.ts';
import { isAtVoltage } from './at-voltage.ts';
import { askingState } from './saved.ts';
import { Shortfall, shortState, tellShort } from './shortfall.ts';

/** Steps that drive the output: a mode with its set points, from where the output stands. */

const QUANTITIES = ['current', 'voltage', 'power', 'resistance'] as const;
type Driven = (typeof QUANTITIES)[number];

const saved = z.strictObject({
  asking: askingState,
  from: z.number().nullable(),
  way_s: z.number(),
  set_s: z.number().nullable(),
  isArrived: z.boolean(),
  short: shortState.exactOptional(),
});

/** The voltage that the device under test shows now, V. */
export function voltageNow_V(env: LanguageEnv): number {
  return env.value(`${env.output?.subject ?? 'cell'}.voltage_V`);
}

/** Less than this part of a set point: something else limits the output. */
const LIMITED_FRAC = 0.97;

/**
 * Where a set point of the output stands, as a beginning of a way; nothing flows while it is off. A supply that is held
 * by another of its limits stands where it is measured, not at the limit that it has not come to.
 */
export function standingOf(env: LanguageEnv, what: Driven, role: string): number {
  const standing = standsAt(env, what, role);
  if (what !== 'voltage') return standing;
  const { min = Number.NaN, max = Number.NaN } = env.output?.range(role) ?? {};
  const within = Math.min(max, Math.max(min, standing));
  // A reading at the end of what may be set lies a little beyond it half of the time.
  return Math.abs(within - standing) <= BEYOND_FRAC * (max - min) ? within : standing;
}

/** A reading so far beyond what may be set, in parts of that range, is one at its end. */
const BEYOND_FRAC = 0.05;

function standsAt(env: LanguageEnv, what: Driven, role: string): number {
  const { output } = env;
  const isOn = output !== undefined && env.applied(output.roles.output) === 1;
  const applied = env.applied(role);
  const shown =
    what === 'resistance' ? Number.NaN : env.value(`${output?.subject ?? 'cell'}.${what}_${UNIT[what]}`);
  const isLimited = output?.roles.mode === undefined && shown < LIMITED_FRAC * applied;
  // Of a channel that holds something else the set current is the most that it may give, not what flows.
  if (isOn && what === 'current' && holdsOther(env) && !Number.isNaN(shown)) return shown;
  if (isOn && !Number.isNaN(applied)) return isLimited ? Math.max(0, shown) : applied;
  const measured = what === 'voltage' ? voltageNow_V(env) : 0;
  return Number.isNaN(measured) ? 0 : measured;
}

function holdsOther(env: LanguageEnv): boolean {
  const { roles, modes } = env.output ?? {};
  return roles?.mode !== undefined && env.applied(roles.mode) !== modes?.cc;
}

const UNIT = { current: 'A', voltage: 'V', power: 'W' } as const;

/** An electrical step that stays: cc, cv, cp, cr, cccv, rest. With `per_`, its time counts from arrival. */
export function electrical(mode: OutputMode): (parts: ActionParts) => Action {
  return parts => {
    const { env, label, instruction } = parts;
    const { output } = env;
    const wrong = cannotDrive(output, mode);
    if (output === undefined || wrong !== undefined) return failing(wrong ?? 'nothing electrical is here');
    const targets: Partial<Record<Driven, number>> = {};
    let driven: { readonly role: string; readonly what: Driven; readonly target: number } | undefined;
    for (const what of QUANTITIES) {
      const key = parts.keyOf(what);
      if (key === undefined) continue;
      const [role, value] = parts.onRole(key, parts.value(key));
      if (Number.isNaN(value)) return failing(`${key} is not known`);
      targets[what] = value;
      driven ??= { role, what, target: value };
    }
    const per = parts.keyOf('per');
    const old = parts.saved === undefined ? undefined : saved.parse(parts.saved);
    const approach = per === undefined || driven === undefined ? undefined : driven;
    const begin =
      old?.from ?? (approach === undefined ? Number.NaN : standingOf(env, approach.what, approach.role));
    const values: OutputValues = approach === undefined ? targets : { ...targets, [approach.what]: begin };
    const isOn = isOutputOn(env, output);
    const stages = stagesInto(output, mode, values, isOn, approach !== undefined);
    const asking = new Asking(stages, label, false, old?.asking);
    // Made once: a name put together at each look is looked up as a new one.
    const measured = { voltage: `${output.subject}.voltage_V`, current: `${output.subject}.current_A` };
    const rate_per_s = per === undefined ? Number.NaN : rateOf(parts, per, instruction.own);
    let way_s = old?.way_s ?? 0;
    let set_s = old?.set_s ?? Number.NaN;
    let isArrived = old?.isArrived ?? mode !== 'cccv';
    let now_s = 0;
    const shortfall = new Shortfall(env, output, mode, targets, old?.short);

    /** On its way to the target; true once it is applied there. */
    const approaches = (look: ActionLook): boolean => {
      if (approach === undefined) return true;
      const { role, target } = approach;
      const total = target - begin;
      const answer = env.answer(role);
      if (answer.outcome === 'applied' && answer.asked === target && env.applied(role) === target)
        return true;
      if (!look.isGated) way_s += look.dt_s;
      const isThere = way_s * rate_per_s >= Math.abs(total) - 1e-12;
      askOnce(env, role, isThere ? target : begin + Math.sign(total) * rate_per_s * way_s, label);
      return false;
    };

    return {
      tick(look): ActionEnd | undefined {
        const progress = asking.tick(env, look.t_s);
        if (typeof progress === 'object')
          return { kind: 'missing', reason: `not applied in time: ${progress.missing}` };
        if (progress === 'waits' || (Number.isNaN(set_s) && !approaches(look))) return undefined;
        if (Number.isNaN(set_s)) set_s = look.t_s;
        if (mode === 'cccv') isArrived = isAtVoltage(env, measured, targets, set_s);
        const found = shortfall.look(env, set_s);
        if (found !== undefined) tellShort(env, look.t_s, label, found, false);
        now_s = look.t_s;
        return undefined;
      },
      get isSet() {
        return !Number.isNaN(set_s);
      },
      get took_s() {
        return asking.took_s;
      },
      get isArrived() {
        return isArrived;
      },
      due_s: () => undefined,
      get isAwaiting() {
        return Number.isNaN(set_s);
      },
      afterHold({ held_s, t_s }) {
        asking.shift(held_s);
        if (!Number.isNaN(set_s)) set_s = t_s;
        shortfall.anew();
      },
      leave(_reason, by) {
        const found = shortfall.all(by);
        if (found !== undefined) tellShort(env, now_s, label, found, true);
      },
      state: () => ({
        asking: { ...asking.state() },
        from: Number.isNaN(begin) ? null : begin,
        way_s,
        set_s: Number.isNaN(set_s) ? null : set_s,
        isArrived,
        short: { ...shortfall.state },
      }),
    };
  };
}

/** Rate of `per_s`, `per_min`, `per_h` in the unit of the role a method second. */
export function rateOf(parts: ActionParts, per: string, own: Readonly<Record<string, unknown>>): number {
  const key = Object.keys(own).find(name => parts.instruction.sets[name] !== undefined);
  const seconds = { per_s: 1, per_min: 60, per_h: 3600 }[per] ?? Number.NaN;
  const to = key === undefined ? undefined : parts.instruction.sets[key]?.to;
  return to === undefined ? Number.NaN : ((parts.value(per) / seconds) * to.num) / to.den;
}

/** A step that cannot be. */
export function failing(reason: string): Action {
  return {
    tick: () => ({ kind: 'failed', reason }),
    isSet: true,
    took_s: 0,
    isArrived: true,
    due_s: () => undefined,
    isAwaiting: false,
    state: () => null,
  };
}
