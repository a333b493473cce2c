import { z } from 'zod';

const orderWord = z.string().max(200);
/** Where a sample is, and what else was said of it; each may be empty. */
const placeSchema = z.strictObject({
  /** Name of the sample. */
  sample: orderWord.default(''),
  container: orderWord.default(''),
  position: orderWord.default(''),
  custom: orderWord.default(''),
});
/** What whoever has ordered a run calls it: another system's job and task, its names of the samples, and where they are. */
export const orderSchema = z.strictObject({
  job: orderWord.default(''),
  task: orderWord.default(''),
  samples: z.array(orderWord).max(100).default([]),
  places: z.array(placeSchema).max(100).default([]),
});
export type RunOrder = z.output<typeof orderSchema>;
