import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Clock } from '../../../drivers/contract/clock.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { identityOf, isRunning } from '../../../drivers/process-identity.ts';
import type { Ended, Handle, Kept, Order, RunCarrier, StopWord } from '../../campaign/carrier.ts';
import type { CampaignSettings, Word } from '../../campaign/state.ts';
import { guardMarkSchema } from '../../guard/guard-log.ts';
import { markOf, markText } from '../guard/left-behind.ts';
import { howItEnded, type LeftByRun } from './how-it-ended.ts';
import type { LoadedCampaign } from './load-campaign.ts';

/**
 * Carries each run as a process of its own: a run that crashes ends no campaign, and a supervisor that is killed ends no
 * run. The process waits for a word, which it gets once who it is has been written down.
 */

const handleSchema = z.strictObject({ pid: z.number().int(), processStart: z.string() });
/** So often is a process looked at that is not our child, s. */
const LOOK_S = 0.5;

/** What runs are begun with. */
export interface CarrierPlace {
  /** Folder of the campaign. */
  readonly dir: string;
  readonly clock: Clock;
  readonly settings: CampaignSettings;
  /** The campaign as it stands by now. */
  readonly loaded: () => LoadedCampaign;
}

/** Carries the runs of a campaign on twins, emulated wires or the instruments, as its settings say. */
export class ProcessCarrier implements RunCarrier {
  readonly #place: CarrierPlace;

  constructor(place: CarrierPlace) {
    this.#place = place;
  }

  async carry(order: Order, known: (handle: Handle) => void, stop: StopWord): Promise<Ended> {
    const left = this.#leftBy(order);
    // Of an attempt that had begun nothing.
    rmSync(left.end, { force: true });
    const log = openSync(left.log, 'a');
    let child: ChildProcess;
    try {
      child = fork(fileURLToPath(siblingUrl(import.meta.url, './carry-process')), {
        execArgv: ['--disable-warning=ExperimentalWarning'],
        // Ctrl-C in the terminal is for the supervisor, which asks each run.
        detached: true,
        stdio: ['ignore', log, log, 'ipc'],
      });
    } finally {
      closeSync(log);
    }
    const gone = new Promise<void>(resolve => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    const { pid } = child;
    if (pid === undefined) return { is: 'not begun', reason: 'the system takes no more processes' };
    const identity = identityOf(pid);
    try {
      known({ ...identity });
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
    if (!stop.isAsked) child.send({ args: this.#argsOf(order), end: left.end }, () => {});
    stop.heard(() => ask(identity));
    await gone;
    return howItEnded(left);
  }

  async takeUp(order: Order, handle: Handle, stop: StopWord): Promise<Ended> {
    const identity = handleSchema.safeParse(handle).data;
    if (identity === undefined) return { is: 'not begun', reason: 'it had not been let go' };
    stop.heard(() => ask(identity));
    while (isRunning(identity)) await this.#place.clock.sleep(LOOK_S);
    return howItEnded(this.#leftBy(order));
  }

  keptFrom(bench: string, acknowledged: Word | undefined): Kept | undefined {
    if (this.#place.settings.mode !== 'bench') return undefined;
    for (const mark of this.#marksOf(bench)) {
      const since_ms = statSync(mark, { throwIfNoEntry: false })?.mtimeMs;
      if (since_ms === undefined || (acknowledged !== undefined && since_ms <= acknowledged.utc_ms)) continue;
      const guard = guardIn(mark);
      if (guard !== undefined && isRunning({ pid: guard, processStart: '' }))
        return { reason: `a guard (process ${guard}) is at work there`, needsPerson: false };
      return { reason: markText(mark), needsPerson: true };
    }
    return undefined;
  }

  #marksOf(bench: string): Set<string> {
    const { campaign, nights } = this.#place.loaded();
    const own = campaign.runs.filter(run => (run.bench ?? campaign.bench) === bench);
    return new Set(own.flatMap(({ run }) => nights.get(run)?.loaded ?? []).map(markOf));
  }

  #leftBy({ dir, bench, goesOn }: Order): LeftByRun {
    const of = join(this.#place.dir, dir);
    const { mode } = this.#place.settings;
    const isMarked = (): boolean =>
      mode === 'bench' && [...this.#marksOf(bench)].some(mark => existsSync(mark));
    return { dir: of, end: `${of}.end.json`, log: `${of}.log`, mode, goesOn, isMarked };
  }

  #argsOf({ run, dir, seed, goesOn, acknowledged }: Order): string[] {
    const { mode, minutes, pace, operator } = this.#place.settings;
    const asked = this.#place.loaded().asked.get(run.run);
    const night = this.#place.loaded().nights.get(run.run);
    if (asked === undefined || night === undefined) throw new RangeError(`no files of ${run.run}`);
    const isMarked = mode === 'bench' && existsSync(markOf(night.loaded));
    const word = isMarked && acknowledged !== undefined ? ['--acknowledge', acknowledged.by] : [];
    // All else stands in its record.
    if (goesOn) return ['resume', join(this.#place.dir, dir), '--no-serve', ...word];
    return [
      ...['--bench', asked.bench, '--method', asked.method, '--seed', String(seed), '--no-serve'],
      ...(asked.subject === undefined ? [] : ['--subject', asked.subject]),
      ...asked.set.flatMap(set => ['--set', set]),
      ...(mode === 'wire' ? ['--wire'] : mode === 'bench' ? ['--real'] : []),
      ...(minutes === null ? [] : ['--minutes', String(minutes)]),
      ...(pace === null ? [] : ['--pace', String(pace)]),
      ...(operator === null ? [] : ['--operator', operator]),
      ...word,
      ...['--out', join(this.#place.dir, dir)],
    ];
  }
}

/** An orderly end; a second word is the safe state at once. */
function ask(identity: z.output<typeof handleSchema>): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, 'SIGTERM');
  } catch {
    // It has gone meanwhile.
  }
}

function guardIn(mark: string): number | undefined {
  try {
    return guardMarkSchema.safeParse(JSON.parse(readTextFile(mark))).data?.guard;
  } catch {
    return undefined;
  }
}
