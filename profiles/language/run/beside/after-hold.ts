import type { Lane } from '../lane.ts';

/** Nobody has looked for a while (Held): what must be seen to hold for some time begins anew. */
export function afterHold(lane: Lane): void {
  for (const { watch } of lane.frames) watch.afterHold();
  lane.step?.afterHold();
  for (const inner of lane.lanes) afterHold(inner);
}
