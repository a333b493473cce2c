import type { DatabaseSync } from 'node:sqlite';
import { hasTable } from './file/has-table.ts';

/**
 * UTC of a run's times. The run counts on a clock that is never set; what the computer's clock showed is a line of
 * stretches, a new one wherever that clock was set. Between two of them UTC is the first one's plus the run time since.
 */

/** From this run time on, s, UTC is `utc_ms` plus the time since. */
export interface UtcStretch {
  readonly from_s: number;
  /** Milliseconds since 1970. */
  readonly utc_ms: number;
  /** By how much the clock was set there, s; positive: forward. */
  readonly step_s: number;
  /** `begin` of the record, `step`, `drift` between both clocks, `session` of a later process. */
  readonly cause: string;
}

/** The stretches of a record. One of an older form has one, by its begin. */
export class UtcTable {
  /** At least one; in the order of run time. */
  readonly stretches: readonly UtcStretch[];

  /** Of a record that does not say when it began, it is 1970. */
  constructor(db: DatabaseSync) {
    const rows = hasTable(db, 'clock')
      ? (db
          .prepare('SELECT from_s, utc_ms, step_s, cause FROM clock ORDER BY rowid')
          .all() as unknown as UtcStretch[])
      : [];
    this.stretches =
      rows.length > 0 ? rows : [{ from_s: 0, utc_ms: begin_ms(db), step_s: 0, cause: 'begin' }];
  }

  /** The stretch in which a run time lies; times before the first belong to it. */
  of(t_s: number): UtcStretch {
    const { stretches } = this;
    let i = stretches.length - 1;
    while (i > 0 && t_s < stretches[i].from_s) i--;
    return stretches[i];
  }

  /** UTC of a run time, ms since 1970. */
  at(t_s: number): number {
    const { from_s, utc_ms } = this.of(t_s);
    return utc_ms + (t_s - from_s) * 1000;
  }

  /** UTC of many run times, whole microseconds since 1970. */
  microseconds(t_s: Float64Array): Float64Array {
    return t_s.map(time => {
      const { from_s, utc_ms } = this.of(time);
      return Math.round(utc_ms * 1000 + (time - from_s) * 1e6);
    });
  }
}

function begin_ms(db: DatabaseSync): number {
  const row = db.prepare("SELECT value FROM meta WHERE key = 'startedUtc'").get() as
    | { value: string }
    | undefined;
  const ms = Date.parse(row?.value ?? '');
  return Number.isFinite(ms) ? ms : 0;
}
