import { parentPort, workerData } from 'node:worker_threads';
import { judge } from './checks.ts';
import { playEnding, traceOf } from './ending.ts';
import { makeScenario } from './scenario.ts';

/** What a shard tells about one seed. */
export interface Judged {
  readonly seed: number;
  /** `kind: what`, each once. */
  readonly violations: readonly string[];
  /** How it ended, for the count of what the scenarios reach. */
  readonly state: string;
  /** Changes when anything happens otherwise or at another time. */
  readonly trace: string;
}

const { seed, from, step, n } = workerData as { seed: number; from: number; step: number; n: number };
for (let i = from; i < n; i += step) {
  const scenario = makeScenario(seed + i);
  const evidence = await playEnding(scenario);
  const found = new Set(judge(evidence).map(v => `${v.kind}: ${v.what}`));
  const state = evidence.refused === undefined ? (evidence.ended?.state ?? 'none') : 'refused';
  parentPort?.postMessage({
    seed: scenario.seed,
    violations: [...found],
    state,
    trace: traceOf(evidence),
  } satisfies Judged);
}
parentPort?.close();
