import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Told } from './fuzz.ts';

/**
 * Random sequences of frames, commands and faults against a real session, with a model of its own beside it:
 * `npm run fuzz:model -- --n 1000000 --seed 1`. Last line: JSON. Exit code 1 where anything was wrong.
 */
const { values } = parseArgs({
  options: {
    n: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '1e9' },
  },
});
const [n, seed, jobs, minutes] = [values.n, values.seed, values.jobs, values.minutes].map(Number);
if (
  !(
    Number.isInteger(n) &&
    n > 0 &&
    Number.isInteger(seed) &&
    Number.isInteger(jobs) &&
    jobs > 0 &&
    minutes > 0
  )
) {
  console.error(
    '--n --seed --jobs: expected whole numbers; --minutes: expected a time after which it ends early',
  );
  process.exit(2);
}

const start_ms = performance.now();
let played = 0;
let runs = 0;
const states: Record<string, number> = {};
const wrong: Told['wrong'][number][] = [];
const seconds = (): number => (performance.now() - start_ms) / 1000;
const show = (): void => {
  process.stderr.write(
    `${played} of ${n} sequences, ${runs} runs in ${seconds().toFixed(0)} s, ${wrong.length} wrong\n`,
  );
};
const timer = setInterval(show, 10_000);
await Promise.all(
  Array.from({ length: jobs }, (_, i) => {
    const own = Math.floor(n / jobs) + (i < n % jobs ? 1 : 0);
    return own === 0 ? Promise.resolve() : shard(seed * 1000 + i, own);
  }),
);
clearInterval(timer);
show();
console.log(`states reached: ${JSON.stringify(states)}`);
console.log(
  JSON.stringify({ n: played, asked: n, seed, runs, wrong: wrong.length, wall_s: Math.round(seconds()) }),
);
process.exitCode = wrong.length > 0 ? 1 : 0;

function shard(of: number, own: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./model-worker.ts', import.meta.url), {
      workerData: { seed: of, n: own },
    });
    worker.on('message', (told: Told) => {
      played += told.played;
      runs += told.runs;
      for (const [state, count] of Object.entries(told.states)) states[state] = (states[state] ?? 0) + count;
      for (const one of told.wrong) {
        wrong.push(one);
        process.stderr.write(`${one.what}\n  ${JSON.stringify(one.sequence)}\n`);
      }
      if (seconds() > 60 * minutes) void worker.terminate().then(() => resolve());
    });
    worker.on('error', reject);
    worker.on('exit', code => (code <= 1 ? resolve() : reject(new Error(`a shard ended with ${code}`))));
  });
}
