import { z } from 'zod';
import type { Action, ActionEnd, ActionLook, ActionParts } from './action.ts';

const savedState = z.strictObject({ last: z.number() });
/** Steps of a cycler are looked at so often by itself, s: by so much a time may be missed. */
const SLACK_S = 1;

/** A step that was over before it was looked at is looked at again after, s. */
const NEXT_S = 0.01;

/** A step that the instrument runs: it ends when the instrument has ended its own. */
export function onCycler({ env, instruction, saved, value }: ActionParts): Action {
  const { program } = env;
  const { own } = instruction;
  const last = saved === undefined ? program?.claim(Number(own['steps'])) : savedState.parse(saved).last;
  const within_s = 'within' in own ? value('within') * Number(own['factor']) : Infinity;

  function tick({ elapsed_s }: ActionLook): ActionEnd | undefined {
    if (program === undefined || last === undefined)
      return { kind: 'failed', reason: 'no instrument of this bench runs a program' };
    if (program.ended < last)
      return program.failure === '' ? undefined : { kind: 'failed', reason: program.failure };
    // Also where it was over long ago: no two steps at the same time, so that the record tells them apart.
    if (!(elapsed_s > 0)) return undefined;
    const took_s = program.took_s(last);
    if (own['isByCondition'] !== true)
      return { kind: 'data', reason: `the cycler held it for ${took_s} s`, cyclerStep: last };
    // There a deadline leads on; here it is none of the ends that were asked for.
    if (!(took_s < within_s - SLACK_S))
      return { kind: 'failed', reason: `the cycler did not come to its end within ${within_s} s` };
    return { kind: 'ended', reason: `the cycler came to its end after ${took_s} s`, cyclerStep: last };
  }
  return {
    tick,
    isSet: true,
    took_s: 0,
    isArrived: true,
    due_s: () => (program !== undefined && last !== undefined && program.ended >= last ? NEXT_S : undefined),
    isAwaiting: false,
    state: () => ({ last: last ?? 0 }),
  };
}
