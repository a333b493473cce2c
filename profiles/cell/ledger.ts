import type { CellFacts, RecordedRun, RecordedSeries } from '../recorded-run.ts';
import { indexAt } from '../series-parts.ts';
import { choose, countersOf } from './counters.ts';
import { hiddenInRest } from './hidden.ts';
import { inRest, type Rest, restsOf, type Zero, zeroOf } from './rests.ts';
import { divisions, setTimes } from './steps-of-set.ts';
import { isLeap, type UsualRows, usualRows } from './usual-rows.ts';

/** The one account of a cell's charge and energy that all its figures are read from. Current is positive into the cell. */

export const CURRENT = 'cell.current_A';
export const POWER = 'cell.power_W';
export const VOLTAGE = 'cell.voltage_V';

/** A reading beyond so many times the channel's largest current is none. */
const IMPLAUSIBLE = 3;
/** Changes below this part of the capacity an hour are no leaps of the current. */
const LEAST_LEAP_PER_H = 0.02;

/** What flowed both ways up to each row, and how that is known. Rests do not count. */
export interface Flow {
  readonly t_s: Float64Array;
  /** Running sums at each row: A h or W h, life time; both rise. */
  readonly into: Float64Array;
  readonly out: Float64Array;
  /** Running time with flow, of it with flow out, and without readings, life s. */
  readonly flow_s: Float64Array;
  readonly out_s: Float64Array;
  readonly gap_s: Float64Array;
  /** Running amount that may have been missed in gaps, either way, at the larger value of both sides. */
  readonly unseen: Float64Array;
  /** Running variance of the sums: where between two rows a step of the value lies. */
  readonly variance: Float64Array;
  /** Size of the value at the first and the last row, per hour of life: what goes on unseen before and after. */
  readonly ends: readonly [first: number, last: number];
}

/** Where the figures of charge come from. */
export interface ChargeSource {
  readonly by: 'counter' | 'integral';
  readonly resets: number;
  /** Why the counters were not taken; empty if they were, or if there are none. */
  readonly refused: string;
}

/** The account of a run. `isEmpty`: the cell's current was never usable. */
export interface Ledger {
  readonly isEmpty: boolean;
  readonly charge: Flow;
  readonly energy: Flow;
  /** The integral of the current, also where the counters were taken: to compare. */
  readonly integral: Flow;
  readonly source: ChargeSource;
  readonly rests: readonly Rest[];
  readonly zero: Zero | undefined;
  readonly powerZero: Zero | undefined;
  /** Rows without a usable current, among them readings beyond the channel's range. */
  readonly badRows: number;
  /** So far apart the recorder usually writes rows where it writes none steadily, run time s; 0: it does. */
  readonly apart_s: number;
}

/** Makes up the account of a whole run from its record. */
export function ledgerOf(run: RecordedRun, cell: CellFacts): Ledger {
  const raw = run.series(CURRENT);
  const least_A = LEAST_LEAP_PER_H * cell.capacity_Ah;
  const rows = usualRows(raw, least_A);
  const current = usable(raw, IMPLAUSIBLE * cell.currentMax_A);
  const power = usable(run.series(POWER), Number.POSITIVE_INFINITY);
  const rests = restsOf(run, cell, current);
  const zero = zeroOf(current, rests);
  const powerZero = zeroOf(power, rests);
  const sets = setTimes(run);
  const hidden = hiddenInRest(run, cell, rests);
  const flow = (series: RecordedSeries, zero: number, rows: UsualRows, perAh: number): Flow =>
    flowOf(series, zero, { rests, sets, rows, timeFactor: run.timeFactor, hidden, perAh });
  const integral = flow(current, zero?.value ?? 0, rows, 1);
  const counted = countersOf(run, cell, current, integral);
  const chosen = choose(counted, integral, rests, rows.join_s, cell);
  return {
    isEmpty: current.t_s.length < 2,
    charge: chosen.flow,
    energy: flow(
      power,
      powerZero?.value ?? 0,
      usualRows(run.series(POWER), least_A * cell.voltageMax_V),
      cell.voltageMax_V,
    ),
    integral,
    source: chosen.source,
    rests,
    zero,
    powerZero,
    badRows: raw.t_s.length - current.t_s.length,
    apart_s: rows.apart_s,
  };
}

