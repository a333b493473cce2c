import { z } from 'zod';

/** Pieces of what actions save. */

/** See `AskingState`. */
export const askingState = z.strictObject({
  stage: z.number().int().min(0),
  isAsked: z.boolean(),
  asked: z.array(z.string()).optional(),
  since_s: z.number(),
  took_s: z.number(),
});
