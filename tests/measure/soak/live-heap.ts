import { appendFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded before the controller of a soak (`--import`, with `--expose-gc`): at SIGUSR2 it collects whole and writes down what is
 * left, bytes, into the file that `CELLBENCH_LIVE_HEAP` names. Resident memory says little of that: V8 lets garbage lie for many
 * minutes where there is room.
 */
const file = process.env['CELLBENCH_LIVE_HEAP'];
if (isMainThread && file !== undefined)
  process.on('SIGUSR2', () => {
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    appendFileSync(file, `${heapUsed + external}\n`);
  });
