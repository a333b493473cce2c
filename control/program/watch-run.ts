import { progressLine } from '../../dashboards/terminal/progress.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import type { Run } from '../run/run.ts';

const wall = realClock();

/** Runs with progress on the terminal; Ctrl-C stops orderly, a second one aborts; our own failures abort. */
export async function watched<T>(run: Run, to: NodeJS.WriteStream, work: () => Promise<T>): Promise<T> {
  const start_s = wall.now_s();
  let lastPhase = '';
  const onTerminal = to.isTTY === true;
  const show = (): void => {
    const { clock, procedure } = run.parts;
    const progress = {
      phase: run.phase || run.state,
      time_s: clock.now_s(),
      planned_s: procedure.planned_s,
      wall_s: wall.now_s() - start_s,
    };
    if (onTerminal) to.write(`\r\u001b[K${progressLine(progress)}`);
    else if (run.phase !== lastPhase) to.write(`${progressLine(progress)}\n`);
    lastPhase = run.phase;
  };
  const cancel = wall.every(0.2, show);
  const onInterrupt = (): void => {
    const cause = { by: 'signal', id: 'SIGINT' } as const;
    if (!run.stop('stopped by Ctrl-C', cause)) run.abort('aborted by Ctrl-C', cause);
  };
  const onFailure = (error: unknown): void => {
    process.exitCode = 5;
    run.abort(`cellbench itself failed: ${messageOf(error)}`, { by: 'self', id: 'uncaught' });
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  process.on('uncaughtException', onFailure);
  process.on('unhandledRejection', onFailure);
  try {
    return await work();
  } finally {
    cancel();
    show();
    if (onTerminal) to.write('\n');
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    process.off('uncaughtException', onFailure);
    process.off('unhandledRejection', onFailure);
  }
}
