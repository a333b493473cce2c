import { z } from 'zod';

/** Pieces of what steps save. JSON has no NaN: a figure that is not known is null in it. */

/** A figure, or null for "not known". */
export const figure = z.number().nullable();

/** A figure as JSON holds it. */
export function orNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** A saved figure as code works with it. */
export function orNaN(value: number | null): number {
  return value ?? Number.NaN;
}
