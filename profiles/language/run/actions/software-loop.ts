/**
 * The arithmetic of half-cell control by software: a potential of one electrode is held by a current that is set anew with
 * each reading of it that has seen the current before.
 *
 * Integral control: the current moves by `GAIN` of what would make up for the whole deviation. A deviation is 0.75 of the
 * one before (pole at 1 - GAIN); where the instrument itself shows a reading late, the poles are both at 1/2
 * (z^2 - z + GAIN = 0, critically damped): no overshoot either way where `response_Ohm` is right. Of one that is declared too
 * small by a factor k the gain is k times that: no overshoot up to k = 4, no end of it from k = 8 (4 with the reading of delay).
 * What drifts is followed four readings of its drift late (1 / GAIN).
 */
export const GAIN = 0.25;
/** Readings until a deviation has fallen to 2 %: (1 - GAIN)^k < 0.02. */
export const SETTLING_READINGS = 14;

/** How a bench lets software hold a potential, from its file. */
export interface SoftwareLoop {
  /** What the potential does at once where the current rises by 1 A: below 0 where charging lowers it. */
  readonly response_Ohm: number;
  /** Time in which a deviation must have gone, s of real time. */
  readonly settle_s: number;
  /** A deviation within which the potential counts as held, V. */
  readonly within_V: number;
  /** Time between two readings of it, and after which the last one counts for nothing, s. */
  readonly poll_s: number;
  readonly stale_s: number;
}

/** The next current, A: between `low_A` and `high_A`, from the one that flows. */
export function nextCurrent_A(
  response_Ohm: number,
  now: {
    readonly error_V: number;
    readonly current_A: number;
    readonly low_A: number;
    readonly high_A: number;
  },
): number {
  const next_A = now.current_A - (GAIN * now.error_V) / response_Ohm;
  return Math.min(now.high_A, Math.max(now.low_A, next_A));
}

/** So many readings of the very same figure, each of a new current: one or two a late instrument may show. */
const SAME_READINGS = 4;
/** And so much, in parts of what counts as held, they should have moved by. */
const SHOULD_MOVE = 2;

/** A figure that has not changed, the current that it was first read at, A, and how often it came again. */
export interface SameFigure {
  value_V: number;
  from_A: number;
  again: number;
}

/**
 * A potential whose figure stays the very same while the current moves by what should change it is no reading: its lead is
 * off, or the instrument repeats itself. The loop would go on to its bound with it.
 */
export class StandingStill {
  readonly #loop: SoftwareLoop;
  /** JSON of it. */
  readonly state: SameFigure;

  constructor(loop: SoftwareLoop, saved?: SameFigure) {
    this.#loop = loop;
    this.state = saved === undefined ? { value_V: Infinity, from_A: 0, again: 0 } : { ...saved };
  }

  /** A reading that has seen this current. By how much it should have moved, V, where it stands still; else undefined. */
  take(value_V: number, current_A: number): number | undefined {
    const { state } = this;
    if (value_V !== state.value_V) {
      Object.assign(state, { value_V, from_A: current_A, again: 0 });
      return undefined;
    }
    state.again++;
    const should_V = Math.abs(this.#loop.response_Ohm * (current_A - state.from_A));
    return state.again >= SAME_READINGS && should_V > SHOULD_MOVE * this.#loop.within_V
      ? should_V
      : undefined;
  }
}

/** A response is taken for up to so many times the declared one. */
const MOST_RESPONSE = 4;
/** Beside it, in parts of what counts as held. */
const MAY_JUMP = 2;

/** The last reading that was believed with the current at it, A, and one that was not (yet), V. */
export interface SeenFigure {
  value_V: number;
  at_A: number;
  doubted_V: number | null;
}

/** One reading that is far from where the current should have led the potential is believed once a second one shows the same. */
export class Doubt {
  readonly #loop: SoftwareLoop;
  /** JSON of it; undefined before the first reading. */
  state: SeenFigure | undefined;

  constructor(loop: SoftwareLoop, saved?: SeenFigure) {
    this.#loop = loop;
    this.state = saved === undefined ? undefined : { ...saved };
  }