/** Readings that are numbers and not larger than `most`. The series itself if that is all of them. */
export function usable(series: RecordedSeries, most: number): RecordedSeries {
  const isUsable = (v: number): boolean => Math.abs(v) <= most;
  let count = 0;
  for (const v of series.value) if (isUsable(v)) count++;
  if (count === series.value.length) return series;
  const kept = { t_s: new Float64Array(count), value: new Float64Array(count) };
  let n = 0;
  for (let i = 0; i < series.value.length; i++) {
    if (!isUsable(series.value[i])) continue;
    kept.t_s[n] = series.t_s[i];
    kept.value[n++] = series.value[i];
  }
  return kept;
}

/** A flow of nothing at these times. */
export function emptyFlow(t_s: Float64Array, ends: Flow['ends'] = [0, 0]): Flow {
  const column = (): Float64Array => new Float64Array(t_s.length);
  return {
    t_s,
    into: column(),
    out: column(),
    flow_s: column(),
    out_s: column(),
    gap_s: column(),
    unseen: column(),
    variance: column(),
    ends,
  };
}

/**
 * Value minus zero over time, split by sign; no rest, no step over a gap. Between two readings a trapezoid; where a set
 * point was applied between them, what each of them showed up to it and from it on. Where a recorder writes a row when
 * something changes, a leap lies at the row that shows it.
 */
function flowOf(
  series: RecordedSeries,
  zero: number,
  over: {
    readonly rests: readonly Rest[];
    readonly sets: Float64Array;
    readonly rows: UsualRows;
    readonly timeFactor: number;
    /** Charge that may have flowed in a gap between two rests, Ah; `perAh`: of it in the unit of the flow. */
    readonly hidden: (from_s: number, to_s: number) => number;
    readonly perAh: number;
  },
): Flow {
  const { rests, sets, rows, timeFactor, hidden, perAh } = over;
  const { t_s, value } = series;
  const rated = (i: number): number => (value.length === 0 ? 0 : Math.abs(value[i] - zero));
  const flow = emptyFlow(t_s, [rated(0), rated(value.length - 1)]);
  const isRest = inRest(rests);
  const divide = divisions(sets);
  for (let i = 1; i < t_s.length; i++) {
    const dt_s = (t_s[i] - t_s[i - 1]) * timeFactor;
    const [a, b] = [value[i - 1] - zero, value[i] - zero];
    const leaps = rows.apart_s > 0 && isLeap(a, b);
    const isGap = t_s[i] - t_s[i - 1] > (leaps ? rows.leap_s : rows.join_s);
    const rest = isRest(t_s[i - 1], t_s[i]);
    const h = dt_s / 3600;
    const flows = !isGap && !rest;
    const { before, after } = divide(t_s[i - 1], t_s[i]);
    const joined = 1 - before - after;
    const aJoined = leaps ? 1 : 0.5;
    const [aShare, bShare] = [before + aJoined * joined, after + (1 - aJoined) * joined];
    const into = aShare * Math.max(a, 0) + bShare * Math.max(b, 0);
    const out = aShare * Math.min(a, 0) + bShare * Math.min(b, 0);
    flow.into[i] = flow.into[i - 1] + (flows ? h * into : 0);
    flow.out[i] = flow.out[i - 1] - (flows ? h * out : 0);
    flow.flow_s[i] = flow.flow_s[i - 1] + (flows ? dt_s : 0);
    flow.out_s[i] = flow.out_s[i - 1] + (flows && into + out < 0 ? dt_s : 0);
    flow.gap_s[i] = flow.gap_s[i - 1] + (isGap ? dt_s : 0);
    const inRestUnseen = isGap && rest ? perAh * hidden(t_s[i - 1], t_s[i]) : 0;
    const missed = isGap && !rest ? Math.max(Math.abs(a), Math.abs(b)) * h : inRestUnseen;
    flow.unseen[i] = flow.unseen[i - 1] + missed;
    flow.variance[i] = flow.variance[i - 1] + (flows ? ((b - a) * h * joined) ** 2 / 12 : 0);
  }
  return flow;
}

/** Row that stands for a time: the last one at or before it, the first for earlier times. */
export function rowAt(t_s: Float64Array, time_s: number): number {
  return Math.max(0, indexAt(t_s, time_s + 1e-9) - 1);
}
