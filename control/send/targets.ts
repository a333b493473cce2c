import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { plainReason } from '../../drivers/contract/errors.ts';
import type { Place } from '../../drivers/contract/explain.ts';
import type { FileError } from '../../drivers/contract/file-error.ts';
import type { SinkSpec, SinkTarget } from '../contract/sinks.ts';

/** The sinks of a bench file with their secrets, ready to be sent to. */

/** Where the sinks stand, and what to say of them that cannot be. */
export interface SinkPlace {
  /** Folder from which a file of a secret is named. */
  readonly baseDir: string;
  error(place: Place, text: string): FileError;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const OTHERS = 0o077;

/**
 * The sinks that a run of this mode is sent to: what is simulated goes to the bucket for rehearsals, or nowhere.
 * @throws FileError naming the line of a secret that is not there, or that others may read
 */
export function targetsFor(
  mode: string,
  sinks: Readonly<Record<string, SinkSpec>>,
  place: SinkPlace,
): SinkTarget[] {
  return Object.entries(sinks).flatMap(([name, { url, org, timeout_s, token, ...sink }]) => {
    const bucket = mode === 'bench' ? sink.bucket : sink.rehearsals;
    if (mode !== 'bench' && bucket === 'none') return [];
    return [{ name, url, org, bucket, token: secretOf(name, token, place), timeout_s }];
  });
}

function secretOf(name: string, token: SinkSpec['token'], place: SinkPlace): string | undefined {
  if (token === undefined) return undefined;
  const fail = (key: 'env' | 'file', text: string): FileError =>
    place.error(['sinks', name, 'token', key], text);
  if ('env' in token)
    return secretIn(place.env[token.env] ?? '', what => fail('env', `${token.env} ${what}`));
  const path = isAbsolute(token.file) ? token.file : join(place.baseDir, token.file);
  let text: string;
  let mode: number;
  try {
    ({ mode } = statSync(path));
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw fail('file', `"${token.file}" cannot be opened: ${plainReason(error)}, expected the secret in it`);
  }
  if (process.platform !== 'win32' && (mode & OTHERS) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(3, '0');
    throw fail('file', `"${token.file}" may be read by others (mode ${octal}), expected mode 600: chmod 600`);
  }
  return secretIn(text, what => fail('file', `"${token.file}" ${what}`));
}

/** One line without blanks: anything else cannot stand in a header, and is no secret that a store gave out. */
function secretIn(text: string, fail: (what: string) => FileError): string {
  const secret = text.trim();
  if (secret === '') throw fail('is empty or not set, expected the secret of the store');
  if (!/^[\x21-\x7e]+$/.test(secret)) throw fail('holds blanks or several lines, expected the secret alone');
  return secret;
}
