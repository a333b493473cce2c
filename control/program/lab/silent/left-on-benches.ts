import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import type { Left } from '../../../../dashboards/door/lab/cut-off.ts';
import { mustLook } from '../../../../dashboards/door/lab/must-look.ts';
import type { LabRun } from '../../../../dashboards/door/lab.ts';
import { realClock } from '../../../../drivers/contract/clock.ts';
import { isAlive } from '../../../../drivers/contract/code/alive.ts';
import { actedText, type GuardMark, guardMarkSchema } from '../../../guard/guard-log.ts';
import { markOf } from '../../guard/left-behind.ts';
import { type CutFacts, cutOffOf } from './cut-off.ts';

/** Which benches were left without a word by the last run on them. */

const wall = realClock();

/** What of a bench file is needed to know it again. */
interface OfBench {
  readonly name: string;
  readonly title: string;
  readonly path: string;
}

/** Knows it as of the runs that it is given. */
export class LeftOnBenches {
  readonly #runs: readonly LabRun[];
  readonly #folder: string;
  readonly #benchName: (id: string) => string | undefined;

  /** `runs`: the newest last, with `cutOff`; `folder`: that of the runs; `benchName`: bench of one that was started in the laboratory. */
  constructor(
    runs: readonly LabRun[],
    folder: string,
    benchName: (id: string) => string | undefined = () => undefined,
  ) {
    this.#runs = runs;
    this.#folder = folder;
    this.#benchName = benchName;
  }

  /** Runs that were the last on it and of which nobody has proved the safe state; what a guard has left a mark of, too. */
  of({ name, title, path }: OfBench, subjects: readonly string[]): Left[] {
    const last = new Map<string, LabRun>();
    for (const run of this.#runs) {
      const benchName = this.#benchName(run.id);
      const isHere = benchName === undefined ? run.bench === title : benchName === name;
      if (isHere && run.mode !== 'rehearsal') last.set(run.started?.subject ?? '', run);
    }
    const left = [...last].flatMap(([subject, { id, mode, cutOff }]): Left[] =>
      cutOff === null || !mustLook(cutOff)
        ? []
        : [{ run: id, subject: subject === '' ? null : subject, mode, cutOff, needsLook: false }],
    );
    for (const subject of subjects.length === 0 ? [undefined] : subjects) {
      const marked = this.#markedOn(path, subject);
      if (marked === undefined) continue;
      const same = left.findIndex(({ run }) => run === marked.run);
      if (same < 0) left.push(marked);
      else left[same] = { ...left[same], subject: marked.subject, needsLook: true };
    }
    return left;
  }

  /** What keeps the next run on the instruments from its start; undefined: nothing, or a run that goes on. */
  #markedOn(path: string, subject: string | undefined): Left | undefined {
    const file = markOf({ path, baseDir: dirname(path), subject });
    const mark = markIn(file);
    if (mark === undefined) return undefined;
    const run = relative(this.#folder, mark.dir).split(sep).join('/');
    const known = this.#runs.find(({ id }) => id === run);
    if (known === undefined ? isAlive(mark.controller) : known.state !== 'over') return undefined;
    return {
      run: known === undefined ? mark.dir : run,
      subject: subject ?? null,
      mode: 'bench',
      cutOff: known?.cutOff ?? cutOffOf('bench', factsOf(mark), wall.utc_ms()),
      needsLook: true,
    };
  }
}

/** What a mark says of a run whose record is not here, or was concluded. */
function factsOf({ acted, guard, startedUtc }: GuardMark): CutFacts {
  const isDriving =
    acted !== null && acted.proved_s === null && acted.unproven.length === 0 && isAlive(guard);
  return {
    last_ms: Date.parse(acted?.utc ?? startedUtc),
    said: isDriving ? { utc: acted.utc, text: actedText(acted) } : null,
    acted: isDriving ? undefined : (acted ?? undefined),
    ...{ guard: { what: 'watches', timeout_s: null }, watchdogs: [] },
  };
}

function markIn(file: string): GuardMark | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return guardMarkSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    // One that cannot be read keeps a start, which says so.
    return undefined;
  }
}
