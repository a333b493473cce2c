import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSealedFolder, reviewFolder } from '../../exchange/pack/sealed-folder.ts';
import { recordPath } from '../../exchange/recorded-run.ts';
import { isCampaignFolder, verifyCampaign } from '../campaign/audit-campaign.ts';
import { runOptions } from '../runs/run-options.ts';
import { verifyRun } from '../runs/verify-run.ts';

/** `cellbench verify RUN`: is a run's record, an export, or the trail of a campaign, still what was made? Returns the exit code: 0 yes, 1 no. */
export async function verifyCommand(args: readonly string[]): Promise<number> {
  const options = runOptions('verify', args);
  if (isCampaignFolder(options.run)) return verifyCampaign(options.run);
  const record = recordPath(options.run);
  if (record !== options.run && !existsSync(record) && isSealedFolder(options.run))
    return verifyExport(options.run);
  const { is, isClosed, found, seals, head, withFiles } = verifyRun(options.run);
  for (const finding of found) console.log(finding);
  if (is === 'without seals')
    console.log(`${record}: is of a form without seals: nothing tells whether it was changed`);
  if (!isClosed)
    console.log(
      `${record}: was not closed by its program (or its end was cut off): its newest rows are not sealed`,
    );
  if (is === 'unchanged') {
    const files = withFiles ? `, the files of ${dirname(record)} are what the run has left` : '';
    console.log(`${record}: ${seals} seals, nothing was changed${files}`);
    console.log(`chain ${head}`);
  }
  return is === 'unchanged' && isClosed ? 0 : 1;
}

function verifyExport(dir: string): number {
  const { files, found, signedBy } = reviewFolder(dir);
  for (const finding of found) console.log(`${dir}: ${finding}`);
  if (found.length > 0) return 1;
  console.log(`${dir}: ${files} files, nothing was changed since they were signed with the key ${signedBy}`);
  return 0;
}
