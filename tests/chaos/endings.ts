import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { judge, KINDS } from './checks.ts';
import type { Judged } from './endings-worker.ts';
import { replay } from './replay.ts';

/**
 * Ends n runs at random moments in random trouble and judges each ending: `npm run chaos:endings -- --n 10000 --seed 1`.
 * A seed that fails is shown with all that happened by `--replay SEED`.
 */
const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    replay: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const whole = (name: 'n' | 'seed' | 'jobs' | 'replay', least: number): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= least) return value;
  console.error(`--${name}: found ${values[name]}, expected a whole number of at least ${least}`);
  process.exit(2);
};

if (values.replay !== undefined) {
  const evidence = await replay(whole('replay', 0));
  process.exitCode = judge(evidence).length > 0 ? 1 : 0;
} else process.exitCode = await sweep(whole('n', 1), whole('seed', 0), whole('jobs', 1));

async function sweep(n: number, seed: number, jobs: number): Promise<number> {
  const judged: Judged[] = [];
  const start_ms = performance.now();
  const show = (): void => {
    const bad = judged.filter(j => j.violations.length > 0).length;
    const wall_s = (performance.now() - start_ms) / 1000;
    process.stderr.write(
      `${judged.length} of ${n} endings in ${wall_s.toFixed(0)} s, ${bad} with violations\n`,
    );
  };
  const timer = setInterval(show, 1000);
  await Promise.all(
    Array.from({ length: Math.min(jobs, n) }, (_, from) => shard({ seed, from, step: jobs, n }, judged)),
  );
  clearInterval(timer);
  show();
  return report(n, judged);
}

function shard(
  data: { seed: number; from: number; step: number; n: number },
  judged: Judged[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./endings-worker.ts', import.meta.url), { workerData: data });
    worker.on('message', (one: Judged) => {
      judged.push(one);
      if (one.violations.length > 0) process.stderr.write(`seed ${one.seed}: ${one.violations.join('; ')}\n`);
    });
    worker.on('error', reject);
    worker.on('exit', code => (code === 0 ? resolve() : reject(new Error(`a shard ended with ${code}`))));
  });
}

function report(n: number, judged: readonly Judged[]): number {
  const states: Record<string, number> = {};
  const cases = new Map<string, number[]>();
  for (const { seed, violations, state } of [...judged].sort((a, b) => a.seed - b.seed)) {
    states[state] = (states[state] ?? 0) + 1;
    for (const what of violations) cases.set(what, [...(cases.get(what) ?? []), seed]);
  }
  if (!values.json) {
    const traces = [...judged].sort((a, b) => a.seed - b.seed).map(one => one.trace);
    console.log(`trace of all: ${createHash('sha1').update(traces.join()).digest('hex')}`);
    console.log(`ended: ${JSON.stringify(states)}`);
    for (const [what, seeds] of [...cases].sort((a, b) => b[1].length - a[1].length)) {
      console.log(`${String(seeds.length).padStart(6)} ${what}   seeds ${seeds.slice(0, 5).join(' ')}`);
    }
  }
  const bad = judged.filter(j => j.violations.length > 0).length;
  const kinds = Object.fromEntries(
    KINDS.map(kind => [kind, judged.filter(j => j.violations.some(v => v.startsWith(`${kind}: `))).length]),
  );
  console.log(JSON.stringify({ n, violations: bad, kinds }));
  return bad > 0 ? 1 : 0;
}
