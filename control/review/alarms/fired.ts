import type { AlarmLife } from '../../record/alarms/lives.ts';
import { eventsOf, type RecordedEvent } from '../../record/recorded-events.ts';

/** What a record says of its alarms beside each one's life: how often they fired, and how far they went. */

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

/** What an interlock read when it fired, in the unit of its limit, and when. */
export interface FiredOn {
  readonly t_s: number;
  readonly value: number;
}

/** What each interlock fired on, by its name; without those that read nothing usable, and those of older records. */
export function firedOn(events: readonly RecordedEvent[]): ReadonlyMap<string, readonly FiredOn[]> {
  const by = new Map<string, FiredOn[]>();
  for (const { t_s, data } of eventsOf(events, 'alarm')) {
    const { id, value, isUnusable, flood } = data;
    if (typeof value !== 'number' || isUnusable === true || flood !== undefined) continue;
    by.set(id, [...(by.get(id) ?? []), { t_s, value }]);
  }
  return by;
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
