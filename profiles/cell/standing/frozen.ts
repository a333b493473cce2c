import type { CellFacts, RecordedSeries } from '../../recorded-run.ts';
import { indexAt } from '../../series-parts.ts';
import { QUIET_PER_H, type Rest } from './rests.ts';

/**
 * Readings that stand still to the last digit while a current flows: the recorder froze. A cell's voltage moves under a
 * constant current, and its current at a constant voltage; never do both stand for long.
 */

/** Both stood still for this part of the capacity or more, over so many readings, and so long, life s ... */
const LEAST_FRAC = 0.02;
const LEAST_READINGS = 10;
const LEAST_S = 120;
/** ... and for more than so many times what the digits and the flattest part of this cell's curve make usual. */
const BEYOND_USUAL = 8;
/** At the cell's own limits, where a voltage is held, only this part of the capacity tells. */
const HELD_FRAC = 0.08;
const AT_LIMIT_V = 1e-6;
/** A flat part of the cell's curve ends without a leap, and comes again with each cycle: there a voltage so near, V, for alike charge. */
const LEAP_V = 0.005;
const LEAP_FRAC = 0.02;
const AGAIN_V = 0.005;
const AGAIN_FACTOR = 2;

interface Standing extends Rest {
  readonly charge_Ah: number;
  readonly readings: number;
  readonly voltage_V: number;
  readonly current_A: number;
  /** Current or voltage leaps after it, or the record ends with it. */
  readonly isLeapAfter: boolean;
}

/** Stretches in which voltage and current were frozen, run times of their first and last rows, in order. */
export function frozenIn(
  current: RecordedSeries,
  voltage: RecordedSeries,
  cell: Pick<CellFacts, 'capacity_Ah' | 'voltageMin_V' | 'voltageMax_V'>,
  timeFactor: number,
): Rest[] {
  const quiet_A = cell.capacity_Ah * QUIET_PER_H;
  const standing = standingIn(current, voltage, quiet_A, timeFactor);
  const suspects = standing.filter(one => {
    const isHeld = [cell.voltageMin_V, cell.voltageMax_V].some(v => Math.abs(v - one.voltage_V) < AT_LIMIT_V);
    return (
      one.charge_Ah >= (isHeld ? HELD_FRAC : LEAST_FRAC) * cell.capacity_Ah &&
      one.readings >= LEAST_READINGS &&
      one.isLeapAfter &&
      !standing.some(other => other !== one && isAgain(one, other)) &&
      (one.to_s - one.from_s) * timeFactor >= LEAST_S
    );
  });
  if (suspects.length === 0) return [];
  const flowed_Ah = flowedIn(current, quiet_A, timeFactor);
  const charges = standing.map(one => one.charge_Ah).sort((a, b) => a - b);
  return suspects
    .filter(one => one.charge_Ah > BEYOND_USUAL * usualBeside(one, charges, flowed_Ah))
    .map(({ from_s, to_s }) => ({ from_s, to_s }));
}

/** True if a cell stood so once more: the same voltage under a current of the same way, for alike charge. */
function isAgain(one: Standing, other: Standing): boolean {
  const ratio = other.charge_Ah / one.charge_Ah;
  return (
    Math.abs(one.voltage_V - other.voltage_V) < AGAIN_V &&
    one.current_A * other.current_A > 0 &&
    Math.max(ratio, 1 / ratio) < AGAIN_FACTOR
  );
}

/** What half of the charge that flowed otherwise did not exceed in one stretch, Ah; 0 where it moved in each reading. */
function usualBeside(suspect: Standing, charges: readonly number[], flowed_Ah: number): number {
  const moving_Ah = flowed_Ah - charges.reduce((sum, q) => sum + q, 0);
  const half_Ah = (flowed_Ah - suspect.charge_Ah) / 2;
  let sum_Ah = moving_Ah;
  if (sum_Ah >= half_Ah) return 0;
  const itself = charges.indexOf(suspect.charge_Ah);
  for (let k = 0; k < charges.length; k++) {
    if (k === itself) continue;
    sum_Ah += charges[k];
    if (sum_Ah >= half_Ah) return charges[k];
  }
  return 0;
}

/** All charge under currents larger than `quiet_A`, either way, Ah. */
function flowedIn({ t_s, value }: RecordedSeries, quiet_A: number, timeFactor: number): number {
  let sum_As = 0;
  for (let i = 1; i < value.length; i++) {
    const size_A = Math.min(Math.abs(value[i - 1]), Math.abs(value[i]));
    if (size_A > quiet_A) sum_As += size_A * (t_s[i] - t_s[i - 1]) * timeFactor;
  }
  return sum_As / 3600;
}

/** All stretches of two readings or more in which neither the current, larger than `quiet_A`, nor the voltage changes. */
function standingIn(
  { t_s, value }: RecordedSeries,
  voltage: RecordedSeries,
  quiet_A: number,
  timeFactor: number,
): Standing[] {
  const found: Standing[] = [];
  for (let i = 0; i < value.length; i++) {
    if (!(Math.abs(value[i]) > quiet_A)) continue;
    const from = i;
    while (i + 1 < value.length && value[i + 1] === value[from]) i++;
    if (i === from) continue;
    const isLeap = !(
      Math.abs((value[i + 1] ?? Number.NaN) - value[from]) <=
      LEAP_FRAC * Math.abs(value[from])
    );
    const span = { from_s: t_s[from], to_s: t_s[i], current_A: value[from], isLeap };
    found.push(...alsoStanding(voltage, span, timeFactor));
  }
  return found;
}

function alsoStanding(
  { t_s, value }: RecordedSeries,
  span: Rest & { readonly current_A: number; readonly isLeap: boolean },
  timeFactor: number,
): Standing[] {
  const { from_s, to_s, current_A } = span;
  const found: Standing[] = [];
  const end = indexAt(t_s, to_s + 1e-9);
  for (let i = indexAt(t_s, from_s - 1e-9); i < end; i++) {
    const from = i;
    while (i + 1 < end && value[i + 1] === value[from]) i++;
    if (i === from) continue;
    const hours = ((t_s[i] - t_s[from]) * timeFactor) / 3600;
    found.push({
      from_s: t_s[from],
      to_s: t_s[i],
      charge_Ah: Math.abs(current_A) * hours,
      current_A,
      isLeapAfter: i + 1 >= end ? span.isLeap : !(Math.abs(value[i + 1] - value[from]) <= LEAP_V),
      readings: i - from + 1,
      voltage_V: value[from],
    });
  }
  return found;
}

/** A series without the readings of frozen stretches but the first of each: what they repeat nobody has read. */
export function withoutFrozen(series: RecordedSeries, frozen: readonly Rest[]): RecordedSeries {
  if (frozen.length === 0) return series;
  const rows: number[] = [];
  let k = 0;
  for (let i = 0; i < series.t_s.length; i++) {
    const t_s = series.t_s[i];
    while (k < frozen.length && frozen[k].to_s < t_s) k++;
    if (!(k < frozen.length && t_s > frozen[k].from_s)) rows.push(i);
  }
  return {
    t_s: Float64Array.from(rows, i => series.t_s[i]),
    value: Float64Array.from(rows, i => series.value[i]),
  };
}
