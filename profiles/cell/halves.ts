import { integrate, meanOf } from '../record-math.ts';
import type { CellFacts, RecordedRun } from '../recorded-run.ts';
import { indexAt } from '../series-parts.ts';
import { type Amounts, chargeBetween, energyBetween } from './amounts.ts';
import { type Flow, rowAt } from './flow.ts';
import { type HalfCycle, halfCyclesOf } from './half-cycles.ts';
import { CURRENT, type Ledger, VOLTAGE } from './ledger.ts';
import { ratePartsOf } from './rate-parts.ts';
import type { Rest } from './standing/rests.ts';

/** Charges and discharges with what they moved. */

/** A smaller turn of the net charge, as a part of the nominal capacity, is a pulse or braking, no half-cycle. */
export const HYSTERESIS_FRAC = 0.05;
/** States of charge at the upper voltage limit are the same if the voltages are, V; near empty it is steeper. */
export const SAME_FULL_V = 0.02;
export const SAME_EMPTY_V = 0.05;
/** The current at a turn is the middle one of so many last readings. */
const TURN_READINGS = 5;
/** A slower way on, 1/h of the capacity, is the meter's zero in a rest that rows far apart do not show as one. */
const STANDING_C = 1e-3;
/** Less than that between two rows is a rounding of the sum, Ah. */
const STANDING_Ah = 1e-12;
/** A current that has fallen below this part of the largest one falls on: a hold at the voltage limit, ended by its current. */
const STILL_FRAC = 0.9;

/** What a charge or discharge, or a part of one, moved. Times are run times, amounts life. */
export interface Moved {
  readonly kind: 'charge' | 'discharge';
  readonly from_s: number;
  readonly to_s: number;
  readonly net_Ah: number;
  readonly charge: Amounts;
  readonly energy: Amounts;
  /** Rate while it flowed, 1/h of the nominal capacity (C). */
  readonly rate_C: number;
  /** Voltage at the turn: the highest of a charge, the lowest of a discharge; NaN without usable voltage. */
  readonly turn_V: number;
  /** Current at its end, A, into the cell; NaN without usable readings. */
  readonly turn_A: number;
  /** Time without a usable current in it, life s, whether or not a counter went on. */
  readonly seenGap_s: number;
  /** False if the record ends while current still flows. */
  readonly isEnded: boolean;
  /** Mean temperature of the cell, else of its chamber, degC; NaN if none was recorded. */
  readonly temperature_degC: number;
}

/** One charge or discharge. */
export interface Half extends Moved {
  /** Its parts at clearly different rates, in order; empty where it ran at one, or at no steady ones. */
  readonly parts: readonly Moved[];
}

/** All charges and discharges of a run, in order. */
export function halvesOf(run: RecordedRun, cell: CellFacts, ledger: Ledger): Half[] {
  const { charge, integral } = ledger;
  const netOf = ({ into, out }: Flow): Float64Array => into.map((value, i) => value - out[i]);
  const net = netOf(charge);
  const coarse = halfCyclesOf(net, HYSTERESIS_FRAC * cell.capacity_Ah);
  const least_Ah_per_s = (STANDING_C * cell.capacity_Ah * run.timeFactor) / 3600;
  const found =
    ledger.source.by === 'counter' ? finer(coarse, net, netOf(integral), charge.t_s, least_Ah_per_s) : coarse;
  return found.map((half, i) => {
    const isLast = i === found.length - 1;
    return {
      ...movedFrom(run, cell, ledger, half, isLast),
      parts: partsIn(run, ledger, half).map(part => movedFrom(run, cell, ledger, part, isLast)),
    };
  });
}

