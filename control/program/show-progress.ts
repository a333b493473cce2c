import { progressLine } from '../../dashboards/terminal/progress.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import type { Run } from '../run/run.ts';

const wall = realClock();

/** Shows how a run goes, on a terminal in one line that is written again and again. Dispose it when the run is over. */
export function showProgress(run: Run, to: NodeJS.WriteStream): Disposable {
  const start_s = wall.now_s();
  let lastPhase = '';
  const onTerminal = to.isTTY === true;
  const show = (): void => {
    const progress = {
      phase: run.phase || run.session.state,
      time_s: run.time_s,
      planned_s: run.spec.procedure.planned_s,
      wall_s: wall.now_s() - start_s,
      columns: to.columns,
    };
    if (onTerminal) to.write(`\r\u001b[K${progressLine(progress)}`);
    else if (run.phase !== lastPhase) to.write(`${progressLine(progress)}\n`);
    lastPhase = run.phase;
  };
  const cancel = wall.every(0.2, show);
  return {
    [Symbol.dispose]() {
      cancel();
      show();
      if (onTerminal) to.write('\n');
    },
  };
}
