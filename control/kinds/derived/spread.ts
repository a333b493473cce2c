import { z } from 'zod';
import { role } from '../../contract/fields.ts';
import { type DerivedKind, differenceUnit, UNKNOWN } from './kind.ts';
import { largest, overArray, smallest } from './of-array.ts';

/** Largest minus smallest member of an array role. */
const schema = z.strictObject({
  kind: z.literal('spread').meta({ description: 'largest minus smallest member of an array role' }),
  of: role.meta({ description: 'the role that it is worked out of' }),
});

export const spread: DerivedKind<typeof schema> = {
  schema,
  takes: 'array',
  sources: ({ of }) => ({ of }),
  unit: differenceUnit,
  range: ([low, high]) => [0, high - low],
  accuracy: () => UNKNOWN,
  open: (_spec, [of]) =>
    overArray(of, (values, first, end) => largest(values, first, end) - smallest(values, first, end)),
};
