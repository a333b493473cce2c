import type { CellFacts, RecordedRun } from '../recorded-run.ts';
import { indexAt } from '../series-parts.ts';
import { told } from '../told.ts';
import { statesApart_Ah } from './closing/closure.ts';
import { type Half, halvesOf, SAME_EMPTY_V, SAME_FULL_V, temperaturesApart } from './halves.ts';
import { type Ledger, VOLTAGE } from './ledger.ts';
import { partsOf, ratioU95 } from './ratio-u95.ts';
import type { Rest } from './standing/rests.ts';
import { storedEnergy_pct } from './stored-energy.ts';

/** The cycles that a charge and a discharge make, and where their charge closes. */

/** Charge of a cycle closes within this where the voltages do not tell that it came back, and where they do. */
const CLOSES_FRAC = 0.06;
const CLOSES_SAME_STATE_FRAC = 0.2;
/** Voltages tell states apart only at like currents: within this part of them and this part of the capacity an hour. */
const SAME_CURRENT_FRAC = 0.1;
const SAME_CURRENT_PER_H = 0.02;
/** More than this out than in: the states were not the same, or the meter reads the wrong way. */
const MOST_OUT_FRAC = 1.01;
const MOST_ENERGY_OUT_FRAC = 1.005;
/** Where nothing came before, the voltages at the ends of the rests before and after a cycle tell the states, V. */
const SAME_REST_V = 0.02;
/** More than this out than in, beyond the uncertainty, is told. */
const WHOLE_PCT = 100;
/** A rest of ten minutes or more in which the voltage, its first quarter apart, moves further, was none, V. */
const REST_MOVES_V = 0.15;
const LONG_REST_S = 600;
/** A gap may hide at most this part of the charge of a figure. */
export const UNSEEN_FRAC = 0.005;

/** A charge and a discharge, in either order. Efficiencies in %, null with the reason where they mean nothing. */
export interface Cycle {
  readonly from_s: number;
  readonly to_s: number;
  readonly charge: Half;
  readonly discharge: Half;
  /** The half at whose end it begins; undefined: nothing came before it. */
  readonly before: Half | undefined;
  readonly coulombic_pct: number | null;
  readonly energy_pct: number | null;
  /** Its energy is known, and none of it came back. */
  readonly storesNone: boolean;
  /** True if voltages and currents say that it ended in the state in which it began. */
  readonly isSameState: boolean;
  /** Why it is not known that it began where it ended; empty if voltages of half-cycles or of rests tell. */
  readonly unsure: string;
  /** Why there is no efficiency; empty if there is one. */
  readonly open: string;
}

/**
 * The cycles of a run: each discharge with the charge before it, charge taken out over what was put in. With the charge after
 * it only where none of these is known to close and one of those is, or none of these can: what a cell loses from one full
 * state to the next is not seen so.
 */
export function cyclesOf(run: RecordedRun, cell: CellFacts, ledger: Ledger): Cycle[] {
  const halves = halvesOf(run, cell, ledger);
  const states: States = { halves, capacity_Ah: cell.capacity_Ah, run, ledger };
  const start = halves[0]?.kind === 'discharge' ? 1 : 0;
  const [byCharge, byDischarge] = [start, 1 - start].map(first => surest(paired(states, first)));
  const closes = (cycles: readonly Cycle[]): boolean => cycles.some(c => c.open === '');
  const isSure = (cycles: readonly Cycle[]): boolean => cycles.some(c => c.open === '' && c.isSameState);
  const isByCharge = isSure(byCharge) || (closes(byCharge) && !isSure(byDischarge)) || !closes(byDischarge);
  return byCharge.length > 0 && isByCharge ? byCharge : byDischarge;
}

/** True of a cycle whose charge comes after its discharge. */
export function isTurned({ charge, discharge }: Pick<Cycle, 'charge' | 'discharge'>): boolean {
  return discharge.from_s < charge.from_s;
}

