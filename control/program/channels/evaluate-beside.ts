import { startThread } from '../../../drivers/contract/code/threads.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import type { EndedRun } from '../result/ended-run.ts';
import type { Evaluated } from '../result/evaluate.ts';

/** As `evaluated`, in a thread of its own. */
export function evaluateBeside(ended: EndedRun): Promise<Evaluated> {
  return new Promise((resolve, reject) => {
    const worker = startThread(siblingUrl(import.meta.url, './evaluate-thread'), {
      workerData: ended,
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    worker.once('message', (made: Evaluated) => resolve(made));
    worker.once('error', reject);
    worker.once('exit', code => reject(new Error(`the evaluation has ended (exit code ${code})`)));
  });
}
