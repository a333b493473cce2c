import { realClock } from '../../../../drivers/contract/clock.ts';
import { UsageError } from '../../options.ts';
import { EXIT } from '../../result/outcome.ts';
import { courseNow } from '../status-campaign.ts';
import { folderOf, stateIn } from '../where.ts';
import { writeMorning } from './morning-file.ts';

/** `campaign report FILE`: the morning report as of now. Returns the exit code. */
export function campaignReport(file: string, out: string | undefined): number {
  const dir = folderOf(file, out);
  const state = stateIn(dir, file);
  if (state === undefined)
    throw new UsageError(`${dir}: no campaign has begun there, expected one: campaign start ${file}`);
  console.log(writeMorning(dir, state, courseNow(dir, state), realClock().utc_ms()));
  return EXIT.completed;
}
