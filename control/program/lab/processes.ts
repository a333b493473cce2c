import { fork } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { orderSchema } from '../../../dashboards/door/lab/order.ts';
import { LabRefusal } from '../../../dashboards/door/lab.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import { identityOf, isRunning } from '../../../drivers/process-identity.ts';
import { endOf } from '../campaign/how-it-ended.ts';
import { EXIT } from '../result/outcome.ts';
import { writeWhole } from '../result/write-whole.ts';

/**
 * Runs and campaigns that were started from a laboratory: each a process of its own, in a group of its own, that nobody
 * holds once it has begun. Who it is, what it printed and how it ended lies in `.cellbench/starts`, so that a door that
 * comes later knows it, too.
 */

const startSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['run', 'campaign']),
  pid: z.number().int(),
  processStart: z.string(),
  startedUtc: z.string(),
  by: z.string(),
  /** Title of the bench, and its name in the laboratory; empty of a campaign. */
  bench: z.string(),
  benchName: z.string(),
  /** Name of the method, or of the file of a campaign. */
  method: z.string(),
  mode: z.string(),
  /** Who ended it before it took commands. */
  stoppedBy: z.string().exactOptional(),
  subject: z.string().exactOptional(),
  set: z.record(z.string(), z.string()).exactOptional(),
  order: orderSchema.exactOptional(),
});
/** One that was started. */
export type Started = Readonly<z.output<typeof startSchema>>;

/** So many runs and campaigns that were started here may go on at a time. */
const MOST_AT_A_TIME = 16;
/** So many that are over are remembered. */
const MOST_OVER = 200;
const LONGEST_TEXT_BYTES = 4000;
const wall = realClock();

/** What is to be started: `args` as `cellbench` takes them. */
export type StartOf = Pick<
  Started,
  'id' | 'kind' | 'by' | 'bench' | 'benchName' | 'method' | 'mode' | 'subject' | 'set' | 'order'
> & {
  readonly args: readonly string[];
};

/** Starts them, and knows of each whether it goes on. */
export class Processes {
  readonly #folder: string;
  readonly #root: string;
  #known: Map<string, Started> | undefined;

  /** `root`: where they work; `own`: the folder that the laboratory keeps for itself. */
  constructor(root: string, own: string) {
    this.#root = root;
    this.#folder = join(own, 'starts');
  }

  /** All that are remembered, by their ids; a run and a campaign never share one. */
  all(): readonly Started[] {
    return [...this.#read().values()];
  }

  /** The one of an id; undefined: it was not started here. */
  of(id: string): Started | undefined {
    return this.#read().get(id);
  }

  /** True while its process is there. */
  isGoing(started: Started): boolean {
    return this.codeOf(started) === undefined && isRunning(started);
  }

  /** Its exit code once it has one; undefined: it goes on, or was killed. */
  codeOf({ id }: Started): number | undefined {
    return endOf(this.#path(id, 'end.json'))?.code ?? undefined;
  }

  /**
   * Ends one that takes no commands yet, as a person's Ctrl-C at its terminal does: what is being connected is given up,
   * what is on is led to its orderly end. False: it is gone, or this system knows no such word.
   */
  interrupt(started: Started, by: string): boolean {
    if (process.platform === 'win32' || !this.isGoing(started)) return false;
    try {
      process.kill(started.pid, 'SIGINT');
    } catch {
      return false;
    }
    this.#remember({ ...started, stoppedBy: by });
    return true;
  }

  /** Why nothing came of it; undefined: it goes on, or something has. */
  refusalOf(started: Started): string | undefined {
    const { stoppedBy } = started;
    if (stoppedBy !== undefined && !this.isGoing(started)) return `stopped by ${stoppedBy} before it began`;
    const code = this.codeOf(started);
    if (code === EXIT.refused || code === EXIT.failed) return this.#said(started.id);
    return code === undefined && !isRunning(started) ? 'its process is gone without a word' : undefined;
  }

  /** Begins one; what it writes down is there before it does anything. @throws LabRefusal where no more can be */
  start({ args, ...of }: StartOf): Started {
    const others = this.all();
    if (others.filter(one => this.isGoing(one)).length >= MOST_AT_A_TIME)
      throw new LabRefusal('clash', `${MOST_AT_A_TIME} go on already, expected one of them over`);
    this.#forget(others);
    mkdirSync(this.#folder, { recursive: true });
    const end = this.#path(of.id, 'end.json');
    rmSync(end, { force: true });
    const log = openSync(this.#path(of.id, 'log'), 'w');
    const wrong = openSync(this.#path(of.id, 'err'), 'w');
    try {
      const child = fork(fileURLToPath(siblingUrl(import.meta.url, '../campaign/carry-process')), {
        cwd: this.#root,
        execArgv: ['--disable-warning=ExperimentalWarning'],
        // Neither Ctrl-C at the door nor its end is for the run.
        detached: true,
        stdio: ['ignore', log, wrong, 'ipc'],
      });
      child.on('error', () => {});
      const { pid } = child;
      if (pid === undefined) throw new LabRefusal('clash', 'the system takes no more processes');
      const startedUtc = new Date(wall.utc_ms()).toISOString();
      const started: Started = { ...of, ...identityOf(pid), startedUtc };
      this.#remember(started);
      child.send({ args, end }, () => {});
      child.unref();
      child.channel?.unref();
      return started;
    } finally {
      closeSync(log);
      closeSync(wrong);
    }
  }

  /** Waits until it has begun or is over, `most_s` at the most. @throws LabRefusal for one that was refused */
  async begun(started: Started, hasBegun: () => boolean, most_s: number): Promise<void> {
    const until_s = wall.now_s() + most_s;
    while (this.isGoing(started) && !hasBegun() && wall.now_s() < until_s) await wall.sleep(0.1);
    if (this.codeOf(started) !== EXIT.refused) return;
    const said = this.#said(started.id);
    this.#drop(started.id);
    throw new LabRefusal('bad', said);
  }

  /** What it said was wrong. */
  #said(id: string): string {
    const read = (ending: string): string => {
      try {
        return readFileSync(this.#path(id, ending)).subarray(-LONGEST_TEXT_BYTES).toString('utf8').trim();
      } catch {
        return '';
      }
    };
    return read('err').replace(/^cellbench: /, '') || read('log').split('\n').at(-1) || 'nothing was said';
  }

  #remember(started: Started): void {
    writeWhole(this.#path(started.id, 'json'), `${JSON.stringify(started)}\n`);
    this.#read().set(started.id, started);
  }

  #path(id: string, ending: string): string {
    return join(this.#folder, `${id}.${ending}`);
  }

  #read(): Map<string, Started> {
    if (this.#known !== undefined) return this.#known;
    const found = new Map<string, Started>();
    const names = existsSync(this.#folder) ? readdirSync(this.#folder) : [];
    for (const name of names.filter(one => one.endsWith('.json') && !one.endsWith('.end.json')).sort()) {
      const started = startIn(join(this.#folder, name));
      if (started !== undefined) found.set(started.id, started);
    }
    this.#known = found;
    return found;
  }

  /** The oldest of those that are over. */
  #forget(all: readonly Started[]): void {
    const over = all.filter(one => !this.isGoing(one));
    for (const { id } of over.slice(0, Math.max(0, over.length - MOST_OVER))) this.#drop(id);
  }

  #drop(id: string): void {
    for (const ending of ['json', 'end.json', 'log', 'err']) rmSync(this.#path(id, ending), { force: true });
    this.#read().delete(id);
  }
}

function startIn(path: string): Started | undefined {
  try {
    return startSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