/** The parts of a half at clearly different rates: each up to where the next one begins. */
function partsIn(run: RecordedRun, ledger: Ledger, { kind, from, to }: HalfCycle): HalfCycle[] {
  const { t_s, into, out } = ledger.charge;
  const sign = kind === 'charge' ? 1 : -1;
  const window = { from_s: t_s[from], to_s: t_s[to], sign } as const;
  const rows = ratePartsOf(run.series(CURRENT), ledger.rests, window, run.timeFactor).map(part =>
    rowAt(t_s, part.from_s),
  );
  return rows.map((row, i) => {
    const [first, last] = [i === 0 ? from : row, rows[i + 1] ?? to];
    const net_Ah = sign * (into[last] - out[last] - into[first] + out[first]);
    return { kind, from: first, to: last, net_Ah };
  });
}

/** A counter stands between its digits: of the rows that show the same, the integral of the current tells where it turned. */
function finer(
  halves: readonly HalfCycle[],
  net: Float64Array,
  integral: Float64Array,
  t_s: Float64Array,
  least_Ah_per_s: number,
): HalfCycle[] {
  const furthest = (row: number, isHigh: boolean): { readonly first: number; readonly last: number } => {
    let [from, to] = [row, row];
    while (from > 0 && net[from - 1] === net[row]) from--;
    while (to + 1 < net.length && net[to + 1] === net[row]) to++;
    let [first, last] = [from, from];
    for (let i = from + 1; i <= to; i++) {
      const further = isHigh ? integral[i] - integral[first] : integral[first] - integral[i];
      const least_Ah = least_Ah_per_s * (t_s[i] - t_s[first]);
      if (further > least_Ah) first = i;
      // The next half has begun where it moves faster, however long it stood before.
      const isStanding =
        Math.abs(integral[i] - integral[i - 1]) <= least_Ah_per_s * (t_s[i] - t_s[i - 1]) + STANDING_Ah;
      if (further >= -least_Ah && isStanding) last = i;
    }
    return { first, last };
  };
  return halves.map(half => ({
    ...half,
    from: furthest(half.from, half.kind === 'discharge').last,
    to: furthest(half.to, half.kind === 'charge').first,
  }));
}

function movedFrom(
  run: RecordedRun,
  cell: CellFacts,
  ledger: Ledger,
  half: HalfCycle,
  isLast: boolean,
): Moved {
  const { t_s, flow_s } = ledger.charge;
  // A counter goes on in a gap, so that the gap belongs to its time.
  const { gap_s } = ledger.integral;
  const counted_s = ledger.source.by === 'counter' ? gap_s[half.to] - gap_s[half.from] : 0;
  const [from_s, to_s] = [t_s[half.from], t_s[half.to]];
  const around = standing(ledger.charge, half);
  const hours = (flow_s[half.to] - flow_s[half.from] + counted_s) / 3600;
  const turn_V = turnOf(run, half.kind, from_s, to_s);
  const turn_A = lastCurrent_A(run, half.kind, ledger.rests, from_s, to_s);
  const lastRest = ledger.rests.at(-1);
  const endsInRest = lastRest !== undefined && lastRest.to_s >= t_s[t_s.length - 1];
  const reachesEnd = isLast && half.to >= t_s.length - 2 && !endsInRest;
  return {
    kind: half.kind,
    from_s,
    to_s,
    net_Ah: half.net_Ah,
    charge: withGaps(chargeBetween(run, ledger, from_s, to_s), ledger.charge, around),
    energy: withGaps(energyBetween(run, ledger, from_s, to_s), ledger.energy, around),
    rate_C: hours > 0 ? half.net_Ah / hours / cell.capacity_Ah : Number.NaN,
    turn_V,
    turn_A,
    seenGap_s: gap_s[around.to] - gap_s[around.from],
    temperature_degC: temperature_degC(run, from_s, to_s),
    isEnded:
      !reachesEnd ||
      (atLimit(half.kind, turn_V, cell) && !(Math.abs(turn_A) < STILL_FRAC * largest_A(run, from_s, to_s))),
  };
}

/** States at the same voltage, and capacities, at temperatures further apart are not compared, K. Basis default. */
const ALIKE_TEMPERATURE_K = 5;

/** At which different temperatures two half-cycles ran, in words; empty where they are alike, or not known. */
export function temperaturesApart(a: Moved, b: Moved): string {
  const [one, other] = [a.temperature_degC, b.temperature_degC];
  return Math.abs(one - other) > ALIKE_TEMPERATURE_K
    ? `at ${one.toFixed(1)} degC against ${other.toFixed(1)} degC`
    : '';
}

