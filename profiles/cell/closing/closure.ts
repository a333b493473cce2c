import type { RecordedRun, RecordedSeries } from '../../recorded-run.ts';
import { indexAt } from '../../series-parts.ts';
import type { Half } from '../halves.ts';
import { CURRENT, VOLTAGE } from '../ledger.ts';
import { seenU95 } from './ends.ts';

/** How far a cycle may end from the state in which it began, as a charge. */

/** Rows over which voltage and current go towards their end. */
const WAY_ROWS = 60;
/** A way of less than this, V, or than this part of the last current, tells no state. */
const LEAST_WAY_V = 0.01;
const LEAST_WAY_FRAC = 0.02;
/** A step that ended so many rows from the turn of a half is the one that ended it. */
const NEAR_ROWS = 3;

/**
 * Charge (Ah, k = 2) between the states at the ends of two halves of a kind: that before a cycle and its last one. The larger
 * one of what the readings are apart at which their steps were seen to be over, and of what voltage (of a hold: current)
 * at both turns are apart, by how fast it went there. NaN values tell nothing: 0.
 */
export function statesApart_Ah(run: RecordedRun, before: Half, end: Half): number {
  const seen_Ah = Math.hypot(seenU95_Ah(run, before), seenU95_Ah(run, end));
  return Math.max(seen_Ah, byTurns_Ah(run, before, end)) || 0;
}

/**
 * What hangs on when the condition at the end of a half was seen, Ah, k = 2; 0 where a step ended it by its time. Of a record
 * that knows no step there (an imported one) it counts as one.
 */
function seenU95_Ah(run: RecordedRun, half: Half): number {
  const { t_s } = run.series(CURRENT);
  const at = indexAt(t_s, half.to_s - 1e-9);
  const near_s = (t_s[Math.min(t_s.length - 1, at + 1)] ?? 0) - (t_s[Math.max(0, at - NEAR_ROWS)] ?? 0);
  const near = (run.steps ?? []).filter(({ end_s }) => Math.abs(end_s - half.to_s) <= near_s);
  const isByTime = near.length > 0 && !near.some(({ ended }) => ended === 'condition');
  return isByTime ? 0 : seenU95(run, half.to_s, CURRENT);
}

function byTurns_Ah(run: RecordedRun, before: Half, end: Half): number {
  const current_A = Math.abs(end.turn_A);
  const byCurrent = wayAt(run.series(CURRENT), end);
  const isHeld = end.kind === 'charge' && byCurrent.way < -LEAST_WAY_FRAC * current_A;
  const way = isHeld ? byCurrent : wayAt(run.series(VOLTAGE), end);
  if (!isHeld && !(Math.abs(way.way) >= LEAST_WAY_V)) return 0;
  const apart = isHeld ? Math.abs(before.turn_A - end.turn_A) : Math.abs(before.turn_V - end.turn_V);
  const apart_s = (apart / Math.abs(way.way)) * way.for_s;
  return (apart_s * run.timeFactor * current_A) / 3600;
}

/** How far a reading went over the last rows of a half, and in what time: its first and last quarter against each other. */
function wayAt({ t_s, value }: RecordedSeries, half: Half): { readonly way: number; readonly for_s: number } {
  const last = indexAt(t_s, half.to_s - 1e-9) - 1;
  const first = Math.max(indexAt(t_s, half.from_s), last - WAY_ROWS);
  const quarter = Math.max(1, (last - first + 1) >> 2);
  if (last - first < quarter) return { way: Number.NaN, for_s: 0 };
  const [from, to] = [
    meanOver(t_s, value, first, quarter),
    meanOver(t_s, value, last - quarter + 1, quarter),
  ];
  return { way: to.value - from.value, for_s: to.t_s - from.t_s };
}

function meanOver(
  t_s: Float64Array,
  value: Float64Array,
  first: number,
  n: number,
): { readonly t_s: number; readonly value: number } {
  const sum = { t_s: 0, value: 0 };
  for (let i = first; i < first + n; i++) {
    sum.t_s += t_s[i] / n;
    sum.value += value[i] / n;
  }
  return sum;
}
