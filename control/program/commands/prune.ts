import { existsSync, lstatSync } from 'node:fs';
import { z } from 'zod';
import { realClock } from '../../../drivers/contract/clock.ts';
import { numberOption, readOptions, UsageError } from '../options.ts';
import { dropRecord, foreignIn, whyNotExported } from '../runs/drop-record.ts';
import { leftBehind, leftText } from '../runs/left-behind.ts';
import { judgeRuns } from '../runs/prune-rules.ts';
import { bytesOf, type ListedRun, runsIn } from '../runs/run-list.ts';
import { sizeText } from './runs.ts';

const schema = z.strictObject({
  folder: z.string().default('runs'),
  'older-than': numberOption(0, 100_000, 'a number').optional(),
  keep: numberOption(0, 1_000_000, 'a whole number').optional(),
  mode: z
    .enum(['rehearsal', 'wire', 'bench', 'imported'], {
      error: 'expected rehearsal, wire, bench or imported',
    })
    .optional(),
  'dry-run': z.boolean().default(false),
  unfinished: z.boolean().default(false),
  yes: z.boolean().default(false),
  help: z.boolean().default(false),
});
const wall = realClock();

/** `cellbench prune [FOLDER]`: deletes old runs by rule, and says which. Returns the exit code. */
export async function pruneCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['dry-run', 'unfinished', 'yes', 'help'],
    words: ['folder'],
    help: 'npm start -- prune --help',
  });
  const { keep, mode, 'older-than': olderThan_d, 'dry-run': isDry } = options;
  const isRule = olderThan_d !== undefined || keep !== undefined;
  if (!isRule && !options.unfinished)
    throw new UsageError('no rule: expected --older-than DAYS, --keep N, or both (or --unfinished alone)');
  settleLeft(options.folder, isDry);
  if (!isRule) return 0;
  const judged = judgeRuns(runsIn(options.folder), { olderThan_d, keep, mode }, wall.utc_ms());
  let freed = 0;
  let gone = 0;
  for (const { run, stays } of judged) {
    const reason = stays === '' ? whyKept(run, options.yes) : stays;
    if (reason !== '') {
      console.log(`stays     ${run.name}: ${reason}`);
      continue;
    }
    const foreign = foreignIn(run);
    const left = foreign.length === 0 ? '' : `; not of cellbench, stays: ${foreign.join(', ')}`;
    const kept = (run.exports.length === 0 ? 'no export' : `${run.exports.join(', ')} stays`) + left;
    const bytes = bytesOf(run.dir, [...run.exports, ...foreign.map(name => name.replace(/\/$/, ''))]);
    const what = `${run.name} (${sizeText(bytes)}, ${run.verdict}; ${kept})`;
    console.log(`${isDry ? 'would go' : 'goes    '}  ${what}`);
    freed += bytes;
    gone++;
    if (!isDry) dropRecord(run);
  }
  console.log(`${gone} of ${judged.length} runs ${isDry ? 'would go' : 'are gone'}, ${sizeText(freed)}`);
  return 0;
}

/** First what earlier commands were killed over: a run that is put back is judged like any other. */
function settleLeft(folder: string, isDry: boolean): void {
  if (!existsSync(folder)) return;
  for (const left of leftBehind(folder)) {
    console.log(`${isDry ? 'would settle' : 'settles'}  ${leftText(left)}`);
    if (!isDry) left.settle();
  }
}

/** Why a run that the rule lets go stays all the same; empty: it goes. */
function whyKept(run: ListedRun, isSure: boolean): string {
  if (lstatSync(run.dir).isSymbolicLink()) return 'it is a link to a folder elsewhere';
  if (isSure) return '';
  const why = whyNotExported(run);
  return why === '' ? '' : `${why} (--yes lets it go all the same)`;
}
