import { z } from 'zod';
import { numberOption, readOptions, UsageError } from './options.ts';

export { HELP } from './help.ts';

/** Options of a run: rehearsed, over emulated wires, or on the instruments. */

const schema = z.strictObject({
  bench: z.string().default('examples/pem-500kw/bench.yaml'),
  method: z.string().default('examples/pem-500kw/night.yaml'),
  subject: z.string().optional(),
  wind: z.string().optional(),
  set: z.array(z.string()).default([]),
  out: z.string().optional(),
  operator: z.string().trim().min(1, 'expected a name').optional(),
  acknowledge: z.string().trim().min(1, 'expected a name').optional(),
  faults: z.string().optional(),
  seed: numberOption(0, 2 ** 31 - 1, 'a whole number').default(1),
  minutes: numberOption(1, 600, 'a number').optional(),
  pace: numberOption(0.1, 1e6, 'a number').optional(),
  port: numberOption(0, 65535, 'a whole number').default(8080),
  wire: z.boolean().default(false),
  real: z.boolean().default(false),
  accept: z.boolean().default(false),
  serve: z.boolean().default(true),
  stay: z.boolean().default(true),
  help: z.boolean().default(false),
});

/** Length of a --wire run that nobody gave, min. */
const WIRE_MINUTES = 5;

export type CommandLine = Omit<z.infer<typeof schema>, 'minutes'> & { readonly minutes: number };

/** Reads the command line; throws a UsageError that names the option and what was expected. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const options = readOptions(args, {
    schema,
    flags: ['wire', 'real', 'accept', 'serve', 'stay', 'help'],
    many: ['set'],
    words: [],
    help: 'npm start -- --help',
  });
  if (options.wire && options.real) throw new UsageError('--wire and --real exclude each other');
  if (options.real && options.faults !== undefined)
    throw new UsageError('--faults are for simulated runs; --real runs on the instruments');
  if (options.pace !== undefined && (options.wire || options.real)) {
    throw new UsageError('--pace is for the rehearsal; --wire and --real run in real time');
  }
  if (options.minutes !== undefined && !options.wire) {
    throw new UsageError(
      '--minutes is for --wire: a rehearsal and a real run take as long as the method says',
    );
  }
  return { ...options, minutes: options.minutes ?? WIRE_MINUTES };
}
