import { z } from 'zod';
import { role } from '../../contract/fields.ts';
import type { DerivedKind } from './kind.ts';
import { likeItsMembers, overArray, smallest } from './of-array.ts';

/** Smallest member of an array role. */
const schema = z.strictObject({
  kind: z.literal('min').meta({ description: 'smallest member of an array role' }),
  of: role.meta({ description: 'the role that it is worked out of' }),
});

export const min: DerivedKind<typeof schema> = {
  schema,
  ...likeItsMembers,
  open: (_spec, [of]) => overArray(of, smallest),
};
