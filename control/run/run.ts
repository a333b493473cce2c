import { DUST_S } from '../../profiles/language/run/beside/dust.ts';
import { MethodRun } from '../../profiles/language/run/method-run.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import type { Subject } from '../../profiles/recorded-run.ts';
import type { Cause, Unproven } from '../contract/cause.ts';
import { type Left, leftNow, type PhasePlan } from '../contract/phase-plan.ts';
import type { PhaseResult } from '../contract/phase-result.ts';
import type { RunOutcome } from '../contract/run-outcome.ts';
import { isStill, type RunState } from '../contract/run-state.ts';
import type { EditSaved } from '../record/kinds/edit-kind.ts';
import { Trends } from '../tick/trends.ts';
import { Asks } from './asks.ts';
import type { RunSaved } from './checkpoint.ts';
import { editedRun } from './edit/edited-method.ts';
import { type Measuring, measuringOf } from './measure/measuring.ts';
import { methodEvents } from './method-notes.ts';
import { type Still, standStill } from './resume/still.ts';
import type { BenchSession } from './session.ts';
import { readiness, readyBy_s } from './start-up.ts';
import { stepEnv } from './step-env.ts';
import { Suspension } from './suspend/suspension.ts';
import { Wake } from './wake.ts';

/** What is to be run. */
export interface RunSpec {
  readonly procedure: Procedure;
  readonly subject: Subject;
  /** By how much method and plant run faster than life; 1 otherwise. */
  readonly timeFactor: number;
  /** Roles whose whole course is kept at hand for the page. */
  readonly trendRoles: readonly string[];
  /** Who confirms what a method asks of a person, where nobody is there: a rehearsal. */
  readonly confirmedBy?: string;
  /** Session time that is second 0 of the run and of its record; default: now. */
  readonly origin_s?: number;
}

/**
 * One procedure on a bench session: Starting -> Execute -> Completing -> Complete, or through Stopping / Aborting into
 * the safe state. It owns what only a run has: its place in the procedure, its phases, its outcome. Times that it shows
 * count from its own start.
 */
export class Run {
  readonly session: BenchSession;
  spec: RunSpec;
  /** How its method was edited, the oldest first. */
  readonly edits: EditSaved[] = [];
  /** When it began, s of the session's clock. */
  readonly origin_s: number;
  readonly trends: Trends;
  /** Resolves once the run has ended in a final state, safe state walked; never rejects. */
  readonly finished: Promise<RunOutcome>;
  readonly phases: PhaseResult[] = [];
  /** What it waits for until a person says that it is so. */
  readonly asks: Asks;
  /** What measures impedance, with the newest spectra. */
  readonly measuring: Measuring;
  /** What of it is suspended, and how often it was. */
  readonly suspension: Suspension;
  phase = '';
  /** Run time at which it began, s. */
  phaseStart_s = 0;
  step = '';
  /** By what the method went to its end before its last step, and why; empty: it has not. */
  finishedBy = '';
  outcome: RunOutcome | undefined;
  /** Taken up after a cut, it stands still as soon as its start is through. */
  still: Still | undefined;
  /** How long it will probably take, s of run time: by the method, until somebody knows better (a rehearsal). */
  planned_s: number;
  /** The same of its phases. */
  phasePlan: PhasePlan;
  readonly #env: ReturnType<typeof stepEnv>;
  #method: MethodRun;
  readonly #wake: Wake;
  /** Last control tick and last look, run time, s. */
  #beat_s: number;
  #looked_s: number;
  #isLooking = false;
  /** Something that was asked for has been applied or has failed since the last look. */
  #hasSettled = false;
  #finish: (outcome: RunOutcome) => void = () => {};
  #isAfterHold = false;
  #readyBy_s = 0;
  /** How it left its method; undefined: it goes on. */
  left: Left | undefined;

