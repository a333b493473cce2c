import type { InterlockSpec } from '../../bench/bench.ts';
import type { AlarmRules } from '../../bench/rules/alarm-rules.ts';
import type { GoneAt } from '../../contract/alarm.ts';
import type { EventBody } from '../../record/events.ts';

/** What goes into the list of alarms, and what comes out of it. */

/** What an interlock says: its words, the largest figure while it is active, whether it is armed, where its cause is gone. */
export interface Looked {
  readonly text: string;
  readonly peak: number;
  readonly isArmed: boolean;
  readonly goneAt?: GoneAt | null;
}

/** What the list of alarms asks and tells. */
export interface BookParts {
  readonly interlocks: readonly InterlockSpec[];
  readonly rules: AlarmRules;
  now_s(): number;
  note(body: EventBody, text: string): void;
  /** What the interlock of that name says now. */
  look(id: string): Looked | undefined;
}

/** What an event of an alarm says beside its name. */
export type AlarmNote = Pick<
  Extract<EventBody, { kind: 'alarm' }>['data'],
  'priority' | 'isFirstOut' | 'isShelved'
>;

/** What the event of its end says beside its name. */
export type ClearNote = Omit<Extract<EventBody, { kind: 'clear' }>['data'], 'id'>;

/** What is to be put aside, and who wants it. */
export interface ShelveAsked {
  readonly id: string;
  readonly for_s: number;
  readonly by: string;
  readonly reason: string;
}
