import type { RecordedRun } from '../recorded-run.ts';

/** When what a cell is driven with was changed: between two readings it is known where the step lies. */

/** Every set point that steps a cell's current or power as it is applied. */
const DRIVES = [
  'cell.outputSet_on',
  'cell.modeSet_count',
  'cell.currentSet_A',
  'cell.voltageSet_V',
  'cell.powerSet_W',
];

/** Run times at which a drive of the cell was set to another value and read back, rising. */
export function setTimes(run: RecordedRun): Float64Array {
  const times: number[] = [];
  for (const role of DRIVES) {
    const { t_s, value } = run.asked(role);
    for (let i = 0; i < t_s.length; i++) if (i === 0 || value[i] !== value[i - 1]) times.push(t_s[i]);
  }
  return Float64Array.from(times).sort();
}

/**
 * How an interval between two readings is divided where a set point was applied in it, as parts of it: what the first
 * reading showed stood for `before`, what the second shows for `after`; in between the two are joined. Without a set point
 * all of it is. What is set at the very time of a reading comes after it. To be asked in rising order.
 */
export function divisions(
  times: Float64Array,
): (from_s: number, to_s: number) => { readonly before: number; readonly after: number } {
  const whole = { before: 0, after: 0 };
  let k = 0;
  return (from_s, to_s) => {
    while (k < times.length && times[k] < from_s - 1e-9) k++;
    const first = k;
    while (k < times.length && times[k] < to_s - 1e-9) k++;
    if (k === first || !(to_s > from_s)) return whole;
    const part = (t_s: number): number => Math.max(0, t_s - from_s) / (to_s - from_s);
    return { before: part(times[first]), after: 1 - part(times[k - 1]) };
  };
}