  constructor(session: BenchSession, spec: RunSpec, saved?: RunSaved, isCut = false) {
    this.session = session;
    this.spec = spec;
    this.origin_s = saved?.origin_s ?? spec.origin_s ?? session.parts.clock.now_s();
    this.trends = new Trends(spec.trendRoles);
    this.planned_s = spec.procedure.planned_s;
    this.phasePlan = { by: 'method', phases: spec.procedure.phases ?? [] };
    this.finished = new Promise(resolve => {
      this.#finish = resolve;
    });
    this.phase = saved?.phase ?? '';
    this.step = saved?.step ?? '';
    this.finishedBy = saved?.finishedBy ?? '';
    this.phases.push(...(saved?.phases ?? []));
    this.phaseStart_s = saved?.phaseStart_s ?? 0;
    this.#isAfterHold = saved?.isAfterHold ?? false;
    this.#readyBy_s = saved?.readyBy_s ?? 0;
    this.left = saved?.left ?? undefined;
    this.still = saved?.still;
    this.suspension = new Suspension(saved?.suspension);
    this.asks = new Asks(spec.confirmedBy, (_t_s, { what, text }) => {
      session.note({ kind: 'ask', data: { what, asked: text } }, `${what}: ${text}`);
    });
    this.measuring = measuringOf(session, spec.subject, this.origin_s, () => this.settled());
    this.edits.push(...(saved?.edits ?? []));
    this.#env = stepEnv(session, this);
    this.#method = this.#openMethod(saved, isCut);
    this.#wake = new Wake(session.parts.clock, () => session.look());
    this.#beat_s = saved?.beat_s ?? 0;
    this.#looked_s = saved?.looked_s ?? 0;
    if (saved !== undefined) this.#nextLook();
  }

  /** Run time, s. */
  get time_s(): number {
    return this.session.parts.clock.now_s() - this.origin_s;
  }

  /** Until the step under way ends by a time of its own at the latest, s; Infinity: by none, or on hold. */
  get stepLeft_s(): number {
    return this.#method.left_s;
  }

  /** The round that the outermost loop of its method is in; null: in none, or over. */
  get round(): ReturnType<MethodRun['round']> {
    return this.outcome === undefined ? this.#method.round() : null;
  }

  /** Waits for readings and proofs, then begins. What stands against it stops the run before anything is switched on. */
  begin(): void {
    this.#readyBy_s = readyBy_s(this.session);
    this.session.go('start');
    this.tryStart();
  }

