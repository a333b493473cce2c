import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256OfFile } from '../../../drivers/contract/sha256.ts';
import { SUMS } from '../../exchange/pack/sums.ts';
import { writeWhole } from './write-whole.ts';

/** The sums of a run's folder, in the form of `sha256sum`: what is changed afterwards shows, byte by byte. */

/** What a run leaves in its folder. */
const FILES = ['run.sqlite', 'result.json', 'rehearsal.json', 'report.html'] as const;

/** Writes `SHA256SUMS` for what a finished run has left in its folder. Throws what the disk says. */
export function writeSums(dir: string): void {
  const lines = FILES.filter(file => existsSync(join(dir, file))).map(
    file => `${sha256OfFile(join(dir, file))}  ${file}\n`,
  );
  writeWhole(join(dir, SUMS), lines.join(''));
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
  const path = join(dir, SUMS);
  if (!existsSync(path)) return undefined;
  const found: string[] = [];
  const named = new Set<string>();
  const lines = readFileSync(path, 'latin1').split('\n');
  if (lines.pop() !== '') found.push(`${SUMS}: ends in the middle of a line`);
  for (const [i, line] of lines.entries()) {
    const [, sum, file] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? [];
    if (file === undefined || !FILES.some(known => known === file)) {
      found.push(`${SUMS}:${i + 1}: is no line of a sum and one of ${FILES.join(', ')}`);
      continue;
    }
    named.add(file);
    if (!existsSync(join(dir, file))) found.push(`${file}: is missing`);
    else if (sha256OfFile(join(dir, file)) !== sum)
      found.push(`${file}: is not the file that the run has left`);
  }
  for (const file of FILES)
    if (!named.has(file) && existsSync(join(dir, file))) found.push(`${file}: has no sum in ${SUMS}`);
  return found;
}
