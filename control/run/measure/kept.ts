import type { DatasetRow, ImpedanceAccuracy } from '../../../drivers/contract/measure/impedance.ts';
import { SWEEP_COLUMNS } from '../../../drivers/contract/measure/sweep.ts';

/** What is kept at hand of measurements for the page; all of it is in the record. */

/** A measurement as far as it has come. */
interface Kept {
  readonly name: string;
  state: 'under way' | 'whole' | 'cut short';
  /** Points that were asked for. */
  readonly asked: number;
}

/** A spectrum as far as it has been measured. */
export interface MeasuredSpectrum extends Kept {
  readonly frequency_Hz: number[];
  readonly re_Ohm: number[];
  readonly im_Ohm: number[];
  readonly accuracy: ImpedanceAccuracy;
}

/** A voltammogram as far as it has been swept. */
export interface MeasuredVoltammogram extends Kept {
  readonly scan_count: number[];
  readonly voltage_V: number[];
  readonly current_A: number[];
}

/** So many of each kind, the newest. */
const MOST = 4;

/** A new one behind the others. */
export function keepNewest<T>(all: T[], one: T): void {
  all.push(one);
  if (all.length > MOST) all.shift();
}

/** A point of a spectrum that is usable. */
export function keepPoint(spectrum: MeasuredSpectrum, { values }: DatasetRow): void {
  const [f, re, im] = values;
  if (![f, re, im].every(Number.isFinite)) return;
  spectrum.frequency_Hz.push(f);
  spectrum.re_Ohm.push(re);
  spectrum.im_Ohm.push(im);
}

/** Least and most of |Z| with one more of it, Ohm; what is not known changes nothing. */
export function withModulus(
  [least, most]: readonly [least: number, most: number] = [Infinity, 0],
  modulus_Ohm: number,
): { readonly modulus_Ohm?: readonly [least: number, most: number] } {
  if (!Number.isFinite(modulus_Ohm)) return {};
  return { modulus_Ohm: [Math.min(least, modulus_Ohm), Math.max(most, modulus_Ohm)] };
}

/** Least and most of |Z| that was measured between two frequencies, Ohm; NaN where nothing was. */
export function modulusFound_Ohm(
  spectra: readonly MeasuredSpectrum[],
  low_Hz: number,
  high_Hz: number,
): readonly [least: number, most: number] {
  let [least, most] = [Number.NaN, Number.NaN];
  for (const { frequency_Hz, re_Ohm, im_Ohm } of spectra)
    for (const [i, f] of frequency_Hz.entries()) {
      if (f < low_Hz || f > high_Hz) continue;
      const modulus = Math.hypot(re_Ohm[i], im_Ohm[i]);
      if (!(modulus >= least)) least = modulus;
      if (!(modulus <= most)) most = modulus;
    }
  return [least, most];
}

const [SCAN, VOLTAGE, CURRENT] = (['scan_count', 'voltage_V', 'current_A'] as const).map(name =>
  SWEEP_COLUMNS.indexOf(name),
);

/** A point of a voltammogram that is usable. */
export function keepSwept(curve: MeasuredVoltammogram, { values }: DatasetRow): void {
  const [scan, voltage_V, current_A] = [values[SCAN], values[VOLTAGE], values[CURRENT]];
  if (![scan, voltage_V, current_A].every(Number.isFinite)) return;
  curve.scan_count.push(scan);
  curve.voltage_V.push(voltage_V);
  curve.current_A.push(current_A);
}
