import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { isSealedFolder, reviewFolder } from '../../exchange/pack/sealed-folder.ts';
import { recordPath } from '../../exchange/recorded-run.ts';
import { walDamageOf, walDamageText } from '../../record/damage/wal.ts';
import { type SealReview, verifyRecord } from '../../record/seal/verify.ts';
import { isCampaignFolder, verifyCampaign } from '../campaign/audit-campaign.ts';
import { differencesFromSums } from '../result/sums.ts';
import { runOptions } from '../runs/run-options.ts';

/** `cellbench verify RUN`: is a run's record, an export, or the trail of a campaign, still what was made? Returns the exit code: 0 yes, 1 no. */
export async function verifyCommand(args: readonly string[]): Promise<number> {
  const options = runOptions('verify', args);
  if (isCampaignFolder(options.run)) return verifyCampaign(options.run);
  const record = recordPath(options.run);
  if (record !== options.run && !existsSync(record) && isSealedFolder(options.run))
    return verifyExport(options.run);
  const sums = record === options.run ? undefined : differencesFromSums(options.run);
  for (const difference of sums ?? []) console.log(`${options.run}: ${difference}`);
  let review: SealReview | undefined;
  try {
    review = verifyRecord(record);
  } catch (error) {
    // No record at all is bad input; one that was made unreadable is a finding.
    if (!(error instanceof FileError) || (sums ?? []).length === 0) throw error;
    console.log(error.message);
    return 1;
  }
  if (review === undefined) {
    console.log(`${record}: is of a form without seals: nothing tells whether it was changed`);
    return 1;
  }
  const wal = walDamageOf(record);
  if (wal !== undefined) console.log(`${record}: ${walDamageText(wal)}`);
  for (const finding of review.found) console.log(`${record}: ${finding}`);
  if (!review.hasEnded)
    console.log(
      `${record}: was not closed by its program (or its end was cut off): its newest rows are not sealed`,
    );
  const isClean = wal === undefined && review.found.length === 0 && (sums ?? []).length === 0;
  if (isClean) {
    const files = sums === undefined ? '' : `, the files of ${dirname(record)} are what the run has left`;
    console.log(`${record}: ${review.seals} seals, nothing was changed${files}`);
    console.log(`chain ${review.head}`);
  }
  return isClean && review.hasEnded ? 0 : 1;
}

function verifyExport(dir: string): number {
  const { files, found, signedBy } = reviewFolder(dir);
  for (const finding of found) console.log(`${dir}: ${finding}`);
  if (found.length > 0) return 1;
  console.log(`${dir}: ${files} files, nothing was changed since they were signed with the key ${signedBy}`);
  return 0;
}
