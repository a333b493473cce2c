import type { SetTarget } from '../../bench/on-bench.ts';

/**
 * A power on a supply that only sets a current: the current follows from the voltage as measured, look by look.
 */

type Rated = NonNullable<SetTarget['byCurrent']>;

/** Below this part of the rated voltage the measured one says nothing: no load, no reading. */
const WORKING_FRAC = 0.6;
/** What a loaded stack shows then, as part of the rated voltage (between least load and full load; basis default). */
const USUAL_FRAC = 0.85;

function working_V({ nominal_V }: Rated, measured_V: number): number {
  return measured_V > WORKING_FRAC * nominal_V ? measured_V : USUAL_FRAC * nominal_V;
}

/** The power that a current stands for, W; of no known current none. */
export function powerOf_W(rated: Rated, current_A: number, measured_V: number): number {
  return current_A > 0 ? current_A * working_V(rated, measured_V) : 0;
}

/**
 * The current that draws a power, A. Never above the rated one, however low the voltage: one that stands above it comes
 * down by `down_A` at a look.
 */
export function currentFor_A(
  rated: Rated,
  power_W: number,
  now: { readonly measured_V: number; readonly last_A: number; readonly down_A: number },
): number {
  const most_A = Math.max(rated.nominal_A, now.last_A - now.down_A);
  return Math.min(most_A, power_W / working_V(rated, now.measured_V));
}
