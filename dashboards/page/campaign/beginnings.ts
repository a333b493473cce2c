import { useRef } from 'preact/hooks';
import type { CampaignShown } from '../../../control/view.ts';

/** Runs that have begun and have not answered yet: their processes take some seconds to open their instruments and their pages. */

/** One that nobody has heard of for longer is not beginning any more: it goes as fast as it can, or has no page. */
const LONGEST_MS = 60_000;

/** Keeps in mind of which runs something was heard, and since when nothing was. */
export class Beginnings {
  readonly #heard = new Set<string>();
  /** The browser's own time at which it was seen first, ms. */
  readonly #since = new Map<string, number>();

  /** Ids of the runs under way that are beginning; `stamp_ms`: the browser's own time, which nobody sets. */
  look({ course, readings }: CampaignShown, stamp_ms: number): ReadonlySet<string> {
    const beginning = new Set<string>();
    for (const { id, state, beginUtc } of course.runs) {
      if (state !== 'running') {
        this.#heard.delete(id);
        this.#since.delete(id);
        continue;
      }
      if (Object.hasOwn(readings, id)) this.#heard.add(id);
      if (this.#heard.has(id)) continue;
      const since_ms = this.#since.get(id) ?? stamp_ms;
      this.#since.set(id, since_ms);
      // Both by the clock of whoever carries it out: how long it has gone on for sure.
      const age_ms = Date.parse(course.updatedUtc) - Date.parse(beginUtc ?? course.updatedUtc);
      if (stamp_ms - since_ms < LONGEST_MS && age_ms < LONGEST_MS) beginning.add(id);
    }
    return beginning;
  }
}

/** The same over the life of a page. */
export function useBeginnings(shown: CampaignShown | undefined): ReadonlySet<string> {
  const kept = useRef<Beginnings>(null);
  kept.current ??= new Beginnings();
  return shown === undefined ? new Set() : kept.current.look(shown, performance.now());
}
