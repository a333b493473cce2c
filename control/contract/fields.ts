import { z } from 'zod';
import { unitOf } from '../../drivers/contract/units.ts';

/** The small parts of which the sections of a bench file are made. */

export const finite = z.number().refine(Number.isFinite, 'expected a finite number');
export const positive = finite.refine(v => v > 0, 'expected a number > 0');
export const role = z.string().refine(name => name.includes('.') && unitOf(name) !== undefined, {
  error: 'expected a role with its unit, e.g. "stack.current_A"',
});

const reason = z.string().regex(/\S/, 'expected the reason as a text, not blanks');

/**
 * Why a lab wants a line as it is although a check objects (control/bench/checks/): the reason, which stands in the
 * record. Where several checks object to one line, each by its name: `{ <check>: "<reason>" }`.
 */
export const accepted = z
  .union([reason, z.record(z.string(), reason)], {
    error: 'expected the reason as a text, or { <check>: "<reason>" }',
  })
  .optional();

/** Reason of a line that a check objects to; one, or one for each check. */
export type AcceptedReason = NonNullable<z.infer<typeof accepted>>;
