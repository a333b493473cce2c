import { z } from 'zod';

/** What the journal keeps of measurements that are no readings. `figure`: how it reads a number. */
export function measuredEvents<F extends z.ZodType<number>>(figure: F) {
  /** How one has ended: points of how many, and why it is not whole. */
  const ended = z.object({
    name: z.string(),
    start_s: figure,
    points: z.number().int(),
    asked: z.number().int(),
    whole: z.boolean(),
    reason: z.string(),
  });
  return {
    /** An impedance spectrum (dataset of that name) has ended: measured to its last frequency, or why not. */
    spectrum: ended,
    /** A voltammogram (dataset of that name) has ended: swept to its end, or why not. */
    voltammogram: ended,
    /**
     * Before a spectrum whose impedance nobody knew its first point went out with a small amplitude in place of the one that is
     * asked for (peak, V or A): what |Z| it found, or why none.
     */
    amplitudeTrial: z.object({
      name: z.string(),
      start_s: figure,
      control: z.enum(['voltage', 'current']),
      frequency_Hz: figure,
      amplitude: figure,
      asked: figure,
      modulus_Ohm: figure,
      reason: z.string(),
    }),
  };
}
