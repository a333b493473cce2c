import { z } from 'zod';

/** What a supervisor and the process of a bench say to each other: files in the folder of that process. */

/** How the name of a file with an order ends; in front stands the run's. */
export const ORDER = '.order.json';
/** The same of the word to end: how often it was said. */
export const STOP = '.stop';

/** Which bench a process carries, and how: its file; by how much plant and methods run faster than life, 1 on instruments. */
export const hostOfSchema = z.strictObject({
  path: z.string(),
  mode: z.enum(['wire', 'bench']),
  seed: z.number().int(),
  timeFactor: z.number().positive(),
});

export type HostOf = Readonly<z.infer<typeof hostOfSchema>>;

/** A run that is to be begun. */
export const orderFileSchema = z.strictObject({
  subject: z.string(),
  /** As of a command line. */
  args: z.array(z.string()),
  /** Where its end is written, and what it prints. */
  end: z.string(),
  log: z.string(),
});
export type OrderFile = z.infer<typeof orderFileSchema>;
