import { z } from 'zod';

/** Whether the record of a run is still what was made, as `cellbench verify` finds it. */
export const verifiedSchema = z.strictObject({
  is: z.enum(['unchanged', 'changed', 'without seals']),
  /** Its program has closed it: false, its newest rows are not sealed. */
  isClosed: z.boolean(),
  /** Each thing that is not as it was sealed or summed, in words. */
  found: z.array(z.string()),
  /** Seals that were checked, and the head of their chain as hexadecimal digits. */
  seals: z.number(),
  head: z.string(),
  /** Result, report and record were held against their sums, too. */
  withFiles: z.boolean(),
});
/** Likewise. */
export type Verified = z.output<typeof verifiedSchema>;
