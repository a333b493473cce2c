import { dirname, join } from 'node:path';
import { recordPath } from '../../exchange/recorded-run.ts';
import { damageText } from '../../record/damage/marks.ts';
import { unfold } from '../../record/unfold.ts';
import { copyOptions } from '../runs/run-options.ts';

/** `cellbench rows RUN`: a copy of a run's record with every reading as a plain row. Returns the exit code. */
export async function rowsCommand(args: readonly string[]): Promise<number> {
  const options = copyOptions('rows', args);
  const record = recordPath(options.run);
  const to = options.to ?? join(dirname(record), 'rows.sqlite');
  const { rows, devices, damaged } = unfold(record, to, options.damaged);
  console.log(`${to}: ${rows} rows of ${devices.join(', ')}`);
  for (const part of damaged) console.log(`  damaged, left out: ${damageText(part)}`);
  return 0;
}
