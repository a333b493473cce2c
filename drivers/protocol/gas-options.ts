import { z } from 'zod';
import { isQuantity, type Quantity, unitOf } from '../contract/units.ts';

/** What the bench file says of a flow instrument, whatever it speaks. */

/** A name in NL_per_min; `example`: for the message. */
export const flowName = (example: string) =>
  z.custom<Quantity>(name => typeof name === 'string' && isQuantity(name) && unitOf(name) === 'NL_per_min', {
    error: `expected a name that ends in NL_per_min, e.g. "${example}"`,
  });

/** The state to which its litres refer; `description`: what it means where it is absent. */
export const referenceOption = (description: string) =>
  z
    .strictObject({
      temperature_degC: z.number().min(-50).max(100).meta({ description: 'temperature of the state' }),
      pressure_mbar: z.number().min(500).max(1500).meta({ description: 'absolute pressure of the state' }),
    })
    .optional()
    .meta({ description });

/** Said where the instrument tells its state. */
export const TOLD_REFERENCE =
  'state to which its litres refer, where that is not 0 degC and 1013.25 mbar; its figures are converted';
