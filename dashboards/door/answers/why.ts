import { z } from 'zod';

/** Why the door says no, as data: a page tells it in its own language. What has no code is told in words only. */

const nothing = z.strictObject({});

export const whySchema = z.discriminatedUnion('code', [
  /** Nobody has signed in, or not any more. */
  z.strictObject({ code: z.literal('nobody'), with: nothing }),
  /** The role does not do. */
  z.strictObject({ code: z.literal('role'), with: z.strictObject({ own: z.string(), needed: z.string() }) }),
  /** Nobody is in control, and it takes somebody who is. */
  z.strictObject({ code: z.literal('noControl'), with: nothing }),
  z.strictObject({
    code: z.literal('otherControl'),
    with: z.strictObject({ by: z.string(), sinceUtc: z.string() }),
  }),
  /** The accounts cannot be read. */
  z.strictObject({ code: z.literal('unreadable'), with: nothing }),
  z.strictObject({ code: z.literal('wrongPassword'), with: nothing }),
]);
/** Why the door says no. */
export type DoorWhy = z.output<typeof whySchema>;
