import { z } from 'zod';
import { unitOf } from '../../drivers/contract/units.ts';

/** The small parts of which the sections of a bench file are made. */

export const finite = z.number().refine(Number.isFinite, 'expected a finite number');
export const positive = finite.refine(v => v > 0, 'expected a number > 0');
export const role = z.string().refine(name => name.includes('.') && unitOf(name) !== undefined, {
  error: 'expected a role with its unit, e.g. "stack.current_A"',
});
