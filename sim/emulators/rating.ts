import { z } from 'zod';

/** A rating of a type plate. */
export const rating = z.number().refine(v => Number.isFinite(v) && v > 0, 'expected a number > 0');
