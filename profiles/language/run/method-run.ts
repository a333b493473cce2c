import { noting } from '../../steps/noting.ts';
import type { RecoverySet } from '../../steps/recovery.ts';
import type { Program } from '../layout/instruction.ts';
import { isAwaiting } from './beside/any-runs.ts';
import { DerivedValues } from './beside/derived-values.ts';
import { ExactTimes } from './beside/exact-times.ts';
import { type LastEnd, type Listener, laneEvents } from './beside/lane-events.ts';
import { restUnlessDriven, Tags } from './beside/load-state.ts';
import { Phases } from './beside/phases.ts';
import { RecordRules } from './beside/record-rules.ts';
import { Way } from './beside/reentry.ts';
import { returnedBy } from './beside/returned.ts';
import { type Skippable, skipIn } from './beside/skip.ts';
import { takeOver } from './beside/take-over.ts';
import { CutOff } from './beside/take-up.ts';
import { isFirst, tellFailed } from './beside/tell-step.ts';
import { Core } from './core.ts';
import { countIn } from './count-in.ts';
import type { LanguageEnv } from './env.ts';
import { type Frame, NO_ENDS } from './frame.ts';
import { afterHold } from './hold/after-hold.ts';
import { Hold, judge, notBack } from './hold/hold.ts';
import { notYetBack } from './hold/recover.ts';
import { type Count, NO_COLUMN } from './live-expression.ts';
import type { MethodEvents } from './method-events.ts';
import { giveParameters, type MethodState, restoreCore, savedCore } from './method-state.ts';
import { tellPart, tellPartsCut } from './part.ts';
import { type Exceeded, endByLimit, Watch } from './watch.ts';

/**
 * Runs a method of the language, one look at a time. Time comes in with the look; when nobody looks (Held), nothing
 * moves. It sees to every value that a step asks for: one that is refused or fails ends the run.
 */
export class MethodRun {
  readonly #core: Core;
  readonly #events: MethodEvents;
  readonly #way: Way;
  /** Limits of the whole method. */
  readonly #watch: Watch;
  readonly #derived: DerivedValues;
  readonly #exact: ExactTimes;
  readonly #rows: RecordRules;
  readonly #hold = new Hold();
  /** The bench has been told which rows to keep; not so after a cut. */
  #isKept = true;
  readonly #cut = new CutOff();
  /** What a limit of the whole method and a derived role count: the run. */
  readonly #count: Count;
  readonly #asked = new Set<string>();
  readonly #warned = new Set<string>();
  readonly #phases: Phases;
  #lastEnd = 'start';
  readonly #shown = new Tags();
  #isOver = false;
  #t_s = 0;

