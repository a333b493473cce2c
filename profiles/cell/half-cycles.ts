/** Charges and discharges of a record, found by net charge with hysteresis. */

/** From one turn of the net charge to the next: rows of the ledger. */
export interface HalfCycle {
  readonly kind: 'charge' | 'discharge';
  /** Last row before the charge moves, and first row at which it has got as far as it gets. */
  readonly from: number;
  readonly to: number;
  /** Net charge moved, Ah, positive. */
  readonly net_Ah: number;
}

/**
 * Splits a run at the turns of its net charge (Ah at each row). A way back of less than `hysteresis_Ah` (noise, a
 * pulse, braking in a drive cycle) turns nothing.
 */
export function halfCyclesOf(net_Ah: Float64Array, hysteresis_Ah: number): HalfCycle[] {
  const found: HalfCycle[] = [];
  if (net_Ah.length === 0) return found;
  // Last row at the turn before, and the extreme since: its first and last row.
  let direction = 0;
  const low = { first: 0, last: 0 };
  const high = { first: 0, last: 0 };
  let from = 0;
  const close = (to: number): void => {
    const net = net_Ah[to] - net_Ah[from];
    if (net !== 0) {
      found.push({ kind: net > 0 ? 'charge' : 'discharge', from, to, net_Ah: Math.abs(net) });
    }
  };
  for (let i = 1; i < net_Ah.length; i++) {
    const net = net_Ah[i];
    follow(high, i, net - net_Ah[high.first]);
    follow(low, i, net_Ah[low.first] - net);
    if (direction >= 0 && net_Ah[high.first] - net >= hysteresis_Ah) {
      if (direction > 0) close(high.first);
      from = high.last;
      direction = -1;
      low.first = i;
      low.last = i;
    } else if (direction <= 0 && net - net_Ah[low.first] >= hysteresis_Ah) {
      if (direction < 0) close(low.first);
      from = low.last;
      direction = 1;
      high.first = i;
      high.last = i;
    }
  }
  if (direction !== 0) close(direction > 0 ? high.first : low.first);
  return found;
}

/** Moves an extreme to row i if that lies further (`more` > 0), or notes that it still stands (= 0). */
function follow(extreme: { first: number; last: number }, i: number, more: number): void {
  if (more > 0) {
    extreme.first = i;
    extreme.last = i;
  } else if (more === 0) extreme.last = i;
}
