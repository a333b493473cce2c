import { z } from 'zod';
import { positive } from './fields.ts';

/** `sinks:` of a bench file: the stores that get a copy of what the journal holds. */

/** Where a secret stands: never in a bench file or a campaign, which go into every record. */
export const secretSchema = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
    z.strictObject({ file: z.string().min(1) }),
  ],
  { error: 'expected { env: NAME_OF_VARIABLE } or { file: path of a file with mode 600 }' },
);

export type SecretSpec = z.infer<typeof secretSchema>;

const url = z.string().refine(
  text => {
    const parsed = URL.parse(text);
    return (
      parsed !== null &&
      /^https?:$/.test(parsed.protocol) &&
      parsed.username === '' &&
      parsed.password === '' &&
      parsed.search === '' &&
      parsed.hash === ''
    );
  },
  { error: 'expected http(s)://host[:port][/path] without user, password and query' },
);

const name = z.string().regex(/\S/, 'expected a name, not blanks');

const influxSchema = z.strictObject({
  kind: z.literal('influxdb', { error: 'expected influxdb' }).meta({ description: 'kind of store' }),
  url: url.meta({ description: 'address of the store, without user, password and query' }),
  org: name.meta({ description: 'organisation' }),
  bucket: name.meta({ description: 'bucket for runs on the instruments' }),
  rehearsals: name
    .default('none')
    .meta({ description: 'bucket for all that is simulated; none: it is sent nowhere' }),
  token: secretSchema
    .optional()
    .meta({ description: 'where the secret stands; absent for a server that asks for none' }),
  timeout_s: positive
    .refine(v => v <= 300, 'expected at most 300 s')
    .default(10)
    .meta({ description: 'a request that is not answered in this time has failed, s' }),
});

/** Sinks by name. */
export const sinksSchema = z
  .record(z.string().regex(/^[a-z][a-zA-Z0-9-]*$/, 'expected a sink name like "lab"'), influxSchema)
  .refine(
    sinks => Object.values(sinks).every(sink => sink.rehearsals !== sink.bucket),
    'expected for rehearsals a bucket other than that of the runs on the instruments, or none',
  );

export type SinkSpec = z.infer<typeof influxSchema>;

/** A sink as the sender needs it: one bucket, and the secret itself. */
export interface SinkTarget {
  readonly name: string;
  readonly url: string;
  readonly org: string;
  readonly bucket: string;
  readonly token: string | undefined;
  readonly timeout_s: number;
}

/** How one sink is doing. */
export interface SinkStatus {
  readonly name: string;
  /** `stopped`: until the program is started again (a secret that is refused); `done`: all of an ended run is sent. */
  readonly state: 'sending' | 'waiting' | 'stopped' | 'done';
  /** Why it waits or has stopped; empty while all is well. */
  readonly reason: string;
  /** Rows (readings, set points, events) that are acknowledged, of this run. */
  readonly sent: number;
  /** Rows that the store refused: they stand with the reason in sending.sqlite of the run. */
  readonly dead: number;
  /** Rows in the journal that are neither, and how old the oldest of them is, s. */
  readonly lag_rows: number;
  readonly lag_s: number;
}
