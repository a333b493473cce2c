import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { sampleOf } from '../../rehearse/monte-carlo.ts';
import type { RunOrder, RunReply, ThreadTask } from './monte-carlo-pool.ts';
import { loadNight, rehearseOnce } from './rehearse-once.ts';

/** One thread of a Monte Carlo: rehearses what it is told, one run after the other; journals do not outlive their run. */

const port = parentPort;
if (port === null) throw new Error('rehearsal-thread.ts runs as a worker thread only');
const task = workerData as ThreadTask;
const night = loadNight(task);

async function rehearse({ index, seed, parameters }: RunOrder): Promise<RunReply> {
  const dir = join(task.scratch, `run-${index}`);
  mkdirSync(dir);
  try {
    const { rehearsal, result, record } = await rehearseOnce(night, dir, seed, { parameters });
    record.close();
    return { index, sample: sampleOf(index, parameters, rehearsal, result.kpis) };
  } catch (error) {
    return { index, reason: messageOf(error) };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

port.on('message', (order: RunOrder) => {
  // `rehearse` tells its failures; it never rejects.
  void rehearse(order).then(reply => port.postMessage(reply));
});
