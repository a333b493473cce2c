import { parentPort, workerData } from 'node:worker_threads';
import { fuzz } from './fuzz.ts';

/** One shard of `npm run fuzz:model`. */

const { seed, n } = workerData as { seed: number; n: number };
await fuzz({ seed, n }, told => parentPort?.postMessage(told));
parentPort?.close();
