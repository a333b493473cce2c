import { parseArgs } from 'node:util';
import { z } from 'zod';

/** A command line that cannot be carried out; exit code 2. */
export class UsageError extends Error {}

export const HELP = `cellbench: rehearse and run a night on an electrolyser bench

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

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

const schema = z.strictObject({
  bench: z.string().default('examples/pem-500kw/bench.yaml'),
  method: z.string().default('examples/pem-500kw/night.yaml'),
  wind: z.string().optional(),
  out: z.string().optional(),
  seed: whole(0, 2 ** 31 - 1).default(1),
  minutes: z.coerce.number().min(1).max(600).default(5),
  pace: z.coerce.number().min(0.1).max(1e6).optional(),
  port: whole(1, 65535).default(8080),
  wire: z.boolean().default(false),
  real: z.boolean().default(false),
  serve: z.boolean().default(true),
  help: z.boolean().default(false),
});

export type CommandLine = z.infer<typeof schema>;

/** Reads the command line; throws a UsageError that names the option and what was expected. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  let values: Record<string, unknown>;
  try {
    values = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        bench: text,
        method: text,
        wind: text,
        out: text,
        seed: text,
        minutes: text,
        pace: text,
        port: text,
        wire: flag,
        real: flag,
        serve: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError(
      `${error instanceof Error ? error.message : String(error)}\nSee npm start -- --help`,
    );
  }
  const result = schema.safeParse(values);
  if (!result.success) {
    const issue = result.error.issues[0];
    const name = String(issue.path[0]);
    throw new UsageError(`--${name} ${String(values[name])}: ${issue.message}\nSee npm start -- --help`);
  }
  if (result.data.wire && result.data.real) throw new UsageError('--wire and --real exclude each other');
  if (result.data.pace !== undefined && (result.data.wire || result.data.real)) {
    throw new UsageError('--pace is for the rehearsal; --wire and --real run in real time');
  }
  return result.data;
}
