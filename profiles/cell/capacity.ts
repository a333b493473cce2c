import type { CellFacts } from '../recorded-run.ts';
import { told } from '../told.ts';
import { UNSEEN_FRAC } from './cycles.ts';
import { type Half, type Moved, SAME_EMPTY_V, temperaturesApart } from './halves.ts';

/** Which discharges are capacities, and which of them may be compared. */

/** A discharge that takes less than this part of the nominal capacity is a pulse, not a cycle. */
export const CYCLE_FRAC = 0.2;
/** A first discharge of this part of the nominal capacity, or from this far below the upper limit, began full. */
const FULL_FRAC = 0.95;
const FULL_BELOW_V = 0.05;
/** A charge that ended below the upper limit and brought less than this part of what was taken began somewhere else. */
const EXPLAINED_FRAC = 0.9;
/** Beside a gap more than this part of the nominal capacity is no single discharge. */
const MOST_FRAC = 1.3;
/** Discharges are alike if rates and voltages at both turns differ by no more. */
const ALIKE_RATE_FRAC = 0.1;
const ALIKE_TURN_V = 0.03;
/**
 * And if the charges before ended at currents no further apart, 1/h of the capacity: one at 1C is up there long before one
 * at C/20. Below the smallest current that counts all are full: a hold that is ended by its time ends higher as a cell ages.
 */
const ALIKE_END_C = 0.02;
const FULL_END_C = 0.1;

/** A discharge as a capacity. */
export interface Capacity {
  /** The discharge; where it went on at other rates after it had got to the lower voltage, up to there. */
  readonly half: Moved;
  /** What it gave after that, at other rates. */
  readonly residual: readonly Moved[];
  /** Upper turn before it, V; NaN if unknown. */
  readonly top_V: number;
  /** Current at which the charge before it ended, 1/h of the nominal capacity; NaN if unknown. */
  readonly top_C: number;
  /** Why it is none, as a whole; empty if it is one. */
  readonly incomplete: string;
}

/** All discharges of at least a fifth of the nominal capacity, in order. */
export function capacitiesOf(halves: readonly Half[], cell: CellFacts): Capacity[] {
  return halves.flatMap((half, i) => {
    if (half.kind !== 'discharge' || half.net_Ah < CYCLE_FRAC * cell.capacity_Ah) return [];
    const before = halves[i - 1];
    const isApart = half.parts.length > 0 && isEmptied(half.parts[0], half, cell);
    const [counted, residual] = isApart ? [half.parts[0], half.parts.slice(1)] : [half, []];
    const mixed = half.parts.length > 0 && !isApart ? `it ran at no one rate: ${partsText(half.parts)}` : '';
    return [
      {
        half: counted,
        residual,
        top_V: before?.turn_V ?? Number.NaN,
        top_C: (before?.turn_A ?? Number.NaN) / cell.capacity_Ah,
        incomplete: whyIncomplete(counted, half, before, cell) || mixed,
      },
    ];
  });
}

/** Charge and rate of each part of a half-cycle, in words. */
export function partsText(parts: readonly Moved[]): string {
  return parts.map(part => `${told(part.net_Ah, 'Ah', 4)} at ${part.rate_C.toPrecision(3)}C`).join(', ');
}

/** True if the first part of a discharge went as far down as all of it, or to the cell's lower limit. */
function isEmptied(part: Moved, whole: Half, cell: CellFacts): boolean {
  return part.turn_V <= Math.max(whole.turn_V, cell.voltageMin_V) + SAME_EMPTY_V;
}

function whyIncomplete(half: Moved, whole: Half, before: Half | undefined, cell: CellFacts): string {
  const moved = `${told(half.net_Ah, 'Ah', 4)}`;
  const { unseen } = half.charge;
  if (unseen > UNSEEN_FRAC * half.net_Ah)
    return `${moved} were seen, and gaps may hide up to ${told(unseen, 'Ah', 4)} more`;
  if (half.seenGap_s > 0 && half.net_Ah > MOST_FRAC * cell.capacity_Ah)
    return `${moved} are more than the cell holds, and the record has a gap of ${half.seenGap_s.toFixed(0)} s in which it may have been charged`;
  if (!half.isEnded) return `${moved} were taken when the record ended, and the discharge still ran`;
  if (before === undefined && whole.net_Ah < FULL_FRAC * cell.capacity_Ah)
    return `${moved} were taken from an unknown state of charge: no charge was recorded before`;
  const isBelowTop = before !== undefined && before.turn_V < cell.voltageMax_V - FULL_BELOW_V;
  if (isBelowTop && before.net_Ah < EXPLAINED_FRAC * whole.net_Ah)
    return `${moved} were taken after a charge to ${before.turn_V.toFixed(3)} V, not to the cell's upper limit`;
  return '';
}

/** Turns of the voltage that are known and not the cell's limits, in words; begins with a space. */
export function windowNote({ half, top_V }: Capacity, cell: CellFacts): string {
  const low =
    half.turn_V > cell.voltageMin_V + FULL_BELOW_V
      ? ` Not to the lower limit of ${cell.voltageMin_V} V: it ended at ${half.turn_V.toFixed(3)} V.`
      : '';
  const high =
    top_V < cell.voltageMax_V - FULL_BELOW_V
      ? ` Not from the upper limit of ${cell.voltageMax_V} V: the charge before ended at ${top_V.toFixed(3)} V.`
      : '';
  return low + high;
}

/** True if two discharges ran at the same rate between the same states at the same temperature, as far as these are known. */
export function areAlike(a: Capacity, b: Capacity): boolean {
  return whyUnlike(a, b) === '';
}

/** In what two discharges differ; empty if they are alike. */
export function whyUnlike(a: Capacity, b: Capacity): string {
  const [rateA, rateB] = [a.half.rate_C, b.half.rate_C];
  if (Math.abs(rateA - rateB) > ALIKE_RATE_FRAC * Math.max(rateA, rateB))
    return `${rateA.toPrecision(3)}C against ${rateB.toPrecision(3)}C`;
  if (Math.abs(a.half.turn_V - b.half.turn_V) > ALIKE_TURN_V)
    return `to ${a.half.turn_V.toFixed(3)} V against ${b.half.turn_V.toFixed(3)} V`;
  if (Math.abs(a.top_V - b.top_V) > ALIKE_TURN_V)
    return `from ${a.top_V.toFixed(3)} V against ${b.top_V.toFixed(3)} V`;
  const most_C = Math.max(a.top_C, b.top_C);
  if (most_C > FULL_END_C && Math.abs(a.top_C - b.top_C) > ALIKE_END_C + ALIKE_RATE_FRAC * most_C)
    return `after a charge that ended at ${a.top_C.toPrecision(2)}C against ${b.top_C.toPrecision(2)}C`;
  return temperaturesApart(a.half, b.half);
}

/** Whole discharges in groups of those that may be compared, each in order; the group of the earliest comes first. */
export function alikeGroups(capacities: readonly Capacity[]): Capacity[][] {
  const groups: Capacity[][] = [];
  for (const capacity of capacities) {
    if (capacity.incomplete !== '') continue;
    // Of what is not known of the first one the others may tell.
    const group = groups.find(all => all.every(other => areAlike(other, capacity)));
    if (group === undefined) groups.push([capacity]);
    else group.push(capacity);
  }
  return groups;
}
