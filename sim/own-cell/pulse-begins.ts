import type { PulseRecord } from './pulse-window.ts';

/**
 * When a current began in a record whose rests have fewer rows than its pulses (60 s and 1 s are common): cyclers write the
 * first row of a step one of the step's own intervals after its begin, not one of the rest's.
 */

/** A change by this part of the largest current is one of steps. */
const STEP_FRAC = 0.02;
/** A row so many times as far behind the row before as the next is behind it does not tell when its current began. */
const LATE = 1.5;

/**
 * The record with a row where each such current began: of the rest's current, without a voltage (NaN), which nobody read. A
 * row's current may then be taken to have flowed since the row before.
 */
export function withBegins(record: PulseRecord): PulseRecord {
  const { time_s, current_A, voltage_V, temperature_degC } = record;
  const step_A = STEP_FRAC * current_A.reduce((a, i) => Math.max(a, Math.abs(i)), 0);
  const added: number[] = [];
  for (let i = 1; i + 1 < time_s.length; i++) {
    const isStep = Math.abs(current_A[i] - current_A[i - 1]) > step_A && Math.abs(current_A[i]) > step_A;
    if (isStep && time_s[i] - time_s[i - 1] > LATE * (time_s[i + 1] - time_s[i])) added.push(i);
  }
  if (added.length === 0) return record;
  const merged = (values: Float64Array, begin: (i: number) => number): Float64Array => {
    const out = new Float64Array(values.length + added.length);
    let n = 0;
    for (let i = 0; i < values.length; i++) {
      if (added[n] === i) out[i + n++] = begin(i);
      out[i + n] = values[i];
    }
    return out;
  };
  const before = (values: Float64Array): Float64Array => merged(values, i => values[i - 1]);
  return {
    time_s: merged(time_s, i => time_s[i] - (time_s[i + 1] - time_s[i])),
    current_A: before(current_A),
    voltage_V: merged(voltage_V, () => Number.NaN),
    ...(temperature_degC === undefined ? {} : { temperature_degC: before(temperature_degC) }),
  };
}
