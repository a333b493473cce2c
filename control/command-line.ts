import { parseArgs } from 'node:util';
import { z } from 'zod';
import { nearest } from '../drivers/contract/explain.ts';

/** A command line that cannot be carried out; exit code 2. */
export class UsageError extends Error {}

export const HELP = `cellbench: rehearse and run a night on an electrolyser bench
Software interlocks are not the protection: hard-wired limits, relief valves and an emergency stop are.

  npm start                        rehearse the night on the twin in virtual time, then serve the page
  npm start -- --wind FILE         the same with your wind series (CSV: time_s,wind_speed_m_per_s)
  npm start -- --wire              the same method, shortened, in real time over emulated wires
  npm start -- --real              on the instruments named in the bench file

  --bench FILE     bench file                    (examples/pem-500kw/bench.yaml)
  --method FILE    method file                   (examples/pem-500kw/night.yaml)
  --out DIR        folder of the run             (runs/<date>-<mode>)
  --seed N         seed of twin and wind         (1)
  --minutes M      length of a --wire run        (5)
  --pace N         hold the rehearsal back to N simulated seconds per second, page up from the start
  --port N         page on 127.0.0.1:N           (8080; the next free one if taken)
  --no-serve       exit when the run is over
  --help           this text

Exit codes: 0 completed, 1 completed but not all proved or readings lost, 2 bad input (nothing started),
3 stopped by a person, 4 tripped into the safe state, 5 cellbench itself failed.`;

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A number as people write it; Number() alone would take '' and '0x10' too. */
const number = (min: number, max: number, what: 'a whole number' | 'a number') =>
  z
    .string()
    .refine(
      text => {
        const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
        return value >= min && value <= max && (what === 'a number' || Number.isInteger(value));
      },
      { error: `expected ${what} ${min}..${max}` },
    )
    .transform(Number);

const schema = z.strictObject({
  bench: z.string().default('examples/pem-500kw/bench.yaml'),
  method: z.string().default('examples/pem-500kw/night.yaml'),
  wind: z.string().optional(),
  out: z.string().optional(),
  seed: number(0, 2 ** 31 - 1, 'a whole number').default(1),
  minutes: number(1, 600, 'a number').default(5),
  pace: number(0.1, 1e6, 'a number').optional(),
  port: number(1, 65535, 'a whole number').default(8080),
  wire: z.boolean().default(false),
  real: z.boolean().default(false),
  serve: z.boolean().default(true),
  help: z.boolean().default(false),
});

export type CommandLine = z.infer<typeof schema>;

const FLAGS: readonly string[] = ['wire', 'real', 'serve', 'help'];
const OPTIONS = Object.keys(schema.shape);

/** Reads the command line; throws a UsageError that names the option and what was expected. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { tokens } = parseArgs({
    args: [...args],
    // Not strict: what is wrong is said below in our own words.
    strict: false,
    tokens: true,
    allowNegative: true,
    allowPositionals: true,
    options: Object.fromEntries(
      OPTIONS.map(name => [
        name,
        { type: FLAGS.includes(name) ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
  });
  const values: Record<string, unknown> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') {
      throw misuse(`"${token.value}" belongs to no option, expected options only`);
    }
    if (token.kind === 'option') values[token.name] = givenValue(token);
  }
  const result = schema.safeParse(values);
  if (!result.success) {
    const issue = result.error.issues[0];
    const name = String(issue.path[0]);
    throw misuse(`--${name} ${String(values[name])}: ${issue.message}`);
  }
  if (result.data.wire && result.data.real) throw new UsageError('--wire and --real exclude each other');
  if (result.data.pace !== undefined && (result.data.wire || result.data.real)) {
    throw new UsageError('--pace is for the rehearsal; --wire and --real run in real time');
  }
  return result.data;
}

/** Value of one option, or what is wrong with it. */
function givenValue(option: {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}): string | boolean {
  const { name, rawName, value } = option;
  const isNegative = rawName.startsWith('--no-');
  if (!OPTIONS.includes(name) || rawName === `-${name}`) {
    const near = nearest(name, OPTIONS);
    const hint = near === undefined ? '' : ` (did you mean --${near}?)`;
    throw misuse(
      `${rawName}: unknown option${hint}, expected one of ${OPTIONS.map(o => `--${o}`).join(' ')}`,
    );
  }
  if (FLAGS.includes(name)) {
    if (value !== undefined) throw misuse(`${rawName}=${value}: expected ${rawName} without a value`);
    return !isNegative;
  }
  if (isNegative) throw misuse(`${rawName}: unknown option, expected --${name} with a value`);
  // The next option is no value: `--out --wire` is a value forgotten.
  if (value === undefined || value === '' || (option.inlineValue !== true && value.startsWith('--'))) {
    throw misuse(`${rawName}: its value is missing, expected ${rawName} followed by one`);
  }
  return value;
}

function misuse(text: string): UsageError {
  return new UsageError(`${text}\nSee npm start -- --help`);
}
