import { parseArgs } from 'node:util';
import { METHOD_NIGHTS } from './methods/method-nights.ts';
import { holds, type MethodRow, methodRows } from './methods/method-rows.ts';

/**
 * `npm run validate:methods -- [--n N] [--seed N] [--method NAME] [--threads N] [--json]`: each built-in method of version
 * 2 on a twin over N seeds, through instruments whose errors are drawn from their declared accuracy: what it found, what
 * is true, its uncertainty, and how often that held the truth. Exit code 1 where a figure does not hold. With --json the
 * last line is `{ "rows": [...] }`.
 */

function options() {
  try {
    const { values } = parseArgs({
      options: {
        n: { type: 'string', default: '200' },
        seed: { type: 'string', default: '20000' },
        method: { type: 'string' },
        threads: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const whole = (name: string, text: string): number => {
      const value = Number(text);
      if (!Number.isInteger(value) || value < 1)
        throw new RangeError(`--${name} ${text}: expected a whole number above 0`);
      return value;
    };
    const known = METHOD_NIGHTS.flatMap(({ methods }) => methods);
    if (values.method !== undefined && !known.includes(values.method))
      throw new RangeError(`--method ${values.method}: expected one of ${known.toSorted().join(', ')}`);
    return {
      n: whole('n', values.n),
      seed: whole('seed', values.seed),
      ...(values.threads === undefined ? {} : { threads: whole('threads', values.threads) }),
      ...(values.method === undefined ? {} : { method: values.method }),
      json: values.json,
    };
  } catch (error) {
    console.error(`validate:methods: ${error instanceof Error ? error.message : String(error)}`);
    console.error('usage: validate:methods [--n N] [--seed N] [--method NAME] [--threads N] [--json]');
    process.exit(2);
  }
}

const told = (value: number): string => String(Number(value.toPrecision(5)));
const { n, seed, method: only, threads, json } = options();
const rows: MethodRow[] = [];
console.log('method | figure | found | true | u95 | 2 x rms error | held | within 93..97 %');
for (const night of METHOD_NIGHTS.filter(({ methods }) => only === undefined || methods.includes(only))) {
  console.error(`${night.name}, ${n} seeds`);
  const found = await methodRows(night, n, { seed, ...(threads === undefined ? {} : { threads }) });
  for (const row of found.filter(({ method }) => only === undefined || method === only)) {
    rows.push(row);
    const { method, figure, value, truth, u95, twoRms, held, within, because } = row;
    const cells = [method, figure, ...[value, truth, u95, twoRms].map(told), `${held} of ${row.n}`];
    console.log([...cells, because === undefined ? within : `${within}: ${because}`].join(' | '));
  }
}
const byMethod = Map.groupBy(rows, ({ method }) => method);
const holding = [...byMethod].filter(([, own]) => holds(own)).map(([method]) => method);
const inBand = [...byMethod].filter(
  ([, own]) => holds(own) && own.some(({ within }) => within === 'yes' || within === 'noise'),
);
console.log(
  `\n${holding.length} of ${byMethod.size} methods hold in every figure; ${inBand.length} with a figure in 93 to 97 % (2 standard deviations of ${n} seeds)`,
);
const failing = [...byMethod.keys()].filter(method => !holding.includes(method));
if (failing.length > 0) console.log(`not: ${failing.join(', ')}`);
if (json) console.log(JSON.stringify({ rows }));
process.exitCode = failing.length === 0 ? 0 : 1;
