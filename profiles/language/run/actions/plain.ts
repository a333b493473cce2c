import { z } from 'zod';
import { Asking } from '../asking.ts';
import type { Action, ActionEnd, ActionParts } from './action.ts';
import { askingState } from './saved.ts';

/** Steps that only set, or only wait. */

/** `wait`: everything stays as it is. */
export function wait(): Action {
  return {
    tick: () => undefined,
    isSet: true,
    took_s: 0,
    isArrived: true,
    due_s: () => undefined,
    isAwaiting: false,
    state: () => null,
  };
}

/** `set`: ends when all is applied and read back. Nothing of it is asked for before its gate has been open once. */
export function set(parts: ActionParts): Action {
  const { instruction, label, env, saved } = parts;
  const keys = Object.keys(instruction.own);
  const soc = keys.find(key => instruction.sets[key] === undefined);
  const stage = keys.flatMap(key => (key === soc ? [] : [parts.onRole(key, parts.value(key))]));
  const before = saved === undefined ? undefined : askingState.parse(saved);
  const asking = new Asking([stage], label, true, before);
  let isOpened = before !== undefined && (before.isAsked || before.stage > 0);
  return {
    tick({ t_s, isGated }): ActionEnd | undefined {
      if (isGated && !isOpened) return undefined;
      if (!isOpened && soc !== undefined) parts.setStateOfCharge(parts.value(soc));
      isOpened = true;
      const progress = asking.tick(env, t_s);
      if (progress === 'waits') return undefined;
      if (progress === 'done') return { kind: 'applied', reason: 'applied' };
      return { kind: 'missing', reason: `not applied in time: ${progress.missing}` };
    },
    get isSet() {
      return isOpened;
    },
    get took_s() {
      return asking.took_s;
    },
    isArrived: true,
    due_s: () => undefined,
    isAwaiting: true,
    afterHold: ({ held_s }) => asking.shift(held_s),
    state: () => ({ ...asking.state() }),
  };
}

const confirmed = z.strictObject({ isAsked: z.boolean() });

/** `ask`: a person says that it is so. */
export function ask({ instruction, env, saved, label }: ActionParts): Action {
  let isAsked = saved !== undefined && confirmed.parse(saved).isAsked;
  return {
    tick({ t_s, isGated }): ActionEnd | undefined {
      if (isGated && !isAsked) return undefined;
      if (!isAsked) env.askPerson(t_s, label, String(instruction.own['text']));
      isAsked = true;
      const name = env.confirmedBy(label);
      return name === undefined ? undefined : { kind: 'confirmed', reason: `confirmed by ${name}` };
    },
    isSet: true,
    took_s: 0,
    isArrived: true,
    due_s: () => undefined,
    isAwaiting: false,
    state: () => ({ isAsked }),
  };
}
