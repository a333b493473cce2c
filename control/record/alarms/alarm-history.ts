import type { DatabaseSync } from 'node:sqlite';
import type { AlarmState } from '../../contract/alarm.ts';
import { asEvent, type EventRow } from '../recorded-events.ts';
import { type AlarmLife, AlarmLives, KINDS_OF_ALARMS, stateOfLife } from './lives.ts';
import type { AlarmPage, AlarmsAsked, PastAlarm, WhichAlarms } from './past-alarm.ts';

/** So many are kept; of a record with more the oldest are left out, and their number is told. */
export const KEPT_ALARMS = 20_000;
/** So many more may gather before they are. */
const SLACK = 2000;

const IN = KINDS_OF_ALARMS.map(kind => `'${kind}'`).join(', ');

/**
 * The alarms of a record that lies there or is being written: each question goes through what has come since the last one,
 * never through all of it again.
 */
export class AlarmHistory {
  readonly #db: DatabaseSync;
  readonly #lives = new AlarmLives();
  #row = 0;
  #left = 0;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** A page of them, the newest first. */
  page({ which, before = Number.POSITIVE_INFINITY, most }: AlarmsAsked): AlarmPage {
    this.#goOn();
    const { all } = this.#lives;
    const counts = { standing: 0, open: 0 };
    const alarms: PastAlarm[] = [];
    let next: number | null = null;
    for (let i = all.length - 1; i >= 0; i--) {
      const life = all[i];
      const state = stateOfLife(life, this.#lives.isShelved(life.id));
      if (isOf('standing', life, state)) counts.standing++;
      if (isOf('open', life, state)) counts.open++;
      const n = this.#left + i + 1;
      if (n >= before || !isOf(which, life, state)) continue;
      if (alarms.length < most) alarms.push(shownOf(n, life, state));
      else next ??= alarms[alarms.length - 1].n;
    }
    return { alarms, all: this.#left + all.length, ...counts, next, left: this.#left };
  }

  #goOn(): void {
    const rows = this.#db
      .prepare(
        `SELECT rowid AS row, t_s, kind, text, data FROM events WHERE rowid > ? AND kind IN (${IN}) ORDER BY rowid`,
      )
      .iterate(this.#row) as unknown as Iterable<EventRow & { readonly row: number }>;
    for (const { row, ...event } of rows) {
      this.#row = row;
      this.#lives.take(asEvent(event));
      if (this.#lives.all.length > KEPT_ALARMS + SLACK) this.#forget();
    }
    // A page is counted from what is kept.
    if (this.#lives.all.length > KEPT_ALARMS) this.#forget();
  }

  #forget(): void {
    const over = this.#lives.all.length - KEPT_ALARMS;
    this.#lives.forget(over);
    this.#left += over;
  }
}

function isOf(which: WhichAlarms, { cleared_s }: AlarmLife, state: AlarmState): boolean {
  if (which === 'all') return true;
  if (which === 'standing') return cleared_s === null;
  return state === 'unacknowledged' || state === 'returned' || state === 'latched';
}

function shownOf(n: number, life: AlarmLife, state: AlarmState): PastAlarm {
  const { flood, wentShelved: _, ...told } = life;
  // What says that there were too many tells how many at the most.
  return { n, ...told, state, peak: told.peak ?? (flood === null ? null : flood.count) };
}
