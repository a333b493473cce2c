import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { type CoveredFigure, type CoveredNight, coveredRun, loadCovered } from './covered-run.ts';

/** What a thread is given: one night, and every `step`-th seed from `from` to below `to`. */
export interface CoverageShard {
  readonly night: CoveredNight;
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly scratch: string;
}

/** What it tells of one seed: its figures, or why there are none. */
export type CoverageReply =
  | { readonly seed: number; readonly figures: readonly CoveredFigure[] }
  | { readonly seed: number; readonly reason: string };

const port = parentPort;
if (port === null) throw new Error('covered-worker.ts runs as a worker thread only');
const { night, from, to, step, scratch } = workerData as CoverageShard;
const files = loadCovered(night);
for (let seed = from; seed < to; seed += step) {
  try {
    port.postMessage({ seed, figures: await coveredRun(files, seed, scratch) } satisfies CoverageReply);
  } catch (error) {
    port.postMessage({ seed, reason: messageOf(error) } satisfies CoverageReply);
  }
}
port.close();
