import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
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
  const record = recordIn(options.run);
  const to = options.to ?? join(dirname(record), 'rows.sqlite');
  const { rows, devices } = unfold(record, to);
  console.log(`${to}: ${rows} rows of ${devices.join(', ')}`);
  return 0;
}

/** The record of a run that is named by its folder or by the file itself. */
function recordIn(run: string): string {
  return statSync(run, { throwIfNoEntry: false })?.isDirectory() === true ? join(run, 'run.sqlite') : run;
}
