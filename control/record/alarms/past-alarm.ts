import { z } from 'zod';
import { REACTIONS } from '../../../profiles/steps/recovery.ts';
import { ALARM_STATES, PRIORITIES } from '../../contract/alarm.ts';

/** The history of alarms of a run, page by page, as its record has it. */

/** Which of them: all, those whose cause is present, or those that wait for a person. */
export const WHICH_ALARMS = ['all', 'standing', 'open'] as const;
export type WhichAlarms = (typeof WHICH_ALARMS)[number];

/** So many are given at once at most. */
export const MOST_ALARMS = 500;

const figure = z.number();
const text = z.string();

/** One time that an alarm came. Times are run time, s; null or empty: it has not happened, or the record does not say. */
export const pastAlarmSchema = z.strictObject({
  /** Its number in the record, from 1 on. */
  n: z.number().int(),
  id: text,
  reaction: z.enum(REACTIONS),
  priority: z.enum(PRIORITIES),
  state: z.enum(ALARM_STATES),
  text,
  raised_s: figure,
  cleared_s: figure.nullable(),
  /** Of those that act and stood together it came first. */
  isFirstOut: z.boolean(),
  /** How often it rose: more than 1 where it chattered. */
  count: z.number().int(),
  /** What was read when it came, the value farthest beyond its limit, and the limit then; `unit`: of all three. */
  value: figure.nullable(),
  peak: figure.nullable(),
  limit: figure.nullable(),
  unit: text,
  acknowledged_s: figure.nullable(),
  acknowledgedBy: text,
  shelved: z.strictObject({ by: text, reason: text }).nullable(),
  phase: text,
  step: text,
});
export type PastAlarm = Readonly<z.output<typeof pastAlarmSchema>>;

/** A page of them, the newest first. */
export const alarmPageSchema = z.strictObject({
  alarms: z.array(pastAlarmSchema),
  /** How many there are, stand, and wait for a person, in all. */
  all: z.number().int(),
  standing: z.number().int(),
  open: z.number().int(),
  /** Ask for `before` this number to go on; null: there are no older ones. */
  next: z.number().int().nullable(),
  /** So many still older ones stand in the record only. */
  left: z.number().int(),
});
/** The same as it is passed on. */
export interface AlarmPage extends Omit<z.output<typeof alarmPageSchema>, 'alarms'> {
  readonly alarms: readonly PastAlarm[];
}

/** What is asked for: `before`: older than the one of that number. */
export interface AlarmsAsked {
  readonly which: WhichAlarms;
  readonly before?: number;
  readonly most: number;
}
