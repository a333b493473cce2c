import { Asking } from '../asking.ts';
import { isOutputOn, stagesInto } from '../output.ts';
import { drivesOutput } from '../step-end.ts';
import type { Action, ActionEnd, ActionLook, ActionParts } from './action.ts';

type Make = (parts: ActionParts) => Action;

/** It is at rest already. */
const RESTS = 'rest';
/** An instrument does these by itself: what is not whole is of no use. */
const MEASURED: readonly string[] = ['eis', 'voltammetry'];
const SHUT = 'its gate is shut';

/**
 * An electrical step behind a gate. Nothing of it is asked for before the gate has been open once. When it shuts later a cell
 * is put to rest, as in a hold, and what the step drives is asked for anew when it opens; a stack keeps its set points, and
 * ramp, approach and profile stand where they are. What an instrument measures by itself is given up then, and begins anew; a
 * load that it keeps comes back before it.
 */
export function gated(make: Make): Make {
  return parts => {
    const { instruction, env, label, saved } = parts;
    const { output } = env;
    const { kind, own } = instruction;
    if (output === undefined || !drivesOutput(instruction) || kind === RESTS) return make(parts);
    const isCell = output.subject === 'cell';
    const isMeasured = MEASURED.includes(kind);
    const keepsLoad = kind === 'eis' && (own['dc'] ?? 'keep') === 'keep';
    // What moves stands by itself where it is: of a stack nothing needs to wait.
    const moves = ['ramp', 'follow'].includes(kind) || parts.keyOf('per') !== undefined;
    if (!isCell && moves) return make(parts);
    const savedLoad = keepsLoad && Array.isArray(saved) ? (saved as Load) : [];
    const isOfInner = saved !== undefined && saved !== null && savedLoad.length === 0;
    let inner: Action | undefined = isOfInner || saved === undefined ? make(parts) : undefined;
    let isOpened = isOfInner;
    let resting: Asking | undefined;
    /** Set points of a load that a rest has taken away, in the order in which they come back. */
    let load: Load = savedLoad;
    let returning: Asking | undefined;

    const answer = (asking: Asking, { t_s }: ActionLook): 'done' | 'waits' | ActionEnd => {
      const progress = asking.tick(env, t_s);
      if (typeof progress === 'string') return progress;
      return { kind: 'missing', reason: `not applied in time: ${progress.missing}` };
    };

    const rest = (look: ActionLook): ActionEnd | undefined => {
      inner?.atRest?.(SHUT);
      inner?.tellSoFar?.();
      inner = undefined;
      returning = undefined;
      if (!isCell) return undefined;
      if (resting === undefined && !isOutputOn(env, output)) return undefined;
      if (resting === undefined) {
        const stages = stagesInto(output, 'rest', {}, { isOn: true });
        if (keepsLoad)
          load = stages.flat().flatMap(([role]) => {
            const stood = env.applied(role);
            return Number.isNaN(stood) ? [] : [[role, stood] as const];
          });
        resting = new Asking(stages, label);
      }
      const found = answer(resting, look);
      return typeof found === 'string' ? undefined : found;
    };

    return {
      tick(look): ActionEnd | undefined {
        if (look.isGated && (isCell || !isOpened)) return rest(look);
        if (look.isGated && isMeasured) {
          inner?.atRest?.(SHUT);
          return undefined;
        }
        isOpened = true;
        resting = undefined;
        if (load.length > 0) {
          returning ??= new Asking(
            load.map(one => [one]),
            label,
          );
          const found = answer(returning, look);
          if (found !== 'done') return found === 'waits' ? undefined : found;
          load = [];
        }
        returning = undefined;
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
      get beginsAnew() {
        return inner?.beginsAnew ?? false;
      },
      due_s: () => inner?.due_s(),
      get isAwaiting() {
        return inner?.isAwaiting ?? [resting, returning].some(asking => asking?.isDone === false);
      },
      atRest: reason => inner?.atRest?.(reason),
      afterHold(hold) {
        resting?.shift(hold.held_s);
        returning?.shift(hold.held_s);
        inner?.afterHold?.(hold);
      },
      tellSoFar: () => inner?.tellSoFar?.(),
      leave: (reason, by) => inner?.leave?.(reason, by),
      state: () => inner?.state() ?? (load.length > 0 ? load : null),
    };
  };
}

type Load = readonly (readonly [role: string, value: number])[];
