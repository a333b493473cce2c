import { RunsHeard } from '../../../../dashboards/campaign/runs-heard.ts';
import type { Silent } from '../../../../dashboards/door/lab/silent.ts';
import type { LabRun } from '../../../../dashboards/door/lab.ts';
import { realClock } from '../../../../drivers/contract/clock.ts';
import type { Guards } from './guards-of.ts';

/** Runs under way whose process is there and does not answer: told by name, never taken for quiet ones. */

/** What guards a bench may change while its run hangs: its guard acts. So often it is read again, s. */
const READ_EACH_S = 2;
const wall = realClock();

/** What it needs of the runs of a laboratory. */
export interface SilentParts {
  /** Address of the page of a run that takes commands. */
  pageOf(id: string): string | undefined;
  /** What guards its bench, out of its record. Rejects where that cannot be read. */
  guards(id: string): Promise<Guards>;
}

/** Knows them, as long as somebody looks. */
export class SilentRuns implements Disposable {
  readonly #heard = new RunsHeard(wall);
  readonly #parts: SilentParts;
  readonly #guards = new Map<string, { readonly read_s: number; readonly guards: Promise<Guards> }>();

  constructor(parts: SilentParts) {
    this.#parts = parts;
  }

  /** What was heard of all that have a page, to be shown. */
  get heard(): RunsHeard {
    return this.#heard;
  }

  /** Since when it is known not to answer, UTC; undefined: it is not known to. */
  since(id: string): string | undefined {
    return this.#heard.silentSince(id);
  }

  /** The same runs, with what is known of each now. */
  async told(runs: readonly LabRun[]): Promise<readonly LabRun[]> {
    const pages = new Map(
      runs.flatMap(({ id, state }) => {
        const page = state === 'going' ? this.#parts.pageOf(id) : undefined;
        return page === undefined ? [] : [[id, page] as const];
      }),
    );
    if (pages.size === 0) return runs;
    const { silent } = await this.#heard.look(pages);
    return await Promise.all(
      runs.map(async run => {
        const since = Object.hasOwn(silent, run.id) ? silent[run.id] : undefined;
        return since === undefined ? run : { ...run, silent: await this.#told(run.id, since) };
      }),
    );
  }

  /** Of one, once it is known. */
  async one(id: string): Promise<Silent | null> {
    const page = this.#parts.pageOf(id);
    if (page === undefined) return null;
    const { silent } = await this.#heard.sure(id, page);
    return Object.hasOwn(silent, id) ? await this.#told(id, silent[id]) : null;
  }

  [Symbol.dispose](): void {
    this.#heard.close();
  }

  async #told(id: string, sinceUtc: string): Promise<Silent> {
    const now_s = wall.now_s();
    let known = this.#guards.get(id);
    if (known === undefined || now_s - known.read_s > READ_EACH_S) {
      const nothing: Guards = { guard: null, watchdogs: [] };
      // That it does not answer is told all the same.
      known = { read_s: now_s, guards: this.#parts.guards(id).catch(() => nothing) };
      this.#guards.set(id, known);
    }
    return { sinceUtc, ...(await known.guards) };
  }
}
