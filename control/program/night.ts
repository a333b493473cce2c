import { existsSync, mkdirSync } from 'node:fs';
import type { VirtualClock } from '../../drivers/contract/clock.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import type { Live } from '../live.ts';
import { type Run, type RunOutcome, startRun } from '../run/run.ts';
import type { BenchSession } from '../run/session.ts';
import { conclude } from './conclude.ts';
import { runSpecOf } from './open-session.ts';
import { verdictOf } from './outcome.ts';
import type { NightFiles } from './rehearse-once.ts';
import type { RunRecord } from './run-record.ts';
import { showProgress } from './show-progress.ts';
import type { Signals } from './signals.ts';

/** After a trip the record goes on for so long, s; longer where something could not be proved. */
const AFTER_TRIP_S = 10;
const AFTER_UNPROVEN_S = 30;

/** What a night at the bench is made of. */
export interface NightParts {
  readonly session: BenchSession;
  readonly files: NightFiles;
  readonly procedure: Procedure;
  readonly timeFactor: number;
  readonly live: Live;
  /** Set in a rehearsal: time goes on only while somebody waits for something. */
  readonly clock: VirtualClock | undefined;
  readonly signals: Signals;
  readonly say: (text: string) => void;
}

/** The program's part in a session: runs its method, says how it went, and may run it again for whoever asks. */
export class Night {
  readonly #parts: NightParts;
  #code = 0;

  constructor(parts: NightParts) {
    this.#parts = parts;
  }

  /** Exit code of the last run that is over. */
  get code(): number {
    return this.#code;
  }

  /** Runs the method once into `record`, to its end and a while beyond a trip; returns the exit code. */
  async run(record: RunRecord): Promise<number> {
    const { session, live } = this.#parts;
    live.standStill(false);
    live.show({ id: record.dir, verdict: 'running', report: undefined });
    const run = this.#start(record);
    const unsubscribe = record.journal.onFailure(error =>
      session.abort({ by: 'record', id: 'journal' }, `the record cannot be written: ${messageOf(error)}`),
    );
    try {
      const outcome = await this.#finished(run);
      live.show({ id: record.dir, verdict: verdictOf(outcome), report: undefined });
      await this.#drive(this.#aftermath(outcome));
      const { code, verdict, report } = await conclude(run, outcome, record, this.#parts.say);
      live.show({ id: record.dir, verdict, report });
      this.#code = code;
      return code;
    } finally {
      unsubscribe();
      if (this.#parts.clock?.isPaced === false) live.standStill(true);
    }
  }

  /**
   * The bench stays up until a person ends the program; meanwhile the same method may be begun again, each time into a
   * record that `open` makes.
   */
  async stay(open: (again: (dir: string) => string) => Promise<RunRecord>): Promise<void> {
    const { live, clock, signals, say } = this.#parts;
    let running: Promise<unknown> = Promise.resolve();
    live.offerStart(async () => {
      try {
        const record = await open(nextFolder);
        // A failure here is our own: whoever watches the process turns it into the safe state.
        running = this.run(record).then(() => say('\nThe page stays up until Ctrl-C.'));
        return '';
      } catch (error) {
        return messageOf(error);
      }
    });
    // Paced time goes on between the runs as real time does.
    await (clock?.isPaced === true ? clock.runUntil(signals.quit) : signals.quit);
    await running;
  }

  #start(record: RunRecord): Run {
    const { session, files, procedure, timeFactor } = this.#parts;
    return startRun(session, runSpecOf(session, files.source, procedure, timeFactor, record.origin_s));
  }

  async #finished(run: Run): Promise<RunOutcome> {
    using _progress = showProgress(run, process.stdout);
    return await this.#drive(run.finished);
  }

  /** Recording goes on after a trip: how voltage and gas decay is what the night is asked for in the morning. */
  async #aftermath(outcome: RunOutcome): Promise<void> {
    if (outcome.state !== 'Aborted') return;
    const { session, signals } = this.#parts;
    const after_s = outcome.unproven.length > 0 ? AFTER_UNPROVEN_S : AFTER_TRIP_S;
    await Promise.race([session.parts.clock.sleep(after_s), signals.quit]);
  }

  /** Lets virtual time go on until the work is done; real time goes by itself. */
  #drive<T>(work: Promise<T>): Promise<T> {
    const { clock } = this.#parts;
    return clock === undefined || clock.isRunning ? work : clock.runUntil(work);
  }
}

/** `runs/night`, `runs/night-2`, `runs/night-3`: the first that is not there yet, made. */
function nextFolder(dir: string): string {
  for (let n = 2; ; n++) {
    const next = `${dir}-${n}`;
    if (existsSync(next)) continue;
    mkdirSync(next);
    return next;
  }
}
