import { z } from 'zod';
import { finite, positive } from '../contract/fields.ts';

/** How a bench shows its alarms to people. Nothing here changes what an interlock does. */

/** Longest time that an alarm may be shelved for, h (default: a shift). */
const SHELVE_H = 8;
/** More alarms than this in so many s are a flood (ISA-18.2: more than 10 in 10 min for each operator; recalled). */
const FLOOD_COUNT = 10;
const FLOOD_WITHIN_S = 600;

/** The `alarms` of a bench file. */
export const alarmRulesSchema = z.strictObject({
  shelve_h: positive
    .refine(v => v <= 168, 'expected at most 168 h')
    .default(SHELVE_H)
    .meta({ description: 'longest time that a warning may be shelved for, h' }),
  floodCount: finite
    .refine(v => Number.isInteger(v) && v >= 2, 'expected a whole number >= 2')
    .default(FLOOD_COUNT)
    .meta({ description: 'more alarms than this in floodWithin_s are a flood, itself an alarm' }),
  floodWithin_s: positive
    .default(FLOOD_WITHIN_S)
    .meta({ description: 'time over which they are counted, s' }),
});
export type AlarmRules = Readonly<z.infer<typeof alarmRulesSchema>>;

/** What counts where the bench file says nothing. */
export const ALARM_RULES: AlarmRules = alarmRulesSchema.parse({});
