import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CoveredFigure, CoveredNight } from './covered-run.ts';
import type { CoverageReply, CoverageShard } from './covered-worker.ts';

/** How often the uncertainty of each figure of a night holds the truth of the twin. */
export interface CoverageRow {
  readonly figure: string;
  readonly bench: string;
  /** Runs in which the figure had a value and an uncertainty, and its truth one, too. */
  readonly n: number;
  readonly covered_frac: number;
  /** Value and truth of the first run. */
  readonly value: number;
  readonly truth: number;
  readonly u95_median: number;
  readonly rms_error: number;
  /** 93 to 97 %, wider by three standard deviations of a share counted in so few runs when there are fewer than 1000. */
  readonly within: boolean;
}

const ASKED = [0.93, 0.97] as const;
const ENOUGH = 1000;

/** Bounds for the share that n runs may show of a true share between 93 and 97 %. */
export function boundsOf(n: number): readonly [low: number, high: number] {
  if (n >= ENOUGH) return ASKED;
  const slack = (share: number): number => 3 * Math.sqrt((share * (1 - share)) / n);
  return [ASKED[0] - slack(ASKED[0]), ASKED[1] + slack(ASKED[1])];
}

/** Runs a night `n` times, one seed each from `seed` on, in worker threads. @throws Error where a run does not complete */
export async function coverageOf(
  night: CoveredNight,
  n: number,
  options: { readonly seed: number; readonly threads?: number; readonly onDone?: (done: number) => void },
): Promise<CoverageRow[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'cellbench-coverage-'));
  const threads = Math.min(n, options.threads ?? availableParallelism());
  const replies: CoverageReply[] = [];
  try {
    await Promise.all(
      Array.from({ length: threads }, (_, k) => {
        const shard: CoverageShard = {
          night,
          from: options.seed + k,
          to: options.seed + n,
          step: threads,
          scratch,
        };
        return new Promise<void>((resolve, reject) => {
          const worker = new Worker(new URL('./covered-worker.ts', import.meta.url), { workerData: shard });
          worker.on('message', (reply: CoverageReply) => {
            replies.push(reply);
            options.onDone?.(replies.length);
          });
          worker.once('error', reject);
          worker.once('exit', () => resolve());
        });
      }),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const failed = replies.find(reply => 'reason' in reply);
  if (failed !== undefined && 'reason' in failed)
    throw new Error(`${night.name}, seed ${failed.seed}: ${failed.reason}`);
  return rowsOf(
    night,
    replies
      .flatMap(reply => ('figures' in reply ? reply.figures : []))
      .filter(({ figure }) => figure.startsWith(night.only ?? '')),
  );
}

/** The figures of many runs of a night, a row for each. */
export function rowsOf({ name: bench }: CoveredNight, figures: readonly CoveredFigure[]): CoverageRow[] {
  const byName = Map.groupBy(
    figures.filter(({ truth }) => Number.isFinite(truth)),
    ({ figure }) => figure,
  );
  return [...byName].map(([figure, found]) => {
    const n = found.length;
    const covered = found.filter(({ value, truth, u95 }) => Math.abs(value - truth) <= u95).length;
    const sorted = found.map(({ u95 }) => u95).sort((a, b) => a - b);
    const [low, high] = boundsOf(n);
    const covered_frac = covered / n;
    return {
      figure,
      bench,
      n,
      covered_frac,
      value: found[0].value,
      truth: found[0].truth,
      u95_median: sorted[n >> 1],
      rms_error: Math.sqrt(found.reduce((sum, { value, truth }) => sum + (value - truth) ** 2, 0) / n),
      within: covered_frac >= low && covered_frac <= high,
    };
  });
}
