import { createHash, sign } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SigningKey } from './signing-key.ts';

/** The sums of a folder's files, signed: whoever has the folder can tell whether it is as it was made. */

/** File of the sums, in the form of coreutils; its signature and the public key stand beside it. */
export const SUMS = 'SHA256SUMS';

/** Writes `SHA256SUMS` over all files of a folder, `SHA256SUMS.sig` (Ed25519, 64 bytes) and `public-key.pem`. */
export async function writeSums(dir: string, { key, publicKey }: SigningKey): Promise<void> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
  let text = '';
  for (const name of names) text += `${await sha256Of(join(dir, name))}  ${name}\n`;
  writeFileSync(join(dir, SUMS), text);
  writeFileSync(join(dir, `${SUMS}.sig`), sign(null, Buffer.from(text), key));
  writeFileSync(join(dir, 'public-key.pem'), publicKey);
}

/** SHA-256 of a file, hex, read piece by piece. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/** Files of a folder that are not as its `SHA256SUMS` says, or are missing. */
export async function wrongFiles(dir: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const line of readFileSync(join(dir, SUMS), 'utf8').split('\n')) {
    if (line === '') continue;
    const [sum, name] = [line.slice(0, 64), line.slice(66)];
    const path = join(dir, name);
    if (!existsSync(path) || (await sha256Of(path)) !== sum) wrong.push(name);
  }
  return wrong;
}
