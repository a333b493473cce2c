import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Decided,
  LabRefusal,
  type LabRun,
  MODE_NAME,
  type StartAsked,
} from '../../../dashboards/door/lab.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { STATE_FILE } from '../campaign/folder.ts';
import { folderByDate, removeIfEmpty } from '../run-files.ts';
import { openDoorOf } from '../steer/door.ts';
import type { Beside } from './beside.ts';
import type { LabPlace } from './place.ts';
import type { Processes, Started } from './processes.ts';
import type { ListedRow, ReadTasks } from './read-thread.ts';
import { withCutOff } from './silent/cut-off.ts';
import { LeftOnBenches } from './silent/left-on-benches.ts';
import { SilentRuns } from './silent/silent-runs.ts';

/** The runs of a laboratory: those right below `runs/`, and those of its campaigns. */

const LIST_S = 60;
/** So long it is waited for a run to begin, s; it goes on by itself. */
const BEGIN_S = 10;
/** So often it is looked whether one that was ended as it was starting takes commands, s. */
const HAND_OVER_S = 0.2;
/** Simulated seconds per second of a twin that nobody holds back: it has a page all the same. */
const FASTEST = 1e6;
const wall = realClock();

/** Parts of a laboratory that runs need. */
export interface RunParts {
  readonly place: LabPlace;
  readonly processes: Processes;
  readonly read: Beside<ReadTasks>;
}

/** Lists and starts them. */
export class Runs {
  readonly #parts: RunParts;
  /** Started here, and its page has been seen: without one it comes to its end. */
  readonly #seen = new Set<string>();
  /** Ended as they were starting, and not over yet. */
  readonly #ending = new Set<string>();