/** Where some cycles are known to begin and end in the same state, one of which that is not known is left out. */
function surest(cycles: readonly Cycle[]): Cycle[] {
  const isSure = (c: Cycle): boolean => c.open === '' && c.isSameState;
  if (!cycles.some(isSure)) return [...cycles];
  return cycles.map(c =>
    c.open === '' && c.unsure !== '' ? { ...c, coulombic_pct: null, energy_pct: null, open: c.unsure } : c,
  );
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
  const isKnown = open === '' && hasEnergy;
  const energy_pct = isKnown ? storedEnergy_pct(in_Wh, out_Wh) : null;
  return {
    from_s: a.from_s,
    to_s: b.to_s,
    charge,
    discharge,
    before: states.halves[i - 1],
    coulombic_pct: open === '' ? 100 * coulombic : null,
    energy_pct,
    storesNone: isKnown && energy_pct === null,
    isSameState: whyOtherState(states, i) === '',
    unsure: unsureState(states, i),
    open,
  };
}

/**
 * Uncertainty (k = 2, %) of the mean efficiency of some cycles of a run, by charge or energy. Where voltages and currents do
 * not say that the state came back, what is missing in the charge may be that of the state: it is uncertain by all of it.
 * With the charge after the discharge what is lost from one full state to the next stands on the other side: by twice as much.
 */
export function efficiencyU95_pct(
  run: RecordedRun,
  ledger: Ledger,
  kind: 'charge' | 'energy',
  cycles: readonly Cycle[],
): number {
  const weight = 1 / cycles.length;
  let open = 0;
  const parts = cycles.flatMap(cycle => {
    const { charge: a, discharge: b, isSameState, coulombic_pct } = cycle;
    const into = a[kind].into.value + b[kind].into.value;
    const out = a[kind].out.value + b[kind].out.value;
    const ratio_pct = (100 * out) / into;
    const value_pct = coulombic_pct ?? Number.NaN;
    if (isTurned(cycle)) open += weight * turnedU95_pct(value_pct);
    else if (!isSameState) open += weight * Math.abs(100 - value_pct);
    return [a, b].flatMap(half => partsOf(half[kind], half, into, out, weight * ratio_pct));
  });
  return Math.hypot(ratioU95(run, ledger, kind, parts), open, closureU95_pct(run, kind, cycles));
}

/**
 * What an efficiency of a discharge with the charge after it, %, may be off from that with the charge before it, k = 2: both
 * differ by what a cycle takes of the capacity, which stands on the other side of 100 %.
 */
export function turnedU95_pct(value_pct: number): number {
  return 2 * Math.abs(100 - value_pct);
}

/** What the ends of cycles are apart: of such that follow each other only the first begin and the last end. */
function closureU95_pct(run: RecordedRun, kind: 'charge' | 'energy', cycles: readonly Cycle[]): number {
  const endOf = (c: Cycle): Half => (isTurned(c) ? c.charge : c.discharge);
  const following = cycles.map((c, i) => i > 0 && c.before === endOf(cycles[i - 1]));
  const all_pct = cycles.flatMap((last, i) => {
    if (following[i + 1] === true) return [];
    const { before } = cycles[following.lastIndexOf(false, i)];
    if (before === undefined) return [];
    const end = endOf(last);
    const amount = statesApart_Ah(run, before, end) * (kind === 'charge' ? 1 : end.turn_V);
    const into = last.charge[kind].into.value + last.discharge[kind].into.value;
    return [(100 * amount) / into / cycles.length || 0];
  });
  return Math.hypot(...all_pct);
}

/** What is to be said of an efficiency of more than all: no cell gives that. Begins with a space; empty where it is none. */
export function moreThanAllText(value_pct: number, u95_pct: number): string {
  return value_pct - u95_pct > WHOLE_PCT
    ? ' More came out than went in, beyond its uncertainty: no cell does that; the state at its ends is not the same, or the meter reads charge and discharge unlike.'
    : '';
}

