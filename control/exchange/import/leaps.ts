import type { CyclerReadings } from './read-cycler.ts';
import { usableColumn } from './usable-columns.ts';

/** How the voltage of a file answers its current: at once, by the cell's resistance. */

/** A leap of the current tells a resistance: so large a part of the usual current. */
const LEAP_FRAC = 0.3;
/** Readings beyond so many times the usual current are doubted. */
export const DOUBTED = 3;
/** The usual current is that which this part of the readings under current does not exceed. */
const USUAL_FRAC = 0.99;

/** How the voltage answers leaps of the current. */
export interface Leaps {
  readonly resistance_Ohm: number;
  /** Part of the leaps with this sign of it. */
  readonly agree_frac: number;
  readonly count: number;
}

const found = new WeakMap<CyclerReadings, Leaps | undefined>();

/** The leaps of a file's usable readings; undefined without any. Looked for once. */
export function leapsIn(readings: CyclerReadings): Leaps | undefined {
  if (!found.has(readings)) {
    const current = usableColumn(readings, 'current');
    found.set(readings, leapsOf(current, usableColumn(readings, 'voltage'), usualOf(current)));
  }
  return found.get(readings);
}

/** The usual size of a current under which a cell stands, A; 0 if none ever flows. */
export function usualOf(current: Float64Array): number {
  const flowing = current.map(Math.abs).filter(v => v > 0);
  flowing.sort();
  return flowing.length === 0 ? 0 : flowing[Math.ceil(USUAL_FRAC * flowing.length) - 1];
}

/** Resistance by the leaps of the current between neighbouring rows; undefined without any. */
function leapsOf(current: Float64Array, voltage: Float64Array, usual_A: number): Leaps | undefined {
  const found: number[] = [];
  const isBelievable = (v: number): boolean => Math.abs(v) <= DOUBTED * usual_A;
  for (let i = 1; i < voltage.length; i++) {
    const leap_A = current[i] - current[i - 1];
    if (!(Math.abs(leap_A) > LEAP_FRAC * usual_A)) continue;
    const ratio = (voltage[i] - voltage[i - 1]) / leap_A;
    if (isBelievable(current[i]) && isBelievable(current[i - 1]) && Number.isFinite(ratio)) found.push(ratio);
  }
  if (found.length === 0) return undefined;
  found.sort((a, b) => a - b);
  const resistance_Ohm = found[found.length >> 1];
  const alike = found.filter(ratio => Math.sign(ratio) === Math.sign(resistance_Ohm)).length;
  return { resistance_Ohm, agree_frac: alike / found.length, count: found.length };
}
