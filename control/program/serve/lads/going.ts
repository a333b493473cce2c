import { z } from 'zod';
import { type LabMode, type LabRun, MODE_NAME } from '../../../../dashboards/door/lab.ts';
import { messageOf } from '../../../../drivers/contract/errors.ts';
import { type Clock, RUN_STATES } from '../../../view.ts';
import type { DoorLine } from './door-line.ts';

/** What goes on in a laboratory, as its runs tell it: which run on which bench, its state, its newest values. */

const ANSWER_MS = 3000;
/** So long a look waits for the answers; what comes later counts in the next one, s. */
const WAIT_S = 0.5;
/** A run that has said nothing for so long has no values any more, s. */
const SILENT_S = 5;

const figure = z.number().nullable();
const roleSchema = z.object({
  role: z.string(),
  value: figure,
  quality: z.enum(['good', 'simulated', 'uncertain', 'stale', 'bad']),
  set: z.object({ value: figure }).optional(),
});
/** The part of a run's snapshot that is shown. */
const snapshotSchema = z.object({
  run: z.object({
    subject: z.string(),
    state: z.enum(RUN_STATES),
    phase: z.string(),
    step: z.string(),
    time_s: z.number(),
    planned_s: z.number(),
  }),
  isLive: z.boolean(),
  roles: z.array(roleSchema),
  cells: z.object({ role: z.string(), values: z.array(figure) }).optional(),
});
type Snapshot = z.output<typeof snapshotSchema>;
type ShownRole = z.output<typeof roleSchema>;

/** A run under way on a functional unit. */
export interface Going {
  readonly run: LabRun;
  /** What it said last; undefined: nothing yet. */
  readonly said: (Omit<Snapshot, 'roles'> & { readonly roles: ReadonlyMap<string, ShownRole> }) | undefined;
  /** When it said so: s on the clock of the door, ms since 1970 UTC. */
  readonly said_s: number;
  readonly said_ms: number;
}

/** Whether it has said something once, and says nothing any more: what it said last may not be so now. */
export const isSilent = ({ said, said_s }: Going, now_s: number): boolean =>
  said !== undefined && now_s - said_s >= SILENT_S;

const NEVER = { said: undefined, said_s: Number.NEGATIVE_INFINITY, said_ms: 0 };

/** Whether what a run said last still counts. */
export const isFresh = ({ said, said_s }: Going, now_s: number): boolean =>
  said?.isLive === true && now_s - said_s < SILENT_S;

/** Asks the runs of one mode: what is real is never mixed with what is simulated. */
export class WhatGoesOn {
  readonly #door: DoorLine;
  readonly #clock: Clock;
  readonly #mode: string;
  readonly #going = new Map<string, Going>();
  /** Those whose answer is waited for. */
  readonly #asked = new Set<string>();
  #over: readonly LabRun[] = [];

  constructor(door: DoorLine, clock: Clock, mode: LabMode) {
    this.#door = door;
    this.#clock = clock;
    this.#mode = MODE_NAME[mode];
  }

  /** Runs of the mode that are over, in no order. */
  get over(): readonly LabRun[] {
    return this.#over;
  }

  /** The newest run under way on a bench of this title with this subject (empty: the bench has one). */
  on(benchTitle: string, subject: string): Going | undefined {
    const here = [...this.#going.values()].filter(({ run, said }) => {
      const itsSubject = said?.run.subject ?? run.started?.subject ?? '';
      return run.bench === benchTitle && (subject === '' || itsSubject === subject);
    });
    return here.reduce<Going | undefined>(
      (newest, one) => (newest === undefined || one.run.startedUtc > newest.run.startedUtc ? one : newest),
      undefined,
    );
  }

  /** Looks again. Rejects with what the laboratory says. */
  async look(): Promise<void> {
    const seen = (await this.#door.calls.runs()).filter(({ run }) => run.mode === this.#mode);
    const pages = new Map(seen.map(({ run, page }) => [run.id, page]));
    const runs = seen.map(({ run }) => run);
    const under = runs.filter(({ state }) => state !== 'over');
    for (const run of under) this.#going.set(run.id, { ...(this.#going.get(run.id) ?? NEVER), run });
    const ids = new Set(under.map(({ id }) => id));
    for (const id of this.#going.keys()) if (!ids.has(id)) this.#going.delete(id);
    this.#over = runs.filter(({ state }) => state === 'over');
    // One that hangs keeps nobody else's values back.
    const asked = under
      .filter(({ id }) => !this.#asked.has(id))
      .map(run => this.#ask(run, pages.get(run.id) ?? null));
    await Promise.race([Promise.all(asked), this.#clock.sleep(WAIT_S)]);
  }

  /** One has begun just now: it is under way before the next look. */
  began(run: LabRun): void {
    this.#going.set(run.id, { ...NEVER, run });
  }

  async #ask(run: LabRun, url: string | null): Promise<void> {
    if (url === null) return;
    this.#asked.add(run.id);
    try {
      const answer = await fetch(new URL('/api/snapshot', url), { signal: AbortSignal.timeout(ANSWER_MS) });
      const { roles, ...said } = snapshotSchema.parse(await answer.json());
      const byName = new Map(roles.map(one => [one.role, one]));
      const at = { said_s: this.#clock.now_s(), said_ms: this.#clock.utc_ms() };
      const known = this.#going.get(run.id);
      if (known !== undefined)
        this.#going.set(run.id, { run: known.run, said: { ...said, roles: byName }, ...at });
    } catch (error) {
      // It ends just now, or is busy: what it said last counts for a while.
      const isNew = this.#going.get(run.id)?.said === undefined;
      if (isNew) console.error(`OPC UA: ${run.id} does not answer (${messageOf(error)})`);
    } finally {
      this.#asked.delete(run.id);
    }
  }
}
