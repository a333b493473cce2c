import { z } from 'zod';
import { role } from '../../contract/fields.ts';
import type { DerivedKind } from './kind.ts';
import { largest, likeItsMembers, overArray } from './of-array.ts';

/** Largest member of an array role. */
const schema = z.strictObject({
  kind: z.literal('max').meta({ description: 'largest member of an array role' }),
  of: role.meta({ description: 'the role that it is worked out of' }),
});

export const max: DerivedKind<typeof schema> = {
  schema,
  ...likeItsMembers,
  open: (_spec, [of]) => overArray(of, largest),
};
