import { expect, it } from 'vitest';
import { showProgress } from '../../../control/program/show-progress.ts';
import type { Run } from '../../../control/run/run.ts';
import type { Screen } from '../../../dashboards/terminal/screen.ts';
import { VirtualClock } from '../../../drivers/contract/clock.ts';

/** How far a run is said to be, and how long it takes yet. */

/** A run of 300 s in real time, `before_s` after its record began; what its method has done of it is `done_s`. */
async function shown(before_s: number, done_s: number, heldFor_s = 0): Promise<string> {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  let last = '';
  const screen = {
    isTerminal: true,
    columns: 120,
    say: () => {},
    status: (line: string) => (last = line),
    endStatus: () => {},
  } as unknown as Screen;
  const run = {
    phase: 'work',
    finishedBy: '',
    planned_s: 300,
    spec: { timeFactor: 1 },
    session: { state: 'Execute' },
    get time_s() {
      return before_s + clock.now_s();
    },
    save: () => ({ method: { running_s: done_s + clock.now_s() - heldFor_s } }),
  };
  const progress = showProgress(run as unknown as Run, screen, clock);
  await clock.runUntil(clock.sleep(20));
  progress[Symbol.dispose]();
  return last;
}

it('leaves out what was before the start of its method', async () => {
  expect(await shown(26, 0)).toMatch(/ 7 % {2}work +0:00:20 of 0:05:00 {2}x 1\.0 {2}0:04:40 left$/);
});

it('goes on after a cut at its own speed, and counts neither the cut nor a hold', async () => {
  expect(await shown(5000, 100)).toMatch(/40 % {2}work +0:02:00 of 0:05:00 {2}x 1\.0 {2}0:03:00 left$/);
  expect(await shown(30, 30, 10)).toMatch(/13 % {2}work +0:00:40 of 0:05:00 {2}x 1\.0 {2}0:04:20 left$/);
});
