import { basename } from 'node:path';
import type { LiveAlarm } from '../../contract/alarm.ts';
import type { AlarmPage, AlarmsAsked, PastAlarm } from '../../record/alarms/past-alarm.ts';

/** Of so many runs of one session the alarms are still told. */
const KEPT_RUNS = 20;

/** What is asked of the history: `run`: one of the session, by the name of its folder; absent: the one at hand. */
export interface PastAlarmsAsked extends AlarmsAsked {
  readonly run?: string;
}

/** A page of the history of a run, and which runs of the session have one, the newest first. */
export interface SessionAlarms extends AlarmPage {
  readonly run: string;
  readonly runs: readonly string[];
}

/** A record that can be asked. */
interface Asked {
  readonly dir: string;
  readonly windows: { alarms(asked: AlarmsAsked): Promise<AlarmPage> };
}

/** The alarms of the run at hand and of those before it in this session, out of their records. */
export class PastAlarms {
  /** The newest first. */
  readonly #records: Asked[] = [];

  /** From now on this is the run at hand. */
  show(record: Asked): void {
    this.#records.unshift(record);
    this.#records.length = Math.min(this.#records.length, KEPT_RUNS);
  }

  /**
   * A page of them. `standing`: what stands now: its furthest value is in no record yet.
   * Rejects with a RangeError where there is no such run, with another Error where its record cannot be read now.
   */
  async page({ run, ...asked }: PastAlarmsAsked, standing: readonly LiveAlarm[]): Promise<SessionAlarms> {
    const runs = this.#records.map(({ dir }) => basename(dir));
    const place = run === undefined ? 0 : runs.indexOf(run);
    const record = this.#records[place];
    if (record === undefined && run !== undefined)
      throw new RangeError(`no run "${run}" in this session, expected one of ${runs.join(', ')}`);
    if (record === undefined) throw new Error('no run has a record yet');
    const page = await record.windows.alarms(asked);
    const alarms = place === 0 ? page.alarms.map(alarm => withPeak(alarm, standing)) : page.alarms;
    return { ...page, alarms, run: runs[place], runs };
  }
}

function withPeak(alarm: PastAlarm, standing: readonly LiveAlarm[]): PastAlarm {
  if (alarm.cleared_s !== null || alarm.peak !== null) return alarm;
  const now = standing.find(({ id, gone_s }) => id === alarm.id && gone_s === null);
  return now === undefined ? alarm : { ...alarm, peak: now.peak };
}
