import { z } from 'zod';
import { role } from '../../contract/fields.ts';
import type { DerivedKind } from './kind.ts';
import { largest, overArray } from './of-array.ts';

/** Largest member of an array role. */
const schema = z.strictObject({ kind: z.literal('max'), of: role });

export const max: DerivedKind<typeof schema> = {
  schema,
  takes: 'array',
  sources: ({ of }) => ({ of }),
  unit: of => of,
  range: of => of,
  accuracy: of => of,
  open: (_spec, [of]) => overArray(of, largest),
};
