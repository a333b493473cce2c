import { z } from 'zod';

/** What is looked at before anything is switched on: one list, in this order. */

export const START_CHECKS = [
  'identity',
  'range',
  'watchdog',
  'guard',
  'polarity',
  'open-lead',
  'pressure-zero',
  'permissive',
  'disk',
  'clock',
] as const;
export type StartCheck = (typeof START_CHECKS)[number];

/** Checks that a lab may set aside with its reason; the others have their own place in the bench file, or none. */
export const MAY_BE_ACCEPTED = ['range', 'polarity', 'open-lead', 'pressure-zero', 'disk', 'clock'] as const;

/**
 * One row: what was looked at, what was expected, what was seen. `not applicable`, and `accepted` by the bench file although it
 * failed, say why in `reason`; a row that has failed refuses the start.
 */
export const startRowSchema = z.object({
  check: z.enum(START_CHECKS),
  what: z.string(),
  expected: z.string(),
  seen: z.string(),
  outcome: z.enum(['ok', 'failed', 'accepted', 'not applicable']),
  reason: z.string(),
});
export type StartRow = Readonly<z.infer<typeof startRowSchema>>;

/** What stands against the start, in words; empty: nothing. */
export function againstStart(rows: readonly StartRow[]): string {
  return rows
    .filter(row => row.outcome === 'failed')
    .map(({ check, what, expected, seen }) => `${check} of ${what}: ${seen}, expected ${expected}`)
    .join('; ');
}
