import { existsSync, mkdirSync } from 'node:fs';
import type { Screen } from '../../dashboards/terminal/screen.ts';
import type { VirtualClock } from '../../drivers/contract/clock.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import type { RunOutcome } from '../contract/run-outcome.ts';
import type { Live } from '../live.ts';
import { unmetCriteria } from '../review/criteria.ts';
import { aftermath } from '../run/aftermath.ts';
import { reached } from '../run/reached.ts';
import { type TakesUp, takeUpRun } from '../run/resume/take-up.ts';
import { type Run, startRun } from '../run/run.ts';
import type { BenchSession } from '../run/session.ts';
import { runSpecOf } from './open-session.ts';
import type { RehearsedPlan } from './rehearse/plan.ts';
import type { NightFiles } from './rehearse/rehearse-once.ts';
import { conclude, type Evaluate } from './result/conclude.ts';
import { EXIT, verdictOf } from './result/outcome.ts';
import type { RunRecord } from './run-record.ts';
import { showProgress } from './show-progress.ts';
import type { Signals } from './signals.ts';

/** What a night at the bench is made of. */
export interface NightParts {
  readonly session: BenchSession;
  readonly files: NightFiles;
  /** The method that the next run begins with: an edit may have brought another one. */
  procedure(): Procedure;
  readonly timeFactor: number;
  readonly live: Live;
  /** Set in a rehearsal: time goes on only while somebody waits for something. */
  readonly clock: VirtualClock | undefined;
  readonly signals: Signals;
  readonly screen: Screen;
  /** Who evaluates its record; absent: it has the process to itself, and does it there. */
  readonly evaluate?: Evaluate | undefined;
  /** A run that was cut off, and goes on as the first of this session. */
  readonly takesUp?: TakesUp;
}

/** The program's part in a session: runs its method, says how it went, and may run it again for whoever asks. */
export class Night {
  readonly #parts: NightParts;
  #code = 0;
  #takesUp: TakesUp | undefined;
  /** How long the method takes; undefined: nobody has seen it yet. */
  #plan: RehearsedPlan | undefined;

  constructor(parts: NightParts) {
    this.#parts = parts;
    this.#takesUp = parts.takesUp;
  }

