import type { Reaction } from '../../profiles/steps/recovery.ts';

/**
 * The words of an alarm list: states and priorities. Names of the states by ANSI/ISA-18.2-2016 (IEC 62682) as pyAutomation's
 * alarm documentation gives them; that latching is a state of its own is recalled.
 */

/**
 * normal: nothing stands. unacknowledged, acknowledged: its cause is present. returned: the cause has gone before anybody
 * acknowledged. latched: the same of an alarm that acts (hold, stop, trip): nothing goes on until a person acknowledges.
 * shelved: put aside by a person for a limited time. suppressed: by design, its limit is not armed in this step. "Out of
 * service" is left out: no limit of a bench can be taken out of service while it runs.
 */
export const ALARM_STATES = [
  'normal',
  'unacknowledged',
  'acknowledged',
  'returned',
  'latched',
  'shelved',
  'suppressed',
] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

/** How urgent it is that a person looks, the most urgent first. */
export const PRIORITIES = ['high', 'medium', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Priority of an alarm whose bench file says none: by what it does to the run (default). */
export const PRIORITY_OF: Readonly<Record<Reaction, Priority>> = {
  trip: 'high',
  stop: 'high',
  suspend: 'medium',
  hold: 'medium',
  warn: 'low',
};

/** Name of the alarm that says that there are too many. */
export const FLOOD_ALARM = 'alarm-flood';

/** A person puts an alarm aside. */
export interface Shelving {
  readonly by: string;
  readonly reason: string;
  /** Until then, s of the clock that it was asked by. */
  readonly until_s: number;
}

/** Its cause counts as gone on this side of this value; what suspends goes on once it has been so for `for_s`, s (0: no such). */
export interface GoneAt {
  readonly is: 'below' | 'above';
  readonly value: number;
  readonly for_s: number;
}

/** An alarm that is no event of the past: it stands, waits for a person, or is shelved. Times are run time, s. */
export interface LiveAlarm {
  readonly id: string;
  readonly reaction: Reaction;
  readonly priority: Priority;
  readonly state: AlarmState;
  /** When it rose last; null: not since the start (it was shelved before). */
  readonly since_s: number | null;
  /** When its cause went; null: it is present. */
  readonly gone_s: number | null;
  readonly text: string;
  readonly acknowledged: boolean;
  /** Who acknowledged it; empty: nobody. */
  readonly acknowledgedBy: string;
  /** How often it rose since the start. */
  readonly count: number;
  /** The value farthest beyond the limit since it rose last, in `unit`; null: nothing usable was read. */
  readonly peak: number | null;
  readonly unit: string;
  /** What it waits for while its cause is present, in `unit`; null: its limit, which its words say. */
  readonly goneAt: GoneAt | null;
  /** Of the alarms that act and stand together, it came first. */
  readonly isFirstOut: boolean;
  readonly shelved: Shelving | null;
}
