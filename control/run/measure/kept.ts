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