  /** Those that do not answer. */
  readonly silent: SilentRuns;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.silent = new SilentRuns({
      pageOf: id => this.pageOf(id),
      guards: id => parts.read.ask('guards', { dir: this.recorded(id) }, LIST_S),
    });
  }

  /** What was left on benches without a word. Rejects with LabRefusal where the runs cannot be read. */
  async left(): Promise<LeftOnBenches> {
    const { place, processes } = this.#parts;
    return new LeftOnBenches(await this.#all(), place.runs, id => processes.of(id)?.benchName);
  }

  /** All of them, the newest last. */
  async all(): Promise<readonly LabRun[]> {
    return await this.silent.told(await this.#all());
  }

  async #all(): Promise<readonly LabRun[]> {
    const { place, processes, read } = this.#parts;
    const folders = [{ dir: place.runs, campaign: null }, ...this.#campaigns()];
    const rows = await read.ask('list', { folders }, LIST_S);
    const known = new Set(rows.map(({ id }) => id));
    const coming = processes.all().filter(one => one.kind === 'run' && !known.has(one.id));
    const runs = await this.#cutOff(rows.map(row => this.#run(row)));
    return [...runs, ...coming.map(one => this.#withoutRecord(one))].sort((a, b) =>
      a.startedUtc < b.startedUtc ? -1 : a.startedUtc > b.startedUtc ? 1 : 0,
    );
  }

  /** @throws LabRefusal where there is none */
  async one(id: string): Promise<LabRun> {
    const run = await this.#one(id);
    return run.state === 'going' ? { ...run, silent: await this.silent.one(id) } : run;
  }

  async #one(id: string): Promise<LabRun> {
    const dir = this.#parts.place.runDir(id);
    const [campaign, name] = id.includes('/') ? id.split('/', 2) : [null, id];
    if (id.split('/').length <= 2 && existsSync(join(dir, 'run.sqlite'))) {
      const folder = campaign === null ? this.#parts.place.runs : join(this.#parts.place.runs, campaign);
      const rows = await this.#parts.read.ask('list', { folders: [{ dir: folder, campaign }] }, LIST_S);
      const row = rows.find(one => one.name === name);
      if (row !== undefined) return (await this.#cutOff([this.#run(row)]))[0];
    }
    const started = this.#parts.processes.of(id);
    if (started?.kind === 'run') return this.#withoutRecord(started);
    throw new LabRefusal('missing', `${id}: no such run in the laboratory`);
  }

  /** Folder of a run that has a record. @throws LabRefusal */
  recorded(id: string): string {
    const dir = this.#parts.place.runDir(id);
    const read = ['run.sqlite', 'result.json', 'report.html'].map(file => join(dir, file));
    if (existsSync(read[0]) && read.every(path => this.#parts.place.has(path))) return dir;
    if (this.#parts.processes.of(id)?.kind === 'run')
      throw new LabRefusal('clash', `${id} has not begun yet`);
    throw new LabRefusal('missing', `${id}: no such run in the laboratory`);
  }

  /** Address of its page on this machine while it takes commands. */
  pageOf(id: string): string | undefined {
    try {
      return openDoorOf(this.#parts.place.runDir(id));
    } catch (error) {
      if (error instanceof LabRefusal) return undefined;
      throw error;
    }
  }

  /** Starts one with the arguments that `cellbench` takes; `bench`: title of the bench. @throws LabRefusal for one that is refused */
  async start(args: readonly string[], asked: StartAsked, bench: string, by: string): Promise<LabRun> {
    const { place, processes } = this.#parts;
    const id = this.#newId(MODE_NAME[asked.mode]);
    const dir = join(place.runs, id);
    const paced = asked.pace ?? (asked.mode === 'twin' ? FASTEST : undefined);
    let started: Started;
    try {
      started = processes.start({
        ...{
          id,
          kind: 'run',
          by,
          bench,
          benchName: asked.bench,
          method: asked.method,
          mode: MODE_NAME[asked.mode],
          set: asked.set,
          ...(asked.subject === undefined ? {} : { subject: asked.subject }),
          ...(asked.order === undefined ? {} : { order: asked.order }),
        },
        args: [
          ...args,
          ...modeArgs({ ...asked, ...(paced === undefined ? {} : { pace: paced }) }, by),
          ...['--no-stay', '--port=0', `--out=${dir}`],
        ],
      });
      await processes.begun(started, () => openDoorOf(dir) !== undefined, BEGIN_S);
    } catch (error) {
      removeIfEmpty(dir);
      throw error;
    }
    return await this.#one(id);
  }

  /**
   * Ends one that is starting: it takes no commands yet. Should it take some all the same, it is told by `tell`, until it
   * accepts or is over. Undefined: it is none that is starting.
   */
  endStarting(
    id: string,
    { command, by }: { readonly command: 'stop' | 'abort'; readonly by: string },
    tell: () => Promise<Decided>,
  ): Decided | undefined {
    const { place, processes } = this.#parts;
    const started = processes.of(id);
    const isStarting = (): boolean => started !== undefined && processes.isGoing(started);
    if (started?.kind !== 'run' || !isStarting() || this.pageOf(id) !== undefined) return undefined;
    if (existsSync(join(place.runDir(id), 'result.json'))) return undefined;
    const isNew = !this.#ending.has(id);
    // Of stop once: a second Ctrl-C cuts an orderly end short, which is what abort is for.
    if (isNew || command === 'abort') processes.interrupt(started, by);
    if (isNew) {
      this.#ending.add(id);
      void this.#handOver(id, isStarting, tell).finally(() => this.#ending.delete(id));
    }
    return {
      accepted: true,
      text: `${id} takes no commands yet: its start is given up, and what is on is led to its orderly end`,
    };
  }

  async #handOver(id: string, isGoing: () => boolean, tell: () => Promise<Decided>): Promise<void> {
    while (isGoing()) {
      await wall.sleep(HAND_OVER_S);
      if (this.pageOf(id) === undefined) continue;
      const isTaken = await tell().then(
        ({ accepted }) => accepted,
        () => false,
      );
      if (isTaken) return;
    }
    if (existsSync(this.#parts.place.runDir(id))) removeIfEmpty(this.#parts.place.runDir(id));
  }

  /** The run that a process carries; undefined: none that is known. */
  carriedBy(pid: number): string | undefined {
    return this.#parts.processes.all().find(one => one.pid === pid)?.id;
  }

  #campaigns(): { readonly dir: string; readonly campaign: string }[] {
    const { place } = this.#parts;
    const names = existsSync(place.runs) ? readdirSync(place.runs) : [];
    return names
      .map(campaign => ({ dir: join(place.runs, campaign), campaign }))
      .filter(({ dir }) => existsSync(join(dir, STATE_FILE)) && place.has(dir));
  }

  #run({ id, campaign, name: _name, isOpen, ...row }: ListedRow): LabRun {
    const hasResult = row.duration_s !== null;
    const state = this.#stateOf(id, hasResult);
    // What is under way has none yet.
    const isCutOff = state === 'over' && !hasResult && isOpen;
    const verdict = isCutOff ? 'cut off: no result' : state === 'over' || hasResult ? row.verdict : '';
    return {
      ...row,
      id,
      campaign,
      state,
      verdict,
      ...{ silent: null, cutOff: null },
      ...startOf(this.#parts.processes.of(id)),
    };
  }

  async #cutOff(runs: readonly LabRun[]): Promise<LabRun[]> {
    const { place, read } = this.#parts;
    return await withCutOff(runs, {
      dirOf: id => place.runDir(id),
      facts: dirs => read.ask('cutOff', { dirs }, LIST_S),
    });
  }

  #stateOf(id: string, hasResult: boolean): LabRun['state'] {
    if (this.pageOf(id) !== undefined) {
      this.#seen.add(id);
      return 'going';
    }
    const started = this.#parts.processes.of(id);
    if (!hasResult && started !== undefined && this.#parts.processes.isGoing(started))
      return this.#seen.has(id) ? 'going' : 'starting';
    this.#seen.delete(id);
    return 'over';
  }

  #withoutRecord(started: Started): LabRun {
    const { id, bench, method, mode, startedUtc } = started;
    const why = this.#parts.processes.refusalOf(started);
    return {
      ...{ id, bench, method, mode, startedUtc, campaign: null, criteria: '' },
      ...{ duration_s: null, rows: null, bytes: 0, silent: null, cutOff: null },
      ...startOf(started),
      state: this.#parts.processes.isGoing(started) ? 'starting' : 'over',
      verdict:
        why === undefined
          ? ''
          : started.stoppedBy !== undefined
            ? why
            : this.#parts.place.said(`refused: ${why}`),
    };
  }

  /** A folder of its own, made at once so that nobody else gets it. */
  #newId(mode: string): string {
    const { place, processes } = this.#parts;
    mkdirSync(place.runs, { recursive: true });
    const word = folderByDate(wall, mode).split(/[\\/]/).at(-1) ?? mode;
    for (let n = 1; ; n++) {
      const id = n === 1 ? word : `${word}-${n}`;
      const dir = place.runDir(id);
      if (existsSync(dir) || processes.of(id) !== undefined) continue;
      mkdirSync(dir);
      return id;
    }
  }
}

/** How it was started here. */
function startOf(started: Started | undefined): Pick<LabRun, 'started'> {
  if (started === undefined) return { started: null };
  const { by, method, subject = null, set = {}, order = null } = started;
  return { started: { by, method, subject, set, order } };
}

/** How a run or a campaign is begun, by whom, as the program takes it. */
export function modeArgs(
  { mode, minutes, pace, hasLooked }: Pick<StartAsked, 'mode' | 'minutes' | 'pace' | 'hasLooked'>,
  by: string,
): string[] {
  return [
    ...(mode === 'wire' ? ['--wire'] : mode === 'real' ? ['--real'] : []),
    ...(minutes === undefined ? [] : [`--minutes=${minutes}`]),
    ...(pace === undefined ? [] : [`--pace=${pace}`]),
    `--operator=${by}`,
    ...(hasLooked ? [`--acknowledge=${by}`] : []),
  ];
}
