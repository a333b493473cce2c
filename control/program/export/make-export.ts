import { endThread, startThread } from '../../../drivers/contract/code/threads.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import type { ExportReply, ExportTask } from './export-messages.ts';

/** Memory of the thread that works: a stretch of the widest instrument takes some 20 MB on its way. */
const MEMORY = { maxOldGenerationSizeMb: 112, maxYoungGenerationSizeMb: 8 };

/** How far an export is. */
export type ExportProgress = Extract<ExportReply, { type: 'progress' }>;

/** Has an export made in a thread of its own; `show` is told how far it is. Rejects with what is wrong. */
export function makeExport(
  task: ExportTask,
  {
    show = () => {},
    stop,
  }: { readonly show?: (at: ExportProgress) => void; readonly stop?: AbortSignal } = {},
): Promise<Extract<ExportReply, { type: 'done' | 'stopped' }>> {
  const worker = startThread(siblingUrl(import.meta.url, './export-thread'), {
    workerData: task,
    resourceLimits: MEMORY,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const onStop = (): void => worker.postMessage('stop');
  stop?.addEventListener('abort', onStop, { once: true });
  return new Promise<Extract<ExportReply, { type: 'done' | 'stopped' }>>((done, fail) => {
    worker.on('message', (reply: ExportReply) => {
      if (reply.type === 'progress') show(reply);
      else if (reply.type !== 'failed') done(reply);
      else if (reply.file === '') fail(new Error(reply.text));
      else fail(new FileError(reply.file, reply.line, reply.text));
    });
    worker.on('error', fail);
    worker.on('exit', code => fail(new Error(`export: its thread ended (${code})`)));
  }).finally(() => {
    stop?.removeEventListener('abort', onStop);
    return endThread(worker);
  });
}
