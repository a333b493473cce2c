import { z } from 'zod';
import { unitOf } from '../../../drivers/contract/units.ts';
import { role } from '../../contract/fields.ts';
import { integralOf } from './integral.ts';
import { ANY, type DerivedKind, UNKNOWN } from './kind.ts';

/** Energy that has gone into the device under test since sampling began, Wh: the integral of a power role. */
const schema = z.strictObject({
  kind: z.literal('energy').meta({ description: 'a power added up over time' }),
  of: role.meta({ description: 'the role that it is worked out of' }),
});

export const energy: DerivedKind<typeof schema> = {
  schema,
  takes: 'single',
  sources: ({ of }) => ({ of }),
  unit: of => (of === 'W' || of === 'kW' ? 'Wh' : undefined),
  range: () => ANY,
  accuracy: () => UNKNOWN,
  open: (_spec, [of], from) => integralOf(of, (unitOf(of.role) === 'kW' ? 1000 : 1) / 3600, from),
};
