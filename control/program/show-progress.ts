import { finishedText, progressLine } from '../../dashboards/terminal/progress.ts';
import type { Screen } from '../../dashboards/terminal/screen.ts';
import { type Clock, realClock } from '../../drivers/contract/clock.ts';
import type { Run } from '../run/run.ts';

/** Shows how a run goes: on a terminal in one line that is written again and again, else one line a phase. Dispose it when the run is over. */
export function showProgress(
  run: Run,
  screen: Screen,
  wall: Pick<Clock, 'now_s' | 'every'> = realClock(),
): Disposable {
  const start_s = wall.now_s();
  // It may have begun long ago, in another program.
  const from_s = run.time_s;
  let lastPhase = '';
  let finishedBy = '';
  const show = (): void => {
    const wall_s = wall.now_s() - start_s;
    const line = (): string =>
      progressLine({
        phase: run.phase || run.session.state,
        time_s: run.save().method.running_s / run.spec.timeFactor,
        planned_s: run.planned_s,
        speed: wall_s > 0 ? (run.time_s - from_s) / wall_s : 0,
        columns: screen.columns,
      });
    if (run.finishedBy !== finishedBy) screen.say(finishedText(run.finishedBy));
    finishedBy = run.finishedBy;
    if (screen.isTerminal || run.phase !== lastPhase) screen.status(line());
    lastPhase = run.phase;
  };
  const cancel = wall.every(0.2, show);
  return {
    [Symbol.dispose]() {
      cancel();
      show();
      screen.endStatus();
    },
  };
}
