import { sign } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256OfFile } from '../../../drivers/contract/sha256.ts';
import type { SigningKey } from './signing-key.ts';

/** The sums of a folder's files, signed: whoever has the folder can tell whether it is as it was made. */

/** File of the sums, in the form of coreutils; its signature and the public key stand beside it. */
export const SUMS = 'SHA256SUMS';

/** Writes `SHA256SUMS` over all files of a folder, `SHA256SUMS.sig` (Ed25519, 64 bytes) and `public-key.pem`. */
export function writeSums(dir: string, { key, publicKey }: SigningKey): void {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
  let text = '';
  for (const name of names) text += `${sha256OfFile(join(dir, name))}  ${name}\n`;
  writeFileSync(join(dir, SUMS), text);
  writeFileSync(join(dir, `${SUMS}.sig`), sign(null, Buffer.from(text), key));
  writeFileSync(join(dir, 'public-key.pem'), publicKey);
}

/** Files of a folder that are not as its `SHA256SUMS` says, or are missing. */
export function wrongFiles(dir: string): string[] {
  const wrong: string[] = [];
  for (const line of readFileSync(join(dir, SUMS), 'utf8').split('\n')) {
    if (line === '') continue;
    const [sum, name] = [line.slice(0, 64), line.slice(66)];
    const path = join(dir, name);
    if (!existsSync(path) || sha256OfFile(path) !== sum) wrong.push(name);
  }
  return wrong;
}
