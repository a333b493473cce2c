import type { CellFacts, RecordedRun } from '../recorded-run.ts';
import { indexAt } from '../series-parts.ts';
import { type Amounts, chargeBetween, energyBetween } from './amounts.ts';
import { type HalfCycle, halfCyclesOf } from './half-cycles.ts';
import { CURRENT, type Flow, type Ledger, VOLTAGE } from './ledger.ts';
import { partsOf, ratioU95 } from './ratio-u95.ts';
import type { Rest } from './rests.ts';

/** Charges and discharges with what they moved, and the cycles that two of them make. */

/** A smaller turn of the net charge, as a part of the nominal capacity, is a pulse or braking, no half-cycle. */
const HYSTERESIS_FRAC = 0.05;
/** States of charge at the upper voltage limit are the same if the voltages are, V; near empty it is steeper. */
const SAME_FULL_V = 0.02;
const SAME_EMPTY_V = 0.05;
/** Charge of a cycle closes within this where the voltages do not tell that it came back, and where they do. */
const CLOSES_FRAC = 0.06;
const CLOSES_SAME_STATE_FRAC = 0.2;
/** Voltages tell states apart only at like currents: within this part of them and this part of the capacity an hour. */
const SAME_CURRENT_FRAC = 0.1;
const SAME_CURRENT_PER_H = 0.02;
/** The current at a turn is the middle one of so many last readings. */
const TURN_READINGS = 5;
/** More than this out than in: the states were not the same, or the meter reads the wrong way. */
const MOST_OUT_FRAC = 1.01;
const MOST_ENERGY_OUT_FRAC = 1.005;
/** A rest of ten minutes or more in which the voltage, its first quarter apart, moves further, was none, V. */
const REST_MOVES_V = 0.15;
const LONG_REST_S = 600;
/** A gap may hide at most this part of the charge of a figure. */
export const UNSEEN_FRAC = 0.005;

/** One charge or discharge. Times are run times, amounts life. */
export interface Half {
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
}

/** All charges and discharges of a run, in order. */
export function halvesOf(run: RecordedRun, cell: CellFacts, ledger: Ledger): Half[] {
  const { charge, integral } = ledger;
  const netOf = ({ into, out }: Flow): Float64Array => into.map((value, i) => value - out[i]);
  const net = netOf(charge);
  const coarse = halfCyclesOf(net, HYSTERESIS_FRAC * cell.capacity_Ah);
  const found = ledger.source.by === 'counter' ? finer(coarse, net, netOf(integral)) : coarse;
  return found.map((half, i) => halfFrom(run, cell, ledger, half, i === found.length - 1));
}

/** A counter stands between its digits: of the rows that show the same, the integral of the current tells where it turned. */
function finer(halves: readonly HalfCycle[], net: Float64Array, integral: Float64Array): HalfCycle[] {
  const furthest = (row: number, isHigh: boolean): { readonly first: number; readonly last: number } => {
    let [from, to] = [row, row];
    while (from > 0 && net[from - 1] === net[row]) from--;
    while (to + 1 < net.length && net[to + 1] === net[row]) to++;
    let [first, last] = [from, from];
    for (let i = from + 1; i <= to; i++) {
      const further = isHigh ? integral[i] - integral[first] : integral[first] - integral[i];
      if (further > 0) first = i;
      if (further >= 0) last = i;
    }
    return { first, last };
  };
  return halves.map(half => ({
    ...half,
    from: furthest(half.from, half.kind === 'discharge').last,
    to: furthest(half.to, half.kind === 'charge').first,
  }));
}

