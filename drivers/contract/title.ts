import { z } from 'zod';

/** A name that a person gives in a file: printed as it is, so nothing in it may steer a terminal. */
export const title = z
  .string()
  .min(1)
  .max(200, 'expected at most 200 characters')
  .refine(name => !/\p{Cc}/u.test(name), 'expected a name without control characters');
