import { z } from 'zod';
import { positive } from '../../contract/fields.ts';

/** Who watches the controller of a bench. */

/** Silence after which the guard acts where the bench file does not say, s. */
export const GUARD_TIMEOUT_S = 3;
/** A run may stand still for a moment (a full disk, a busy machine) without being ended. */
const SHORTEST_SILENCE_S = 1;
/** As long as an instrument's own watchdog may take at most: longer, nobody watches. */
const LONGEST_SILENCE_S = 60;
/** The `guard` of a bench file. */
export const guardSchema = z.union(
  [
    z.strictObject({
      timeout_s: positive
        .refine(
          v => v >= SHORTEST_SILENCE_S && v <= LONGEST_SILENCE_S,
          `expected ${SHORTEST_SILENCE_S}..${LONGEST_SILENCE_S} s`,
        )
        .default(GUARD_TIMEOUT_S)
        .meta({ description: 'silence of the controller after which the guard ends it and acts, s' }),
    }),
    z.strictObject({
      none: z
        .string()
        .min(10, 'expected the reason, in words')
        .meta({ description: 'why this bench needs none; it stands in the record' }),
    }),
  ],
  { error: 'expected guard: { timeout_s: 3 }, or guard: { none: "why this bench needs none" }' },
);