/** Where a cell's temperature stands: its own, else that of the chamber around it. */
const TEMPERATURES = ['cell.temperature_degC', 'chamber.temperature_degC'];

function temperature_degC(run: RecordedRun, from_s: number, to_s: number): number {
  for (const role of TEMPERATURES) {
    const series = run.series(role);
    // By time: rows are written at several rates.
    const { sum, covered_s } = integrate(series, from_s, to_s);
    if (covered_s > 0) return sum / covered_s;
    const { mean } = meanOf(series, from_s, to_s);
    if (!Number.isNaN(mean)) return mean;
  }
  return Number.NaN;
}

/** The rows around a half in which the net charge stands where it begins and ends: gaps there may hide some of it. */
function standing(
  { into, out }: Flow,
  { from, to }: HalfCycle,
): { readonly from: number; readonly to: number } {
  const net = (i: number): number => into[i] - out[i];
  let [first, last] = [from, to];
  while (first > 0 && net(first - 1) === net(from)) first--;
  while (last + 1 < into.length && net(last + 1) === net(to)) last++;
  return { from: first, to: last };
}

/** Amounts of a half with the gaps beside it: what flowed in one belongs to the half before it or to the one behind it. */
function withGaps(
  amounts: Amounts,
  { t_s, unseen, gap_s }: Flow,
  { from, to }: { readonly from: number; readonly to: number },
): Amounts {
  if (to >= t_s.length) return amounts;
  return {
    ...amounts,
    unseen: Math.max(amounts.unseen, unseen[to] - unseen[from]),
    gap_s: Math.max(amounts.gap_s, gap_s[to] - gap_s[from]),
  };
}

/** The largest current between two times, either way, A. */
function largest_A(run: RecordedRun, from_s: number, to_s: number): number {
  const { t_s, value } = run.series(CURRENT);
  let most = 0;
  for (let i = indexAt(t_s, from_s); i < t_s.length && t_s[i] <= to_s; i++)
    if (Math.abs(value[i]) > most) most = Math.abs(value[i]);
  return most;
}

/** The highest voltage of a charge, the lowest of a discharge; NaN if none was usable. */
function turnOf(run: RecordedRun, kind: Half['kind'], from_s: number, to_s: number): number {
  const { t_s, value } = run.series(VOLTAGE);
  const sign = kind === 'charge' ? 1 : -1;
  let best = Number.NaN;
  for (let i = indexAt(t_s, from_s); i < t_s.length && t_s[i] <= to_s; i++) {
    if (!(sign * value[i] <= sign * best) && !Number.isNaN(value[i])) best = value[i];
  }
  return best;
}

/** The middle one of the last usable currents of a half; a rest behind it, which a counter's digit may add, is none of it. */
function lastCurrent_A(
  run: RecordedRun,
  kind: Half['kind'],
  rests: readonly Rest[],
  from_s: number,
  to_s: number,
): number {
  const { t_s, value } = run.series(CURRENT);
  const sign = kind === 'charge' ? 1 : -1;
  const last: number[] = [];
  let k = rests.length - 1;
  for (let i = indexAt(t_s, to_s) - 1; i >= 0 && t_s[i] >= from_s && last.length < TURN_READINGS; i--) {
    while (k >= 0 && rests[k].from_s > t_s[i]) k--;
    const isRest = k >= 0 && t_s[i] <= rests[k].to_s;
    if (!isRest && sign * value[i] > 0) last.push(value[i]);
  }
  return last.length === 0 ? Number.NaN : last.sort((a, b) => a - b)[last.length >> 1];
}

function atLimit(kind: Half['kind'], turn_V: number, cell: CellFacts): boolean {
  return kind === 'charge'
    ? turn_V >= cell.voltageMax_V - SAME_FULL_V
    : turn_V <= cell.voltageMin_V + SAME_EMPTY_V;
}
