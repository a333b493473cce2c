import { dirname, join } from 'node:path';
import { z } from 'zod';
import { recordPath } from '../../exchange/recorded-run.ts';
import { unfold } from '../../record/unfold.ts';
import { readOptions } from '../options.ts';

const schema = z.strictObject({
  run: z.string(),
  to: z.string().optional(),
  help: z.boolean().default(false),
});

/** `cellbench rows RUN`: a copy of a run's record with every reading as a plain row. Returns the exit code. */
export async function rowsCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['help'],
    words: ['run'],
    help: 'npm start -- rows --help',
  });
  const record = recordPath(options.run);
  const to = options.to ?? join(dirname(record), 'rows.sqlite');
  const { rows, devices } = unfold(record, to);
  console.log(`${to}: ${rows} rows of ${devices.join(', ')}`);
  return 0;
}
