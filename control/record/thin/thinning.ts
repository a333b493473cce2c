import { type Frame, QUALITY } from '../../../drivers/contract/frame.ts';
import type { KeptRows } from '../../../profiles/language/run/beside/record-rules.ts';
import { heldReadings, longestBefore_s, type RecordingRules } from '../../bench/rules/recording-rules.ts';
import type { RoleTable } from '../../contract/role-table.ts';
import type { JournalEvent } from '../events.ts';
import type { DatasetHead } from '../journal-messages.ts';
import type { OpenSpectrum, Sink } from '../recording.ts';
import type { JournalSetpoint } from '../setpoint-buffer.ts';

/** What was kept of an instrument's readings. */
export interface Thinned {
  readonly device: string;
  readonly seen: number;
  readonly kept: number;
}

/** What is thinned. */
export interface ThinnedBench {
  readonly roles: RoleTable;
  readonly channels: ReadonlyMap<string, number>;
  readonly poll_s: (device: string) => number;
}

interface Slot extends Frame {
  t_s: number;
  reason?: string;
  readonly values: Float64Array;
  readonly quality: Uint8Array;
  isKept: boolean;
}

/**
 * Keeps of some instruments' readings only what the recording rules ask for, on the way to a journal. Readings of these
 * wait in a ring of fixed size for as long as an event may still ask for them, and leave it in their order: kept or not.
 * All else goes through at once.
 */
export class Thinning implements Sink {
  readonly #to: Sink;
  readonly #rules: RecordingRules;
  readonly #rings = new Map<string, Ring>();
  readonly #around: ReadonlyMap<string, { readonly before_s: number; readonly after_s: number }>;
  readonly #roles: RoleTable;

  /**
   * `channels`: how many each instrument has. `before_s`: the method says itself which rows are kept, and wants them from so
   * long before a step on; every instrument is thinned by it then.
   */
  constructor(to: Sink, rules: RecordingRules, bench: ThinnedBench, before_s?: number) {
    this.#to = to;
    this.#rules = rules;
    this.#roles = bench.roles;
    this.#around = new Map(Object.entries(rules.events));
    const hold_s = Math.max(longestBefore_s(rules), before_s ?? 0);
    const devices = before_s === undefined ? Object.keys(rules.instruments) : [...bench.channels.keys()];
    for (const device of devices) {
      const { interval_s = 0, change = {} } = rules.instruments[device] ?? {};
      const moves = new Float64Array(bench.channels.get(device) ?? 0).fill(Infinity);
      for (const [role, by] of Object.entries(change)) this.#fill(moves, device, role, by);
      const poll_s = bench.poll_s(device);
      const capacity = heldReadings(hold_s, poll_s);
      this.#rings.set(device, new Ring(to, { device, capacity, interval_s, moves, hold_s, poll_s }));
    }
  }

