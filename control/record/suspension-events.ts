import { z } from 'zod';

/** What the journal keeps of suspensions. `figure`: how it reads a number. */
export function suspensionEvents<F extends z.ZodType<number>>(figure: F) {
  const which = { id: z.string(), of: z.enum(['interlock', 'limit']), nth: z.number().int() };
  const sets = z.object({ role: z.string(), to: figure, per_s: figure.exactOptional() });
  return {
    /**
     * An interlock (by its id) or a limit of the method (by its place) has led into a suspension, for the `nth` time in this
     * run: what is set meanwhile, how long it must be back, and when it ends in the safe state.
     */
    suspended: z.object({
      ...which,
      at_most: z.number().int(),
      for_s: figure,
      within_s: figure,
      sets: z.array(sets).readonly(),
    }),
    /** What had led into a suspension has been back long enough: the run goes on. */
    recovered: z.object({ ...which, lasted_s: figure }),
  };
}
