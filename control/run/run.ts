import type { Cancel } from '../../drivers/contract/clock.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import { DerivedSource } from '../tick/derived/source.ts';
import { Gate } from '../tick/gate.ts';
import { ProcessImage } from '../tick/image.ts';
import { Sampling } from '../tick/sampling.ts';
import { Trends } from '../tick/trends.ts';
import type { PhaseResult, RunState } from '../view.ts';
import { Interlocks, type Raised } from '../watch/interlocks.ts';
import { type Counters, countLoad, NO_COUNTS } from './pipelines/counters.ts';
import type { RunOutcome, RunParts } from './run-parts.ts';
import { isFinal, isRunning, nextState, type RunEvent } from './run-state.ts';
import { SafeState } from './safe-state.ts';
import { Sequencer } from './sequencer.ts';
import { connectAll, obstacleToStart } from './start-up.ts';
import { lostDevicesReturn, rampOff } from './wind-down.ts';

/**
 * One run of a procedure on a bench: Idle -> Starting -> Execute -> Completing -> Complete, or through
 * Stopping / Aborting into the safe state. Whatever happens, it ends in the safe state, proved or with the
 * means named that are left.
 */
export class Run {
  readonly parts: RunParts;
  readonly image: ProcessImage;
  readonly interlocks: Interlocks;
  readonly gate: Gate;
  readonly sampling: Sampling;
  readonly sequencer: Sequencer;
  readonly trends: Trends;
  readonly phases: PhaseResult[] = [];
  state: RunState = 'Idle';
  phase = '';
  step = '';
  reason = '';
  counters: Counters = NO_COUNTS;
  /** Called after each control tick and each change of state. */
  onChange: () => void = () => {};
  readonly #safeState: SafeState;
  readonly #timers: Cancel[] = [];
  #finish: (outcome: RunOutcome) => void = () => {};
  readonly #finished: Promise<RunOutcome>;
  #phaseStart_s = 0;
  #lastTick_s = 0;
  #lastTags = '';

