import {
  type ImpedanceRequest,
  pointTime_s,
  spectrumTime_s,
} from '../../../../drivers/contract/measure/impedance.ts';
import type { MeasuringNow } from './measuring.ts';

/**
 * The point that goes out before a spectrum of what nobody has measured yet: at 0.5 mOhm 10 mV are 20 A, and the first point
 * would tell it only once they have flowed.
 */

/**
 * The part of the amplitude that is tried, and a voltage that is small for anything: at a current limit of 5 A it lies within
 * down to 0.2 mOhm, V peak.
 */
const PART = 0.01;
const SMALL_V = 1e-3;

/** How long a spectrum takes, s, with the point before it where its amplitude is not small; NaN where it is not known. */
export function longest_s(asked: Omit<ImpedanceRequest, 'dc'>): number {
  const trial = trialOf(asked);
  return spectrumTime_s(asked) + (trial === undefined ? 0 : pointTime_s(trial.from_Hz, trial.cycles));
}

/** The first point of a spectrum with a small amplitude, for one period; undefined: its own is small. */
export function trialOf<R extends Omit<ImpedanceRequest, 'dc'>>(request: R): R | undefined {
  const { control, from_Hz } = request;
  const amplitude = Math.max(PART * request.amplitude, control === 'voltage' ? SMALL_V : 0);
  if (amplitude >= request.amplitude) return undefined;
  return { ...request, amplitude, to_Hz: from_Hz, cycles: 1 };
}

/** |Z| that it has found, as least and most, Ohm; else why it is not known. What is no usable number is none. */
export function foundBy(
  { control, amplitude, from_Hz }: ImpedanceRequest,
  { modulus_Ohm, reason }: MeasuringNow,
): readonly [least: number, most: number] | string {
  if (modulus_Ohm !== undefined && reason === '') return modulus_Ohm;
  const unit = control === 'voltage' ? 'V' : 'A';
  return `the impedance at ${short(from_Hz)} Hz is not known from ${short(amplitude)} ${unit}: ${reason === '' ? 'no point of it' : reason}`;
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
