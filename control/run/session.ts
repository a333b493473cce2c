import { messageOf } from '../../drivers/contract/errors.ts';
import { Listeners } from '../../drivers/contract/listeners.ts';
import type { Cause } from '../contract/cause.ts';
import {
  endOf,
  isFinal,
  isInStep,
  isMoving,
  isSecured,
  isStill,
  nextState,
  type RunEvent,
  type RunState,
} from '../contract/run-state.ts';
import { inWords, type Words } from '../contract/words-later.ts';
import type { EventBody } from '../record/events.ts';
import { Beats } from '../tick/beat.ts';
import { DerivedSource } from '../tick/derived-source.ts';
import { Gate } from '../tick/gate.ts';
import { ProcessImage } from '../tick/image.ts';
import { Sampling } from '../tick/sampling.ts';
import type { AlarmBook } from '../watch/alarms/book.ts';
import { Interlocks } from '../watch/interlocks.ts';
import { type Checkpoint, checkpointOf, writeDown } from './checkpoint.ts';
import { alarmsOf, auditOutputs, beatOf, reactionsOf, watchdogsOf, watchOutputs } from './reactions.ts';
import type { Run } from './run.ts';
import { safePlanOf } from './safe/plan.ts';
import { SafeState } from './safe/safe-state.ts';
import type { SafeOutcome } from './safe/walk.ts';
import { addSessionBeats } from './session-beats.ts';
import type { SessionParts } from './session-parts.ts';
import { connectAll } from './start-up.ts';
import { hold, resume, stillOn, suspend } from './suspend/pauses.ts';
import type { Suspending } from './suspend/suspension.ts';
import { WindDown } from './wind-down.ts';

/**
 * A bench that lives for days: its devices, readings, limits, outputs and safe state, and the state that it is in. Runs
 * come and go in it, one after the other; whatever ends a run, sampling, judging and recording go on, and the safe state
 * stays in charge until a person leads out of it.
 */
