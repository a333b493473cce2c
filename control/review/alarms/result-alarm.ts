import { z } from 'zod';
import { REACTIONS } from '../../../profiles/steps/recovery.ts';
import { PRIORITIES } from '../../contract/alarm.ts';

/** An alarm of a run as `result.json` has it. Times are seconds of run time. */

const figure = z.number();
const whole = z.number().int().min(0);
const reaction = z.enum(REACTIONS);

/** One alarm of the run. */
export const alarmSchema = z.strictObject({
  id: z.string(),
  reaction,
  text: z.string(),
  raised_s: figure,
  /** Null: nobody acknowledged it. */
  acknowledged_s: figure.nullable(),
  /** Null: its cause was there to the end of the record. */
  cleared_s: figure.nullable(),
  phase: z.string(),
  step: z.string(),
  limit: figure,
  unit: z.string(),
  /** The value farthest beyond the limit while it stood; null: nothing usable was read. */
  peak: figure.nullable(),
  /** The rest is absent in results of older versions. `value`: what was read when it came; null: nothing usable, or not known. */
  value: figure.nullable().exactOptional(),
  priority: z.enum(PRIORITIES).exactOptional(),
  isFirstOut: z.boolean().exactOptional(),
  /** Empty: nobody. */
  acknowledgedBy: z.string().exactOptional(),
  /** How often it rose: more than 1 where it chattered. */
  count: whole.exactOptional(),
  shelved: z.strictObject({ by: z.string(), reason: z.string() }).readonly().nullable().exactOptional(),
});
export type ResultAlarm = z.infer<typeof alarmSchema>;
