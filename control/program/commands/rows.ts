import { dirname, join } from 'node:path';
import { z } from 'zod';
import { recordPath } from '../../exchange/recorded-run.ts';
import { damageText } from '../../record/damage/marks.ts';
import { unfold } from '../../record/unfold.ts';
import { damagedOption } from '../damaged-option.ts';
import { readOptions } from '../options.ts';

const schema = z.strictObject({
  run: z.string(),
  to: z.string().optional(),
  damaged: damagedOption,
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
  const { rows, devices, damaged } = unfold(record, to, options.damaged);
  console.log(`${to}: ${rows} rows of ${devices.join(', ')}`);
  for (const part of damaged) console.log(`  damaged, left out: ${damageText(part)}`);
  return 0;
}
