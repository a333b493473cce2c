import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

/** The times of day in which runs may begin: staffed hours, nights, hours of cheap power. */

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** `"22:00"`, in the campaign's zone. */
export const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day in quotes, e.g. "22:00"');

export const windowSchema = z
  .strictObject({
    from: timeOfDay.meta({ description: 'when it opens, "22:00"' }),
    to: timeOfDay.meta({ description: 'when it closes, "06:00"; before `from`: on the day after' }),
    days: z
      .array(z.enum(DAYS))
      .min(1)
      .optional()
      .meta({ description: 'days on which it opens; absent: all' }),
  })
  .refine(({ from, to }) => from !== to, {
    error: 'expected another time than `from`: a window that is always open needs no name',
    path: ['to'],
  });
/** One window. */
export type Window = z.output<typeof windowSchema>;

/** When a window is open, ms of UTC: [from, to). */
export interface Opening {
  readonly from_ms: number;
  readonly to_ms: number;
}

/** What is wrong with the name of a time zone; undefined: nothing. */
export function checkTimeZone(zone: string): string | undefined {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return undefined;
  } catch {
    return `"${zone}" is no time zone, expected a name like Europe/Berlin or UTC`;
  }
}

/** Days that are looked through: a window opens at least once a week, but for one that the change of the clocks leaves out. */
const DAYS_AHEAD = 16;

/**
 * The opening in which this moment lies, else the next one. A day on which the clocks are changed has its own length;
 * a time that is left out then is that after the change.
 */
export function openingAt(window: Window, zone: string, at_ms: number): Opening {
  const today = Temporal.Instant.fromEpochMilliseconds(at_ms).toZonedDateTimeISO(zone).toPlainDate();
  // One that opened yesterday may be open still.
  for (let ahead = -1; ahead < DAYS_AHEAD; ahead++) {
    const day = today.add({ days: ahead });
    if (window.days !== undefined && !window.days.includes(DAYS[day.dayOfWeek - 1])) continue;
    const closes = window.to < window.from ? day.add({ days: 1 }) : day;
    const opening = { from_ms: moment(day, window.from, zone), to_ms: moment(closes, window.to, zone) };
    if (opening.to_ms > at_ms && opening.to_ms > opening.from_ms) return opening;
  }
  throw new RangeError(`window ${window.from}..${window.to} never opens in ${zone}`);
}

function moment(day: Temporal.PlainDate, time: string, zone: string): number {
  return day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;
}

/** A moment as files have it; null where there is none. */
export function utcOf(at_ms: number | null): string | null {
  return at_ms === null ? null : new Date(at_ms).toISOString();
}
