import { z } from 'zod';
import { REACTIONS } from '../../../profiles/steps/recovery.ts';
import { PRIORITIES } from '../../contract/alarm.ts';

/** What stands in the events of alarms. */

const figure = z.union([z.number(), z.nan(), z.null().transform(() => Number.NaN)]);
const whole = z.number().int();

export const ALARM_EVENTS = {
  /**
   * An interlock has fired. `isUnusable`: what it looks at could not be read, nothing is known to be beyond its limit.
   * `isFirstOut`: of the alarms that act and stand together it came first. `isShelved`: nobody is told. `flood`: it
   * says that there are too many, so many in so long. `value`, `limit`: what was read and what was in force, in `unit` (null:
   * nothing usable); `phase`, `step`: what was going on. They are absent of what chatters, and in older records.
   */
  alarm: z.object({
    id: z.string(),
    reaction: z.enum(REACTIONS),
    isUnusable: z.literal(true).exactOptional(),
    priority: z.enum(PRIORITIES).exactOptional(),
    isFirstOut: z.literal(true).exactOptional(),
    isShelved: z.literal(true).exactOptional(),
    value: z.number().nullable().exactOptional(),
    limit: z.number().exactOptional(),
    unit: z.string().exactOptional(),
    phase: z.string().exactOptional(),
    step: z.string().exactOptional(),
    flood: z.object({ limit: figure, within_s: figure, count: whole }).exactOptional(),
  }),
  /** Its cause has gone. `peak`: the value farthest beyond the limit meanwhile; null: nothing usable was read. */
  clear: z.object({
    id: z.string(),
    peak: z.number().nullable().exactOptional(),
    isShelved: z.literal(true).exactOptional(),
  }),
  /** It rose so many times more, too often for an event each. */
  chatter: z.object({ id: z.string(), count: whole, over_s: figure }),
  /** Put aside by a person, and back: by a person, or (`by` empty) when its time was over. `isStanding`: its cause is present. */
  shelve: z.object({
    id: z.string(),
    what: z.enum(['shelved', 'unshelved']),
    by: z.string(),
    reason: z.string(),
    for_s: figure,
    isStanding: z.boolean(),
  }),
} as const;
