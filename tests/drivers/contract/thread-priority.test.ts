import { getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';

const MODULE = new URL('../../../drivers/contract/thread-priority.ts', import.meta.url).href;

/** The nice value of a fresh thread before and after it has let the others go first. */
function inThread(): Promise<{ readonly before: number; readonly after: number }> {
  const program = `
    const { getPriority } = require('node:os');
    const before = getPriority();
    import('${MODULE}').then(({ letOthersGoFirst }) => {
      letOthersGoFirst();
      require('node:worker_threads').parentPort.postMessage({ before, after: getPriority() });
    });`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { eval: true, execArgv: ['--disable-warning=ExperimentalWarning'] });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

describe('a thread that can wait', () => {
  it('goes behind the others where a priority belongs to a thread, and the main thread stays where it is', async () => {
    const main = getPriority();
    const { before, after } = await inThread();
    expect(after - before).toBe(process.platform === 'linux' ? Math.min(5, 19 - before) : 0);
    expect(getPriority()).toBe(main);
  });
});