  constructor(parts: RunParts) {
    const { bench, roles, devices, clock, journal } = parts;
    this.parts = parts;
    this.#finished = new Promise(resolve => {
      this.#finish = resolve;
    });
    this.image = new ProcessImage(roles, () => clock.now_s());
    this.interlocks = new Interlocks(bench.interlocks, roles, {
      raised: raised => this.#react(raised),
      cleared: (id, text) => this.#note('clear', `${id} clear: ${text}`),
      failed: error => this.abort(`cellbench itself failed: ${messageOf(error)}`),
      applied: role => this.gate.applied(role),
    });
    this.gate = new Gate({ roles, devices, clock, journal, period_s: parts.control_s });
    this.sampling = new Sampling({
      devices: devices.values(),
      poll_s: id => bench.devices[id].poll_s,
      clock,
      interlocks: this.interlocks,
      image: this.image,
      journal,
      derived: new DerivedSource(bench, roles),
    });
    this.#safeState = new SafeState({ bench, devices, gate: this.gate, image: this.image, journal, clock });
    this.sequencer = new Sequencer(
      parts.procedure,
      { gate: this.gate, image: this.image, journal, source: parts.source, timeFactor: parts.timeFactor },
      {
        phase: (name, method, t_s) => {
          this.phase = name;
          this.#phaseStart_s = t_s;
          this.#note('phase', name, { method });
        },
        phaseEnd: (name, t_s, ended_by) => {
          this.phases.push({ name, start_s: this.#phaseStart_s, end_s: t_s, ended_by });
          this.#note('phaseEnd', `${name}: ${ended_by}`, {
            start_s: this.#phaseStart_s,
            end_s: t_s,
            ended_by,
          });
        },
        step: label => {
          this.step = label;
        },
        tags: tags => {
          this.interlocks.context(this.state, tags);
          this.#noteTags(tags.join(' '));
        },
        end: (how, reason) => this.#sequencerEnd(how, reason),
      },
    );
    this.trends = new Trends(parts.trendRoles);
    for (const device of devices.values()) {
      device.onState((state, reason) =>
        this.#note('device', `${device.id} ${state}${reason === '' ? '' : `: ${reason}`}`),
      );
    }
    journal.onFailure = error => this.abort(`the record cannot be written: ${error.message}`);
    this.#watchLoad();
  }

  /**
   * Connects, arms watchdogs, waits for readings, then runs the procedure to its end.
   * Rejects only if the bench could not be brought to a start; then nothing has been switched on and all is closed.
   */
  async execute(): Promise<RunOutcome> {
    const { clock, journal } = this.parts;
    this.#go('start');
    try {
      await connectAll(this.parts.devices, this.parts.bench, this.parts.entryOf, text =>
        this.#note('watchdog', text),
      );
    } catch (error) {
      await this.#closeDevices();
      throw error;
    }
    this.sampling.start();
    this.#lastTick_s = clock.now_s();
    this.#timers.push(clock.every(this.parts.control_s, () => this.#tick()));
    // A flush that fails reaches the run through journal.onFailure.
    this.#timers.push(clock.every(this.parts.flush_s, () => void journal.flush().catch(() => {})));
    const obstacle = await obstacleToStart(this.parts.bench, clock, this, {
      every_s: this.parts.control_s,
      isStillStarting: () => this.state === 'Starting',
    });
    if (this.state === 'Starting') {
      if (obstacle === '') this.#go('started');
      else this.stop(`not started: ${obstacle}`);
    }
    const outcome = await this.#finished;
    for (const cancel of this.#timers.splice(0)) cancel();
    this.sampling.stop();
    return outcome;
  }

  /** Closes the lines; the devices stay in the state that they are in. */
  async close(): Promise<void> {
    await this.#closeDevices();
  }

  /** Operator pause: set points stay, method time stands still. */
  hold(reason: string): boolean {
    if (!this.#go('hold')) return false;
    this.#note('command', `hold: ${reason}`);
    return true;
  }

  /** Goes on after a hold. Refused while a hold, stop or trip alarm stands. */
  resume(): string {
    if (this.state !== 'Held') return `cannot resume in ${this.state}`;
    if (this.interlocks.isBlocked()) return 'acknowledge the alarms first';
    this.#note('command', 'resume');
    this.#go('unhold');
    this.#go('unheld');
    return '';
  }

  /** Orderly end: load ramped off, then the safe state. */
  stop(reason: string): boolean {
    if (!this.#go('stop')) return false;
    this.#leave(reason);
    const { roles, devices, clock, control_s } = this.parts;
    void rampOff(roles, devices, this.gate, clock, control_s).then(() => this.#secure('stopped'));
    return true;
  }

  /** At once into the safe state. */
  abort(reason: string): boolean {
    if (nextState(this.state, 'abort') === undefined || isFinal(this.state)) return false;
    // The first frame of the safe state leaves before anything is written down.
    this.gate.shut(reason);
    const secured = this.#secure('aborted');
    this.#go('abort');
    this.#leave(reason);
    void secured;
    return true;
  }

  /** Acknowledges one alarm, or all; says which are gone and which still stand because their cause is present. */
  acknowledge(id: string | undefined): string {
    const { cleared, standing } = this.interlocks.acknowledge(id);
    const text = `acknowledged: ${cleared.join(', ') || 'none cleared'}${standing.length > 0 ? `; still present: ${standing.join(', ')}` : ''}`;
    this.#note('command', text);
    this.onChange();
    return text;
  }

  #react(raised: Raised): void {
    const text = `${raised.id}: ${raised.text}`;
    if (raised.reaction === 'trip') this.abort(text);
    this.#note('alarm', text, { id: raised.id, reaction: raised.reaction });
    if (raised.reaction === 'stop') this.stop(text);
    else if (raised.reaction === 'hold') this.hold(text);
  }

  #tick(): void {
    const now_s = this.parts.clock.now_s();
    const dt_s = now_s - this.#lastTick_s;
    this.#lastTick_s = now_s;
    try {
      this.interlocks.tick(now_s);
      this.gate.tick();
      if (this.state === 'Execute') this.sequencer.tick(now_s, dt_s);
      else if (this.state === 'Holding') this.#go('held');
    } catch (error) {
      this.abort(`cellbench itself failed: ${messageOf(error)}`);
    }
    this.trends.take(now_s, this.image);
    // Virtual time must not outrun the disk.
    if (this.parts.journal.isBehind) void this.parts.clock.track(this.parts.journal.catchUp());
    this.onChange();
  }

  #sequencerEnd(how: 'complete' | 'stop' | 'trip', reason: string): void {
    if (how === 'trip') this.abort(reason);
    else if (how === 'stop') this.stop(reason);
    else if (this.#go('complete')) {
      this.reason = '';
      void this.#secure('completed');
    }
  }

  #leave(reason: string): void {
    this.reason = reason;
    this.#note('end', reason);
    this.sequencer.cancel(this.parts.clock.now_s(), reason);
    this.onChange();
  }

  async #secure(event: 'stopped' | 'aborted' | 'completed'): Promise<void> {
    const entered = this.#enterSafeState();
    this.gate.shut(this.reason === '' ? 'the run has ended' : this.reason);
    let unproven = await entered;
    // A device that was lost may still be under load: when it comes back, everything is driven and proved again.
    if (unproven.length > 0) {
      const { devices, clock, control_s } = this.parts;
      const isBack = await lostDevicesReturn(devices, clock, control_s, text => this.#note('safe', text));
      if (isBack) unproven = await this.#enterSafeState();
    }
    if (!this.#go(event)) return;
    this.#finish({ state: this.state, reason: this.reason, unproven });
  }

  /** The safe state with its vent; what could not be proved. Never rejects. */
  async #enterSafeState(): Promise<readonly string[]> {
    try {
      const entered = await this.#safeState.enter();
      return [...entered.unproven, ...(await this.#safeState.finishVent())];
    } catch (error) {
      return [`safe state: ${messageOf(error)}: use the emergency stop`];
    }
  }

  #go(event: RunEvent): boolean {
    const next = nextState(this.state, event);
    if (next === undefined) return false;
    const text = `${this.state} -> ${next} (${event})`;
    this.state = next;
    this.interlocks.context(next, isRunning(next) ? this.#tags() : []);
    this.#note('state', text);
    this.onChange();
    return true;
  }

  #tags(): readonly string[] {
    return ['Execute', 'Holding', 'Held', 'Unholding'].includes(this.state) ? this.sequencer.tags() : [];
  }

  /** Which limits are armed is part of the record: without it nobody can say later how near the run came to them. */
  #noteTags(tags: string): void {
    if (tags === this.#lastTags) return;
    this.#lastTags = tags;
    this.#note('tags', tags);
  }

  #watchLoad(): void {
    const { roles, bench } = this.parts;
    const current = roles.measured.get('stack.current_A');
    const power = roles.measured.get('stack.power_W');
    if (bench.stack === undefined || current === undefined || power === undefined) return;
    countLoad(this.sampling.frames$, current, power, bench.stack.cells).subscribe(counters => {
      this.counters = counters;
    });
  }

  async #closeDevices(): Promise<void> {
    await Promise.allSettled([...this.parts.devices.values()].map(device => device.close()));
  }

  #note(kind: string, text: string, data?: unknown): void {
    this.parts.journal.event({ t_s: this.parts.clock.now_s(), kind, text, data });
  }
}
