import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256OfFile } from '../../../drivers/contract/sha256.ts';

/** The sums of a folder's files in the form of coreutils: what is changed afterwards shows, byte by byte. */

/** File of the sums. */
export const SUMS = 'SHA256SUMS';

/** All files of a folder and the folders in it, sorted, with `/` between the names. */
export function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

/** What `SHA256SUMS` says of these files of a folder. */
export function sumsText(dir: string, files: readonly string[]): string {
  return files.map(file => `${sha256OfFile(join(dir, file))}  ${file}\n`).join('');
}

/** What differs from the `SHA256SUMS` of a folder in which these files are and no others should be summed, in words. */
export function sumDifferences(dir: string, files: readonly string[]): string[] {
  const found: string[] = [];
  const left = new Set(files);
  const lines = readFileSync(join(dir, SUMS), 'utf8').split('\n');
  if (lines.pop() !== '') found.push(`${SUMS}: ends in the middle of a line`);
  for (const [i, line] of lines.entries()) {
    const [, sum, file] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (file === undefined) found.push(`${SUMS}:${i + 1}: is no line of a sum and a file`);
    else if (!left.delete(file)) found.push(`${file}: is missing`);
    else if (sha256OfFile(join(dir, file)) !== sum) found.push(`${file}: is not the file that was summed`);
  }
  for (const file of left) found.push(`${file}: has no sum in ${SUMS}`);
  return found;
}
