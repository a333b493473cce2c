import { isUsable } from '../frame.ts';
import { frequenciesOf } from './impedance.ts';
import { isSpectrum, type MeasureRequest } from './request.ts';
import { potentialsOf, SWEEP_COLUMNS } from './sweep.ts';

/** How much of what was asked for has come, in points that are usable. */
export interface PointsFound {
  readonly points: number;
  readonly asked: number;
  /** Nothing of it is missing. */
  readonly isWhole: boolean;
}

/** A frequency stands for the one that was asked for as far as this part of the way to the next one. */
const NEAR = 0.4;
/** Of a spectrum of one frequency, as a part of it. */
const NEAR_ALONE = 0.1;
/** So many steps of a curve may lie between two of its points: what an instrument rounds is nothing that is missing. */
const STEPS_APART = 2.5;

/** Counts the points of a spectrum or a curve as they come: what is bad, NaN or comes twice is none. */
export class PointsCount {
  readonly #take: (values: ArrayLike<number>) => void;
  readonly #needed: readonly number[];
  readonly #found: () => PointsFound;

  constructor(request: MeasureRequest) {
    const of = isSpectrum(request)
      ? countFrequencies(frequenciesOf(request))
      : countPotentials([...potentialsOf(request)], request.step_V);
    this.#take = of.take;
    this.#found = of.found;
    this.#needed = isSpectrum(request) ? [0, 1, 2] : SWEEP_COLUMNS.map((_, i) => i);
  }

  /** A row in the order of its columns; `quality`: `QUALITY` of each value, absent: all of them are usable if they are numbers. */
  add(values: ArrayLike<number>, quality?: ArrayLike<number>): void {
    for (const i of this.#needed) if (!isUsable(values[i], quality?.[i] ?? 0)) return;
    this.#take(values);
  }

  /** What has come so far. */
  get found(): PointsFound {
    return this.#found();
  }
}

/** What is missing of a measurement, in words: `30 of 41 points`. */
export const pointsText = ({ points, asked }: Pick<PointsFound, 'points' | 'asked'>): string =>
  `${points} of ${asked} points`;

interface Counting {
  take(values: ArrayLike<number>): void;
  found(): PointsFound;
}

/** Each frequency that was asked for counts once. */
function countFrequencies(asked: Float64Array): Counting {
  const isThere = new Uint8Array(asked.length);
  const apart = asked.length < 2 ? NEAR_ALONE : NEAR * Math.abs(Math.log(asked[1] / asked[0]));
  let points = 0;
  return {
    take(values) {
      const at = asked.findIndex((f, i) => isThere[i] === 0 && Math.abs(Math.log(values[0] / f)) <= apart);
      if (at < 0) return;
      isThere[at] = 1;
      points++;
    },
    found: () => ({ points, asked: asked.length, isWhole: points === asked.length }),
  };
}

/**
 * The instrument says how high its steps really are, and may tell a corner twice or not at all: nothing is missing where no
 * two points that follow each other lie further apart than its steps, and where it goes from the beginning to the end.
 */
function countPotentials(asked: readonly { scan: number; set_V: number }[], step_V: number): Counting {
  const SET_V = SWEEP_COLUMNS.indexOf('voltageSet_V');
  const last = asked[asked.length - 1];
  const corners = asked.filter(
    ({ set_V }, i) =>
      i === 0 || i === asked.length - 1 || (asked[i + 1].set_V - set_V) * (set_V - asked[i - 1].set_V) < 0,
  ).length;
  /** The steps as they really are: how many, and their sum, V. */
  const steps = { count: 0, sum_V: 0 };
  let points = 0;
  let missing = 0;
  let before_V = asked[0].set_V;
  const gap = (to_V: number): number => {
    const apart = Math.abs(to_V - before_V) / step_V;
    return apart > STEPS_APART ? Math.round(apart) - 1 : 0;
  };
  return {
    take(values) {
      points++;
      const apart_V = Math.abs(values[SET_V] - before_V);
      if (apart_V > step_V / 2 && apart_V <= STEPS_APART * step_V) {
        steps.count++;
        steps.sum_V += apart_V;
      }
      missing += gap(values[SET_V]);
      before_V = values[SET_V];
    },
    found() {
      // A gap over a corner shows in the number of points only; each corner may be one of two steps.
      const height_V = steps.count === 0 ? step_V : steps.sum_V / steps.count;
      const few = Math.floor((asked.length * step_V) / height_V) - corners - 1 - points;
      const gone = Math.max(missing + gap(last.set_V), few, 0);
      const isWhole = points > 0 && gone === 0;
      return isWhole
        ? { points, asked: points, isWhole }
        : { points, asked: Math.max(asked.length, points + gone), isWhole };
    },
  };
}
