import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyNumber, type SigningKey } from './signing-key.ts';
import { filesIn, SUMS, sumDifferences, sumsText } from './sums.ts';

/** A folder with signed sums: whoever has it can tell whether it is as it was made. */

const SIGNATURE = `${SUMS}.sig`;
const KEY = 'public-key.pem';
/** What the sums cannot be about. */
export const SEAL_FILES: readonly string[] = [SUMS, SIGNATURE, KEY];

/** What a look at a sealed folder has found. */
export interface FolderReview {
  /** Files that were checked. */
  readonly files: number;
  /** Each thing that is not as it was made, in words. Empty: nothing was changed. */
  readonly found: readonly string[];
  /** Number of the key that it is signed by; empty: that cannot be read. */
  readonly signedBy: string;
}

/** Writes `SHA256SUMS` over all files of a folder, `SHA256SUMS.sig` (Ed25519, 64 bytes) and `public-key.pem`. */
export function sealFolder(dir: string, { key, publicKey }: SigningKey): void {
  const text = sumsText(dir, filesIn(dir));
  writeFileSync(join(dir, SUMS), text);
  writeFileSync(join(dir, SIGNATURE), sign(null, Buffer.from(text), key));
  writeFileSync(join(dir, KEY), publicKey);
}

/** Whether a folder is, or was, a sealed one. */
export function isSealedFolder(dir: string): boolean {
  return existsSync(join(dir, SIGNATURE)) || (existsSync(join(dir, SUMS)) && existsSync(join(dir, KEY)));
}

/** Compares each file of a sealed folder with its sum, and the sums with their signature. */
export function reviewFolder(dir: string): FolderReview {
  const all = filesIn(dir);
  const missing = SEAL_FILES.filter(file => !all.includes(file)).map(file => `${file}: is missing`);
  if (missing.length > 0) return { files: 0, found: missing, signedBy: '' };
  const files = all.filter(file => !SEAL_FILES.includes(file));
  const found = sumDifferences(dir, files);
  const key = publicKeyOf(readFileSync(join(dir, KEY), 'utf8'));
  if (key === undefined) found.push(`${KEY}: is no public key as it was written`);
  else if (!verify(null, readFileSync(join(dir, SUMS)), key, readFileSync(join(dir, SIGNATURE))))
    found.push(`${SIGNATURE}: does not fit ${SUMS} and ${KEY}`);
  return { files: files.length, found, signedBy: key === undefined ? '' : keyNumber(key) };
}

/** An Ed25519 key whose text is what it would be written as: nothing in the file can be changed unseen. */
function publicKeyOf(text: string): KeyObject | undefined {
  try {
    const key = createPublicKey(text);
    return key.asymmetricKeyType === 'ed25519' && key.export({ type: 'spki', format: 'pem' }) === text
      ? key
      : undefined;
  } catch {
    return undefined;
  }
}
