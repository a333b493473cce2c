import type { Recovery, RecoverySet } from '../../../profiles/steps/recovery.ts';
import { ordinal } from '../../contract/said/said.ts';

/** What has led into a suspension: an interlock by its id, or a limit of the method by its place. */
export interface Suspending {
  readonly of: 'interlock' | 'limit';
  readonly id: string;
  readonly recovery: Recovery;
  /** In words, as it was then. */
  readonly text: string;
}

/** One that is not over yet; times in s of the session's clock. */
interface Open extends Suspending {
  /** The how manyth of its kind in this run. */
  nth: number;
  since_s: number;
  /** Since when it has been back without a break; NaN: it is not. */
  back_s: number;
  /** It has been back long enough. */
  isReady: boolean;
}

/** What a suspension remembers, JSON. */
export interface SuspensionState {
  readonly counts: Readonly<Record<string, number>>;
  readonly open: readonly (Omit<Open, 'back_s'> & { readonly back_s: number | null })[];
}

/** Nothing has been suspended yet. */
export const NEVER_SUSPENDED: SuspensionState = { counts: {}, open: [] };

/** What a cause that is raised leads to: its recovery begins, goes on, or it has been suspended too often. */
export type Begun =
  | { readonly is: 'begun'; readonly nth: number }
  | { readonly is: 'goes on' }
  | { readonly is: 'too often'; readonly text: string };

/**
 * What of a run is suspended and how often it has been: a pure state, time comes in with the look. Several causes may be
 * open at once, each with its own recovery; the run goes on when all of them have been back long enough, and any of them
 * that takes too long, or comes once too often, ends it.
 */
export class Suspension {
  readonly #counts = new Map<string, number>();
  readonly #open = new Map<string, Open>();

  constructor(saved: SuspensionState = NEVER_SUSPENDED) {
    for (const [id, count] of Object.entries(saved.counts)) this.#counts.set(id, count);
    for (const one of saved.open) this.#open.set(one.id, { ...one, back_s: one.back_s ?? Number.NaN });
  }

  /** Taken up after a cut: each recovery that is open begins anew, as often as it was. */
  anew(now_s: number): void {
    for (const one of this.#open.values())
      Object.assign(one, { since_s: now_s, back_s: Number.NaN, isReady: false });
  }

  /** This cause is open. */
  isOpenFor(id: string): boolean {
    return this.#open.has(id);
  }

  /** Limits of an edited method stand elsewhere: what is counted by their places goes on. */
  rename(places: ReadonlyMap<string, string>): void {
    const counts = [...this.#counts];
    this.#counts.clear();
    for (const [id, count] of counts) this.#counts.set(places.get(id) ?? id, count);
  }

  /** Something is suspended now. */
  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  /** All of it has been back long enough. */
  get isReady(): boolean {
    for (const { isReady } of this.#open.values()) if (!isReady) return false;
    return true;
  }

  /** What is suspended now, the oldest first. */
  get open(): readonly Readonly<Open>[] {
    return [...this.#open.values()];
  }

  /** What all that is open sets, of one role the least; undefined: nothing is suspended. */
  sets(): readonly RecoverySet[] | undefined {
    if (!this.isOpen) return undefined;
    const found = new Map<string, RecoverySet>();
    for (const { recovery } of this.#open.values()) {
      for (const set of recovery.sets) {
        const other = found.get(set.role);
        if (other === undefined || Math.abs(set.to) <= Math.abs(other.to)) found.set(set.role, set);
      }
    }
    return [...found.values()];
  }

  /** A cause is raised. */
  raise(cause: Suspending, now_s: number): Begun {
    const old = this.#open.get(cause.id);
    if (old !== undefined && !old.isReady) {
      old.back_s = Number.NaN;
      return { is: 'goes on' };
    }
    const { at_most } = cause.recovery;
    const nth = (this.#counts.get(cause.id) ?? 0) + 1;
    if (nth > at_most) {
      const text = `${cause.text}: for the ${ordinal(nth)} time in this run, at most ${at_most} may recover`;
      return { is: 'too often', text };
    }
    this.#counts.set(cause.id, nth);
    this.#open.set(cause.id, { ...cause, nth, since_s: now_s, back_s: Number.NaN, isReady: false });
    return { is: 'begun', nth };
  }

  /** One look. `isStanding`: whether a cause is still there. Says which has taken too long. */
  look(now_s: number, isStanding: (cause: Suspending) => boolean): Readonly<Open> | undefined {
    let late: Open | undefined;
    for (const one of this.#open.values()) {
      if (isStanding(one)) {
        one.back_s = Number.NaN;
        // Held, and exceeded anew before anybody let it go on.
        one.isReady = false;
      } else if (Number.isNaN(one.back_s)) one.back_s = now_s;
      if (now_s - one.back_s >= one.recovery.for_s) one.isReady = true;
      if (!one.isReady && now_s - one.since_s >= one.recovery.within_s) late ??= one;
    }
    return late;
  }

  /** The run goes on: nothing is suspended any more. */
  over(): readonly Readonly<Open>[] {
    const open = this.open;
    this.#open.clear();
    return open;
  }

  /** What it remembers. */
  state(): SuspensionState {
    return {
      counts: Object.fromEntries(this.#counts),
      open: this.open.map(one => ({ ...one, back_s: Number.isNaN(one.back_s) ? null : one.back_s })),
    };
  }
}