  /** `saved`: goes on from there; `isCut`: by the rules of its steps, the bench has been in its safe state since. */
  constructor(program: Program, env: LanguageEnv, events: MethodEvents, saved?: MethodState, isCut = false) {
    this.#events = events;
    this.#phases = new Phases(program, events);
    this.#core = new Core(program, noting(env, this.#asked));
    this.#way = new Way(this.#core, laneEvents(this.#core, events, this.#shown, this.#listener()));
    this.#count = countIn(this.#core, this.#way.main, this.#core.zero);
    this.#rows = new RecordRules(this.#core, () => this.#way.lane);
    this.#derived = new DerivedValues(this.#core);
    this.#core.onChanged = () => this.#derived.stale();
    this.#exact = new ExactTimes(this.#core, found => events.inexact(found));
    if (saved === undefined) giveParameters(this.#core);
    else this.#restore(saved, isCut);
    this.#watch = new Watch(this.#core, NO_ENDS, program.limits, this.#count, saved?.watch);
  }

  /** Time until it is to be looked at whatever the beat, s; Infinity: at the beats. */
  get left_s(): number {
    return this.#hold.isOn || this.#cut.isOpen ? Infinity : this.#way.lane.left_s() / this.#core.speed;
  }

  /** The outermost loop that it is in: its round, from 1, of how many at most; null: in none. */
  readonly round = (): Pick<Frame, 'round' | 'rounds'> | null =>
    this.#way.main.frames.find(({ isLoop }) => isLoop) ?? null;

  get isAwaiting(): boolean {
    return this.#hold.isAwaiting || isAwaiting(this.#way.lane);
  }

  /** In the safe state nothing of a step counts. */
  readonly tags = (): readonly string[] => (this.#cut.isOpen ? [] : this.#shown.told);

  /** One beat, or a look between two; dt_s since the last in which it ran, s. */
  tick(t_s: number, dt_s: number, isAfterHold: boolean): void {
    if (this.#isOver) return;
    this.#t_s = t_s;
    const core = this.#core;
    const isStill = isAfterHold || this.#hold.isOn;
    const passed_s = isStill || this.#cut.isOpen ? 0 : dt_s * core.speed;
    core.take(t_s, passed_s, this.#hold.isOn ? dt_s * core.speed : 0);
    this.#derived.look(t_s, this.#count);
    if (!this.#isKept) core.env.keepBy(this.#rows.rule());
    this.#isKept = true;
    if (this.#phases.name === '') this.#phases.begin(t_s);
    if (this.#cut.isOpen) this.#goOn();
    if (this.#isOver || this.#hasFailed(t_s) || (isStill && !this.#isBack(t_s, dt_s))) return;
    const over = this.#watch.exceeded(this.#count, NO_COLUMN);
    if (over !== undefined) this.#limit(over);
    if (this.#isOver) return;
    const found = this.#way.look({ t_s, dt_s: passed_s, isGated: false });
    if (this.#isOver) return;
    if (found.is === 'through') this.#complete(t_s);
    else if (found.is === 'away') this.#ends(found.to === 'trip' ? 'trip' : 'stop', t_s);
    else {
      this.#phases.enterFinally(this.#way.main, t_s, this.#lastEnd);
      restUnlessDriven(this.#way.lane, core.env);
      this.#showTags();
    }
  }

  /** The step that a skip would end now, and with a reason it is ended; in words, why there is none. */
  skip(t_s: number, reason?: string): Skippable | string {
    return this.#isOver ? 'the method is over' : skipIn(this.#core, this.#way, t_s, reason);
  }

  /** One look in a hold, from its begin on: limits go on, all else stands still. `sets`: of a suspension; true: they stand. */
  held(t_s: number, dt_s: number, sets?: readonly RecoverySet[]): boolean {
    if (this.#isOver) return false;
    this.#t_s = t_s;
    const { isOpen } = this.#cut;
    this.#core.take(t_s, 0, isOpen ? 0 : dt_s * this.#core.speed);
    this.#derived.look(t_s, this.#count);
    if (isOpen) this.#tellCut();
    if (this.#isOver || this.#hasFailed(t_s)) return false;
    this.#judge(sets === undefined);
    if (isOpen) return !this.#isOver;
    const isThere = !this.#isOver && this.#hold.keep(this.#core, this.#way.lane, t_s, dt_s, sets);
    if (sets !== undefined) this.#showTags();
    return isThere;
  }

  /** Places of its limits that have led into a suspension and are not back yet. */
  notYetBack(into: Set<string>): Set<string> {
    return notYetBack(this.#watch, this.#way.lane, into);
  }

  #judge(isHeld: boolean): void {
    const act = (found?: Exceeded): void => (this.#isOver || !found ? undefined : this.#limit(found));
    act(this.#watch.exceeded(this.#count, NO_COLUMN, isHeld));
    if (!this.#cut.isOpen) judge(this.#way.lane, act, isHeld);
  }

  /** After a hold: whether everything stands as before; then nothing is claimed over the hold. */
  #isBack(t_s: number, dt_s: number): boolean {
    const progress = this.#hold.comeBack(this.#core, t_s, dt_s);
    if (progress !== 'done') {
      this.#judge(true);
      this.#showTags();
    }
    if (typeof progress === 'object' && !this.#isOver) {
      this.#last = notBack(this.#way.lane, progress.missing);
      this.#ends('trip', t_s);
    }
    if (progress !== 'done') return false;
    afterHold(this.#way.lane, this.#hold.end(this.#core, t_s));
    this.#events.goesOn?.();
    return true;
  }

  /** After a cut. */
  #goOn(): void {
    this.#tellCut();
    this.#cut.isOpen = false;
    if (!this.#isOver) this.#way.goOn();
  }

  #tellCut(): void {
    const never = this.#cut.tell(this.#core, this.#way, this.#events, this.#shown);
    this.#last = never ?? this.#last;
    if (never !== undefined) this.#ends('stop', this.#t_s);
  }

  #complete(t_s: number): void {
    this.#exact.end();
    this.#over(t_s, this.#lastEnd);
    this.#events.end('complete', 'procedure completed');
  }

  /** A stop or trip that a step leads to. */
  #ends(how: 'stop' | 'trip', t_s: number): void {
    const last = this.#last;
    this.#over(t_s, this.#lastEnd);
    this.#events.end(how, last === undefined ? this.#lastEnd : `${last.label}: ${last.end.reason}`, last);
  }

  #last: LastEnd | undefined;
  /** A set point that did not arrive is not a thing to go on from. */
  #hasFailed(t_s: number): boolean {
    const last = tellFailed(this.#core, this.#events, this.#asked, this.#way.lane, t_s);
    if (last === undefined) return false;
    this.#lastEnd = last.end.reason;
    this.#last = last;
    this.#ends(last.end.leadsTo === 'trip' ? 'trip' : 'stop', t_s);
    return true;
  }

  /** Limits of method, blocks and steps; one that only warns is told once, however often its place comes. */
  #limit(found: Exceeded): void {
    const { then, text, where, warned = [] } = found;
    for (const one of warned) this.#limit(one);
    if (then === 'stop' || then === 'trip') {
      this.#last = endByLimit(found, then);
      this.#lastEnd = this.#last.end.reason;
      this.#events.exceeded(found);
      this.#way.lane.leave(this.#lastEnd, this.#t_s);
      this.#ends(then, this.#t_s);
    } else if (then !== 'warn' || isFirst(this.#warned, `${where} ${text}`)) this.#events.exceeded(found);
  }

  #showTags(): void {
    this.#shown.show(this.#way.lane, this.#core.env, this.#events);
  }

  /** Ends whatever runs; for stop and trip. The open phase is closed with the reason. */
  cancel(t_s: number, reason: string): void {
    if (this.#isOver) return;
    this.#t_s = t_s;
    this.#over(t_s, reason);
  }

  /** However it ends: what is under way says what it has seen, and what is returned is worked out now. */
  #over(t_s: number, reason: string): void {
    this.#isOver = true;
    this.#way.tellLast(reason);
    tellPartsCut(this.#core, this.#events, this.#way.main.frames, t_s);
    this.#phases.end(t_s, reason);
    returnedBy(this.#core, this.#count, this.#events);
  }

  #listener(): Listener {
    return {
      rows: () => this.#rows,
      exact: () => this.#exact,
      t_s: () => this.#t_s,
      isOver: () => this.#isOver,
      ended: (last, why, isLeft = false) => {
        if (!isLeft || (this.#last?.end.leadsTo ?? 'next') === 'next') this.#last = last;
        this.#lastEnd = why;
      },
      phases: this.#phases,
      left: (frame, isWhole) => tellPart(this.#core, this.#events, frame, this.#t_s, isWhole),
      exceeded: found => this.#limit(found),
    };
  }

  /** Its rest was edited: goes on with what the one before has seen, which is not looked at any more. */
  takeOver(before: MethodRun): void {
    this.#watch.takeOver(before.#watch);
    this.#derived.takeOver(before.#derived);
    takeOver(this.#way.main, before.#way.main);
  }

  /** All that it needs to go on from here. */
  state(): MethodState {
    return {
      language: 2,
      main: this.#core.program.path,
      ...savedCore(this.#core),
      at_s: this.#t_s,
      lane: this.#way.main.state(),
      reentry: this.#way.state(),
      phase: this.#phases.name,
      lastEnd: this.#lastEnd,
      exact: this.#exact.state(),
      derived: this.#derived.state(),
      hold: this.#hold.state(),
      watch: this.#watch.state(),
      asked: [...this.#asked],
      tags: this.#shown.told,
      isOver: this.#isOver,
      ...this.#cut.state(),
    };
  }

  #restore(saved: MethodState, isCut: boolean): void {
    restoreCore(this.#core, saved);
    this.#phases.name = saved.phase;
    this.#lastEnd = saved.lastEnd;
    this.#isOver = saved.isOver;
    this.#isKept = false;
    this.#exact.restore(saved.exact);
    this.#derived.restore(saved.derived);
    this.#shown.told = saved.tags;
    this.#t_s = saved.at_s;
    this.#cut.restore(saved, saved.at_s, isCut);
    // A bench that was in its safe state has set points to be asked for anew, whatever it was held at.
    if (this.#cut.isOpen) this.#core.totals.drop();
    else {
      this.#hold.restore(saved.hold, this.#core);
      for (const role of saved.asked) this.#asked.add(role);
    }
    this.#way.restore(saved.lane, saved.reentry);
  }
}
