import { expect, it } from 'vitest';
import type { RunState } from '../../../../control/contract/run-state.ts';
import { heldRun } from '../../../../control/program/edit/held-run.ts';
import type { Checkpoint } from '../../../../control/run/checkpoint.ts';
import { VirtualClock } from '../../../../drivers/contract/clock.ts';

/** An edit right behind a hold waits for it. */

type Course = readonly (readonly [from_s: number, state: RunState])[];

it.each<readonly [what: string, course: Course, said: string | undefined, took_s: number]>([
  ['held', [[0, 'Held']], undefined, 0],
  [
    'a hold that the record does not show yet',
    [
      [0, 'Execute'],
      [1, 'Holding'],
      [3, 'Held'],
    ],
    undefined,
    3,
  ],
  [
    'a hold of a suspended run',
    [
      [0, 'Suspended'],
      [1, 'Held'],
    ],
    undefined,
    1,
  ],
  [
    'a hold that takes long',
    [[0, 'Holding']],
    'is of a run that is on its way to being held (Holding): try again once it is',
    10,
  ],
  ['nobody holds it', [[0, 'Execute']], 'is of a run in Execute', 3],
  ['over', [[0, 'Complete']], 'is of a run in Complete', 0],
  [
    'stopped meanwhile',
    [
      [0, 'Holding'],
      [2, 'Stopping'],
    ],
    'is of a run in Stopping',
    2,
  ],
  ['no checkpoint', [], 'is of a run that has not begun, or has not been held', 3],
])('%s', async (_what, course, said, took_s) => {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const run = { phase: 'run' };
  const read = (): Checkpoint | undefined => {
    const state = course.findLast(([from_s]) => clock.now_s() >= from_s - 1e-9)?.[1];
    return state === undefined ? undefined : ({ state, run } as never);
  };
  const found = await clock.runUntil(heldRun(read, clock));
  expect(found).toEqual(said ?? run);
  expect(clock.now_s()).toBeCloseTo(took_s, 0);
});
