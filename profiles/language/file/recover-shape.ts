import { z } from 'zod';
import { atMost } from '../../steps/recovery.ts';
import { anyValue, condition, stemOf, stemShape } from './keys.ts';

/** What stands behind `recover` of a limit that suspends. */

const hasStem = (keys: object, stem: string): boolean => Object.keys(keys).some(key => stemOf(key) === stem);

const setValue = z.union(
  [anyValue, z.strictObject({ to: anyValue, ...stemShape({ per: 'fastest change, there and back' }) })],
  { error: 'expected a value, or { to: 20, per_s: 2 }' },
);

/** What is done while a run is suspended, how it ends, and how often it may be. */
export const recoverShape = z
  .strictObject({
    set: z.record(z.string(), setValue).optional().meta({
      description: 'what is set meanwhile: role: value, or role: { to, per_s }; a load is never raised',
    }),
    back: condition.optional().meta({
      description:
        'what must be true before it counts as back (hysteresis); without it that `when` is not true',
    }),
    ...stemShape({
      for: 'the run goes on by itself once it has been back so long without a break',
      within: 'a recovery that takes longer ends in the safe state',
    }),
    at_most: atMost,
  })
  .refine(keys => hasStem(keys, 'for'), {
    error: 'expected for_min (or for_s, for_h): so long back in range before the run goes on',
  })
  .refine(keys => hasStem(keys, 'within'), {
    error: 'expected within_min (or within_s, within_h): a recovery without an end is no protection',
  });

/** Keys of one limit. */
export const limitShape = z
  .strictObject({
    when: condition.meta({
      description: 'condition that must not hold; bad and stale readings count as exceeded',
    }),
    // biome-ignore lint/suspicious/noThenProperty: the word of the language
    then: z.enum(['warn', 'hold', 'suspend', 'stop', 'trip']).meta({ description: 'what happens then' }),
    recover: recoverShape.optional().meta({ description: 'of suspend: what is done meanwhile, until when' }),
  })
  .refine(limit => limit.then !== 'suspend' || limit.recover !== undefined, {
    error: 'expected recover beside suspend: { set, back, for_min, within_min, at_most }',
    path: ['then'],
  })
  .refine(limit => limit.then === 'suspend' || limit.recover === undefined, {
    error: 'expected then: suspend, nothing else recovers',
    path: ['then'],
  });
