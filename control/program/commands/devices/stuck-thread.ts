import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { StuckTask } from './stuck.ts';

/** The thread of `endWhenStuck`. */

/** So long the event loop may stand still, ms. */
const STUCK_ms = 10_000;
const STDERR = 2;

const { beats, command } = workerData as StuckTask;
const count = new Int32Array(beats);
while (Atomics.wait(count, 0, Atomics.load(count, 0), STUCK_ms) !== 'timed-out') {
  // It goes on.
}
const text = `cellbench ${command}: the program has stood still for ${STUCK_ms / 1000} s and is ended: a driver's own code (its file as it is loaded, a "value" function) may never return\n`;
try {
  writeSync(STDERR, text);
} finally {
  // A thread cannot end its process otherwise, and the event loop would hear no other signal.
  process.kill(process.pid, 'SIGKILL');
}