  /** Whether a reading at this current is to be believed. */
  believes(value_V: number, current_A: number): boolean {
    const { state } = this;
    const { within_V, response_Ohm } = this.#loop;
    const led_V = state === undefined ? 0 : MOST_RESPONSE * Math.abs(response_Ohm * (current_A - state.at_A));
    const near_V = MAY_JUMP * within_V + led_V;
    const isNear = (other_V: number | null): boolean =>
      other_V !== null && Math.abs(value_V - other_V) <= near_V;
    const isBelieved = state === undefined || isNear(state.value_V) || isNear(state.doubted_V);
    if (isBelieved) this.state = { value_V, at_A: current_A, doubted_V: null };
    else state.doubted_V = value_V;
    return isBelieved;
  }
}

/** A reading counts with no more than this of what counts as held: several are lasting, one is not. */
const MOST_OF_ONE = 2;

/** How well a potential was held, from its arrival on, and how far off it is before. */
export class LoopQuality {
  readonly #loop: SoftwareLoop;
  /** JSON of it. */
  readonly state: LoopCounts;

  constructor(loop: SoftwareLoop, saved?: LoopCounts) {
    this.#loop = loop;
    this.state =
      saved === undefined
        ? {
            readings: 0,
            free: 0,
            bad: 0,
            squares_V2: 0,
            recent_V2: 0,
            beyond_V: 0,
            held_s: 0,
            saturated_s: 0,
            now_V: 0,
            away_s: 0,
            awayTurns: 0,
          }
        : { ...saved };
  }

  /** A reading `dt_s` after the last one since its arrival. */
  take(error_V: number, dt_s: number, isSaturated: boolean): void {
    const { state } = this;
    state.readings++;
    if (!isSaturated) {
      state.free++;
      state.squares_V2 += error_V * error_V;
    }
    state.held_s += dt_s;
    // What the loop brings back within its time is not lasting: the mean is over twice that.
    const part = Math.min(1, dt_s / (2 * this.#loop.settle_s));
    // One reading alone, however far off, is not lasting.
    const counted_V = Math.min(Math.abs(error_V), MOST_OF_ONE * this.#loop.within_V);
    state.recent_V2 = isSaturated ? 0 : state.recent_V2 + (counted_V ** 2 - state.recent_V2) * part;
  }

  /** So far beyond, seen from where it came as the step began; also on its way back after a rest, once it was there. */
  beyond(beyond_V: number): void {
    this.state.beyond_V = Math.max(this.state.beyond_V, beyond_V);
  }

  /**
   * The same before its arrival, too. `isWaiting`: the step's own current flows until the potential comes. `isTurn`: it has
   * seen the last current.
   */
  near(error_V: number, dt_s: number, is: { saturated: boolean; waiting: boolean; turn: boolean }): void {
    const { state } = this;
    state.now_V = error_V;
    if (is.saturated) state.saturated_s += dt_s;
    if (Math.abs(error_V) <= this.#loop.within_V || is.waiting) state.away_s = state.awayTurns = 0;
    else {
      state.away_s += dt_s;
      if (is.turn) state.awayTurns++;
    }
  }

  /** It has had twice its time, and twice the readings that it takes, and is not there. */
  get isNotReached(): boolean {
    const { away_s, awayTurns } = this.state;
    return away_s > 2 * this.#loop.settle_s && awayTurns > 2 * SETTLING_READINGS;
  }

  /** It has had its time and does not hold: it oscillates, or cannot follow. */
  get isLost(): boolean {
    return (
      this.state.held_s > 2 * this.#loop.settle_s && Math.sqrt(this.state.recent_V2) > this.#loop.within_V
    );
  }
}

/** What a loop has counted: since the potential arrived; the last four from the begin of the step on. */
export interface LoopCounts {
  readings: number;
  /** Those of them at which no bound of its own held the current. */
  free: number;
  /** Looks without a good reading where one was due. */
  bad: number;
  squares_V2: number;
  recent_V2: number;
  /** Furthest beyond the target, seen from where it came, V. */
  beyond_V: number;
  held_s: number;
  /** Time in which a bound of its own held the current. */
  saturated_s: number;
  /** Deviation in the newest reading, V. */
  now_V: number;
  /** For how long it is away without a break, and at how many readings that saw the last current. */
  away_s: number;
  awayTurns: number;
}
