import type { z } from 'zod';
import type { CampaignRun } from './campaign-file.ts';
import type { QueueItem, RunEnd } from './queue.ts';
import type { Word } from './state.ts';

/** How the supervisor of a campaign reaches the runs: as processes on benches, or in virtual time. */

/** What a carrier knows a run by, also after a restart of the supervisor; JSON. */
export type Handle = z.core.util.JSONType;

/** A run that is to be carried out. */
export interface Order {
  readonly item: QueueItem;
  readonly run: CampaignRun;
  /** As the campaign names it. */
  readonly bench: string;
  /** That, or the channel of it that the run is on. */
  readonly station: string;
  /** Folder of the run, inside that of the campaign. */
  readonly dir: string;
  readonly seed: number;
  /** It was cut off: it goes on in the record that is there. */
  readonly goesOn: boolean;
  /** The newest word that somebody has looked at the bench. */
  readonly acknowledged: Word | undefined;
}

/** What became of it. */
export type Ended =
  | {
      readonly is: 'ended';
      readonly end: RunEnd;
      /** Why a person must look before anything more begins on this bench: a trip, a safe state that is not proved. */
      readonly person: string | undefined;
      /** When it ended, ms of UTC; absent: when it was seen. */
      readonly over_ms?: number;
    }
  /** Nothing has been begun: it may be begun again as if it had not been asked for. */
  | { readonly is: 'not begun'; readonly reason: string };

/** Why nothing may begin on a bench now. */
export interface Kept {
  readonly reason: string;
  /** Until a person has looked; else it passes. */
  readonly needsPerson: boolean;
}

/** Carries runs out. */
export interface RunCarrier {
  /**
   * Makes ready what is to carry the run, calls `known` with what it will be known by, and lets it go only once that has
   * returned: whatever is under way has been written down. `stop` asks it for an orderly end, each time it tells.
   */
  carry(order: Order, known: (handle: Handle) => void, stop: StopWord): Promise<Ended>;
  /** A run that an earlier supervisor has begun: waits for its end where it goes on, and reads how it ended. */
  takeUp(order: Order, handle: Handle, stop: StopWord): Promise<Ended>;
  /** What an earlier run, of whomever, has left behind on a bench, or on a channel of it. */
  keptFrom(station: string, acknowledged: Word | undefined): Kept | undefined;
}

/** Who wants the end of a run, and for what: it stands in its record. */
export interface StopWhy {
  readonly by: string;
  readonly because: string;
}

/** Asks a run for its orderly end; a second time: at once, into the safe state. */
export class StopWord {
  #count = 0;
  #why: StopWhy | undefined;
  #listener: ((why: StopWhy | undefined) => void) | undefined;

  get isAsked(): boolean {
    return this.#count > 0;
  }

  /** `why`: where a person wants it. */
  ask(why?: StopWhy): void {
    this.#count++;
    this.#why = why;
    this.#listener?.(why);
  }

  /** Called at each word; at once for one that has been given already. */
  heard(listener: (why: StopWhy | undefined) => void): void {
    this.#listener = listener;
    if (this.isAsked) listener(this.#why);
  }
}

/** What is made of a run that never began and does not wait again. */
export function neverBegun(
  why: string,
  byPerson: boolean,
): { readonly end: RunEnd; readonly person: undefined } {
  const reason = `has not begun: ${why}`;
  const stopped = byPerson ? { stoppedBy: 'person' as const } : {};
  const end = { isCompleted: false, isPassed: undefined, reason, returned: {}, ...stopped };
  return { end, person: undefined };
}

/** Of its own for each run, and the same whenever it begins: after a kill several may begin in another order. */
export function seedOf(seed: number, id: string): number {
  return (seed + [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 99_991, 0)) % 2 ** 31;
}
