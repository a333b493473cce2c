import { messageOf } from '../../drivers/contract/errors.ts';
import { Listeners } from '../../drivers/contract/listeners.ts';
import type { Cause } from '../contract/cause.ts';
import type { RunState } from '../contract/run-state.ts';
import { endOf, isInStep, nextState, type RunEvent } from '../contract/run-state.ts';
import type { EventBody } from '../record/events.ts';
import { DerivedSource } from '../tick/derived-source.ts';
import { Gate } from '../tick/gate.ts';
import { ProcessImage } from '../tick/image.ts';
import { Sampling } from '../tick/sampling.ts';
import { Interlocks, type Raised } from '../watch/interlocks.ts';
import { type Checkpoint, checkpointOf } from './checkpoint.ts';
import type { Run } from './run.ts';
import { safePlanOf } from './safe/plan.ts';
import { SafeState } from './safe/safe-state.ts';
import type { SafeOutcome } from './safe/walk.ts';
import { type SessionBeats, startBeats } from './session-beats.ts';
import type { SessionParts } from './session-parts.ts';
import { type Armed, connectAll } from './start-up.ts';
import { rampOff } from './wind-down.ts';

/**
 * A bench that lives for days: its devices, readings, limits, outputs and safe state, and the state that it is in. Runs
 * come and go in it, one after the other; whatever ends a run, sampling, judging and recording go on, and the safe state
 * stays in charge until a person leads out of it.
 */
