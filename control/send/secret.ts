import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { plainReason } from '../../drivers/contract/errors.ts';
import type { Place } from '../../drivers/contract/explain.ts';
import type { SecretSpec } from '../contract/sinks.ts';

/** Secrets that a file names: out of the environment, or of a file that nobody else may read. Never told in an error. */

/** Where a secret is named, and what to say of one that cannot be had. */
export interface SecretPlace {
  /** Folder from which a file of a secret is named. */
  readonly baseDir: string;
  error(place: Place, text: string): Error;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const OTHERS = 0o077;

/**
 * Reads a secret. `at`: where it is named; `of`: whose it is, in words.
 * @throws FileError naming the line of a secret that is not there, or that others may read
 */
export function readSecret(secret: SecretSpec, at: Place, of: string, place: SecretPlace): string {
  const fail = (key: 'env' | 'file', text: string): Error => place.error([...at, key], text);
  if ('env' in secret)
    return secretIn(place.env[secret.env] ?? '', of, what => fail('env', `${secret.env} ${what}`));
  const path = isAbsolute(secret.file) ? secret.file : join(place.baseDir, secret.file);
  let text: string;
  let mode: number;
  try {
    ({ mode } = statSync(path));
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw fail('file', `"${secret.file}" cannot be opened: ${plainReason(error)}, expected the secret in it`);
  }
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(3, '0');
    throw fail(
      'file',
      `"${secret.file}" may be read by others (mode ${octal}), expected mode 600: chmod 600`,
    );
  }
  return secretIn(text, of, what => fail('file', `"${secret.file}" ${what}`));
}

/** One line without blanks: anything else cannot stand in a header, and is no secret that a server gave out. */
function secretIn(text: string, of: string, fail: (what: string) => Error): string {
  const secret = text.trim();
  if (secret === '') throw fail(`is empty or not set, expected the secret of ${of}`);
  if (!/^[\x21-\x7e]+$/.test(secret)) throw fail('holds blanks or several lines, expected the secret alone');
  return secret;
}
