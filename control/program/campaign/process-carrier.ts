import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { identityOf, isRunning } from '../../../drivers/process-identity.ts';
import type { Ended, Handle, Kept, Order, RunCarrier, StopWord } from '../../campaign/carrier.ts';
import type { Word } from '../../campaign/state.ts';
import { guardMarkSchema } from '../../guard/guard-log.ts';
import { Turns } from '../channels/turns.ts';
import { markText } from '../guard/left-behind.ts';
import { endAsker } from '../steer/end-asker.ts';
import { argsOf, type CarrierPlace, leftBy, marksOf } from './carried-run.ts';
import { howItEnded } from './how-it-ended.ts';

/**
 * Carries each run as a process of its own: a run that crashes ends no campaign, and a supervisor that is killed ends no
 * run. The process waits for a word, which it gets once who it is has been written down.
 */

/** So many go on at a time on twins, which wait for nothing but the processor. */
const MOST_ON_TWINS = 8;
/** So often is a process begun that is killed before it has opened anything. */
const TRIES = 3;
const handleSchema = z.strictObject({ pid: z.number().int(), processStart: z.string() });
/** So often is a process looked at that is not our child, s. */
const LOOK_S = 0.5;

/** Carries the runs of a campaign on twins, emulated wires or the instruments, as its settings say. */
export class ProcessCarrier implements RunCarrier {
  readonly #place: CarrierPlace;
  readonly #turns = new Turns(MOST_ON_TWINS);

  constructor(place: CarrierPlace) {
    this.#place = place;
  }

  async carry(order: Order, known: (handle: Handle) => void, stop: StopWord): Promise<Ended> {
    if (this.#place.settings.mode !== 'rehearsal') return await this.#tried(order, known, stop);
    const over = await this.#turns.next();
    return await this.#tried(order, known, stop).finally(over);
  }

  /** What killed its process before anything was opened (a system short of memory) has ended nothing: it is begun again. */
  async #tried(order: Order, known: (handle: Handle) => void, stop: StopWord): Promise<Ended> {
    for (let tries = 1; ; tries++) {
      const { ended, isKilled } = await this.#carried(order, known, stop);
      if (ended.is === 'ended' || !isKilled || stop.isAsked || tries >= TRIES) return ended;
    }
  }

  async #carried(
    order: Order,
    known: (handle: Handle) => void,
    stop: StopWord,
  ): Promise<{ readonly ended: Ended; readonly isKilled: boolean }> {
    const left = leftBy(this.#place, order);
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
    const gone = new Promise<boolean>(resolve => {
      child.once('exit', (_code, signal) => resolve(signal !== null));
      child.once('error', () => resolve(false));
    });
    const { pid } = child;
    if (pid === undefined)
      return { ended: { is: 'not begun', reason: 'the system takes no more processes' }, isKilled: false };
    const identity = identityOf(pid);
    try {
      known({ ...identity });
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
    if (!stop.isAsked) child.send({ args: argsOf(this.#place, order), end: left.end }, () => {});
    stop.heard(endAsker(left.dir, () => signal(identity)));
    const isKilled = await gone;
    return { ended: howItEnded(left), isKilled };
  }

  async takeUp(order: Order, handle: Handle, stop: StopWord): Promise<Ended> {
    const identity = handleSchema.safeParse(handle).data;
    if (identity === undefined) return { is: 'not begun', reason: 'it had not been let go' };
    const left = leftBy(this.#place, order);
    stop.heard(endAsker(left.dir, () => signal(identity)));
    while (isRunning(identity)) await this.#place.clock.sleep(LOOK_S);
    return howItEnded(left);
  }

  keptFrom(station: string, acknowledged: Word | undefined): Kept | undefined {
    if (this.#place.settings.mode !== 'bench') return undefined;
    for (const mark of marksOf(this.#place, station)) {
      const since_ms = statSync(mark, { throwIfNoEntry: false })?.mtimeMs;
      if (since_ms === undefined || (acknowledged !== undefined && since_ms <= acknowledged.utc_ms)) continue;
      const guard = guardIn(mark);
      if (guard !== undefined && isRunning({ pid: guard, processStart: '' }))
        return { reason: `a guard (process ${guard}) is at work there`, needsPerson: false };
      return { reason: markText(mark), needsPerson: true };
    }
    return undefined;
  }
}

/** An orderly end; a second word is the safe state at once. */
function signal(identity: z.output<typeof handleSchema>): void {
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
