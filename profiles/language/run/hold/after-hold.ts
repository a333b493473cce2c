import type { AfterHold } from '../actions/action.ts';
import type { Lane } from '../lane.ts';

/** After a hold: what must be seen to hold for some time begins anew. */
export function afterHold(lane: Lane, hold: AfterHold): void {
  for (const { watch } of lane.frames) watch.afterHold();
  lane.step?.afterHold(hold);
  for (const inner of lane.lanes) afterHold(inner, hold);
}
