import { parentPort, workerData } from 'node:worker_threads';
import type { EndedRun } from '../result/ended-run.ts';
import { evaluated } from '../result/evaluate.ts';

/** Evaluates the record of a run that is over beside runs that go on: their readings must not wait for its figures. */

if (parentPort === null) throw new Error('evaluate-thread.ts runs as a worker thread only');
parentPort.postMessage(evaluated(workerData as EndedRun));
