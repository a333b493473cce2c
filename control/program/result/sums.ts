import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SUMS, sumDifferences, sumsText } from '../../exchange/pack/sums.ts';
import { writeWhole } from './write-whole.ts';

/** The sums of what a finished run has left in its folder. */

const FILES = ['run.sqlite', 'result.json', 'rehearsal.json', 'report.html'] as const;

function filesOf(dir: string): string[] {
  return FILES.filter(file => existsSync(join(dir, file)));
}

/** Writes `SHA256SUMS` for what a finished run has left in its folder. Throws what the disk says. */
export function writeSums(dir: string): void {
  writeWhole(join(dir, SUMS), sumsText(dir, filesOf(dir)));
}

/** Writes the sums where there is room for them: a full disk has cost more than these. */
export function trySums(dir: string): void {
  try {
    writeSums(dir);
  } catch {
    // `verify` says that there are none.
  }
}

/** What differs from the sums of a run's folder, each in words; undefined: there are no sums. */
export function differencesFromSums(dir: string): string[] | undefined {
  return existsSync(join(dir, SUMS)) ? sumDifferences(dir, filesOf(dir)) : undefined;
}
