import type { MeasureRequest } from '../../../../drivers/contract/measure/request.ts';
import type { Asking } from '../asking.ts';
import type { MeasuredOf, PointJudge } from '../measure/measuring.ts';
import type { Action, ActionEnd, ActionParts } from './action.ts';

/** What an instrument measures by itself in a step: begun once, whole, or given up and then of no use. */
export class Measured {
  readonly #parts: ActionParts;
  #isBegun = false;
  #hasEnded = false;

  constructor(parts: ActionParts) {
    this.#parts = parts;
  }

  /** The instrument was asked, and what it has done since has not been given up. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /** Asks the instrument; `judge`: with each point, whether another one may follow. `trial`: what this is tried before. */
  begin(request: MeasureRequest, judge?: PointJudge, trial: Pick<MeasuredOf, 'trialOf'> = {}): void {
    const { instruction, env, label, levels } = this.#parts;
    const id = instruction.id?.slice(instruction.id.indexOf('#') + 1);
    env.measure(request, { ...(id === undefined ? {} : { id }), label, levels, ...trial }, judge);
    this.#isBegun = true;
    this.#hasEnded = false;
  }

  /** How it ended; undefined: it is under way. `nothing`: what there is none of where the instrument gives no reason. */
  end(nothing: string): ActionEnd | undefined {
    const { is, points, reason } = this.#parts.env.measuring;
    if (is === 'under way') return undefined;
    this.#hasEnded = true;
    return is === 'done'
      ? { kind: 'measured', reason: reason === '' ? `${points} points` : reason }
      : { kind: 'failed', reason: reason === '' ? nothing : reason };
  }

  /** Half of it is none: it is given up, and may be begun anew. True if it was under way. */
  giveUp(reason: string): boolean {
    const { env } = this.#parts;
    // With the run itself it was given up before.
    if (!this.#isBegun || this.#hasEnded || env.measuring.is !== 'under way') return false;
    env.giveUpMeasuring(reason);
    this.#isBegun = false;
    return true;
  }
}

/** What every such step is to the engine: it ends by itself, and remembers nothing, as after a cut it begins again. */
export function measuredStep(
  asking: () => Asking,
  own: Pick<Action, 'tick' | 'due_s'> & Required<Pick<Action, 'atRest' | 'afterHold' | 'leave'>>,
): Action {
  return {
    ...own,
    get isSet() {
      return asking().isDone;
    },
    get took_s() {
      return asking().took_s;
    },
    isArrived: true,
    isAwaiting: true,
    // The plant has gone on: nothing of what was cut is of use.
    state: () => null,
  };
}
