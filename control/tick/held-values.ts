import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import type { Sink } from '../record/recording.ts';
import type { GateLine, HeldState } from './gate-line.ts';

/** A set value that is not what it should be: it failed on the wire, or somebody else has changed it. */
export interface SetTrouble {
  readonly role: string;
  readonly value: number;
  readonly text: string;
}

/** So long an instrument may take to say what it holds, s. */
const ANSWER_S = 1;

/**
 * What the instruments hold as their set values, beside what the gate has written: forgotten while an instrument is
 * lost, read again when it is back, and looked at in turn for a hand that is not ours.
 */
export class HeldValues {
  readonly #lines: readonly GateLine[];
  readonly #readable: readonly GateLine[];
  readonly #clock: Clock;
  readonly #sink: Sink;
  readonly #onForeign: (found: SetTrouble) => void;
  #next = 0;
  #suspect: GateLine | undefined;
  #isLooking = false;

  constructor(options: {
    lines: readonly GateLine[];
    devices: Iterable<Device>;
    clock: Clock;
    sink: Sink;
    onForeign: (found: SetTrouble) => void;
  }) {
    this.#lines = options.lines;
    this.#readable = options.lines.filter(line => line.device.readBack !== undefined);
    this.#clock = options.clock;
    this.#sink = options.sink;
    this.#onForeign = options.onForeign;
    for (const device of options.devices) this.#follow(device);
  }

  /**
   * Looks at one set value, the next one in turn at each call: what reads back twice as something else than what was
   * applied has been changed by somebody else.
   */
  async audit(): Promise<void> {
    if (this.#isLooking || this.#readable.length === 0) return;
    this.#isLooking = true;
    try {
      const line = this.#suspect ?? this.#readable[this.#next++ % this.#readable.length];
      const isSame = await this.#isAsApplied(line);
      this.#suspect = isSame || this.#suspect === line ? undefined : line;
    } finally {
      this.#isLooking = false;
    }
  }

  /** Where the audit stands. */
  state(): HeldState {
    return { next: this.#next, suspect: this.#suspect?.spec.role ?? null };
  }

  /** Goes on from there. */
  restore({ next, suspect }: HeldState): void {
    this.#next = next;
    this.#suspect = this.#readable.find(({ spec }) => spec.role === suspect);
  }

  /** What the instrument of a role holds now, a twin's as applied; NaN where it does not say in time. Never rejects. */
  async of(role: string): Promise<number> {
    const line = this.#lines.find(({ spec }) => spec.role === role);
    if (line === undefined) return Number.NaN;
    return line.device.readBack === undefined ? line.applied : await this.#answer(line);
  }

  /** What the instrument of a role was last known to hold; NaN: never. */
  last(role: string): number {
    return this.#lines.find(({ spec }) => spec.role === role)?.lastHeld ?? Number.NaN;
  }

  #answer(line: GateLine): Promise<number> {
    return new Promise(resolve => {
      const cancel = this.#clock.schedule(ANSWER_S, () => resolve(Number.NaN));
      void readBack(line).then(resolve).finally(cancel);
    });
  }

  /** Whether the instrument of a role holds this value now; undefined where it does not say. Never rejects. */
  async holds(role: string, value: number): Promise<boolean | undefined> {
    const line = this.#lines.find(({ spec }) => spec.role === role);
    if (line === undefined) return undefined;
    const found = line.device.readBack === undefined ? line.applied : await this.#answer(line);
    return Number.isNaN(found) ? undefined : isNear(found, value, line.spec.tolerance);
  }

  /** False if the instrument holds another value. What cannot be told now counts as the same. */
  async #isAsApplied(line: GateLine): Promise<boolean> {
    const { spec, device, applied, overtakes } = line;
    const isAtRest = (): boolean =>
      !line.writing && line.target === undefined && line.overtakes === overtakes && line.applied === applied;
    if (Number.isNaN(applied) || !isAtRest() || device.state !== 'ready') return true;
    const found = await readBack(line);
    if (Number.isNaN(found) || !isAtRest()) return true;
    if (isNear(found, applied, spec.tolerance)) return true;
    if (this.#suspect === line) {
      line.applied = found;
      const text = `${spec.role} reads back ${found}, ${applied} was set: somebody else has changed it`;
      const data = { role: spec.role, value: found };
      this.#sink.event({ t_s: this.#clock.now_s(), kind: 'foreign', text, data });
      this.#onForeign({ ...data, text });
    }
    return false;
  }

  /** A lost instrument may have been switched off and on: nothing is built on what it held before. */
  #follow(device: Device): void {
    device.onState(state => {
      if (state === 'lost') for (const line of this.#of(device)) line.applied = Number.NaN;
      if (state === 'ready' && device.readBack !== undefined) void this.#lookAt(device);
    });
  }

  #of(device: Device): GateLine[] {
    return this.#lines.filter(line => line.device === device);
  }

  /** What it holds now that it can be spoken to, one after the other. */
  async #lookAt(device: Device): Promise<void> {
    for (const line of this.#of(device)) await this.#relearn(line);
  }

  async #relearn(line: GateLine): Promise<void> {
    const { overtakes } = line;
    const found = await readBack(line);
    if (Number.isNaN(found) || line.overtakes !== overtakes || line.writing) return;
    line.lastHeld = found;
    // A role that nobody has asked for is not ours yet: it has no applied value.
    if (Number.isNaN(line.applied) && line.answer.outcome !== 'none') line.applied = found;
  }
}

/** The last part of a float's rounding is not a difference. */
function isNear(found: number, wanted: number, tolerance: number): boolean {
  return Math.abs(found - wanted) <= tolerance + 1e-9 * Math.abs(wanted);
}

/** NaN where the instrument does not say: a line that does not answer is told by its readings. */
async function readBack({ device, spec }: GateLine): Promise<number> {
  try {
    return (await device.readBack?.(spec.key)) ?? Number.NaN;
  } catch {
    // As said above.
    return Number.NaN;
  }
}
