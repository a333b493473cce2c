import { parseArgs } from 'node:util';
import { seededRandom } from '../../drivers/contract/random.ts';
import { runSequence } from './alarm-sequences.ts';

/**
 * Random sequences of readings, acknowledgements and shelving against interlocks and list of alarms:
 * `npm run fuzz:alarms -- --n 1000000 --seed 1` (n: steps). Last line: JSON. Exit code 1 where something does not hold.
 */

const { values } = parseArgs({
  options: { n: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const n = Number(values.n);
const seed = Number(values.seed);
if (!(Number.isInteger(n) && n > 0 && Number.isInteger(seed)))
  throw new Error(`--n ${values.n} --seed ${values.seed}: expected whole numbers`);

/** Steps of one sequence: long enough for the longest shelving, short enough to be looked at. */
const LENGTH = 200;
const found: string[] = [];
let steps = 0;
for (let k = 0; steps < n; k++) {
  const length = Math.min(LENGTH, n - steps);
  const wrong = runSequence(length, seededRandom(seed + k));
  if (wrong !== undefined) found.push(`seed ${seed + k}: ${wrong}`);
  steps += length;
}
for (const line of found.slice(0, 10)) console.log(line);
console.log(JSON.stringify({ steps, sequences: Math.ceil(n / LENGTH), seed, found: found.length }));
process.exitCode = found.length > 0 ? 1 : 0;
