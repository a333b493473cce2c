import type { Cancel, Clock } from '../../drivers/contract/clock.ts';

/** When something that is done again and again is due next, and since when that stands, s of the clock; JSON. */
export interface BeatState {
  readonly armed_s: number;
  readonly next_s: number;
}

interface Beat {
  readonly name: string;
  readonly period_s: number;
  readonly work: (missed: number) => unknown;
  armed_s: number;
  next_s: number;
  cancel: Cancel;
}

/**
 * What a bench does again and again, each at its own period. Begun with what `state` once said, everything keeps its
 * place in time, and of what falls on the same time the same comes first.
 */
export class Beats {
  readonly #clock: Clock;
  readonly #saved: Readonly<Record<string, BeatState>>;
  readonly #stirs: () => number;
  readonly #all: Beat[] = [];

  /** `stirs` counts what sets something going beside the works themselves: it takes the word `STILL` from them. */
  constructor(clock: Clock, saved: Readonly<Record<string, BeatState>> = {}, stirs: () => number = () => 0) {
    this.#clock = clock;
    this.#saved = saved;
    this.#stirs = stirs;
  }

  /**
   * To be done from `start` on, the first time `first_s` from now unless it was due otherwise. The work may answer
   * `STILL`, as a tick of the clock.
   */
  add(name: string, period_s: number, work: (missed: number) => unknown, first_s = period_s): void {
    const armed_s = this.#clock.now_s();
    const { [name]: saved = { armed_s, next_s: armed_s + first_s } } = this.#saved;
    this.#all.push({ name, period_s, work, ...saved, cancel: () => {} });
  }

  /** Begins. */
  start(): void {
    // A clock takes what is due at the same time in the order in which it was asked for.
    for (const beat of [...this.#all].sort((a, b) => a.armed_s - b.armed_s)) this.#begin(beat);
  }

  /** When each is due next, by name. */
  state(): Record<string, BeatState> {
    return Object.fromEntries(this.#all.map(({ name, armed_s, next_s }) => [name, { armed_s, next_s }]));
  }

  /** Ends all of them. */
  cancel(): void {
    for (const { cancel } of this.#all) cancel();
  }

  #begin(beat: Beat): void {
    const { period_s } = beat;
    const run = (missed: number): unknown => {
      beat.armed_s = this.#clock.now_s();
      beat.next_s = beat.armed_s + period_s;
      const before = this.#stirs();
      const answer = beat.work(missed);
      return this.#stirs() === before ? answer : undefined;
    };
    beat.cancel = this.#clock.schedule(beat.next_s - this.#clock.now_s(), () => {
      beat.cancel = this.#clock.every(period_s, run);
      run(0);
    });
  }
}
