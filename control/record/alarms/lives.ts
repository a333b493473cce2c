import type { Reaction } from '../../../profiles/steps/recovery.ts';
import { type AlarmState, PRIORITY_OF, type Priority } from '../../contract/alarm.ts';
import type { RecordedEvent } from '../recorded-events.ts';

/** The alarms of a recorded run, one entry for each time that an interlock fired. */

/** One alarm from its rise on; times in seconds of run time. */
export interface AlarmLife {
  readonly id: string;
  readonly reaction: Reaction;
  readonly text: string;
  readonly raised_s: number;
  /** When a person acknowledged it; null: nobody did. */
  readonly acknowledged_s: number | null;
  /** When its cause was gone; null: it was there to the end of the record. */
  readonly cleared_s: number | null;
  readonly priority: Priority;
  /** Of the alarms that act and stood together, it came first. */
  readonly isFirstOut: boolean;
  /** Who acknowledged it; empty: nobody. */
  readonly acknowledgedBy: string;
  /** How often it rose: 1, or more where it chattered, which is not told one by one. */
  readonly count: number;
  /** Who had put it aside while it stood, and why; null: nobody. */
  readonly shelved: { readonly by: string; readonly reason: string } | null;
  /** Of the alarm that says that there were too many. */
  readonly flood: { readonly limit: number; readonly count: number } | null;
  /** What was read when it came, and the limit then, in `unit`; null: nothing usable, or the record does not say. */
  readonly value: number | null;
  readonly limit: number | null;
  readonly unit: string;
  /** The value farthest beyond the limit while it stood; null: it still stands, nothing usable, or the record does not say. */
  readonly peak: number | null;
  /** What was going on when it came; empty: nothing, or the record does not say. */
  readonly phase: string;
  readonly step: string;
  /** Its cause went while it was shelved: nobody has to acknowledge it. */
  readonly wentShelved: boolean;
}

type Growing = { -readonly [K in keyof AlarmLife]: AlarmLife[K] };
type EventOf<K extends RecordedEvent['kind']> = Extract<RecordedEvent, { kind: K }>;

/** Kinds of event that alarms are made of. */
export const KINDS_OF_ALARMS: readonly RecordedEvent['kind'][] = [
  'alarm',
  'clear',
  'chatter',
  'shelve',
  'command',
  'phase',
  'phaseEnd',
];

/** Alarms as they come, event by event: what was told before is never gone through again, but for what waits for a person. */
export class AlarmLives {
  readonly #lives: Growing[] = [];
  readonly #newest = new Map<string, Growing>();
  readonly #waiting = new Set<Growing>();
  readonly #shelved = new Map<string, NonNullable<AlarmLife['shelved']>>();
  #phase = '';

  /** In the order in which they rose. */
  get all(): readonly AlarmLife[] {
    return this.#lives;
  }

  /** Whether an alarm is put aside now. */
  isShelved(id: string): boolean {
    return this.#shelved.has(id);
  }

  /** Leaves the oldest ones out. */
  forget(count: number): void {
    for (const life of this.#lives.splice(0, count)) this.#waiting.delete(life);
  }

  /** Takes the next event of the record in. */
  take(event: RecordedEvent): void {
    if (event.kind === 'alarm') this.#rises(event);
    else if (event.kind === 'clear') this.#ends(event);
    else if (event.kind === 'chatter') {
      const life = this.#newest.get(event.data.id);
      if (life !== undefined) life.count += event.data.count;
    } else if (event.kind === 'shelve') this.#shelves(event);
    else if (event.kind === 'command') this.#acknowledges(event);
    else if (event.kind === 'phase') this.#phase = event.data.name;
    else if (event.kind === 'phaseEnd') this.#phase = '';
  }

  #rises({ t_s, text, data }: EventOf<'alarm'>): void {
    const { id, reaction, priority = PRIORITY_OF[reaction], isFirstOut = false, flood = null } = data;
    const { value = null, limit = null, unit = '', phase = this.#phase, step = '' } = data;
    const life: Growing = {
      ...{ id, reaction, text, raised_s: t_s, acknowledged_s: null, cleared_s: null },
      ...{
        priority,
        isFirstOut,
        acknowledgedBy: '',
        count: 1,
        shelved: this.#shelved.get(id) ?? null,
        flood,
      },
      ...{ value, limit, unit, peak: null, phase, step, wentShelved: false },
      ...(flood === null ? {} : { value: flood.count, limit: flood.limit, unit: 'alarms' }),
    };
    this.#lives.push(life);
    this.#newest.set(id, life);
    this.#waiting.add(life);
  }

  #ends({ t_s, data }: EventOf<'clear'>): void {
    const life = this.#newest.get(data.id);
    if (life === undefined || life.cleared_s !== null) return;
    life.cleared_s = t_s;
    life.peak = data.peak ?? null;
    life.wentShelved = data.isShelved === true;
    if (life.wentShelved) this.#waiting.delete(life);
  }

  #shelves({ data: { id, what, by, reason } }: EventOf<'shelve'>): void {
    if (what === 'unshelved') {
      this.#shelved.delete(id);
      return;
    }
    this.#shelved.set(id, { by, reason });
    const life = this.#newest.get(id);
    if (life?.cleared_s === null) life.shelved = { by, reason };
  }

  #acknowledges({ t_s, data: { command, accepted, alarm, by } }: EventOf<'command'>): void {
    if (command !== 'acknowledge' || !accepted) return;
    for (const life of this.#waiting) {
      if (alarm !== undefined && alarm !== life.id) continue;
      life.acknowledged_s = t_s;
      life.acknowledgedBy = by;
      this.#waiting.delete(life);
    }
  }
}

/** Alarms in the order in which they rose. */
export function alarmLives(events: readonly RecordedEvent[]): readonly AlarmLife[] {
  const lives = new AlarmLives();
  for (const event of events) lives.take(event);
  return lives.all;
}

/** How the list calls an alarm that the record knows, by ISA-18.2. `isShelved`: it is put aside now. */
export function stateOfLife(life: AlarmLife, isShelved: boolean): AlarmState {
  const { cleared_s, acknowledged_s, reaction, wentShelved } = life;
  if (cleared_s === null && isShelved) return 'shelved';
  if (cleared_s === null) return acknowledged_s === null ? 'unacknowledged' : 'acknowledged';
  if (acknowledged_s !== null || wentShelved) return 'normal';
  return reaction === 'warn' ? 'returned' : 'latched';
}
