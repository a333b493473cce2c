import { z } from 'zod';
import { role } from '../../contract/fields.ts';
import { integralOf } from './integral.ts';
import { ANY, type DerivedKind, UNKNOWN } from './kind.ts';

/** Charge that has gone into the device under test since sampling began, Ah: the integral of a current role. */
const schema = z.strictObject({
  kind: z.literal('charge').meta({ description: 'a current added up over time' }),
  of: role.meta({ description: 'the role that it is worked out of' }),
});

export const charge: DerivedKind<typeof schema> = {
  schema,
  takes: 'single',
  sources: ({ of }) => ({ of }),
  unit: of => (of === 'A' ? 'Ah' : undefined),
  range: () => ANY,
  accuracy: () => UNKNOWN,
  open: (_spec, [of], from) => integralOf(of, 1 / 3600, from),
};
