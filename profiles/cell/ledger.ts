import type { CellFacts, RecordedRun, RecordedSeries } from '../recorded-run.ts';
import { indexAt } from '../series-parts.ts';
import { type WholeCounter, wholeCounter } from './counter.ts';
import { inRest, type Rest, restsOf, type Zero, zeroOf } from './rests.ts';
import { divisions, setTimes } from './steps-of-set.ts';
import { type UsualRows, usualRows } from './usual-rows.ts';

/** The one account of a cell's charge and energy that all its figures are read from. Current is positive into the cell. */

export const CURRENT = 'cell.current_A';
export const POWER = 'cell.power_W';
export const VOLTAGE = 'cell.voltage_V';
const CHARGED = 'cell.charged_Ah';
const DISCHARGED = 'cell.discharged_Ah';

/** A reading beyond so many times the channel's largest current is none. */
const IMPLAUSIBLE = 3;
/** A value that changes by this part of itself leaps. */
const LEAP_FRAC = 0.5;
/** Counters that disagree with the integral by more than this part are not believed. */
const BELIEVED_FRAC = 0.05;

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
  const life_h = run.timeFactor / 3600;
  const raw = run.series(CURRENT);
  const rows = usualRows(raw);
  const current = usable(raw, IMPLAUSIBLE * cell.currentMax_A);
  const power = usable(run.series(POWER), Number.POSITIVE_INFINITY);
  const rests = restsOf(run, cell, current);
  const zero = zeroOf(current, rests);
  const powerZero = zeroOf(power, rests);
  const sets = setTimes(run);
  const flow = (series: RecordedSeries, zero: number, rows: UsualRows): Flow =>
    flowOf(series, zero, { rests, sets, rows, timeFactor: run.timeFactor });
  const integral = flow(current, zero?.value ?? 0, rows);
  const counted = countersOf(run, cell, integral, life_h);
  const chosen = choose(counted, integral, rests, rows.join_s, cell);
  return {
    isEmpty: current.t_s.length < 2,
    charge: chosen.flow,
    energy: flow(power, powerZero?.value ?? 0, usualRows(run.series(POWER))),
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
function usable(series: RecordedSeries, most: number): RecordedSeries {
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

function emptyFlow(t_s: Float64Array, ends: Flow['ends'] = [0, 0]): Flow {
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
  },
): Flow {
  const { rests, sets, rows, timeFactor } = over;
  const { t_s, value } = series;
  const rated = (i: number): number => (value.length === 0 ? 0 : Math.abs(value[i] - zero));
  const flow = emptyFlow(t_s, [rated(0), rated(value.length - 1)]);
  const isRest = inRest(rests);
  const divide = divisions(sets);
  for (let i = 1; i < t_s.length; i++) {
    const dt_s = (t_s[i] - t_s[i - 1]) * timeFactor;
    const isGap = t_s[i] - t_s[i - 1] > rows.join_s;
    const rest = isRest(t_s[i - 1], t_s[i]);
    const [a, b] = [value[i - 1] - zero, value[i] - zero];
    const h = dt_s / 3600;
    const flows = !isGap && !rest;
    const { before, after } = divide(t_s[i - 1], t_s[i]);
    const joined = 1 - before - after;
    const leaps = rows.apart_s > 0 && Math.abs(b - a) > LEAP_FRAC * Math.max(Math.abs(a), Math.abs(b));
    const aJoined = leaps ? 1 : 0.5;
    const [aShare, bShare] = [before + aJoined * joined, after + (1 - aJoined) * joined];
    const into = aShare * Math.max(a, 0) + bShare * Math.max(b, 0);
    const out = aShare * Math.min(a, 0) + bShare * Math.min(b, 0);
    flow.into[i] = flow.into[i - 1] + (flows ? h * into : 0);
    flow.out[i] = flow.out[i - 1] - (flows ? h * out : 0);
    flow.flow_s[i] = flow.flow_s[i - 1] + (flows ? dt_s : 0);
    flow.out_s[i] = flow.out_s[i - 1] + (flows && into + out < 0 ? dt_s : 0);
    flow.gap_s[i] = flow.gap_s[i - 1] + (isGap ? dt_s : 0);
    const missed = isGap && !rest ? Math.max(Math.abs(a), Math.abs(b)) * h : 0;
    flow.unseen[i] = flow.unseen[i - 1] + missed;
    flow.variance[i] = flow.variance[i - 1] + (flows ? ((b - a) * h * joined) ** 2 / 12 : 0);
  }
  return flow;
}

/** Where a counter and the integral are furthest apart, beyond what is believed. */
const NONE_APART = { far_Ah: 0, seen_Ah: 0, summed_Ah: 0 };

interface Counted {
  readonly into: WholeCounter;
  readonly out: WholeCounter;
}

function countersOf(run: RecordedRun, cell: CellFacts, integral: Flow, life_h: number): Counted | undefined {
  const whole = (role: string, sums: Float64Array): WholeCounter | undefined => {
    const counter = usable(run.series(role), Number.POSITIVE_INFINITY);
    if (counter.t_s.length < 2) return undefined;
    const { abs } = run.accuracy(role);
    const between_Ah = (from_s: number, to_s: number): number => {
      const [a, b] = [rowAt(integral.t_s, from_s), rowAt(integral.t_s, to_s)];
      return integral.gap_s[b] > integral.gap_s[a] ? Number.NaN : sums[b] - sums[a];
    };
    const most_A = 1.5 * cell.currentMax_A;
    return wholeCounter(counter, most_A, Number.isFinite(abs) ? 2 * abs : 0, life_h, between_Ah);
  };
  const into = whole(CHARGED, integral.into);
  const out = whole(DISCHARGED, integral.out);
  return into === undefined || out === undefined ? undefined : { into, out };
}

/** The counters where there are any that agree with the integral, else the integral. */
function choose(
  counted: Counted | undefined,
  integral: Flow,
  rests: readonly Rest[],
  join_s: number,
  cell: CellFacts,
): { readonly flow: Flow; readonly source: ChargeSource } {
  const plain = { by: 'integral', resets: 0, refused: '' } as const;
  if (counted === undefined || integral.t_s.length < 2) return { flow: integral, source: plain };
  const { t_s } = integral;
  const flow = { ...emptyFlow(t_s), flow_s: integral.flow_s };
  const lost = new Set([...counted.into.lost_s, ...counted.out.lost_s]);
  const totals = (['into', 'out'] as const).map(way => {
    const { t_s: times, total_Ah } = counted[way];
    return { way, times, total_Ah, isRest: inRest(rests), seen_Ah: 0, apart: NONE_APART };
  });
  for (const total of totals) {
    let at = rowAt(total.times, t_s[0]);
    for (let i = 1; i < t_s.length; i++) {
      const before = at;
      while (at + 1 < total.times.length && total.times[at + 1] <= t_s[i]) at++;
      const isGap = t_s[i] - t_s[i - 1] > join_s;
      // Over a gap the counter tells what the current does not.
      const isRest = total.isRest(t_s[i - 1], t_s[i]) && !isGap;
      const step_Ah = isRest ? 0 : total.total_Ah[at] - total.total_Ah[before];
      flow[total.way][i] = flow[total.way][i - 1] + step_Ah;
      if (!isGap) total.seen_Ah += step_Ah;
      const summed_Ah = integral[total.way][i];
      const far_Ah = Math.abs(total.seen_Ah - summed_Ah) - BELIEVED_FRAC * Math.max(total.seen_Ah, summed_Ah);
      if (far_Ah > total.apart.far_Ah) total.apart = { far_Ah, seen_Ah: total.seen_Ah, summed_Ah };
    }
  }
  for (let i = 1; i < t_s.length; i++) {
    const missed = lost.has(t_s[i]) ? integral.unseen[i] - integral.unseen[i - 1] : 0;
    flow.unseen[i] = flow.unseen[i - 1] + missed;
  }
  const least_Ah = 0.01 * cell.capacity_Ah;
  for (const { way, apart } of totals) {
    const { far_Ah, seen_Ah, summed_Ah } = apart;
    if (far_Ah > least_Ah) {
      const refused =
        `The instrument's counter of charge ${way === 'into' ? 'in' : 'out'} says ${seen_Ah.toFixed(3)} Ah where the ` +
        `integral of the current says ${summed_Ah.toFixed(3)} Ah: not believed.`;
      return { flow: integral, source: { ...plain, refused } };
    }
  }
  return { flow, source: { by: 'counter', resets: counted.into.resets + counted.out.resets, refused: '' } };
}

/** Row that stands for a time: the last one at or before it, the first for earlier times. */
export function rowAt(t_s: Float64Array, time_s: number): number {
  return Math.max(0, indexAt(t_s, time_s + 1e-9) - 1);
}
