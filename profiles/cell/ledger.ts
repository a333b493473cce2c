import { gapsBy, joinBetween } from '../joins.ts';
import type { CellFacts, RecordedRun, RecordedSeries } from '../recorded-run.ts';
import { takeBends } from './between-rows/bends.ts';
import { type Between, powerBetween } from './between-rows/power-between.ts';
import { type ChargeSource, COUNTERS, choose, countersOf } from './counters.ts';
import { emptyFlow, type Flow, usable } from './flow.ts';
import { frozenIn, withoutFrozen } from './standing/frozen.ts';
import { hiddenInRest } from './standing/hidden.ts';
import { uncertainZero } from './standing/moved-zero.ts';
import { restsBeyondZero } from './standing/resting-levels.ts';
import { inRest, type Rest, restsOf, type Zero, zeroOf } from './standing/rests.ts';
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
  /** Where voltage and current stood still to the last digit while current flowed: nobody read them; a gap in the account. */
  readonly frozen: readonly Rest[];
  /** So far apart the recorder usually writes rows where it writes none steadily, run time s; 0: it does. */
  readonly apart_s: number;
}

const made = new WeakMap<RecordedRun, Ledger>();

/** The account of a whole run from its record, made up once for each: figures, tables and methods read from the same. */
export function ledgerOf(run: RecordedRun, cell: CellFacts): Ledger {
  const ledger = made.get(run) ?? makeLedger(run, cell);
  made.set(run, ledger);
  return ledger;
}

function makeLedger(run: RecordedRun, cell: CellFacts): Ledger {
  const raw = run.series(CURRENT);
  const least_A = LEAST_LEAP_PER_H * cell.capacity_Ah;
  const rows = usualRows(raw, least_A);
  const read = usable(raw, IMPLAUSIBLE * cell.currentMax_A);
  const frozen = frozenIn(read, run.series(VOLTAGE), cell, run.timeFactor);
  const current = withoutFrozen(read, frozen);
  const power = withoutFrozen(usable(run.series(POWER), Number.POSITIVE_INFINITY), frozen);
  const rests = joined(restsOf(run, cell, current), restsBeyondZero(current, cell, run.timeFactor));
  const zero = uncertainZero(zeroOf(current, rests), cell.capacity_Ah);
  const powerZero = uncertainZero(zeroOf(power, rests), cell.capacity_Ah * cell.voltageMax_V);
  const sets = setTimes(run);
  const hidden = hiddenInRest(run, cell, rests);
  const flow = (
    series: RecordedSeries,
    zero: number,
    rows: UsualRows,
    perAh: number,
    between?: Between,
  ): Flow => flowOf(series, zero, { rests, sets, rows, timeFactor: run.timeFactor, hidden, perAh, between });
  const integral = flow(current, zero?.value ?? 0, rows, 1);
  const counted = countersOf(run, cell, current, integral);
  const chosen = choose(counted, integral, rests, rows, cell);
  return {
    isEmpty: current.t_s.length < 2,
    charge: chosen.flow,
    energy: flow(
      power,
      powerZero?.value ?? 0,
      usualRows(run.series(POWER), least_A * cell.voltageMax_V),
      cell.voltageMax_V,
      powerBetween(power, {
        current,
        voltage: run.series(VOLTAGE),
        zero_A: zero?.value ?? 0,
        counters: chosen.source.by === 'counter' ? chosen.flow : undefined,
        digit_Ah: way => run.accuracy(COUNTERS[way]).abs,
      }),
    ),
    integral,
    source: chosen.source,
    rests,
    zero,
    powerZero,
    badRows: raw.t_s.length - read.t_s.length,
    frozen,
    apart_s: rows.apart_s,
  };
}

/** Both lists as one, in order; what one has within another's is that one. */
function joined(rests: readonly Rest[], more: readonly Rest[]): Rest[] {
  if (more.length === 0) return [...rests];
  const all: Rest[] = [];
  for (const rest of [...rests, ...more].toSorted((a, b) => a.from_s - b.from_s)) {
    const last = all.at(-1);
    if (last === undefined || rest.from_s > last.to_s) all.push(rest);
    else all[all.length - 1] = { from_s: last.from_s, to_s: Math.max(last.to_s, rest.to_s) };
  }
  return all;
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
    /** Least and most that the size of the value may have between a row and the one before it; as is: between both. */
    readonly between?: Between | undefined;
  },
): Flow {
  const { rests, sets, rows, timeFactor, hidden, perAh, between } = over;
  const { t_s, value } = series;
  const rated = (i: number): number => (value.length === 0 ? 0 : Math.abs(value[i] - zero));
  const flow = emptyFlow(t_s, [rated(0), rated(value.length - 1)]);
  const isRest = inRest(rests);
  const divide = divisions(sets);
  const joinedRows = new Uint8Array(t_s.length);
  const open = new Float64Array(t_s.length);
  const told = new Float64Array(t_s.length).fill(Number.NaN);
  const gap = rows.joins === undefined ? undefined : gapsBy(t_s, rows.joins);
  const isThinned = (i: number): boolean =>
    series.join_s !== undefined &&
    (rows.joins === undefined || joinBetween(rows.joins, t_s[i - 1], t_s[i]) > 0);
  for (let i = 1; i < t_s.length; i++) {
    const dt_s = (t_s[i] - t_s[i - 1]) * timeFactor;
    const [a, b] = [value[i - 1] - zero, value[i] - zero];
    const leaps = rows.apart_s > 0 && isLeap(a, b);
    const isGap = gap?.(i) ?? t_s[i] - t_s[i - 1] > (leaps ? rows.leap_s : rows.join_s);
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
    joinedRows[i] = flows && !leaps && joined === 1 ? 1 : 0;
    // Thinned by a rule: no step is looked for between two rows, but what was left out there.
    if (flows && !leaps && joined > 0 && isThinned(i)) {
      const counted = joined === 1 ? between?.counted(i) : undefined;
      const [least, most] = between?.range(i) ?? [
        Math.min(Math.abs(a), Math.abs(b)),
        Math.max(Math.abs(a), Math.abs(b)),
      ];
      const line = Math.abs(a + b) / 2;
      open[i] = Math.max(most - line, line - least, 0) * (dt_s / timeFactor) * joined;
      if (counted !== undefined) {
        flow[a + b > 0 ? 'into' : 'out'][i] += counted.amount - line * h;
        told[i] = counted.u95;
      }
    }
    flow.variance[i] = flow.variance[i - 1] + (flows ? ((b - a) * h * joined) ** 2 / 12 : 0);
  }
  takeBends(flow, { t_s, at: row => value[row] - zero, joined: joinedRows, timeFactor, open, told });
  return flow;
}