  #fill(moves: Float64Array, device: string, role: string, by: number): void {
    const { measured } = this.#roles;
    // A method writes a role of many values without its [].
    const found = measured.get(role) ?? measured.get(`${role}[]`);
    if (found?.device === device) moves.fill(by, found.first, found.first + found.count);
  }

  /** What was kept so far, by instrument. */
  get thinned(): readonly Thinned[] {
    return [...this.#rings.values()].map(({ device, seen, kept }) => ({ device, seen, kept }));
  }

  frame(frame: Frame): void {
    const ring = this.#rings.get(frame.device);
    if (ring === undefined) this.#to.frame(frame);
    else ring.take(frame);
  }

  event(event: JournalEvent): void {
    const around = isTrip(event) ? this.#rules.trips : this.#around.get(event.kind);
    if (around !== undefined)
      for (const ring of this.#rings.values())
        ring.keepAll(event.t_s - around.before_s, event.t_s + around.after_s);
    this.#to.event(event);
  }

  keepBy({ every_s, change }: KeptRows): void {
    for (const [device, ring] of this.#rings) {
      const moves = ring.begin(every_s, change !== undefined);
      for (const [role, by] of change ?? []) this.#fill(moves, device, role, by);
    }
  }

  keepEdge(): void {
    for (const ring of this.#rings.values()) ring.keepEdge();
  }

  keepAll(from_s: number, to_s: number): void {
    for (const ring of this.#rings.values()) ring.keepAll(from_s, to_s);
  }

  /** Spectra are results, no readings: nothing of them is left out. */
  spectrum(head: DatasetHead): OpenSpectrum {
    return this.#to.spectrum?.(head) ?? { add: () => {} };
  }

  setpoint(setpoint: JournalSetpoint): void {
    this.#to.setpoint(setpoint);
  }

  checkpoint(t_s: number, state: unknown): void {
    this.#to.checkpoint(t_s, state);
  }

  get isBehind(): boolean {
    return this.#to.isBehind === true;
  }

  async catchUp(): Promise<void> {
    await this.#to.catchUp?.();
  }

  async flush(): Promise<void> {
    await this.#to.flush?.();
  }

  /** The end of a run, or of the record: whatever is held back is kept. */
  release(): void {
    for (const ring of this.#rings.values()) ring.release();
  }
}

function isTrip(event: JournalEvent): boolean {
  if (event.kind === 'alarm') return event.data.reaction === 'trip';
  return event.kind === 'state' && event.data.to === 'Aborting';
}

/** One instrument's newest readings; every one leaves as it came, or not at all. */
class Ring {
  readonly device: string;
  seen = 0;
  kept = 0;
  readonly #to: Sink;
  readonly #slots: Slot[];
  /** Of the bench, and as it is now. */
  readonly #ofBench: { readonly interval_s: number; readonly moves: Float64Array };
  #interval_s: number;
  /** By channel: a move beyond it is kept. */
  readonly #moves: Float64Array;
  /** A reading comes so much early or late, s. */
  readonly #slack_s: number;
  readonly #hold_s: number;
  /** The reading that was last marked as kept. */
  readonly #last: Float64Array;
  #last_s = Number.NEGATIVE_INFINITY;
  #oldest = 0;
  #count = 0;
  #allUntil_s = Number.NEGATIVE_INFINITY;

  constructor(
    to: Sink,
    of: {
      readonly device: string;
      readonly capacity: number;
      readonly interval_s: number;
      readonly moves: Float64Array;
      readonly hold_s: number;
      readonly poll_s: number;
    },
  ) {
    this.#to = to;
    this.device = of.device;
    this.#interval_s = of.interval_s;
    this.#ofBench = { interval_s: of.interval_s, moves: of.moves };
    this.#moves = Float64Array.from(of.moves);
    this.#slack_s = of.poll_s / 2;
    this.#hold_s = of.hold_s;
    this.#last = new Float64Array(of.moves.length);
    this.#slots = Array.from({ length: of.capacity }, () => ({
      device: of.device,
      t_s: 0,
      values: new Float64Array(of.moves.length),
      quality: new Uint8Array(of.moves.length),
      isKept: false,
    }));
  }

  take(frame: Frame): void {
    this.seen++;
    const before = this.#count === 0 ? undefined : this.#at(this.#count - 1);
    // The newest stays: it is kept, too, if the next one has moved away from it. What is kept waits for nothing: a kill takes all that waits.
    while (this.#count > 1 && (this.#at(0).isKept || this.#at(0).t_s < frame.t_s - this.#hold_s))
      this.#leave();
    if (this.#count === this.#slots.length) this.#leave();
    const slot = this.#at(this.#count++);
    slot.t_s = frame.t_s;
    for (let i = 0; i < slot.values.length; i++) {
      slot.values[i] = frame.values[i];
      slot.quality[i] = frame.quality[i];
    }
    if (frame.reason !== undefined) slot.reason = frame.reason;
    else if (slot.reason !== undefined) delete slot.reason;
    const hasMoved = before === undefined || this.#hasMoved(slot, before);
    slot.isKept = hasMoved || frame.t_s <= this.#allUntil_s || this.#isDue(frame.t_s);
    // Up to the one before nothing has moved: without it the way here would look like a long slope.
    if (hasMoved && before !== undefined) before.isKept = true;
    if (!slot.isKept) return;
    this.#last_s = slot.t_s;
    for (let i = 0; i < slot.values.length; i++) this.#last[i] = slot.values[i];
  }

  #isDue(t_s: number): boolean {
    return t_s - this.#last_s >= this.#interval_s - this.#slack_s;
  }

  /** From now on by this rule; what it does not say is as on the bench. The moves that come back are to be filled. */
  begin(interval_s: number | undefined, hasMoves: boolean): Float64Array {
    this.keepEdge();
    this.#interval_s = interval_s ?? this.#ofBench.interval_s;
    if (hasMoves) this.#moves.fill(Infinity);
    else this.#moves.set(this.#ofBench.moves);
    return this.#moves;
  }

  /** The newest one is kept, and the next one. */
  keepEdge(): void {
    if (this.#count > 0) this.#at(this.#count - 1).isKept = true;
    this.#last_s = Number.NEGATIVE_INFINITY;
  }

  keepAll(from_s: number, to_s: number): void {
    for (let i = 0; i < this.#count; i++) {
      const slot = this.#at(i);
      if (slot.t_s >= from_s) slot.isKept = true;
    }
    this.#allUntil_s = Math.max(this.#allUntil_s, to_s);
  }

  release(): void {
    this.keepAll(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY);
    while (this.#count > 0) this.#leave();
    // Whatever comes next is kept: it has nothing before it.
    this.#last_s = Number.NEGATIVE_INFINITY;
  }

  #at(place: number): Slot {
    return this.#slots[(this.#oldest + place) % this.#slots.length];
  }

  #leave(): void {
    const slot = this.#at(0);
    this.#oldest = (this.#oldest + 1) % this.#slots.length;
    this.#count--;
    if (!slot.isKept) return;
    this.kept++;
    this.#to.frame(slot);
  }

  /** One that has become better, worse or unusable, too; what cannot be used moves nothing. */
  #hasMoved(slot: Slot, before: Slot): boolean {
    if (slot.reason !== before.reason) return true;
    const moves = this.#moves;
    for (let i = 0; i < moves.length; i++) {
      if (slot.quality[i] !== before.quality[i]) return true;
      if (slot.quality[i] >= QUALITY.stale) continue;
      if (Math.abs(slot.values[i] - this.#last[i]) > moves[i]) return true;
    }
    return false;
  }
}
