import { z } from 'zod';
import { role } from '../../contract/fields.ts';
import type { DerivedKind } from './kind.ts';
import { likeItsMembers, overArray } from './of-array.ts';

/** Mean of all members of an array role. */
const schema = z.strictObject({
  kind: z.literal('mean').meta({ description: 'mean of the members of an array role' }),
  of: role.meta({ description: 'the role that it is worked out of' }),
});

export const mean: DerivedKind<typeof schema> = {
  schema,
  ...likeItsMembers,
  open: (_spec, [of]) => overArray(of, meanOf),
};

function meanOf(values: Float64Array, first: number, end: number): number {
  let sum = 0;
  for (let i = first; i < end; i++) sum += values[i];
  return sum / (end - first);
}
