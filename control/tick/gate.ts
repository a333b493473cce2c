import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import type { Journal } from '../record/journal.ts';
import type { RoleTable, SettableRole } from './roles.ts';

/** What became of a request to the gate. */
export type GateAnswer =
  | { readonly outcome: 'applied'; readonly applied: number }
  | { readonly outcome: 'refused' | 'failed' | 'overtaken'; readonly reason: string };

interface Pending {
  readonly asked: number;
  readonly source: string;
  readonly settle: (answer: GateAnswer) => void;
}

interface Line {
  readonly spec: SettableRole;
  readonly device: Device;
  /** Last value read back; NaN before the first write. */
  applied: number;
  target: Pending | undefined;
  writing: boolean;
}

/**
 * The only way to an output: checks range and trip latch, slews to the ramp limit, writes, and records
 * what was asked and what was applied. One write under way per role; a newer request overtakes a waiting one.
 */
export class Gate {
  readonly #lines = new Map<string, Line>();
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #period_s: number;
  #latch = '';
  /** Called for every value that was applied and read back; must not throw. */
  onApplied: (role: string, value: number) => void = () => {};

  constructor(options: {
    roles: RoleTable;
    devices: ReadonlyMap<string, Device>;
    clock: Clock;
    journal: Journal;
    /** Control period: a ramp-limited role moves by ramp_per_s * period_s per tick. */
    period_s: number;
  }) {
    this.#clock = options.clock;
    this.#journal = options.journal;
    this.#period_s = options.period_s;
    for (const spec of options.roles.settable.values()) {
      const device = options.devices.get(spec.device);
      if (device !== undefined) {
        this.#lines.set(spec.role, { spec, device, applied: Number.NaN, target: undefined, writing: false });
      }
    }
  }

  /** Why the gate is shut; empty while it is open. */
  get latch(): string {
    return this.#latch;
  }

  /** Last value that was read back; NaN before the first. */
  applied(role: string): number {
    return this.#lines.get(role)?.applied ?? Number.NaN;
  }

  /**
   * Asks for a value. Resolves when it is applied and read back, refused (range, NaN, latch), failed on the
   * wire, or overtaken by a newer request. Never rejects: what happened is the answer, and in the journal.
   */
  ask(role: string, value: number, source: string): Promise<GateAnswer> {
    const line = this.#lines.get(role);
    const refusal = this.#refusal(line, role, value);
    if (line === undefined || refusal !== undefined) {
      this.#note(role, value, Number.NaN, source, 'refused');
      const reason = refusal ?? '';
      this.#journal.event({
        t_s: this.#clock.now_s(),
        kind: 'refused',
        data: { role, value },
        text: `${role} = ${value} (${source}): ${reason}`,
      });
      return Promise.resolve({ outcome: 'refused', reason });
    }
    return new Promise(settle => {
      line.target?.settle({ outcome: 'overtaken', reason: `overtaken by ${role} = ${value}` });
      line.target = { asked: value, source, settle };
      if (!line.writing) this.#pump(line);
    });
  }

  /** Once per control tick: moves every ramp-limited role one step further towards what was asked. */
  tick(): void {
    for (const line of this.#lines.values()) {
      if (line.target !== undefined && !line.writing) this.#pump(line);
    }
  }

  /**
   * Shuts the gate at once: nothing that was asked before goes out any more. What has been handed to a line
   * already is overtaken there by the urgent lane.
   */
  shut(reason: string): void {
    if (this.#latch === '') this.#latch = reason;
    for (const line of this.#lines.values()) {
      line.target?.settle({ outcome: 'refused', reason: `gate is shut: ${this.#latch}` });
      line.target = undefined;
    }
  }

  /** A person has led the bench out of the safe state. */
  reopen(): void {
    this.#latch = '';
  }

  /** Sets one role for the safe state: urgent lane, no latch, no ramp limit; range is still kept. Rejects on failure. */
  async force(role: string, value: number): Promise<void> {
    const line = this.#lines.get(role);
    if (line === undefined) throw new Error(`no device sets "${role}"`);
    try {
      await this.#clock.track(line.device.write(line.spec.key, value, { urgent: true }));
      line.applied = value;
      this.#note(role, value, value, 'safe state', 'applied');
    } catch (error) {
      this.#note(role, value, Number.NaN, 'safe state', 'failed');
      throw error;
    }
  }

  /** Drives one device's own safe list, urgent. */
  async safe(device: Device): Promise<void> {
    const report = await this.#clock.track(device.safe());
    for (const [key, value] of device.safeList) {
      const isDone = !report.failed.some(f => f.key === key);
      const line = [...this.#lines.values()].find(l => l.device === device && l.spec.key === key);
      if (line !== undefined && isDone) line.applied = value;
      const role = line?.spec.role ?? `${device.id}.${key}`;
      this.#note(role, value, isDone ? value : Number.NaN, 'safe state', isDone ? 'applied' : 'failed');
    }
    if (report.failed.length > 0) {
      throw new Error(report.failed.map(f => `${f.key}: ${f.reason}`).join('; '));
    }
  }

  #refusal(line: Line | undefined, role: string, value: number): string | undefined {
    if (this.#latch !== '') return `gate is shut: ${this.#latch}`;
    if (line === undefined) return `no device sets "${role}"`;
    const { min, max } = line.spec;
    if (!(value >= min && value <= max)) return `${value} is outside ${min} .. ${max}`;
    return undefined;
  }

  #pump(line: Line): void {
    const target = line.target;
    if (target === undefined) return;
    const next = rampLimited(line.spec, line.applied, target.asked, this.#period_s);
    if (next === line.applied) {
      line.target = undefined;
      target.settle({ outcome: 'applied', applied: next });
      return;
    }
    line.writing = true;
    this.#clock.track(line.device.write(line.spec.key, next)).then(
      () => {
        line.writing = false;
        line.applied = next;
        this.#note(line.spec.role, target.asked, next, target.source, 'applied');
        if (line.target === target) {
          if (next !== target.asked) return;
          line.target = undefined;
          target.settle({ outcome: 'applied', applied: next });
        } else this.#pump(line);
      },
      (error: unknown) => {
        line.writing = false;
        const reason = messageOf(error);
        this.#note(line.spec.role, target.asked, next, target.source, 'failed');
        this.#journal.event({
          t_s: this.#clock.now_s(),
          kind: 'failed',
          data: { role: line.spec.role, value: next },
          text: `${line.spec.role} = ${next}: ${reason}`,
        });
        if (line.target === target) line.target = undefined;
        target.settle({ outcome: 'failed', reason });
      },
    );
  }

  #note(role: string, asked: number, applied: number, source: string, outcome: string): void {
    this.#journal.setpoint({ t_s: this.#clock.now_s(), role, asked, applied, source, outcome });
    if (outcome === 'applied') this.onApplied(role, applied);
  }
}

/** One step from `from` towards `to`. A role that was never written starts from its lower limit. */
export function rampLimited(
  spec: Pick<SettableRole, 'min' | 'ramp_per_s'>,
  from: number,
  to: number,
  period_s: number,
): number {
  if (spec.ramp_per_s === undefined) return to;
  const start = Number.isNaN(from) ? spec.min : from;
  const step = spec.ramp_per_s * period_s;
  if (Math.abs(to - start) <= step) return to;
  return start + Math.sign(to - start) * step;
}
