import { z } from 'zod';
import { positive } from '../contract/fields.ts';
import { MAY_BE_ACCEPTED } from '../contract/start-check.ts';

/** What a bench says of the list before a start. */

/** A gauge that reads so far below nothing has lost its zero, bar (default). */
const PRESSURE_ZERO_BAR = 0.1;

const reason = z.string().regex(/\S/, 'expected the reason as a text, not blanks');

/** The `preStart` of a bench file. */
export const startRulesSchema = z.strictObject({
  pressureZero_bar: positive
    .default(PRESSURE_ZERO_BAR)
    .meta({ description: 'a gauge at rest may read so far below nothing, bar' }),
  mayFail: z
    .partialRecord(z.enum(MAY_BE_ACCEPTED), reason)
    .default({})
    .meta({ description: 'checks that may fail here, each with the reason: { polarity: "<reason>" }' }),
});
export type StartRules = Readonly<z.infer<typeof startRulesSchema>>;
