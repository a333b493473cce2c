import { parseArgs } from 'node:util';
import { z } from 'zod';
import { nearest } from '../../drivers/contract/explain.ts';

/** How a command of the program reads its command line: every slip is one message that says what was expected. */

/** A command line that cannot be carried out; exit code 2. */
export class UsageError extends Error {}

/** What a command takes: its options (a boolean is a flag), the words before or between them, and where to read on. */
export interface OptionTable<Shape extends z.ZodRawShape> {
  readonly schema: z.ZodObject<Shape>;
  readonly flags: readonly string[];
  /** Options that may be given several times: a list. */
  readonly many?: readonly string[];
  /** Options that stand as bare words, in this order, e.g. `bench`, `method`; each is in the schema too. */
  readonly words: readonly string[];
  /** The command that prints the help, e.g. `npm start -- --help`. */
  readonly help: string;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A number as people write it; Number() alone would take '' and '0x10' too. */
export function numberOption(min: number, max: number, what: 'a whole number' | 'a number') {
  return z
    .string()
    .refine(
      text => {
        const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
        return value >= min && value <= max && (what === 'a number' || Number.isInteger(value));
      },
      { error: `expected ${what} ${min}..${max}` },
    )
    .transform(Number);
}

/** Reads a command line. @throws UsageError that names the option and what was expected */
export function readOptions<Shape extends z.ZodRawShape>(
  args: readonly string[],
  table: OptionTable<Shape>,
): z.output<z.ZodObject<Shape>> {
  const { schema, flags, many = [], words, help } = table;
  const misuse = (text: string): UsageError => new UsageError(`${text}\nSee ${help}`);
  const options = Object.keys(schema.shape);
  const named = options.filter(name => !words.includes(name));
  const { tokens } = parseArgs({
    args: [...args],
    // Not strict: what is wrong is said below in our own words.
    strict: false,
    tokens: true,
    allowNegative: true,
    allowPositionals: true,
    options: Object.fromEntries(
      named.map(name => [name, { type: flags.includes(name) ? ('boolean' as const) : ('string' as const) }]),
    ),
  });
  const values: Record<string, unknown> = {};
  let bare = 0;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      const word = words[bare++];
      if (word === undefined) {
        const expected =
          words.length === 0 ? 'options only' : `${words.map(w => w.toUpperCase()).join(' and ')} only`;
        throw misuse(`"${token.value}" belongs to no option, expected ${expected}`);
      }
      values[word] = token.value;
    }
    if (token.kind !== 'option') continue;
    const value = givenValue(token, named, flags, misuse);
    const before = values[token.name];
    values[token.name] = many.includes(token.name)
      ? [...(Array.isArray(before) ? before : []), value]
      : value;
  }
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const name = String(issue.path[0]);
  const value = values[name];
  if (words.includes(name) && value === undefined)
    throw misuse(`${name.toUpperCase()} is missing, expected ${words.join(' ').toUpperCase()}`);
  const said = words.includes(name) ? name.toUpperCase() : `--${name}`;
  throw misuse(
    value === undefined ? `${said} is missing, ${issue.message}` : `${said} ${value}: ${issue.message}`,
  );
}

/** Value of one option, or what is wrong with it. */
function givenValue(
  option: {
    readonly name: string;
    readonly rawName: string;
    readonly value?: string | undefined;
    readonly inlineValue?: boolean | undefined;
  },
  known: readonly string[],
  flags: readonly string[],
  misuse: (text: string) => UsageError,
): string | boolean {
  const { name, rawName, value } = option;
  const isNegative = rawName.startsWith('--no-');
  if (!known.includes(name) || rawName === `-${name}`) {
    const near = nearest(name, known);
    const hint = near === undefined ? '' : ` (did you mean --${near}?)`;
    throw misuse(`${rawName}: unknown option${hint}, expected one of ${known.map(o => `--${o}`).join(' ')}`);
  }
  if (flags.includes(name)) {
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
