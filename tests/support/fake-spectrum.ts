import type { Clock } from '../../drivers/contract/clock.ts';
import {
  frequenciesOf,
  type ImpedanceAbility,
  type ImpedanceRequest,
  pointTime_s,
} from '../../drivers/contract/measure/impedance.ts';
import type { MeasureSpec } from '../../drivers/device-table.ts';
import type { FakeReply, FakeRequest } from './fake-instrument.ts';

/** The part of a fake instrument that measures impedance, in its own time, whatever the line does. */

export const FAKE_IMPEDANCE: ImpedanceAbility = {
  band_Hz: [0.01, 1e5],
  amplitudeMax_V: 0.1,
  amplitudeMax_A: 10,
  dc: ['keep', 'open', 'bias'],
  accuracy: { modulus_pct: 1, phase_deg: 1, basis: 'default' },
};

/** What is asked of it. */
export type SpectrumRequest =
  | { readonly kind: 'measure'; readonly number: number; readonly request: ImpedanceRequest }
  | { readonly kind: 'points'; readonly number: number; readonly from: number }
  | { readonly kind: 'cancel'; readonly number: number };

const STATES = ['measuring', 'done', 'failed'] as const;

/** How it is asked: state first, then Hz, Re, Im of each point. */
export const FAKE_MEASURE: MeasureSpec<FakeRequest, FakeReply> = {
  // It sweeps nothing, and its description says so.
  begin: (request, number) => ({ kind: 'measure', number, request: request as ImpedanceRequest }),
  ask: (number, from) => ({ kind: 'points', number, from }),
  decode: ([state, ...figures]) => ({
    state: STATES[state],
    reason: state === 2 ? 'overload' : '',
    points: Array.from({ length: figures.length / 3 }, (_, i) => ({
      values: figures.slice(3 * i, 3 * i + 3),
    })),
  }),
  cancel: number => ({ kind: 'cancel', number }),
};

/** Z of it, Ohm. */
export const FAKE_RE_OHM = 0.02;
export const FAKE_IM_OHM = -0.001;

/** The spectra of one instrument. */
export class FakeSpectra {
  /** From now on no further point comes, or it fails, or no further point comes and it says that it is through. */
  trouble: 'none' | 'stands' | 'fails' | 'short' = 'none';
  /** Points, the first is 0, whose values are spoiled. */
  readonly spoiled = new Set<number>();
  /** Re Z, Ohm. */
  re_Ohm = FAKE_RE_OHM;
  /** Amplitude of each that it was asked for, peak. */
  readonly amplitudes: number[] = [];
  readonly #clock: Clock;
  #now: { readonly number: number; readonly request: ImpedanceRequest; readonly from_s: number } | undefined;
  #stood = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A signal lies over the direct current now. */
  get isDriving(): boolean {
    return this.#now !== undefined && this.#points() < frequenciesOf(this.#now.request).length;
  }

  answer(asked: SpectrumRequest): FakeReply {
    if (asked.kind === 'measure') {
      if (this.#now?.number !== asked.number) {
        this.#now = { number: asked.number, request: asked.request, from_s: this.#clock.now_s() };
        this.amplitudes.push(asked.request.amplitude);
      }
      return [];
    }
    if (asked.kind === 'cancel') {
      this.#now = undefined;
      return [];
    }
    const { request } = this.#now ?? {};
    if (request === undefined) return [2];
    const all = frequenciesOf(request);
    const points = this.#points();
    const state = this.trouble === 'fails' ? 2 : points === all.length || this.trouble === 'short' ? 1 : 0;
    const figures = [...all.subarray(asked.from, points)].flatMap((f, i) => [
      f,
      this.spoiled.has(asked.from + i) ? Number.NaN : this.re_Ohm,
      FAKE_IM_OHM,
    ]);
    return [state, ...figures];
  }

  #points(): number {
    if (this.#now === undefined) return 0;
    const { request, from_s } = this.#now;
    let left_s = this.#clock.now_s() - from_s;
    const all = frequenciesOf(request);
    let points = 0;
    while (points < all.length) {
      left_s -= pointTime_s(all[points], request.cycles);
      if (left_s < 0) break;
      points++;
    }
    if (this.trouble !== 'stands' && this.trouble !== 'short') this.#stood = points;
    return Math.min(points, this.#stood);
  }
}
