import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { DeviceError, messageOf } from '../../drivers/contract/errors.ts';
import { Listeners } from '../../drivers/contract/listeners.ts';
import type { AskedWay, SetAnswer } from '../../profiles/steps/step.ts';
import type { Sink } from '../record/recording.ts';
import type { SetpointOutcome } from '../record/setpoint-buffer.ts';
import {
  type GateAnswer,
  type GateLine,
  type GateParts,
  type GateState,
  known,
  NOTHING_ASKED,
  newLine,
  nextOf,
  type Pending,
  refusalOf,
  restoreLine,
  saveLine,
} from './gate-line.ts';
import { HeldValues, type SetTrouble } from './held-values.ts';

/**
 * The only way to an output: checks range and trip latch, slews to the ramp limit, writes, and records
 * what was asked and what was applied. One write under way per role; a newer request overtakes a waiting one.
 */
export class Gate {
  readonly #lines = new Map<string, GateLine>();
  /** The same, one after the other. */
  readonly #all: readonly GateLine[];
  /** Answers for roles that nothing sets. */
  readonly #strangers = new Map<string, SetAnswer>();
  readonly #devices: ReadonlyMap<string, Device>;
  readonly #clock: Clock;
  readonly #sink: Sink;
  readonly #period_s: number;
  #latch = '';
  #isPaused = false;
  /** How often it has gone on with a set point: while this stands, nothing has been set going here. */
  moves = 0;
  /** Every value that was applied and read back. */
  readonly applied$ = new Listeners<{ readonly role: string; readonly value: number }>();
  /** Every write that failed on the wire: not a thing to go on from, whoever asked. */
  readonly failed$ = new Listeners<SetTrouble>();
  /** A request has been applied or has failed. */
  readonly settled$ = new Listeners<void>();
  /** A set value that somebody else has changed. */
  readonly foreign$ = new Listeners<SetTrouble>();
  /** What the instruments hold, beside what was applied. */
  readonly held: HeldValues;

  constructor(options: GateParts) {
    this.#clock = options.clock;
    this.#sink = options.sink;
    this.#period_s = options.period_s;
    this.#devices = options.devices;
    for (const spec of options.roles.settable.values()) {
      const device = options.devices.get(spec.device);
      if (device !== undefined) this.#lines.set(spec.role, newLine(spec, device));
    }
    this.#all = [...this.#lines.values()];
    this.held = new HeldValues({
      ...options,
      lines: this.#all,
      devices: options.devices.values(),
      onForeign: found => this.foreign$.tell(found),
    });
  }

  /** Why the gate is shut; empty while it is open. */
  get latch(): string {
    return this.#latch;
  }

  /** Last value that was read back; NaN before the first. */
  applied(role: string): number {
    return this.#lines.get(role)?.applied ?? Number.NaN;
  }

  /** What became of the newest request for a role. */
  answer(role: string): SetAnswer {
    return this.#lines.get(role)?.answer ?? this.#strangers.get(role) ?? NOTHING_ASKED;
  }

