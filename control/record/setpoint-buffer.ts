/**
 * What became of a set point. `applied`: written and read back. `asked`: a figure that nothing applies, like the power
 * that a load profile asks for; it is recorded beside the set points that follow from it.
 */
export type SetpointOutcome = 'applied' | 'refused' | 'failed' | 'asked';

/**
 * One set point on its way to an instrument: who asked for what, and what became of it. In the role's unit.
 */
export interface JournalSetpoint {
  readonly t_s: number;
  readonly role: string;
  readonly asked: number;
  /** What was sent; NaN if nothing was. */
  readonly applied: number;
  readonly source: string;
  readonly outcome: SetpointOutcome;
}

/** Setpoints on their way to the disk thread: figures and, by number, words. A load profile writes some each second. */
export interface SetpointBatch {
  readonly rows: number;
  /** Per row: t_s, asked, applied. */
  readonly figures: Float64Array;
  /** Per row, as places in `names`: role, source, outcome. */
  readonly words: Uint16Array;
  readonly names: readonly string[];
}

/** A batch without any. */
export const NO_SETPOINTS: SetpointBatch = {
  rows: 0,
  figures: new Float64Array(0),
  words: new Uint16Array(0),
  names: [],
};

/** Gathers setpoints, `capacity` (at most 20,000) at most. */
export class SetpointBuffer {
  readonly #capacity: number;
  readonly #figures: Float64Array;
  readonly #words: Uint16Array;
  #places = new Map<string, number>();
  #rows = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#figures = new Float64Array(3 * capacity);
    this.#words = new Uint16Array(3 * capacity);
  }

  get rows(): number {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#rows === this.#capacity;
  }

  /** Takes a set point in; its time counts from `origin_s`. */
  add(setpoint: JournalSetpoint, origin_s = 0): void {
    const at = 3 * this.#rows++;
    this.#figures[at] = setpoint.t_s - origin_s;
    this.#figures[at + 1] = setpoint.asked;
    this.#figures[at + 2] = setpoint.applied;
    this.#words[at] = this.#placeOf(setpoint.role);
    this.#words[at + 1] = this.#placeOf(setpoint.source);
    this.#words[at + 2] = this.#placeOf(setpoint.outcome);
  }

  /** Hands over what has gathered and starts anew. */
  take(): SetpointBatch {
    const batch = {
      rows: this.#rows,
      figures: this.#figures.slice(0, 3 * this.#rows),
      words: this.#words.slice(0, 3 * this.#rows),
      names: [...this.#places.keys()],
    };
    this.#rows = 0;
    this.#places = new Map();
    return batch;
  }

  #placeOf(name: string): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const place = this.#places.size;
    this.#places.set(name, place);
    return place;
  }
}
