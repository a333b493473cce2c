import { z } from 'zod';

/** A run that ended without a word: its process is gone and has left no result, so nobody has said what its outputs do. */
export const cutOffSchema = z.strictObject({
  /** When its record was written last, UTC. */
  sinceUtc: z.string(),
  /**
   * What is known of the second process that watches over it. `simulated`: a twin, nothing is behind it. `waits`: it watched, and
   * begins within `timeout_s`; `unheard`: that time is long over, and it has written nothing. `under way`: it drives the safe
   * state. `proved`, `not proved`: it came to its end. `lost`: it was lost before; `none`: the bench has none; `unknown`: the record
   * says nothing of it.
   */
  guard: z.enum([
    'simulated',
    'waits',
    'unheard',
    'under way',
    'proved',
    'not proved',
    'lost',
    'none',
    'unknown',
  ]),
  /** Silence after which the guard begins, s; null: there is none, or it is not known. */
  timeout_s: z.number().nullable(),
  /** What the guard wrote last, and when, UTC; null: nothing. */
  guardSaid: z.strictObject({ utc: z.string(), text: z.string() }).nullable(),
  /** What the guard could not prove, each with the independent means that is next. */
  unproven: z.array(z.strictObject({ what: z.string(), otherwise: z.string() })),
  /** Instruments whose own watchdog was armed and read back: each switches its outputs off after so long without a word, s. */
  watchdogs: z.array(z.strictObject({ device: z.string(), armed_s: z.number() })),
});
/** Likewise. */
export type CutOff = z.output<typeof cutOffSchema>;

/** How the last run on a bench, or on a channel of it, has left it: without a word. */
export const leftSchema = z.strictObject({
  /** The run, or its folder where it is none of the laboratory. */
  run: z.string(),
  /** Channel of the bench; null: of the whole bench, or not known. */
  subject: z.string().nullable(),
  mode: z.string(),
  cutOff: cutOffSchema,
  /** A run on the instruments begins only once a person has said to have looked (`hasLooked`). */
  needsLook: z.boolean(),
});
/** Likewise. */
export type Left = z.output<typeof leftSchema>;
