import { z } from 'zod';
import { role } from '../../contract/fields.ts';
import type { DerivedKind } from './kind.ts';
import { largest, likeItsMembers, overArray } from './of-array.ts';

/** Largest member of an array role. */
const schema = z.strictObject({ kind: z.literal('max'), of: role });

export const max: DerivedKind<typeof schema> = {
  schema,
  ...likeItsMembers,
  open: (_spec, [of]) => overArray(of, largest),
};