/** Why a pair of halves is not known to end where it began; empty if voltages and currents at both turns say that it does. */
function whyOtherState({ halves, capacity_Ah }: States, i: number): string {
  const [before, end] = [halves[i - 1], halves[i + 1]];
  if (before === undefined) return 'nothing came before it';
  const apart_V = Math.abs(before.turn_V - end.turn_V);
  if (Number.isNaN(apart_V)) return 'no voltage';
  if (apart_V > (end.kind === 'charge' ? SAME_FULL_V : SAME_EMPTY_V))
    return `it begins at ${before.turn_V.toFixed(3)} V and ends at ${end.turn_V.toFixed(3)} V`;
  const apart = temperaturesApart(before, end);
  if (apart !== '') return `it begins and ends ${apart}, which at the same voltage is another state`;
  const most_A = Math.max(Math.abs(before.turn_A), Math.abs(end.turn_A));
  const alike_A = SAME_CURRENT_FRAC * most_A + SAME_CURRENT_PER_H * capacity_Ah;
  return Math.abs(before.turn_A - end.turn_A) > alike_A
    ? `it begins where ${told(before.turn_A, 'A', 4)} ended and ends at ${told(end.turn_A, 'A', 4)}, which at the same voltage is another state`
    : '';
}

/** Why charge in and out of a cycle are not those between two equal states; empty if they are. */
function whyOpen(states: States, i: number, in_Ah: number, out_Ah: number): string {
  const [a, b] = [states.halves[i], states.halves[i + 1]];
  const unseen = a.charge.unseen + b.charge.unseen;
  if (unseen > UNSEEN_FRAC * Math.max(in_Ah, out_Ah))
    return `gaps may hide ${told(unseen, 'Ah', 4)} of ${told(in_Ah, 'Ah', 4)} in and ${told(out_Ah, 'Ah', 4)} out`;
  if (!b.isEnded) return `the record ends while the ${b.kind} still runs`;
  const other = whyOtherState(states, i);
  if (other.startsWith('it begins')) return other;
  const moved = whyNoRest(states, a.from_s, b.to_s);
  if (moved !== '') return moved;
  const [coulombic, most] = [out_Ah / in_Ah, other === '' ? CLOSES_SAME_STATE_FRAC : CLOSES_FRAC];
  if (!(Math.abs(1 - coulombic) <= most && coulombic <= MOST_OUT_FRAC))
    return `the charge does not close: ${told(in_Ah, 'Ah', 4)} in, ${told(out_Ah, 'Ah', 4)} out`;
  const rested = restsApart_V(states, i);
  if (other !== '' && rested !== undefined && !(Math.abs(rested.end_V - rested.begin_V) <= SAME_REST_V))
    return `it begins at rest at ${rested.begin_V.toFixed(3)} V and ends at rest at ${rested.end_V.toFixed(3)} V`;
  return '';
}

/** Why it is not known at all whether a pair of halves ends where it began; empty if voltages tell. */
function unsureState(states: States, i: number): string {
  const other = whyOtherState(states, i);
  return other === '' || restsApart_V(states, i) !== undefined
    ? ''
    : `whether it began in the state in which it ended is not known: ${other}`;
}

/** Voltages at the ends of the rests before and after a pair of halves; undefined where there are none. */
function restsApart_V(
  { halves, run, ledger }: States,
  i: number,
): { readonly begin_V: number; readonly end_V: number } | undefined {
  const { t_s, value } = run.series(VOLTAGE);
  const [from_s, to_s] = [halves[i].from_s, halves[i + 1].to_s];
  const next_s = halves[i + 2]?.from_s ?? Number.POSITIVE_INFINITY;
  const before = ledger.rests.findLast(r => r.from_s < from_s);
  const after = ledger.rests.find(r => r.to_s > to_s);
  if (before === undefined || after === undefined || after.from_s > next_s) return undefined;
  const endOf = ({ from_s: first_s, to_s: last_s }: Rest): number => {
    for (let k = indexAt(t_s, last_s - 1e-9) - 1; k >= 0 && t_s[k] >= first_s; k--)
      if (Number.isFinite(value[k])) return value[k];
    return Number.NaN;
  };
  const [begin_V, end_V] = [endOf(before), endOf(after)];
  return Number.isNaN(begin_V + end_V) ? undefined : { begin_V, end_V };
}

/** More energy out than in: no cycle of a cell; the current may be counted the other way round. */
function whyImpossible(in_Wh: number, out_Wh: number): string {
  return out_Wh > MOST_ENERGY_OUT_FRAC * in_Wh && in_Wh > 0
    ? `${told(out_Wh, 'Wh', 4)} would come out of ${told(in_Wh, 'Wh', 4)} in: another state at the end, or discharge counted as positive`
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