  /** One beat in Starting. */
  tryStart(): void {
    const { session } = this;
    const now = readiness(session, this.#readyBy_s);
    if (now === 'ready') {
      session.go('started');
      if (this.still !== undefined) standStill(session, this.still);
      this.still = undefined;
    } else if (now !== 'waits') session.stop({ by: 'start', id: now.id }, `not started: ${now.text}`);
  }

  /** One beat in Execute, or a look between two. */
  tick(isBeat: boolean): void {
    const t_s = this.time_s;
    const dt_s = t_s - this.#looked_s;
    const isAfterHold = this.#isAfterHold;
    this.#isAfterHold = false;
    this.#looked_s = t_s;
    if (isBeat) this.#beat_s = t_s;
    this.#isLooking = true;
    this.#method.tick(t_s, dt_s, isAfterHold);
    this.#isLooking = false;
    if (isStill(this.session.state)) this.held(false);
    this.#nextLook();
  }

  /** The step that a skip would end now, and with a reason it is skipped; in words, why there is none. */
  skip(reason?: string): ReturnType<MethodRun['skip']> {
    if (this.#isLooking) return 'not in the middle of a look';
    const found = this.#method.skip(this.time_s, reason);
    if (typeof found === 'object' && reason !== undefined) this.session.look();
    return found;
  }

  /** Held, the rest of its method is edited. Returns what stands against it; empty: it goes on by the new one. */
  edit(procedure: Procedure): string {
    if (this.#isLooking) return 'not in the middle of a look';
    const events = methodEvents(this.session, this);
    const found = editedRun(this, this.#method, procedure, this.#env, events);
    if (typeof found === 'string') return found;
    this.#method = found;
    this.spec = { ...this.spec, procedure };
    this.planned_s = procedure.planned_s;
    this.phasePlan = { by: 'method', phases: procedure.phases ?? [] };
    return '';
  }

  /** As a hold or suspension begins, and in each beat: limits go on; in a look it waits for its end. True: what is set stands. */
  held(isBeat: boolean): boolean {
    if (this.#isLooking) return false;
    const t_s = this.time_s;
    const dt_s = t_s - this.#looked_s;
    this.#looked_s = t_s;
    if (isBeat) this.#beat_s = t_s;
    this.#isLooking = true;
    const isThere = this.#method.held(t_s, dt_s, this.suspension.sets());
    this.#isLooking = false;
    return isThere;
  }

  /** Places of the limits of its method that have led into a suspension and are not back yet. */
  notYetBack(): ReadonlySet<string> {
    return this.#method.notYetBack(new Set());
  }

  /** Something that was asked for has been applied or has failed. */
  settled(): void {
    this.#hasSettled = true;
    if (!this.#isLooking) this.#lookSoon();
  }

  /** Does nothing more by itself. */
  letGo(): void {
    this.#wake.off();
    this.measuring.giveUp('the session ends');
  }

  /** Tags of the present step; what a step under load had armed goes with the load. */
  tags(): readonly string[] {
    const tags = this.#method.tags();
    return this.left === undefined || this.#env.isLoaded() ? tags : tags.filter(tag => tag !== 'load');
  }

  /** On again after a hold: nothing may be claimed over it. */
  goesOn(): void {
    this.#isAfterHold = true;
  }

  /** The session leaves the procedure; the first cause stays, unless something worse comes. */
  leave(cause: Cause, reason: string): void {
    if (this.outcome !== undefined) return;
    this.left = leftNow(this.left, cause, reason, this.time_s);
    this.measuring.giveUp(reason === '' ? 'the run ends' : reason);
    this.#method.cancel(this.time_s, reason);
  }

  /** The safe state has been walked to its end. */
  secured(state: RunState, unproven: readonly Unproven[]): void {
    if (this.outcome !== undefined) return;
    const { cause, reason } = this.left ?? { cause: { by: 'self', id: 'run' } as const, reason: '' };
    this.outcome = { state, cause, reason, unproven };
    this.#finish(this.outcome);
  }

  /** What the run remembers, JSON. */
  save(): RunSaved {
    return {
      origin_s: this.origin_s,
      phase: this.phase,
      phaseStart_s: this.phaseStart_s,
      step: this.step,
      ...(this.finishedBy === '' ? {} : { finishedBy: this.finishedBy }),
      phases: [...this.phases],
      isAfterHold: this.#isAfterHold,
      beat_s: this.#beat_s,
      looked_s: this.#looked_s,
      readyBy_s: this.#readyBy_s,
      left: this.left ?? null,
      suspension: this.suspension.state(),
      ...(this.still === undefined ? {} : { still: this.still }),
      ...(this.edits.length === 0 ? {} : { edits: this.edits }),
      method: this.#method.state(),
    };
  }

  /** A step ends, and the next set point leaves, when its time is over and not at the next beat. */
  #nextLook(): void {
    const { time_s } = this;
    const { left_s } = this.#method;
    // What is over and goes on (a ramp whose last value is on its way) has been looked at.
    const due_s = left_s > DUST_S ? this.#looked_s + left_s : Infinity;
    this.#wake.within(due_s - time_s, this.#beat_s + this.session.parts.control_s - time_s);
    this.#lookSoon();
  }

  #lookSoon(): void {
    if (this.#hasSettled && this.#method.isAwaiting) this.#wake.soon();
    this.#hasSettled = false;
  }

  #openMethod(saved: RunSaved | undefined, isCut: boolean): MethodRun {
    const { program, method } = this.spec.procedure;
    if (program === undefined) throw new Error(`${method} is a name only and cannot be run`);
    return new MethodRun(program, this.#env, methodEvents(this.session, this), saved?.method, isCut);
  }
}

/**
 * Begins a run on a session; the command line, the page, a campaign and an API call the same. @throws Error if the
 * session is not ready for one: a run is under way, or a person has not led out of the last end yet.
 */
export function startRun(session: BenchSession, spec: RunSpec): Run {
  if (session.state !== 'Idle') throw new Error(`a run cannot start in ${session.state}`);
  const run = new Run(session, spec);
  session.run = run;
  run.begin();
  return run;
}
