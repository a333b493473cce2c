import { z } from 'zod';
import { role } from '../../contract/fields.ts';
import type { DerivedKind } from './kind.ts';
import { overArray, smallest } from './of-array.ts';

/** Smallest member of an array role. */
const schema = z.strictObject({ kind: z.literal('min'), of: role });

export const min: DerivedKind<typeof schema> = {
  schema,
  takes: 'array',
  sources: ({ of }) => ({ of }),
  unit: of => of,
  range: of => of,
  accuracy: of => of,
  open: (_spec, [of]) => overArray(of, smallest),
};
