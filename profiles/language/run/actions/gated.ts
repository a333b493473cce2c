import { Asking } from '../asking.ts';
import { isOutputOn, stagesInto } from '../output.ts';
import { drivesOutput } from '../step-end.ts';
import type { Action, ActionEnd, ActionLook, ActionParts } from './action.ts';

type Make = (parts: ActionParts) => Action;

/** They begin and end with what an instrument does by itself, or are at rest already. */
const OWN_WAY: readonly string[] = ['rest', 'eis', 'voltammetry'];

/**
 * An electrical step behind a gate. Nothing of it is asked for before the gate has been open once. When it shuts later a cell
 * is put to rest, as in a hold, and what the step drives is asked for anew when it opens; a stack keeps its set points, and
 * ramp, approach and profile stand where they are.
 */
export function gated(make: Make): Make {
  return parts => {
    const { instruction, env, label, saved } = parts;
    const { output } = env;
    if (output === undefined || !drivesOutput(instruction) || OWN_WAY.includes(instruction.kind))
      return make(parts);
    const isCell = output.subject === 'cell';
    // What moves stands by itself where it is: of a stack nothing needs to wait.
    const moves = ['ramp', 'follow'].includes(instruction.kind) || parts.keyOf('per') !== undefined;
    if (!isCell && moves) return make(parts);
    let inner: Action | undefined = saved === null ? undefined : make(parts);
    let isOpened = saved !== undefined && saved !== null;
    let resting: Asking | undefined;

    const rest = ({ t_s }: ActionLook): ActionEnd | undefined => {
      inner = undefined;
      if (!isCell) return undefined;
      if (resting === undefined && !isOutputOn(env, output)) return undefined;
      resting ??= new Asking(stagesInto(output, 'rest', {}, true), label);
      const progress = resting.tick(env, t_s);
      if (typeof progress === 'string') return undefined;
      return { kind: 'missing', reason: `not applied in time: ${progress.missing}` };
    };

    return {
      tick(look): ActionEnd | undefined {
        if (look.isGated && (isCell || !isOpened)) return rest(look);
        isOpened = true;
        resting = undefined;
        inner ??= make({ ...parts, saved: undefined });
        return inner.tick(look);
      },
      get isSet() {
        return inner?.isSet ?? false;
      },
      get took_s() {
        return inner?.took_s ?? 0;
      },
      get isArrived() {
        return inner?.isArrived ?? false;
      },
      get isLoad() {
        return inner === undefined && isCell ? false : inner?.isLoad;
      },
      get isShut() {
        return inner === undefined;
      },
      due_s: () => inner?.due_s(),
      get isAwaiting() {
        return inner?.isAwaiting ?? (resting !== undefined && !resting.isDone);
      },
      atRest: () => inner?.atRest?.(),
      afterHold(hold) {
        resting?.shift(hold.held_s);
        inner?.afterHold?.(hold);
      },
      leave: (reason, by) => inner?.leave?.(reason, by),
      state: () => inner?.state() ?? null,
    };
  };
}
