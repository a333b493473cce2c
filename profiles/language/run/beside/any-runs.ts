import type { Lane } from '../lane.ts';
import type { OpenStep } from '../open-step.ts';

/** Whether something is so of a step that runs. It is asked at each look: nothing is gathered for it. */
export function anyRuns({ step, lanes }: Lane, is: (step: OpenStep) => boolean): boolean {
  if (step !== undefined && is(step)) return true;
  for (const lane of lanes) if (anyRuns(lane, is)) return true;
  return false;
}

/** Something that a step waits for is on its way. */
export function isAwaiting(lane: Lane): boolean {
  return anyRuns(lane, awaits);
}

const awaits = ({ action, isCounting }: OpenStep): boolean => action.isAwaiting || !isCounting;
