import { z } from 'zod';
import { atMost, type Recovery, type RecoverySet } from '../../../profiles/steps/recovery.ts';
import { finite, positive, role } from '../../contract/fields.ts';

/** What stands behind `recover` of an interlock that suspends. */

const noEnd = 'a recovery without an end is no protection';

export const recoverSchema = z
  .strictObject({
    set: z
      .record(
        role,
        z.union([finite, z.strictObject({ to: finite, per_s: positive.exactOptional() })], {
          error: 'expected a value in the unit of the role, or { to: 20, per_s: 2 }',
        }),
      )
      .default({})
      .meta({
        description:
          'what is set meanwhile: role: value, or role: { to, per_s }, there and back; a load is never raised, a cell rests anyway',
      }),
    for_s: positive.meta({
      description:
        'the run goes on by itself once the reading has been back (rearm) so long without a break, s',
    }),
    within_s: finite
      .refine(v => v > 0, `expected a number > 0: ${noEnd}`)
      .meta({ description: 'a recovery that takes longer ends in the safe state, s' }),
    at_most: atMost,
  })
  .meta({ description: 'of suspend: what is done meanwhile, until when, how often' });

export type RecoverBlock = z.infer<typeof recoverSchema>;

/** The same as the run takes it. */
export function recoveryOf({ set, for_s, within_s, at_most }: RecoverBlock): Recovery {
  const sets = Object.entries(set).map(
    ([name, to]): RecoverySet => (typeof to === 'number' ? { role: name, to } : { role: name, ...to }),
  );
  return { sets, for_s, within_s, at_most };
}
