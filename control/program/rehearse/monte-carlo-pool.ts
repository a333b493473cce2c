import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { endThread, startThread } from '../../../drivers/contract/code/threads.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import { type FailedRun, planOfRun, type Sample, type Uncertain } from '../../rehearse/monte-carlo.ts';

/** What every thread of a Monte Carlo is told once. */
export interface ThreadTask {
  readonly bench: string;
  readonly method: string;
  readonly subject?: string | undefined;
  readonly wind?: string | undefined;
  readonly faults?: string | undefined;
  readonly set?: readonly string[] | undefined;
  /** Seed of the load series: the method stays the same in every run. */
  readonly seed: number;
  /** Folder for journals, removed in the end. */
  readonly scratch: string;
}

/** One run for a thread to do. */
export type RunOrder = ReturnType<typeof planOfRun>;

/** What became of it: a sample, or the reason why there is none. */
export type RunReply =
  | { readonly index: number; readonly sample: Sample }
  | { readonly index: number; readonly reason: string };

/** Runs done so far; what was still to come when somebody stopped it is in neither list. */
export interface PoolResult {
  readonly samples: readonly Sample[];
  readonly failed: readonly FailedRun[];
}

/**
 * Rehearses a night `runs` times in worker threads, one a core. Each run's parameters and seed come from its number
 * alone, so that the result does not depend on how many threads there are or on who is quicker. A thread that dies
 * takes its run with it, which is counted as failed. When `stopped` is aborted the threads end at once; their runs count
 * neither as done nor as failed.
 */
export async function runMany(
  night: Omit<ThreadTask, 'scratch'>,
  declared: readonly Uncertain[],
  runs: number,
  options: {
    readonly threads?: number;
    readonly onDone: (done: number) => void;
    readonly stopped: AbortSignal;
  },
): Promise<PoolResult> {
  const scratch = mkdtempSync(join(tmpdir(), 'cellbench-monte-carlo-'));
  const samples: Sample[] = [];
  const failed: FailedRun[] = [];
  let next = 0;

  async function serve(): Promise<void> {
    let worker: Worker | undefined;
    while (next < runs && !options.stopped.aborted) {
      const order = planOfRun(declared, night.seed, next++);
      worker ??= startThread(siblingUrl(import.meta.url, './rehearsal-thread'), {
        workerData: { ...night, scratch } satisfies ThreadTask,
      });
      const reply = await ask(worker, order, options.stopped);
      if (reply === 'stopped') break;
      if ('sample' in reply) samples.push(reply.sample);
      else failed.push({ index: reply.index, reason: reply.reason });
      if ('died' in reply) worker = undefined;
      options.onDone(samples.length + failed.length);
    }
    if (worker !== undefined) await endThread(worker);
  }

  try {
    const threads = Math.min(runs, options.threads ?? availableParallelism());
    await Promise.all(Array.from({ length: threads }, serve));
    return { samples, failed };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** One order and its reply; a thread that ends before it has replied has failed. */
function ask(
  worker: Worker,
  order: RunOrder,
  stopped: AbortSignal,
): Promise<RunReply | (FailedRun & { died: true }) | 'stopped'> {
  return new Promise(resolve => {
    const settle = (reply: Parameters<typeof resolve>[0]): void => {
      worker.off('message', settle);
      worker.off('error', onError);
      worker.off('exit', onExit);
      stopped.removeEventListener('abort', onAbort);
      resolve(reply);
    };
    const died = (reason: string): void => settle({ index: order.index, reason, died: true });
    const onError = (error: unknown): void => died(messageOf(error));
    const onExit = (code: number): void => died(`its thread ended with code ${code}`);
    const onAbort = (): void => settle('stopped');
    worker.on('message', settle);
    worker.on('error', onError);
    worker.on('exit', onExit);
    stopped.addEventListener('abort', onAbort, { once: true });
    worker.postMessage(order);
  });
}
