import type { Accuracy } from '../../drivers/contract/device.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { REPEATABILITY_FRAC, type WeightedWindow, wanderOf } from '../uncertainty/repeatability.ts';
import type { Amount, Amounts } from './amounts.ts';
import { COUNTERS } from './counters.ts';
import { CURRENT, type Ledger, POWER } from './ledger.ts';

/**
 * Uncertainty of ratios of charges or energies of one run (efficiencies, fade): the fixed gain of the meter cancels, what is
 * left is its repeatability, its zero, where steps lie, the counter's last digit and what gaps may hide.
 */

/** An amount as it enters a ratio: `share` is the relative change of the figure with the relative change of the amount. */
export interface RatioPart {
  readonly amount: Amount;
  readonly unseen: number;
  /** Run times. */
  readonly from_s: number;
  readonly to_s: number;
  readonly share: number;
  /** Which counter it was read from. */
  readonly way: 'into' | 'out';
}

/** Both ways of a half of a cycle, as parts of sums `into` and `out`. Nothing flowed: no part. */
export function partsOf(
  amounts: Amounts,
  { from_s, to_s }: { readonly from_s: number; readonly to_s: number },
  into: number,
  out: number,
  weight: number,
): RatioPart[] {
  const part = (way: 'into' | 'out', whole: number, sign: number): RatioPart => ({
    amount: amounts[way],
    unseen: amounts.unseen,
    from_s,
    to_s,
    share: (sign * weight * amounts[way].value) / whole,
    way,
  });
  return [part('into', into, -1), part('out', out, 1)].filter(p => p.amount.value !== 0);
}

/** Uncertainty of the figure, k = 2, in the unit in which `share` counts. */
export function ratioU95(
  run: RecordedRun,
  ledger: Ledger,
  kind: 'charge' | 'energy',
  parts: readonly RatioPart[],
): number {
  const byCounter = kind === 'charge' && ledger.source.by === 'counter';
  const accuracy = run.accuracy(byCounter ? COUNTERS.into : kind === 'charge' ? CURRENT : POWER);
  const perAmount = (p: RatioPart): number => p.share / p.amount.value;
  const windows = parts.map(p => lifeWindow(run, p.from_s, p.to_s, p.share));
  const gain = ((REPEATABILITY_FRAC * accuracy.reading_pct) / 100) * wanderOf(windows);
  const steps = Math.hypot(...parts.map(p => perAmount(p) * p.amount.steps));
  // Of each way it errs alike each time; nothing says that charge and discharge err alike.
  const bendOf = (way: 'into' | 'out'): number =>
    Math.abs(parts.reduce((sum, p) => sum + (p.way === way ? perAmount(p) * p.amount.bend : 0), 0));
  const bend = Math.hypot(bendOf('into'), bendOf('out'));
  const unseen = parts.reduce((sum, p) => sum + Math.abs(perAmount(p)) * p.unseen, 0);
  const zero = byCounter ? 0 : zeroU95(run, ledger, kind, parts, accuracy);
  return Math.hypot(gain, steps, bend, zero, digitU95(parts)) + unseen;
}

/** The zero enters each amount with the time over which it flowed, in against out. */
function zeroU95(
  run: RecordedRun,
  ledger: Ledger,
  kind: 'charge' | 'energy',
  parts: readonly RatioPart[],
  accuracy: Accuracy,
): number {
  const zero = kind === 'charge' ? ledger.zero : ledger.powerZero;
  // What goes out is counted as positive: the zero takes from it what it adds to what goes in.
  const weights = parts.map(p => ((p.way === 'into' ? 1 : -1) * p.share * p.amount.flow_h) / p.amount.value);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const windows = parts.map((p, i) => lifeWindow(run, p.from_s, p.to_s, weights[i]));
  if (zero === undefined)
    return Math.hypot(total * accuracy.abs, REPEATABILITY_FRAC * accuracy.abs * wanderOf(windows));
  const rests = zero.windows.map(({ from_s, to_s }) =>
    lifeWindow(run, from_s, to_s, (-total * (to_s - from_s)) / zero.rest_s),
  );
  const wander = Math.max(zero.spread, REPEATABILITY_FRAC * accuracy.abs) * wanderOf([...windows, ...rests]);
  return Math.hypot(wander, total * zero.noise);
}

/** Amounts that follow each other on one counter share the reading between them: its rounding counts with both. */
function digitU95(parts: readonly RatioPart[]): number {
  let squares = 0;
  for (const way of ['into', 'out'] as const) {
    const mine = parts.filter(p => p.way === way).toSorted((a, b) => a.from_s - b.from_s);
    let before = 0;
    for (const p of mine) {
      // One rounding at each end of an amount; the end of one is the beginning of the next.
      const one = (p.share / p.amount.value) * (p.amount.digit / Math.SQRT2);
      squares += (before - one) ** 2;
      before = one;
    }
    squares += before ** 2;
  }
  return Math.sqrt(squares);
}

function lifeWindow(run: RecordedRun, from_s: number, to_s: number, weight: number): WeightedWindow {
  return { from_s: from_s * run.timeFactor, to_s: to_s * run.timeFactor, weight };
}
