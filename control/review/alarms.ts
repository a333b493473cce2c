import type { Reaction } from '../../profiles/steps/recovery.ts';
import { PRIORITY_OF, type Priority } from '../contract/alarm.ts';
import { eventsOf, type RecordedEvent } from '../record/recorded-events.ts';

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
}

/** Alarms in the order in which they rose. */
export function alarmLives(events: readonly RecordedEvent[]): AlarmLife[] {
  const lives: { -readonly [K in keyof AlarmLife]: AlarmLife[K] }[] = [];
  const shelved = new Map<string, AlarmLife['shelved']>();
  const last = (id: string): (typeof lives)[number] | undefined => lives.findLast(l => l.id === id);
  for (const event of events) {
    if (event.kind === 'alarm') {
      const { id, reaction, priority = PRIORITY_OF[reaction], isFirstOut = false, flood = null } = event.data;
      lives.push({
        ...{ id, reaction, text: event.text, raised_s: event.t_s, acknowledged_s: null, cleared_s: null },
        ...{ priority, isFirstOut, acknowledgedBy: '', count: 1, shelved: shelved.get(id) ?? null, flood },
      });
    } else if (event.kind === 'clear') {
      const life = last(event.data.id);
      if (life !== undefined) life.cleared_s ??= event.t_s;
    } else if (event.kind === 'chatter') {
      const life = last(event.data.id);
      if (life !== undefined) life.count += event.data.count;
    } else if (event.kind === 'shelve') {
      const { id, what, by, reason } = event.data;
      if (what === 'unshelved') shelved.delete(id);
      else {
        shelved.set(id, { by, reason });
        const life = last(id);
        if (life?.cleared_s === null) life.shelved = { by, reason };
      }
    } else if (event.kind === 'command' && event.data.command === 'acknowledge' && event.data.accepted) {
      const { alarm, by } = event.data;
      for (const life of lives) {
        if ((alarm !== undefined && alarm !== life.id) || life.acknowledged_s !== null) continue;
        life.acknowledged_s = event.t_s;
        life.acknowledgedBy = by;
      }
    }
  }
  return lives;
}

/** How often each interlock fired, and how often of it because what it looks at was not usable. */
export interface Fired {
  readonly fired: number;
  readonly firedUnusable: number;
}

/** How often each interlock fired, by its name. */
export function firedOften(events: readonly RecordedEvent[]): ReadonlyMap<string, Fired> {
  const often = new Map<string, Fired>();
  for (const { data } of eventsOf(events, 'alarm')) {
    const { fired, firedUnusable } = often.get(data.id) ?? NEVER;
    often.set(data.id, {
      fired: fired + 1,
      firedUnusable: firedUnusable + (data.isUnusable === true ? 1 : 0),
    });
  }
  for (const { data } of eventsOf(events, 'chatter')) {
    const { fired, firedUnusable } = often.get(data.id) ?? NEVER;
    often.set(data.id, { fired: fired + data.count, firedUnusable });
  }
  return often;
}

/** Of an interlock that never fired. */
export const NEVER: Fired = { fired: 0, firedUnusable: 0 };

/**
 * The largest figure of one interlock during each of its alarms. `take` its figures in the order of time; figures grow
 * towards the limit and beyond it.
 */
export class AlarmPeaks {
  readonly #spans: readonly AlarmLife[];
  readonly #peaks: number[];
  #at = 0;
  /** The last figure before now: the reading that raised an alarm comes just before it. */
  #last = -Infinity;

  constructor(id: string, lives: readonly AlarmLife[]) {
    this.#spans = lives.filter(life => life.id === id);
    this.#peaks = this.#spans.map(() => -Infinity);
  }

  /** A figure that was judged; not finite: nothing usable. */
  take(t_s: number, figure: number): void {
    while (this.#at < this.#spans.length && t_s > (this.#spans[this.#at].cleared_s ?? Infinity)) this.#at++;
    const span = this.#spans[this.#at];
    if (span !== undefined && t_s >= span.raised_s) {
      const peak = Math.max(this.#peaks[this.#at], Number.isFinite(figure) ? figure : -Infinity, this.#last);
      this.#peaks[this.#at] = peak;
      this.#last = -Infinity;
    } else this.#last = Number.isFinite(figure) ? figure : -Infinity;
  }

  /** The peak of its n-th alarm; NaN where nothing usable was read during it. */
  of(n: number): number {
    const peak = this.#peaks[n];
    return Number.isFinite(peak) ? peak : Number.NaN;
  }
}
