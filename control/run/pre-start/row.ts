import type { StartCheck, StartRow } from '../../contract/start-check.ts';

/** Rows of the list before a start. */

interface Asked {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
}

/** What is as expected, or not. */
export function judged(check: StartCheck, asked: Asked, isGood: boolean): StartRow {
  return { check, ...asked, outcome: isGood ? 'ok' : 'failed', reason: '' };
}

/** What cannot be said here, and why. */
export function idle(check: StartCheck, asked: Asked, reason: string): StartRow {
  return { check, ...asked, outcome: 'not applicable', reason };
}
