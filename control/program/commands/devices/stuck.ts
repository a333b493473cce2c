import { realClock } from '../../../../drivers/contract/clock.ts';
import { endThread, startThread } from '../../../../drivers/contract/code/threads.ts';
import { siblingUrl } from '../../../../drivers/contract/sibling.ts';

/** The event loop says that it goes on so often, s. */
const BEAT_S = 0.5;

/** What the thread that watches is told. */
export interface StuckTask {
  /** Counted up and notified at each beat. */
  readonly beats: SharedArrayBuffer;
  /** The command, for its last words. */
  readonly command: string;
}

/**
 * Looks after a command that runs drivers of a lab's own: a file or a `value` that never returns would hang it for good, deaf to Ctrl-C.
 * A thread of its own ends the process (by a signal; the exit code is 137) when the event loop has stood still for 10 s. It
 * is for commands that only look: a run has its guard.
 */
export function endWhenStuck(command: string): Disposable {
  const beats = new SharedArrayBuffer(4);
  const count = new Int32Array(beats);
  const task: StuckTask = { beats, command };
  const worker = startThread(siblingUrl(import.meta.url, './stuck-thread'), {
    workerData: task,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  worker.unref();
  // Without it the command is as it was: no reason not to work.
  worker.on('error', () => {});
  const end = realClock().every(BEAT_S, () => {
    Atomics.add(count, 0, 1);
    Atomics.notify(count, 0);
  });
  return {
    [Symbol.dispose]() {
      end();
      void endThread(worker);
    },
  };
}
