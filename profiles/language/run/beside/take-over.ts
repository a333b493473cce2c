import type { Lane } from '../lane.ts';

/** After an edit: the blocks and steps under way go on with what their limits have seen so far. */
export function takeOver(lane: Lane, before: Lane): void {
  lane.frames.forEach(({ watch }, i) => {
    watch.takeOver(before.frames[i].watch);
  });
  if (lane.step !== undefined && before.step !== undefined) lane.step.watch.takeOver(before.step.watch);
  lane.lanes.forEach((inner, i) => {
    takeOver(inner, before.lanes[i]);
  });
}
