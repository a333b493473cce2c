import { z } from 'zod';

/** Rows of a run: `roles` between two times of the run, s, at most `most` of each, then min, max and last of equal stretches. */
export const valuesAskedSchema = z.strictObject({
  roles: z.array(z.string().min(1).max(200)).min(1).max(200),
  from_s: z.number().min(0).exactOptional(),
  to_s: z.number().min(0).exactOptional(),
  most: z.number().int().min(2).max(100_000).default(2000),
});
export type ValuesAsked = z.output<typeof valuesAskedSchema>;
