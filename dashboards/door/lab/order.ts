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
/** What makes a text end early, run the other way or over several lines where it is shown. */
const MISLEADS = /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}]/u;
/** The same as it is asked for: each word is a line of text that looks as it is. */
export const orderAskedSchema = orderSchema.refine(
  order => !wordsOf(order).some(word => MISLEADS.test(word)),
  'expected lines of text, without control characters and marks that turn the direction of writing',
);

function wordsOf({ job, task, samples, places }: z.output<typeof orderSchema>): string[] {
  return [job, task, ...samples, ...places.flatMap(place => Object.values(place))];
}

export type RunOrder = z.output<typeof orderSchema>;
