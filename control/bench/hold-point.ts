import { z } from 'zod';
import { finite, positive } from '../contract/fields.ts';

/** Where a set point goes in a hold. */
export const holdPoint = z.strictObject({
  to: finite.meta({
    description: 'where it goes in a hold, in the unit of the role; what stands nearer to zero stays',
  }),
  ramp_per_s: positive
    .optional()
    .meta({ description: 'fastest change there and back; without it that of `limits`' }),
});