export class BenchSession {
  readonly parts: SessionParts;
  readonly image: ProcessImage;
  readonly interlocks: Interlocks;
  readonly alarms: AlarmBook;
  readonly gate: Gate;
  readonly sampling: Sampling;
  readonly safeState: SafeState;
  readonly watchdogs: ReturnType<typeof watchdogsOf>;
  /** After each control tick and each change of state. */
  readonly changed$ = new Listeners<void>(error => this.#listenerFailed(error));
  state: RunState = 'Idle';
  /** The run under way, or the last one. */
  run: Run | undefined;
  /** Why the bench stands where it stands, and who or what did it (undefined: nobody, or before a cut); empty while all is well. */
  reason = '';
  cause: Cause | undefined;
  readonly #derived: DerivedSource;
  readonly #beats: Beats;
  #isOpen = false;
  /** An orderly stop is bringing the load down. */
  #windDown: WindDown | undefined;
  #isInTick = false;
  #isCheckpointDue = false;
  #listenerTroubles = 0;

  private constructor(parts: SessionParts, saved?: Checkpoint) {
    this.parts = parts;
    const { bench, roles, devices, clock, recording } = parts;
    this.image = new ProcessImage(roles, () => clock.now_s());
    this.gate = new Gate({ roles, devices, clock, sink: recording, period_s: parts.control_s });
    this.interlocks = new Interlocks(bench.interlocks, roles, reactionsOf(this), saved?.interlocks);
    this.alarms = alarmsOf(this, saved?.alarms);
    this.#derived = new DerivedSource(bench, roles, saved?.derived);
    this.#beats = new Beats(clock, saved?.beats, () => this.gate.moves + recording.events);
    this.sampling = new Sampling({
      devices: devices.values(),
      poll_s: id => bench.devices[id].poll_s,
      clock,
      interlocks: this.interlocks,
      image: this.image,
      sink: recording,
      derived: this.#derived,
      isAligned: parts.isAligned === true,
    });
    this.safeState = new SafeState({
      plan: safePlanOf(bench, roles),
      devices,
      gate: this.gate,
      image: this.image,
      clock,
      sink: recording,
      isLeft: parts.isLeft,
    });
    this.safeState.ended$.add(outcome => this.#secured(outcome));
    this.gate.settled$.add(() => this.#lookAtWindDown());
    watchOutputs(this);
    this.watchdogs = watchdogsOf(this);
  }

  /**
   * Connects every device, arms the watchdogs, begins to sample. Rejects with a DeviceError that names every device that
   * cannot be had; then nothing has been switched on and all is closed.
   */
  static async open(parts: SessionParts): Promise<BenchSession> {
    const session = new BenchSession(parts);
    try {
      await connectAll({ ...parts, note: (data, text) => session.note({ kind: 'watchdog', data }, text) });
    } catch (error) {
      await session.close();
      throw error;
    }
    session.#begin(undefined);
    return session;
  }

  /**
   * Goes on from a checkpoint, on devices that are connected already; the run is taken up by `resumeRun` at once. What
   * was on its way into the safe state, or was kept there, is driven again.
   */
  static restore(parts: SessionParts, saved: Checkpoint): BenchSession {
    const session = new BenchSession(parts, saved);
    [session.state, session.reason] = [saved.state, saved.reason];
    session.image.restore(saved.image);
    session.gate.restore(saved.gate);
    if (saved.windDown !== null) session.#windDown = new WindDown(session, saved.windDown);
    session.#begin(saved);
    if (isSecured(saved.state) && saved.windDown === null) session.#secure(saved.reason);
    return session;
  }

  /** Does nothing more; lines and instruments stay as they are. */
  letGo(): void {
    this.run?.letGo();
    this.#beats.cancel();
    this.sampling.stop();
    this.safeState.letGo();
  }

  /** Closes the lines; the instruments stay in the state that they are in. */
  async close(): Promise<void> {
    this.letGo();
    await Promise.allSettled([...this.parts.devices.values()].map(device => device.close()));
  }

  readonly [Symbol.asyncDispose] = (): Promise<void> => this.close();

  /** Takes the way that the table has from here, and writes it down. False if there is none. */
  go(event: RunEvent): boolean {
    const from = this.state;
    const to = nextState(from, event);
    if (to === undefined) return false;
    this.state = to;
    this.#showContext();
    this.note({ kind: 'state', data: { from, to, event } }, `${from} -> ${to} (${event})`);
    if (event !== 'abort') this.checkpoint();
    else this.#isCheckpointDue = true; // with the next tick: the lines of the safe state first
    this.changed$.tell();
    return true;
  }

  /** Operator pause. */
  readonly hold = (reason: string, cause?: Cause): boolean => hold(this, reason, cause);

  /** Goes on after a hold. Refused while a hold, stop or trip alarm or a recovery stands; returns what stands against it. */
  readonly resume = (): string => resume(this);

  /** What an interlock or a limit with a recovery leads to: its set points, and the run goes on by itself. */
  readonly suspend = (cause: Suspending): void => suspend(this, cause);

  /** Orderly end of the run: load ramped off under its limits, then the safe state. */
  stop(cause: Cause, reason: string): boolean {
    if (!this.go('stop')) return false;
    this.gate.pause(false);
    this.#leave(cause, reason);
    this.#windDown = new WindDown(this);
    this.#showContext();
    this.#lookAtWindDown();
    return true;
  }

  /** At once into the safe state, from wherever the bench is. */
  abort(cause: Cause, words: Words): void {
    void this.safeState.enter(words); // the first frames leave in this call
    this.gate.shut(inWords(words));
    this.#windDown = undefined;
    const isFirst = this.state !== 'Aborted'; // what led there stays the cause until a person clears
    if (this.go('abort')) this.#leave(cause, inWords(words), isFirst);
  }

  /** The procedure is through. */
  complete(): void {
    if (!this.go('complete')) return;
    this.#leave({ by: 'procedure', id: 'complete' }, '');
    this.#secure('the run has ended');
  }

  /** Writes an event with the time of now. */
  note(body: EventBody, text: string): void {
    this.parts.recording.event({ ...body, t_s: this.parts.clock.now_s(), text });
  }

  /** The tags of the present step have changed. */
  showTags(tags: readonly string[]): void {
    this.#showContext();
    this.note({ kind: 'tags', data: { tags } }, tags.join(' '));
  }

  /** All that would be needed to go on from here goes into the record; of a tick only what stands at its end. */
  checkpoint(): void {
    this.#isCheckpointDue = this.#isInTick;
    const { recording, clock } = this.parts;
    if (this.#isOpen && !this.#isInTick) writeDown(recording, clock.now_s(), this.save());
  }

  /** All that would be needed to go on from here, JSON. */
  save(): Checkpoint {
    return checkpointOf(this, {
      beats: this.#beats.state(),
      windDown: this.#windDown?.state() ?? null,
      derived: this.#derived.state(),
    });
  }

  #begin(saved: Checkpoint | undefined): void {
    this.sampling.start(this.#beats, saved?.sampling);
    addSessionBeats(this.#beats, this.parts, {
      control: () => this.#tick(true),
      checkpoint: () => this.checkpoint(),
      audit: () => auditOutputs(this),
      flush: () => void this.parts.recording.flush(),
    });
    this.#beats.start();
    this.#isOpen = true;
  }

  /** Looks at the run between two control ticks. */
  look(): void {
    if (isMoving(this.state)) this.#tick(false);
  }

  #tick(isBeat: boolean): void {
    this.#isInTick = true;
    try {
      if (isBeat) beatOf(this);
      if (isMoving(this.state)) this.run?.tick(isBeat);
      else if (this.state === 'Starting') this.run?.tryStart();
      else if (isStill(this.state)) stillOn(this, isBeat);
      else this.#lookAtWindDown();
      this.safeState.tick();
    } catch (error) {
      this.abort({ by: 'self', id: 'tick' }, `cellbench itself failed: ${messageOf(error)}`);
    }
    this.#isInTick = false;
    if (this.#isCheckpointDue) this.checkpoint();
    if (isBeat) this.run?.trends.take(this.run.time_s, this.image);
    // Virtual time must not outrun the disk.
    if (this.parts.recording.isBehind) void this.parts.clock.track(this.parts.recording.catchUp());
    this.changed$.tell();
  }

  /** Goes into the safe state once the load is down. */
  #lookAtWindDown(): void {
    if (this.#windDown === undefined) return;
    if (this.#windDown.isOver(this.parts.clock.now_s())) {
      this.#windDown = undefined;
      this.#secure(this.reason);
    } else this.#showContext();
  }

  #leave(cause: Cause, reason: string, isFirst = true): void {
    if (isFirst) [this.reason, this.cause] = [reason, cause];
    this.note({ kind: 'end', data: { cause } }, reason === '' ? 'the procedure is through' : reason);
    this.run?.leave(cause, reason);
  }

  #secure(reason: string): void {
    this.gate.shut(reason);
    void this.safeState.enter(reason);
    this.#showContext();
  }

  #secured(outcome: SafeOutcome): void {
    const event = endOf(this.state);
    if (event === undefined || !this.go(event)) this.changed$.tell();
    if (isFinal(this.state)) this.run?.secured(this.state, outcome.unproven);
  }

  /** What counts for `armed`: while the load ramps off, the limits of the step that was left go on counting. */
  #showContext(): void {
    const counts = isInStep(this.state) || (this.state === 'Stopping' && this.#windDown !== undefined);
    this.interlocks.context(this.state, counts ? (this.run?.tags() ?? []) : []);
  }

  #listenerFailed(error: unknown): void {
    const text = `a listener failed: ${messageOf(error)}; the run goes on without it`;
    if (++this.#listenerTroubles === 1) this.note({ kind: 'listener', data: { count: 1 } }, text);
  }
}
