import { z } from 'zod';

/** A run whose process is there and does not answer: nobody knows what it does, and what was asked of it waits. */
export const silentSchema = z.strictObject({
  /** When it answered last, or was asked first, UTC. */
  sinceUtc: z.string(),
  /**
   * The second process that watches over it, as the record says: it `watches` and drives the safe state after `timeout_s` of silence,
   * it has `acted`, it is `lost`, or the bench has `none`; null: the record says nothing of it, as of a run on a twin.
   */
  guard: z
    .strictObject({
      what: z.enum(['watches', 'acted', 'lost', 'none']),
      timeout_s: z.number().nullable(),
    })
    .nullable(),
  /** Instruments whose own watchdog was armed and read back: each switches its outputs off after so long without a word, s. */
  watchdogs: z.array(z.strictObject({ device: z.string(), armed_s: z.number() })),
});
/** Likewise. */
export type Silent = z.output<typeof silentSchema>;