function halfFrom(run: RecordedRun, cell: CellFacts, ledger: Ledger, half: HalfCycle, isLast: boolean): Half {
  const { t_s, flow_s } = ledger.charge;
  // A counter goes on in a gap, so that the gap belongs to its time.
  const { gap_s } = ledger.integral;
  const counted_s = ledger.source.by === 'counter' ? gap_s[half.to] - gap_s[half.from] : 0;
  const [from_s, to_s] = [t_s[half.from], t_s[half.to]];
  const hours = (flow_s[half.to] - flow_s[half.from] + counted_s) / 3600;
  const turn_V = turnOf(run, half.kind, from_s, to_s);
  const lastRest = ledger.rests.at(-1);
  const endsInRest = lastRest !== undefined && lastRest.to_s >= t_s[t_s.length - 1];
  const reachesEnd = isLast && half.to >= t_s.length - 2 && !endsInRest;
  return {
    kind: half.kind,
    from_s,
    to_s,
    net_Ah: half.net_Ah,
    charge: chargeBetween(run, ledger, from_s, to_s),
    energy: energyBetween(run, ledger, from_s, to_s),
    rate_C: hours > 0 ? half.net_Ah / hours / cell.capacity_Ah : Number.NaN,
    turn_V,
    turn_A: lastCurrent_A(run, half.kind, ledger.rests, from_s, to_s),
    seenGap_s: gap_s[half.to] - gap_s[half.from],
    isEnded: !reachesEnd || atLimit(half.kind, turn_V, cell),
  };
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

/** A charge and a discharge, in either order. Efficiencies in %, null with the reason where they mean nothing. */
export interface Cycle {
  readonly from_s: number;
  readonly to_s: number;
  readonly charge: Half;
  readonly discharge: Half;
  readonly coulombic_pct: number | null;
  readonly energy_pct: number | null;
  /** True if voltages and currents say that it ended in the state in which it began. */
  readonly isSameState: boolean;
  /** Why there is no efficiency; empty if there is one. */
  readonly open: string;
}

/** The cycles of a run: of the two ways to pair its halves, the one in which more of them close. */
export function cyclesOf(run: RecordedRun, cell: CellFacts, ledger: Ledger): Cycle[] {
  const states: States = { halves: halvesOf(run, cell, ledger), capacity_Ah: cell.capacity_Ah, run, ledger };
  const [first, second] = [0, 1].map(start => paired(states, start));
  const closed = (cycles: readonly Cycle[]): number => cycles.filter(c => c.open === '').length;
  return closed(second) > closed(first) ? second : first;
}

/** What tells the states between which the halves of a run lie. */
interface States {
  readonly halves: readonly Half[];
  readonly capacity_Ah: number;
  readonly run: RecordedRun;
  readonly ledger: Ledger;
}

function paired(states: States, start: number): Cycle[] {
  const cycles: Cycle[] = [];
  for (let i = start; i + 1 < states.halves.length; i += 2) cycles.push(cycleOf(states, i));
  return cycles;
}

function cycleOf(states: States, i: number): Cycle {
  const [a, b] = [states.halves[i], states.halves[i + 1]];
  const [charge, discharge] = a.kind === 'charge' ? [a, b] : [b, a];
  const sum = (of: (half: Half) => number): number => of(a) + of(b);
  const in_Ah = sum(h => h.charge.into.value);
  const out_Ah = sum(h => h.charge.out.value);
  const in_Wh = sum(h => h.energy.into.value);
  const out_Wh = sum(h => h.energy.out.value);
  const coulombic = out_Ah / in_Ah;
  const open = whyOpen(states, i, in_Ah, out_Ah) || whyImpossible(in_Wh, out_Wh);
  const hasEnergy = in_Wh > 0 && sum(h => h.energy.unseen) <= UNSEEN_FRAC * in_Wh;
  return {
    from_s: a.from_s,
    to_s: b.to_s,
    charge,
    discharge,
    coulombic_pct: open === '' ? 100 * coulombic : null,
    energy_pct: open === '' && hasEnergy ? (100 * out_Wh) / in_Wh : null,
    isSameState: whyOtherState(states, i) === '',
    open,
  };
}

/**
 * Uncertainty (k = 2, %) of the mean efficiency of some cycles of a run, by charge or energy. Where voltages and currents do
 * not say that the state came back, what is missing in the charge may be that of the state: it is uncertain by all of it.
 */
export function efficiencyU95_pct(
  run: RecordedRun,
  ledger: Ledger,
  kind: 'charge' | 'energy',
  cycles: readonly Cycle[],
): number {
  const weight = 1 / cycles.length;
  let open = 0;
  const parts = cycles.flatMap(({ charge: a, discharge: b, isSameState, coulombic_pct }) => {
    const into = a[kind].into.value + b[kind].into.value;
    const out = a[kind].out.value + b[kind].out.value;
    const ratio_pct = (100 * out) / into;
    if (!isSameState) open += weight * Math.abs(100 - (coulombic_pct ?? Number.NaN));
    return [a, b].flatMap(half => partsOf(half[kind], half, into, out, weight * ratio_pct));
  });
  return Math.hypot(ratioU95(run, ledger, kind, parts), open);
}

/** Why a pair of halves is not known to end where it began; empty if voltages and currents at both turns say that it does. */
function whyOtherState({ halves, capacity_Ah }: States, i: number): string {
  const [before, end] = [halves[i - 1], halves[i + 1]];
  if (before === undefined) return 'nothing came before it';
  const apart_V = Math.abs(before.turn_V - end.turn_V);
  if (Number.isNaN(apart_V)) return 'no voltage';
  if (apart_V > (end.kind === 'charge' ? SAME_FULL_V : SAME_EMPTY_V))
    return `it begins at ${before.turn_V.toFixed(3)} V and ends at ${end.turn_V.toFixed(3)} V`;
  const most_A = Math.max(Math.abs(before.turn_A), Math.abs(end.turn_A));
  const alike_A = SAME_CURRENT_FRAC * most_A + SAME_CURRENT_PER_H * capacity_Ah;
  return Math.abs(before.turn_A - end.turn_A) > alike_A
    ? `it begins where ${before.turn_A.toFixed(3)} A ended and ends at ${end.turn_A.toFixed(3)} A, which at the same voltage is another state`
    : '';
}

/** Why charge in and out of a cycle are not those between two equal states; empty if they are. */
function whyOpen(states: States, i: number, in_Ah: number, out_Ah: number): string {
  const [a, b] = [states.halves[i], states.halves[i + 1]];
  const unseen = a.charge.unseen + b.charge.unseen;
  if (unseen > UNSEEN_FRAC * Math.max(in_Ah, out_Ah))
    return `gaps may hide ${unseen.toFixed(3)} Ah of ${in_Ah.toFixed(3)} Ah in and ${out_Ah.toFixed(3)} Ah out`;
  if (!b.isEnded) return `the record ends while the ${b.kind} still runs`;
  const other = whyOtherState(states, i);
  if (other.startsWith('it begins')) return other;
  const moved = whyNoRest(states, a.from_s, b.to_s);
  if (moved !== '') return moved;
  const [coulombic, most] = [out_Ah / in_Ah, other === '' ? CLOSES_SAME_STATE_FRAC : CLOSES_FRAC];
  if (!(Math.abs(1 - coulombic) <= most && coulombic <= MOST_OUT_FRAC))
    return `the charge does not close: ${in_Ah.toFixed(3)} Ah in, ${out_Ah.toFixed(3)} Ah out`;
  return '';
}

/** More energy out than in: no cycle of a cell; the current may be counted the other way round. */
function whyImpossible(in_Wh: number, out_Wh: number): string {
  return out_Wh > MOST_ENERGY_OUT_FRAC * in_Wh && in_Wh > 0
    ? `${out_Wh.toFixed(3)} Wh would come out of ${in_Wh.toFixed(3)} Wh in: another state at the end, or discharge counted as positive`
    : '';
}

/** A long rest whose voltage moves as only a current moves it; empty if there is none between two times. */
function whyNoRest({ run, ledger }: States, from_s: number, to_s: number): string {
  const { t_s, value } = run.series(VOLTAGE);
  for (const rest of ledger.rests) {
    const [begin_s, end_s] = [Math.max(from_s, rest.from_s), Math.min(to_s, rest.to_s)];
    if ((end_s - begin_s) * run.timeFactor < LONG_REST_S) continue;
    const [a, b] = [indexAt(t_s, begin_s + (end_s - begin_s) / 4), indexAt(t_s, end_s) - 1];
    if (b > a && Math.abs(value[b] - value[a]) > REST_MOVES_V)
      return `in a rest of ${(((end_s - begin_s) * run.timeFactor) / 60).toFixed(0)} min the voltage goes from ${value[a].toFixed(3)} to ${value[b].toFixed(3)} V: a current that was not read, or self-discharge`;
  }
  return '';
}