  /**
   * Asks for a value. Resolves when it is applied and read back, refused (range, NaN, latch), failed on the wire, or
   * overtaken by a newer request; never rejects. `way`: of a hold, it goes on while the gate is paused.
   */
  ask(role: string, value: number, source: string, way: AskedWay = {}): Promise<GateAnswer> {
    const line = this.#lines.get(role);
    const refusal = refusalOf(line, role, value, this.#latch);
    if (line === undefined || refusal !== undefined) {
      const reason = refusal ?? '';
      const answer: SetAnswer = { outcome: 'refused', asked: value, reason };
      if (line === undefined) this.#strangers.set(role, answer);
      else line.answer = answer;
      this.#note(role, value, Number.NaN, source, 'refused');
      const text = `${role} = ${value} (${source}): ${reason}`;
      this.#sink.event({ t_s: this.#clock.now_s(), kind: 'refused', text, data: { role, value } });
      return Promise.resolve({ outcome: 'refused', reason });
    }
    return new Promise(settle => {
      line.target?.settle({ outcome: 'overtaken', reason: `overtaken by ${role} = ${value}` });
      line.target = { asked: value, source, ...way, settle };
      line.answer = { outcome: 'pending', asked: value, reason: '' };
      line.source = source;
      this.#pump(line);
    });
  }

  /** Once per control tick: moves every ramp-limited role one step further towards what was asked. */
  tick(): void {
    const all = this.#all;
    for (let i = 0; i < all.length; i++) if (this.#moves(all[i])) this.#pump(all[i]);
  }

  /** Operator pause: ramp-limited roles stay where they are; what has been asked is taken up again afterwards. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
  }

  /**
   * Shuts the gate at once: nothing that was asked before goes out any more, neither from here nor from what
   * waits in a device or on its line.
   */
  shut(reason: string): void {
    if (this.#latch === '') this.#latch = reason;
    this.#isPaused = false;
    const refused = `gate is shut: ${this.#latch}`;
    for (const line of this.#all) {
      if (line.target === undefined) continue;
      line.answer = { outcome: 'refused', asked: line.target.asked, reason: refused };
      line.target.settle({ outcome: 'refused', reason: refused });
      line.target = undefined;
    }
    for (const device of this.#devices.values()) device.cancelWrites(refused);
  }

  /** A person has led the bench out of the safe state. */
  reopen(): void {
    this.#latch = '';
  }

  /** Sets one role for the safe state: urgent lane, no latch, no ramp limit; range is still kept. Rejects on failure. */
  async force(role: string, value: number): Promise<void> {
    const line = this.#lines.get(role);
    if (line === undefined) throw new DeviceError('config', role, 'no device sets it');
    const turn = ++line.overtakes;
    line.answer = NOTHING_ASKED;
    try {
      await line.device.write(line.spec.key, value, { urgent: true });
      if (turn === line.overtakes) known(line, value);
      this.#note(role, value, value, 'safe state', 'applied');
    } catch (error) {
      if (turn === line.overtakes) line.applied = Number.NaN;
      this.#note(role, value, Number.NaN, 'safe state', 'failed');
      throw error;
    }
  }

  /** Drives one device's own safe list, urgent. Rejects with every line that failed. */
  async safe(device: Device): Promise<void> {
    // The frames leave in this very call, before anything else is looked up.
    const driving = device.safe();
    const lines = device.safeList.map(([key]) => this.#lineOf(device, key));
    for (const line of lines) if (line !== undefined) line.answer = NOTHING_ASKED;
    const turns = lines.map(line => (line === undefined ? 0 : ++line.overtakes));
    const report = await driving;
    device.safeList.forEach(([key, value], i) => {
      const isDone = !report.failed.some(f => f.key === key);
      const line = lines[i];
      if (line?.overtakes === turns[i]) {
        line.applied = Number.NaN;
        if (isDone) known(line, value);
      }
      const role = line?.spec.role ?? `${device.id}.${key}`;
      this.#note(role, value, isDone ? value : Number.NaN, 'safe state', isDone ? 'applied' : 'failed');
    });
    if (report.failed.length > 0) {
      const text = report.failed.map(f => `${f.key}: ${f.reason}`).join('; ');
      throw new DeviceError(device.state === 'ready' ? 'refused' : 'closed', device.id, text);
    }
  }

  /**
   * Whether an instrument still holds what the safe state has set: one role, or a device's own safe list as far as
   * roles stand behind it. Undefined where it does not say. Never rejects.
   */
  async holds(target: { role: string; value: number } | { device: string }): Promise<boolean | undefined> {
    if ('role' in target) return this.held.holds(target.role, target.value);
    const device = this.#devices.get(target.device);
    if (device === undefined) return undefined;
    for (const [key, value] of device.safeList) {
      const line = this.#lineOf(device, key);
      const holds = line === undefined ? true : await this.held.holds(line.spec.role, value);
      if (holds !== true) return holds;
    }
    return true;
  }

  /** All that the gate remembers. */
  state(): GateState {
    const lines = [...this.#lines].map(([role, line]) => [role, saveLine(line)] as const);
    const strangers = [...this.#strangers].map(([role, { reason }]) => [role, reason] as const);
    return {
      latch: this.#latch,
      isPaused: this.#isPaused,
      lines: Object.fromEntries(lines),
      strangers: Object.fromEntries(strangers),
      held: this.held.state(),
    };
  }

  /** Goes on from a saved state. */
  restore(saved: GateState): void {
    this.#latch = saved.latch;
    this.#isPaused = saved.isPaused;
    this.held.restore(saved.held);
    for (const [role, reason] of Object.entries(saved.strangers)) {
      this.#strangers.set(role, { outcome: 'refused', asked: Number.NaN, reason });
    }
    for (const [role, known] of Object.entries(saved.lines)) {
      const line = this.#lines.get(role);
      if (line !== undefined) restoreLine(line, known);
    }
  }

  #moves({ target }: GateLine): boolean {
    return target !== undefined && (!this.#isPaused || target.isOfHold === true);
  }

  #lineOf(device: Device, key: string): GateLine | undefined {
    return this.#all.find(line => line.device === device && line.spec.key === key);
  }

  #pump(line: GateLine): void {
    this.moves++;
    const target = line.target;
    if (target === undefined || line.writing) return;
    const next = nextOf(line, target, this.#period_s);
    if (next === line.applied) {
      this.#arrive(line, target, 0);
      return;
    }
    line.writing = true;
    line.sent_s = this.#clock.now_s();
    const turn = line.overtakes;
    line.device.write(line.spec.key, next).then(
      () => this.#wrote(line, target, next, turn),
      (error: unknown) => this.#failed(line, target, next, turn, error),
    );
  }

  #wrote(line: GateLine, target: Pending, next: number, turn: number): void {
    line.writing = false;
    if (turn === line.overtakes) known(line, next);
    this.#note(line.spec.role, target.asked, next, target.source, 'applied');
    if (line.target === target) {
      if (next === target.asked) this.#arrive(line, target, this.#clock.now_s() - line.sent_s);
    } else if (this.#moves(line)) this.#pump(line);
  }

  #arrive(line: GateLine, target: Pending, took_s: number): void {
    line.target = undefined;
    line.answer = { outcome: 'applied', asked: target.asked, reason: '', took_s };
    target.settle({ outcome: 'applied', applied: line.applied });
    this.settled$.tell();
  }

  /** What fails on the line fails the request that has overtaken it, too: nobody may go on from it. */
  #failed(line: GateLine, target: Pending, next: number, turn: number, error: unknown): void {
    line.writing = false;
    const { role } = line.spec;
    const reason = messageOf(error);
    // Given up when the gate shut: that is no failure, and it never left.
    if (this.#latch !== '' && error instanceof DeviceError && error.code === 'cancelled') {
      this.#note(role, target.asked, Number.NaN, target.source, 'refused');
      target.settle({ outcome: 'refused', reason });
      return;
    }
    if (turn === line.overtakes) line.applied = Number.NaN;
    this.#note(role, target.asked, Number.NaN, target.source, 'failed');
    const text = `${role} = ${next}: ${reason}`;
    this.#sink.event({ t_s: this.#clock.now_s(), kind: 'failed', text, data: { role, value: next } });
    const newer = line.target;
    line.target = undefined;
    const asked = newer?.asked ?? target.asked;
    line.answer = { outcome: 'failed', asked, reason };
    target.settle({ outcome: 'failed', reason });
    if (newer !== target) newer?.settle({ outcome: 'failed', reason });
    this.failed$.tell({ role, value: next, text: `${role} not applied: ${reason}` });
    this.settled$.tell();
  }

  #note(role: string, asked: number, applied: number, source: string, outcome: SetpointOutcome): void {
    this.#sink.setpoint({ t_s: this.#clock.now_s(), role, asked, applied, source, outcome });
    if (outcome === 'applied') this.applied$.tell({ role, value: applied });
  }
}
