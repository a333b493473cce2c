import type { Verified } from '../../../dashboards/door/lab/verified.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { recordPath } from '../../exchange/recorded-run.ts';
import { walDamageOf, walDamageText } from '../../record/damage/wal.ts';
import { type SealReview, verifyRecord } from '../../record/seal/verify.ts';
import { differencesFromSums } from '../result/sums.ts';

/**
 * Whether the record of a run, and what else lies in its folder, is still what was made. @throws FileError where there is no
 * record at all
 */
export function verifyRun(run: string): Verified {
  const record = recordPath(run);
  const sums = record === run ? undefined : differencesFromSums(run);
  const differences = (sums ?? []).map(text => `${run}: ${text}`);
  const none = { isClosed: true, seals: 0, head: '', withFiles: sums !== undefined };
  let review: SealReview | undefined;
  try {
    review = verifyRecord(record);
  } catch (error) {
    // No record at all is bad input; one that was made unreadable is a finding.
    if (!(error instanceof FileError) || differences.length === 0) throw error;
    return { is: 'changed', found: [...differences, error.message], ...none };
  }
  if (review === undefined) return { is: 'without seals', found: differences, ...none };
  const wal = walDamageOf(record);
  const wrong = [...(wal === undefined ? [] : [walDamageText(wal)]), ...review.found];
  const found = [...differences, ...wrong.map(text => `${record}: ${text}`)];
  const { seals, head, hasEnded } = review;
  return { ...none, is: found.length > 0 ? 'changed' : 'unchanged', isClosed: hasEnded, found, seals, head };
}