  /**
   * Exit code of the last run that is over; worse where the bench has tripped since then, or where its safe state has been
   * driven again and could not be proved.
   */
  get code(): number {
    const { session } = this.#parts;
    if (this.#code !== EXIT.completed) return this.#code;
    if (session.state === 'Aborted') return EXIT.tripped;
    return (session.safeState.outcome?.unproven.length ?? 0) > 0 ? EXIT.notProved : EXIT.completed;
  }

  /** How long the method takes, s of run time, by its rehearsal. */
  plan(plan: RehearsedPlan): void {
    this.#plan = plan;
    const { run } = this.#parts.session;
    if (run !== undefined) planRun(run, plan);
  }

  /** Runs the method once into `record`, to its end and a while beyond a trip; returns the exit code. */
  async run(record: RunRecord): Promise<number> {
    const { session, live } = this.#parts;
    live.standStill(false);
    const run = this.#start(record);
    live.showRecord(record);
    live.show({ id: record.dir, verdict: 'running', report: undefined });
    const unsubscribe = record.journal.onFailure(error =>
      session.abort({ by: 'record', id: 'journal' }, `the record cannot be written: ${messageOf(error)}`),
    );
    try {
      const ended = await this.#finished(run);
      // The next one will take as long.
      const end_s = run.phases.at(-1)?.end_s;
      if (ended.state === 'Complete' && end_s !== undefined)
        this.#plan = { planned_s: end_s, phases: [...run.phases] };
      live.show({ id: record.dir, verdict: verdictOf(ended), report: undefined });
      const outcome = await this.#drive(aftermath(session, ended, this.#parts.signals.quit));
      // The last rows of a cycler belong to the record that is read now.
      await session.parts.program?.()?.close(outcome.unproven.length === 0);
      const { screen, evaluate } = this.#parts;
      const { code, verdict, report, result } = await conclude(
        run,
        outcome,
        record,
        text => screen.say(text),
        evaluate,
      );
      const unmet = unmetCriteria(result?.kpis ?? []).map(({ text, outcome }) => `${text}: ${outcome}`);
      live.show({ id: record.dir, verdict, report, unmet });
      this.#code = code;
      return code;
    } finally {
      unsubscribe();
      if (this.#parts.clock?.isPaced === false) live.standStill(true);
    }
  }

  /**
   * The bench stays up until a person ends the program; meanwhile the method in force may be begun again, each time into
   * a record that `open` makes.
   */
  async stay(open: (again: (dir: string) => string) => Promise<RunRecord>): Promise<void> {
    const { session, live, clock, signals } = this.#parts;
    let running: Promise<unknown> = Promise.resolve();
    let isOpening = false;
    const startAgain = async (): Promise<string> => {
      // The last run's result is written before its record is closed.
      await running;
      // The second 0 of the record is the first of the run: virtual time waits while it is opened.
      const record = await session.parts.clock.track(open(nextFolder));
      if (session.state !== 'Idle') {
        await record.discard();
        return `not possible in state ${session.state}`;
      }
      // A failure here is our own: whoever watches the process turns it into the safe state.
      running = this.run(record).then(() => this.sayStaysUp());
      return '';
    };
    live.offerStart(async () => {
      if (isOpening) return 'the next run is being started';
      isOpening = true;
      try {
        return await startAgain();
      } catch (error) {
        return messageOf(error);
      } finally {
        isOpening = false;
      }
    });
    // Between rehearsals time stands still, but never on the way into the safe state.
    const unsubscribe = session.changed$.add(() => {
      if (session.state === 'Aborting' && clock?.isRunning === false)
        void clock.runUntil(reached(session, state => state !== 'Aborting').promise);
    });
    const unsubscribeWalks = session.safeState.ended$.add(({ unproven }) => {
      // The walk that ends a run stands in its result.
      if (session.run?.outcome?.unproven !== unproven) this.#sayDrivenAgain(unproven);
    });
    // Paced time goes on between the runs as real time does.
    await (clock?.isPaced === true ? clock.runUntil(signals.quit) : signals.quit);
    unsubscribe();
    unsubscribeWalks();
    await running;
  }

  /** What a person may do now that a run is over and the page goes on. */
  sayStaysUp(): void {
    const { live, screen } = this.#parts;
    screen.say(`\nThe page stays up until Ctrl-C. ${live.next.text}`);
  }

  #sayDrivenAgain(unproven: RunOutcome['unproven']): void {
    const named = unproven.map(u => `\n  not proved: ${u.what}: ${u.otherwise}`).join('');
    const how = unproven.length === 0 ? 'and is proved' : 'and is NOT proved:';
    this.#parts.screen.say(`\nThe safe state was driven again ${how}${named}`);
  }

  #start(record: RunRecord): Run {
    const { session, procedure, timeFactor } = this.#parts;
    const spec = runSpecOf(session, procedure(), timeFactor, record.origin_s);
    const cut = this.#takesUp;
    this.#takesUp = undefined;
    const run = cut === undefined ? startRun(session, spec) : takeUpRun(session, spec, cut);
    if (this.#plan !== undefined) planRun(run, this.#plan);
    return run;
  }

  async #finished(run: Run): Promise<RunOutcome> {
    using _progress = showProgress(run, this.#parts.screen);
    return await this.#drive(run.finished);
  }

  /** Lets virtual time go on until the work is done; real time goes by itself. */
  #drive<T>(work: Promise<T>): Promise<T> {
    const { clock } = this.#parts;
    return clock === undefined || clock.isRunning ? work : clock.runUntil(work);
  }
}

function planRun(run: Run, { planned_s, phases }: RehearsedPlan): void {
  run.planned_s = planned_s;
  const lasting = phases.map(({ name, start_s, end_s }) => ({ name, planned_s: end_s - start_s }));
  run.phasePlan = { by: 'rehearsal', phases: lasting };
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
