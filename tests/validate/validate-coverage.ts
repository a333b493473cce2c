import { parseArgs } from 'node:util';
import { realClock } from '../../drivers/contract/clock.ts';
import { type CoverageRow, coverageOf } from './covered/covered.ts';
import { NIGHTS } from './covered/nights.ts';

/**
 * `npm run validate:coverage -- [--n N] [--seed N] [--night NAME] [--json]`: how often the uncertainty of every figure holds
 * the truth, over N rehearsals of each night through instruments whose errors are drawn from their declared accuracy. Ends
 * with exit code 1 if a row is outside 93 to 97 %. With --json the last line is `{ "rows": [...] }`.
 */

function options(): {
  readonly n: number;
  readonly seed: number;
  readonly night?: string;
  readonly json: boolean;
} {
  try {
    const { values } = parseArgs({
      options: {
        n: { type: 'string', default: '1000' },
        seed: { type: 'string', default: '1' },
        night: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const [n, seed] = [Number(values.n), Number(values.seed)];
    if (!Number.isInteger(n) || n < 1)
      throw new RangeError(`--n ${values.n}: expected a whole number above 0`);
    if (!Number.isInteger(seed)) throw new RangeError(`--seed ${values.seed}: expected a whole number`);
    if (values.night !== undefined && !NIGHTS.some(({ name }) => name === values.night))
      throw new RangeError(
        `--night ${values.night}: expected one of ${NIGHTS.map(({ name }) => name).join(', ')}`,
      );
    return { n, seed, json: values.json, ...(values.night === undefined ? {} : { night: values.night }) };
  } catch (error) {
    console.error(`validate:coverage: ${error instanceof Error ? error.message : String(error)}`);
    console.error('usage: validate:coverage [--n N] [--seed N] [--night NAME] [--json]');
    process.exit(2);
  }
}

const told = (value: number): string => String(Number(value.toPrecision(4)));

/** Says on stderr each ten seconds, and each tenth of the runs, how far a night is and how long it may still take. */
function progress(night: string, runs: number): (done: number) => void {
  const start_ms = realClock().utc_ms();
  let told_ms = start_ms;
  return done => {
    const now_ms = realClock().utc_ms();
    const isTenth = done % Math.max(1, Math.floor(runs / 10)) === 0;
    if (done === runs || !(isTenth || now_ms - told_ms > TOLD_EACH_MS)) return;
    told_ms = now_ms;
    const left_s = ((now_ms - start_ms) / 1000 / done) * (runs - done);
    console.error(`  ${night}: ${done} of ${runs} runs, some ${Math.ceil(left_s / 60)} min left`);
  };
}

const TOLD_EACH_MS = 10_000;
const { n, seed, night: only, json } = options();
const rows: CoverageRow[] = [];
for (const night of NIGHTS.filter(({ name }) => only === undefined || name === only)) {
  console.log(`\n${night.name}, ${n} runs`);
  const found = await coverageOf(night, n, { seed, onDone: progress(night.name, n) });
  rows.push(...found);
  for (const row of found) {
    console.log(
      `  ${row.within ? 'yes' : 'NO '}  ${row.figure}: ${(100 * row.covered_frac).toFixed(1)} % of ${row.n} within u95 ` +
        `${told(row.u95_median)}; 2 x rms error ${told(2 * row.rms_error)}`,
    );
  }
}
const outside = rows.filter(row => !row.within);
console.log(`\n${rows.length - outside.length} of ${rows.length} rows within 93 to 97 %`);
if (json) console.log(JSON.stringify({ rows }));
process.exitCode = outside.length === 0 ? 0 : 1;
