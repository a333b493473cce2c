import type { ImpedanceAccuracy } from '../../drivers/contract/measure/impedance.ts';
import { student95 } from '../least-squares/student-t.ts';
import type { ImpedanceData } from './lin-kk.ts';
import { type LocalFit, localFit, slopeAt, valueAt } from './local-fit.ts';

/** Where a spectrum meets the real axis. Values in the unit of Z, u95 with k = 2; or why there is none. */

/** A resistance read off a spectrum. */
export type Intercept =
  | { readonly value: number; readonly u95: number; readonly how: string }
  | { readonly missing: string };

/** Points on each side of a crossing through which the curve is laid; degree of the curve. */
const SIDE = 4;
const DEGREE = 3;
/** So many points at an end tell where it stands. */
const END_POINTS = 5;
/** Without a crossing, the highest frequency is near enough to the axis when Im is no larger part of Re. */
const NEAR_AXIS = 0.02;
/** An arc counts as closed when Im at the lowest frequency is no larger part of it. */
const CLOSED = 0.03;

/** A resistance by one way of reading, before the accuracy of the instrument counts. */
export interface Read {
  readonly value: number;
  /** From the scatter of the points and what the band leaves open, k = 2. */
  readonly u95: number;
  readonly how: string;
}

/**
 * Re where Im is 0, towards high frequencies: the resistance of membrane, electrolyte and contacts. Where Im does not come
 * to 0 within the band (no inductance), Re at the highest frequency, if Im is nearly 0 there.
 */
export function highFrequencyResistance(data: ImpedanceData, accuracy: ImpedanceAccuracy): Intercept {
  return withAccuracy(data, accuracy, crossing);
}

/**
 * Re at the lowest frequency minus the high-frequency resistance: what the processes at the electrodes add. None where the
 * band ends before the arc has closed.
 */
export function polarisationResistance(data: ImpedanceData, accuracy: ImpedanceAccuracy): Intercept {
  const phase_rad = (accuracy.phase_deg * Math.PI) / 180;
  return withAccuracy(data, accuracy, of => {
    const high = crossing(of);
    if ('missing' in high) return high;
    const low = lowEnd(of);
    const value = low.re - high.value;
    const open = Math.max(0, Math.abs(low.im) - phase_rad * Math.abs(low.re));
    if (!(value > 0) || open > CLOSED * value) {
      const part = Math.round((100 * Math.abs(low.im)) / Math.abs(value));
      const f = Number(of.frequency_Hz[of.frequency_Hz.length - 1].toPrecision(3));
      return { missing: `the band does not reach the end of the arc: at ${f} Hz Im is ${part} % of it` };
    }
    // What is left of an arc of one time constant is Im2/R; of a flatter one at most some of Im.
    const u95 = Math.hypot(low.u95, high.u95, open / 4);
    return { value: value + open ** 2 / value, u95, how: 'Re at the lowest frequency minus hfr' };
  });
}

/** What is read off a spectrum, highest frequency first, with the same of the spectrum turned and stretched as the instrument may be off. */
export function withAccuracy(
  measured: ImpedanceData,
  { modulus_pct, phase_deg }: ImpedanceAccuracy,
  read: (data: ImpedanceData) => Read | { readonly missing: string },
): Intercept {
  const data = falling(measured);
  if (data.frequency_Hz.length < 3) return { missing: 'fewer than three points' };
  const plain = read(data);
  if ('missing' in plain) return plain;
  const turnedBy = (deg: number): number => {
    const other = read(turned(data, deg));
    return 'missing' in other ? plain.value : other.value;
  };
  const phase =
    phase_deg > 0
      ? Math.max(Math.abs(turnedBy(phase_deg) - plain.value), Math.abs(turnedBy(-phase_deg) - plain.value))
      : 0;
  const u95 = Math.hypot(plain.u95, (modulus_pct / 100) * plain.value, phase);
  return { value: plain.value, u95, how: plain.how };
}

function turned({ frequency_Hz, re, im }: ImpedanceData, deg: number): ImpedanceData {
  const [cos, sin] = [Math.cos((deg * Math.PI) / 180), Math.sin((deg * Math.PI) / 180)];
  return {
    frequency_Hz,
    re: re.map((r, i) => r * cos - im[i] * sin),
    im: im.map((v, i) => re[i] * sin + v * cos),
  };
}

/** Highest frequency first. */
function falling({ frequency_Hz, re, im }: ImpedanceData): ImpedanceData {
  const order = [...frequency_Hz.keys()].sort((a, b) => frequency_Hz[b] - frequency_Hz[a]);
  const of = (values: Float64Array): Float64Array => Float64Array.from(order, i => values[i]);
  return { frequency_Hz: of(frequency_Hz), re: of(re), im: of(im) };
}