export class BenchSession {
  readonly parts: SessionParts;
  readonly image: ProcessImage;
  readonly interlocks: Interlocks;
  readonly gate: Gate;
  readonly sampling: Sampling;
  readonly safeState: SafeState;
  /** After each control tick and each change of state. */
  readonly changed$ = new Listeners<void>(error => this.#listenerFailed(error));
  state: RunState = 'Idle';
  /** The run under way, or the last one. */
  run: Run | undefined;
  /** Why the bench stands where it stands; empty while all is well. */
  reason = '';
  readonly #derived: DerivedSource;
  #beats: SessionBeats | undefined;
  #lastTick_s = 0;
  #isRampingOff = false;
  #listenerTroubles = 0;

  private constructor(parts: SessionParts, saved?: Checkpoint) {
    this.parts = parts;
    const { bench, roles, devices, clock, recording } = parts;
    this.image = new ProcessImage(roles, () => clock.now_s());
    this.gate = new Gate({ roles, devices, clock, sink: recording, period_s: parts.control_s });
    this.interlocks = new Interlocks(
      bench.interlocks,
      roles,
      {
        raised: raised => this.#react(raised),
        cleared: (id, text) => this.note({ kind: 'clear', data: { id } }, `${id} clear: ${text}`),
        failed: error =>
          this.abort({ by: 'self', id: 'interlocks' }, `cellbench itself failed: ${messageOf(error)}`),
        applied: role => this.gate.applied(role),
      },
      saved?.interlocks,
    );
    this.#derived = new DerivedSource(bench, roles, saved?.derived);
    this.sampling = new Sampling({
      devices: devices.values(),
      poll_s: id => bench.devices[id].poll_s,
      clock,
      interlocks: this.interlocks,
      image: this.image,
      sink: recording,
      derived: this.#derived,
    });
    this.safeState = new SafeState({
      plan: safePlanOf(bench, roles),
      devices,
      gate: this.gate,
      image: this.image,
      clock,
      sink: recording,
    });
    this.safeState.ended$.add(outcome => this.#secured(outcome));
    this.gate.failed$.add(({ role, text }) => this.#setPointFailed(role, text));
    this.gate.foreign$.add(({ role, text }) => this.abort({ by: 'set-point', id: role }, text));
    for (const { id, onState } of devices.values()) {
      onState((state, reason) => {
        const text = `${id} ${state}${reason === '' ? '' : `: ${reason}`}`;
        this.note({ kind: 'device', data: { device: id, state } }, text);
      });
    }
  }

  /**
   * Connects every device, arms the watchdogs and begins to sample. Rejects with a DeviceError that names every device
   * that cannot be had; then nothing has been switched on and all is closed.
   */
  static async open(parts: SessionParts): Promise<BenchSession> {
    const session = new BenchSession(parts);
    try {
      const note = (data: Armed, text: string): void => session.note({ kind: 'watchdog', data }, text);
      await connectAll({ ...parts, note });
    } catch (error) {
      await session.close();
      throw error;
    }
    session.#begin(undefined);
    return session;
  }

  /** Goes on from a checkpoint, on devices that are connected already. The run is taken up by `resumeRun`. */
  static restore(parts: SessionParts, saved: Checkpoint): BenchSession {
    const session = new BenchSession(parts, saved);
    session.state = saved.state;
    session.reason = saved.reason;
    session.image.restore(saved.image);
    session.gate.restore(saved.gate);
    session.#begin(saved);
    return session;
  }

  /** Closes the lines; the instruments stay in the state that they are in. */
  async close(): Promise<void> {
    this.#beats?.cancel();
    this.sampling.stop();
    this.safeState.letGo();
    await Promise.allSettled([...this.parts.devices.values()].map(device => device.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Takes the way that the table has from here, and writes it down. False if there is none. */
  go(event: RunEvent): boolean {
    const from = this.state;
    const to = nextState(from, event);
    if (to === undefined) return false;
    this.state = to;
    this.#showContext();
    this.note({ kind: 'state', data: { from, to, event } }, `${from} -> ${to} (${event})`);
    this.checkpoint();
    this.changed$.tell();
    return true;
  }

  /** Operator pause: set points stay, method time stands still. */
  hold(reason: string): boolean {
    const holds = this.go('hold');
    if (holds) this.gate.pause(true);
    if (holds) this.reason = reason;
    return holds;
  }

  /** Goes on after a hold. Refused while a hold, stop or trip alarm stands; returns what stands against it. */
  resume(): string {
    if (this.state !== 'Held') return `cannot resume in ${this.state}`;
    if (this.interlocks.isBlocked()) return 'acknowledge the alarms first';
    this.go('unhold');
    this.gate.pause(false);
    this.run?.goesOn();
    this.reason = '';
    this.go('unheld');
    return '';
  }

  /** Orderly end of the run: load ramped off under its limits, then the safe state. */
  stop(cause: Cause, reason: string): boolean {
    if (!this.go('stop')) return false;
    this.#isRampingOff = true;
    this.gate.pause(false);
    this.#leave(cause, reason);
    const { roles, devices, clock, control_s } = this.parts;
    void rampOff({ roles, devices, gate: this.gate, clock, control_s }).then(() => {
      this.#isRampingOff = false;
      if (this.state === 'Stopping') this.#secure(reason);
    });
    return true;
  }

  /** At once into the safe state, from wherever the bench is. */
  abort(cause: Cause, reason: string): void {
    // The first frame of the safe state leaves before anything is written down.
    this.gate.shut(reason);
    void this.safeState.enter(reason);
    if (this.go('abort')) this.#leave(cause, reason);
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

  /** All that would be needed to go on from here goes into the record. */
  checkpoint(): void {
    if (this.#beats !== undefined) this.parts.recording.checkpoint(this.parts.clock.now_s(), this.save());
  }

  /** All that would be needed to go on from here, JSON. */
  save(): Checkpoint {
    return checkpointOf(this, {
      next_s: this.#beats?.next_s() ?? {},
      lastTick_s: this.#lastTick_s,
      derived: this.#derived.state(),
    });
  }

  #begin(saved: Checkpoint | undefined): void {
    this.sampling.start(saved?.sampling);
    this.#lastTick_s = saved?.lastTick_s ?? this.parts.clock.now_s();
    this.#beats = startBeats(this.parts, saved?.next_s, {
      control: () => this.#tick(),
      checkpoint: () => this.checkpoint(),
      audit: () => {
        if (isInStep(this.state)) void this.gate.audit();
      },
      flush: () => void this.parts.recording.flush(),
    });
  }

  #tick(): void {
    const now_s = this.parts.clock.now_s();
    const dt_s = now_s - this.#lastTick_s;
    this.#lastTick_s = now_s;
    try {
      this.interlocks.tick(now_s);
      this.gate.tick();
      if (this.state === 'Execute') this.run?.tick(now_s, dt_s);
      else if (this.state === 'Holding') this.go('held');
      else if (this.#isRampingOff) this.#showContext();
      this.safeState.tick();
    } catch (error) {
      this.abort({ by: 'self', id: 'tick' }, `cellbench itself failed: ${messageOf(error)}`);
    }
    this.run?.takeTrends();
    const { recording, clock } = this.parts;
    // Virtual time must not outrun the disk.
    if (recording.isBehind) void clock.track(recording.catchUp());
    this.changed$.tell();
  }

  #react(raised: Raised): void {
    const { id, reaction } = raised;
    const text = `${id}: ${raised.text}`;
    const cause: Cause = { by: 'interlock', id };
    if (reaction === 'trip') this.abort(cause, text);
    this.note({ kind: 'alarm', data: { id, reaction } }, text);
    if (reaction === 'stop') this.stop(cause, text);
    else if (reaction === 'hold') this.hold(text);
  }

  /** A refused or failed set point is not a thing to go on from; on the way into the safe state it is not news. */
  #setPointFailed(role: string, text: string): void {
    if (isInStep(this.state) || this.state === 'Starting') this.abort({ by: 'set-point', id: role }, text);
  }

  #leave(cause: Cause, reason: string): void {
    this.reason = reason;
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
    if (event !== undefined && this.go(event)) this.run?.secured(this.state, outcome.unproven);
    else this.changed$.tell();
  }

  /** What counts for `armed`: while the load ramps off, the limits of the step that was left go on counting. */
  #showContext(): void {
    const { state } = this;
    const counts = isInStep(state) || (state === 'Stopping' && this.#isRampingOff);
    this.interlocks.context(state, counts ? (this.run?.tags() ?? []) : []);
  }

  #listenerFailed(error: unknown): void {
    const count = ++this.#listenerTroubles;
    const text = `a listener failed: ${messageOf(error)}; the run goes on without it`;
    if (count === 1) this.note({ kind: 'listener', data: { count } }, text);
  }
}
