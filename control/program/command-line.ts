import { z } from 'zod';
import { numberOption, readOptions, UsageError } from './options.ts';

/** Options of a run: rehearsed, over emulated wires, or on the instruments. */

export const HELP = `cellbench: rehearse and run a night on an electrolyser bench
Software interlocks are not the protection: hard-wired limits, relief valves and an emergency stop are.

  npm start                        rehearse the night on the twin in virtual time, then serve the page
  npm start -- --wind FILE         the same with your wind series (CSV: time_s,wind_speed_m_per_s)
  npm start -- --wire              the same method, shortened, in real time over emulated wires
  npm start -- --real              on the instruments named in the bench file
  npm run rehearse -- BENCH METHOD what to look at before the night (rehearse --help)
  npm run fit -- PLANT DATA        a plant's figures from a measurement (fit --help)

  --bench FILE     bench file                    (examples/pem-500kw/bench.yaml)
  --method FILE    method file                   (examples/pem-500kw/night.yaml)
  --out DIR        folder of the run             (runs/<date>-<mode>)
  --seed N         seed of twin and wind         (1)
  --faults FILE    what goes wrong, and when     (not with --real; examples/pem-500kw/faults.yaml)
  --minutes M      length of a --wire run        (5)
  --pace N         hold the rehearsal back to N simulated seconds per second, page up from the start
  --port N         page on 127.0.0.1:N           (8080; the next free one if taken)
  --no-serve       exit when the run is over
  --help           this text

Exit codes: 0 completed, 1 completed but not all proved or readings lost, 2 bad input (nothing started),
3 stopped by a person, 4 tripped into the safe state, 5 cellbench itself failed.`;

const schema = z.strictObject({
  bench: z.string().default('examples/pem-500kw/bench.yaml'),
  method: z.string().default('examples/pem-500kw/night.yaml'),
  wind: z.string().optional(),
  out: z.string().optional(),
  faults: z.string().optional(),
  seed: numberOption(0, 2 ** 31 - 1, 'a whole number').default(1),
  minutes: numberOption(1, 600, 'a number').optional(),
  pace: numberOption(0.1, 1e6, 'a number').optional(),
  port: numberOption(1, 65535, 'a whole number').default(8080),
  wire: z.boolean().default(false),
  real: z.boolean().default(false),
  serve: z.boolean().default(true),
  help: z.boolean().default(false),
});

/** Length of a --wire run that nobody gave, min. */
const WIRE_MINUTES = 5;

export type CommandLine = Omit<z.infer<typeof schema>, 'minutes'> & { readonly minutes: number };

/** Reads the command line; throws a UsageError that names the option and what was expected. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const options = readOptions(args, {
    schema,
    flags: ['wire', 'real', 'serve', 'help'],
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