function crossing(data: ImpedanceData): Read | { readonly missing: string } {
  const { frequency_Hz, re, im } = data;
  const n = frequency_Hz.length;
  // Above the summit of the arc: below it only the error of the phase turns a spectrum over the axis.
  const summit = im.reduce((lowest, v, i) => (v < im[lowest] ? i : lowest), 0);
  const at = im.findIndex((v, i) => i < summit && v >= 0 && im[i + 1] < 0);
  if (at < 0) return highEnd(data);
  const window = { from: Math.max(0, at + 1 - SIDE), to: Math.min(n, at + 1 + SIDE) };
  const x = logOf(frequency_Hz).subarray(window.from, window.to);
  const ofRe = localFit(x, re.subarray(window.from, window.to), DEGREE);
  const ofIm = localFit(x, im.subarray(window.from, window.to), DEGREE);
  const x0 = zeroOf(ofIm, Math.log(frequency_Hz[at + 1]), Math.log(frequency_Hz[at]));
  const value = valueAt(ofRe, x0);
  const steep = slopeAt(ofRe, x0) / slopeAt(ofIm, x0);
  const scatter = Math.hypot(ofRe.deviation || 0, (ofIm.deviation || 0) * steep);
  const u95 = student95(Math.max(1, ofRe.freedom)) * scatter * Math.sqrt(ofRe.leverage(x0));
  const f0 = Number(Math.exp(x0).toPrecision(3));
  return { value, u95: ofRe.freedom > 0 ? u95 : 0, how: `Re at Im = 0, at ${f0} Hz` };
}

/** Where the curve of Im is 0 between two frequencies; halved, for noise may bend it. */
function zeroOf(fit: LocalFit, low: number, high: number): number {
  let [a, b] = [low, high];
  if (valueAt(fit, a) * valueAt(fit, b) > 0)
    return Math.abs(valueAt(fit, a)) < Math.abs(valueAt(fit, b)) ? a : b;
  for (let k = 0; k < 60; k++) {
    const middle = (a + b) / 2;
    if (valueAt(fit, a) * valueAt(fit, middle) <= 0) b = middle;
    else a = middle;
  }
  return (a + b) / 2;
}

function highEnd({ frequency_Hz, re, im }: ImpedanceData): Read | { readonly missing: string } {
  const f = Number(frequency_Hz[0].toPrecision(3));
  const away = Math.abs(im[0] / re[0]);
  if (!(away <= NEAR_AXIS))
    return {
      missing: `Im does not come to 0 within the band: at ${f} Hz it is ${Math.round(100 * away)} % of Re`,
    };
  const top = aboveSummit(im).slice(0, TOP_POINTS);
  if (top.length < TOP_LEAST) {
    return { value: re[0], u95: Math.abs(im[0]), how: `Re at ${f} Hz, where Im is nearly 0` };
  }
  // Far above its summit an arc of a constant phase element goes as (j w)^-n.
  let n = 0.9;
  let line = localFit([0, 1], [re[0], re[0]], 1);
  for (let k = 0; k < TURNS; k++) {
    const x = top.map(i => (frequency_Hz[0] / frequency_Hz[i]) ** n);
    const [ofRe, ofIm] = [re, im].map(values =>
      localFit(
        x,
        top.map(i => values[i]),
        1,
      ),
    );
    line = ofRe;
    const phase = Math.atan2(Math.abs(slopeAt(ofIm, 0)), Math.max(0, slopeAt(ofRe, 0)));
    n = Math.max(LEAST_EXPONENT, phase / (Math.PI / 2));
  }
  const value = Math.min(re[0], valueAt(line, 0));
  const scatter = student95(line.freedom) * line.deviation * Math.sqrt(line.leverage(0));
  // Other processes may stand in front of the one that is followed.
  const u95 = Math.hypot(scatter, OPEN_PART * (re[0] - value));
  return { value, u95, how: `Re towards high frequencies, beyond ${f} Hz, where Im is nearly 0` };
}

/** A decade at the high end, at the usual points, tells how the spectrum goes on. */
const TOP_POINTS = 8;
const TOP_LEAST = 5;
const TURNS = 5;
/** The transmission line of a porous electrode; nothing is flatter. */
const LEAST_EXPONENT = 0.5;
const OPEN_PART = 0.5;

/** Points from the highest frequency to before the summit of the first arc. */
function aboveSummit(im: Float64Array): number[] {
  const lowest = im.reduce((at, v, i) => (v < im[at] ? i : at), 0);
  return Array.from({ length: lowest }, (_, i) => i);
}

/** Where the spectrum ends at its lowest frequencies. */
function lowEnd({ frequency_Hz, re, im }: ImpedanceData): {
  readonly re: number;
  readonly im: number;
  readonly u95: number;
} {
  const from = Math.max(0, frequency_Hz.length - END_POINTS);
  const x = logOf(frequency_Hz).subarray(from);
  const at = x[x.length - 1];
  const [ofRe, ofIm] = [re, im].map(values => localFit(x, values.subarray(from), 2));
  const u95 = ofRe.freedom > 0 ? student95(ofRe.freedom) * ofRe.deviation * Math.sqrt(ofRe.leverage(at)) : 0;
  return { re: valueAt(ofRe, at), im: valueAt(ofIm, at), u95 };
}

const logOf = (frequency_Hz: Float64Array): Float64Array => frequency_Hz.map(f => Math.log(f));
