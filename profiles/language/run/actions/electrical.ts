import { z } from 'zod';
import { askOnce } from '../../../steps/ask.ts';
import { Asking } from '../asking.ts';
import { cannotDrive, isOutputOn, type OutputMode, type OutputValues, stagesInto } from '../output.ts';
import type { Action, ActionEnd, ActionLook, ActionParts } from './action.ts';
import { isAtVoltage } from './at-voltage.ts';
import { askingState } from './saved.ts';
import { Shortfall, shortState, tellShort } from './shortfall.ts';
import { type Driven, intoOf, standingOf, unknownStanding } from './standing.ts';

/** Steps that drive the output: a mode with its set points, from where the output stands. */

const QUANTITIES: readonly Driven[] = ['current', 'voltage', 'power', 'resistance'];

const saved = z.strictObject({
  asking: askingState,
  from: z.number().nullable(),
  way_s: z.number(),
  set_s: z.number().nullable(),
  isArrived: z.boolean(),
  short: shortState.exactOptional(),
});

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
    if (approach !== undefined && !Number.isFinite(begin)) return failing(unknownStanding(approach.what));
    const values: OutputValues = approach === undefined ? targets : { ...targets, [approach.what]: begin };
    const isOn = isOutputOn(env, output);
    const stages = stagesInto(output, mode, values, intoOf(env, mode, isOn, approach !== undefined));
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
