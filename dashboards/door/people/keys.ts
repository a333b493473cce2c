import { createHash, randomBytes } from 'node:crypto';

/** Keys that open the door without a password: of a session, a program, a guest. Only their hash is kept. */

/** A new one, with so many bits of chance that nobody can guess it. */
export function newKey(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** What is kept of a key. A plain hash is enough: it is chance through and through, unlike a password. */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Whether two are one; how long it takes says nothing of where they differ. */
export function isSameKey(a: string, b: string): boolean {
  return hashOfKey(a) === hashOfKey(b);
}

/** Short name of something that is kept, to speak of it. */
export function newId(): string {
  return randomBytes(6).toString('hex');
}
