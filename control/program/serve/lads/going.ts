import { z } from 'zod';
import type { Lab, LabMode, LabRun } from '../../../../dashboards/door/lab.ts';
import { messageOf } from '../../../../drivers/contract/errors.ts';
import { type Clock, RUN_STATES } from '../../../view.ts';

/** What goes on in a laboratory, as its runs tell it: which run on which bench, its state, its newest values. */

const ANSWER_MS = 3000;
const AT_ONCE = 8;
/** A run that has said nothing for so long has no values any more, s. */
const SILENT_S = 5;
const MODE_NAME: Readonly<Record<LabMode, string>> = { twin: 'rehearsal', wire: 'wire', real: 'bench' };

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

/** Whether what a run said last still counts. */
export const isFresh = ({ said, said_s }: Going, now_s: number): boolean =>
  said?.isLive === true && now_s - said_s < SILENT_S;

/** Asks the runs of one mode: what is real is never mixed with what is simulated. */
export class WhatGoesOn {
  readonly #lab: Lab;
  readonly #clock: Clock;
  readonly #mode: string;
  #going: readonly Going[] = [];
  #over: readonly LabRun[] = [];

  constructor(lab: Lab, clock: Clock, mode: LabMode) {
    this.#lab = lab;
    this.#clock = clock;
    this.#mode = MODE_NAME[mode];
  }

  /** Runs of the mode that are over, in no order. */
  get over(): readonly LabRun[] {
    return this.#over;
  }

  /** The newest run under way on a bench of this title with this subject (empty: the bench has one). */
  on(benchTitle: string, subject: string): Going | undefined {
    const here = this.#going.filter(({ run, said }) => {
      const itsSubject = said?.run.subject ?? '';
      return run.bench === benchTitle && (subject === '' || itsSubject === subject);
    });
    return here.reduce<Going | undefined>(
      (newest, one) => (newest === undefined || one.run.startedUtc > newest.run.startedUtc ? one : newest),
      undefined,
    );
  }

  /** Looks again. Rejects with what the laboratory says. */
  async look(): Promise<void> {
    const runs = (await this.#lab.runs()).filter(({ mode }) => mode === this.#mode);
    const known = new Map(this.#going.map(going => [going.run.id, going]));
    const under = runs.filter(({ state }) => state !== 'over');
    const going: Going[] = [];
    for (let from = 0; from < under.length; from += AT_ONCE) {
      const some = under.slice(from, from + AT_ONCE);
      going.push(...(await Promise.all(some.map(run => this.#ask(run, known.get(run.id))))));
    }
    this.#going = going;
    this.#over = runs.filter(({ state }) => state === 'over');
  }

  async #ask(run: LabRun, before: Going | undefined): Promise<Going> {
    const never = { said: undefined, said_s: Number.NEGATIVE_INFINITY, said_ms: 0 };
    const kept = { ...(before ?? never), run };
    const url = this.#lab.livePage(run.id);
    if (url === undefined) return kept;
    try {
      const answer = await fetch(new URL('/api/snapshot', url), { signal: AbortSignal.timeout(ANSWER_MS) });
      const { roles, ...said } = snapshotSchema.parse(await answer.json());
      const byName = new Map(roles.map(one => [one.role, one]));
      const at = { said_s: this.#clock.now_s(), said_ms: this.#clock.utc_ms() };
      return { run, said: { ...said, roles: byName }, ...at };
    } catch (error) {
      // It ends just now, or is busy: what it said last counts for a while.
      if (before === undefined) console.error(`OPC UA: ${run.id} does not answer (${messageOf(error)})`);
      return kept;
    }
  }
}
