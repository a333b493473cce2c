import type { Accuracy } from '../../drivers/contract/device.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { COUNTERS } from './counters.ts';
import { type Flow, rowAt } from './flow.ts';
import { CURRENT, type Ledger, POWER } from './ledger.ts';
import { type Zero, zeroOverU95 } from './standing/rests.ts';

/** Amounts of a window of the account, each with what makes it uncertain. */

/**
 * An amount (Ah or Wh) with its uncertainty k = 2, and apart from it what does not cancel in a ratio of two: the gain of
 * the meter does, but for its repeatability.
 */
export interface Amount {
  readonly value: number;
  readonly u95: number;
  /** Where between two readings a step lies, k = 2. */
  readonly steps: number;
  /** What was taken off for the bend of a taper between rows far apart, k = 2: it errs the same way each time. */
  readonly bend: number;
  /** Last digit of the counter at both ends, k = 2. */
  readonly digit: number;
  /** Time over which it flowed, life h: what the meter's zero enters with. */
  readonly flow_h: number;
}

/**
 * A counter is read at both ends with its last digit, d = sqrt(3) abs. Counts of the same amount differ by whole digits: the
 * two nearest come, the nearer one the more often, so that +- 0.95 d holds 95 % of them whatever the amount is, where 2
 * standard deviations of both roundings (0.82 d) hold as little as 82 % of some.
 */
const ANY_AMOUNT = 0.95 * Math.sqrt(3);

/** No amount, known for certain. */
const NOTHING: Amount = { value: 0, u95: 0, steps: 0, bend: 0, digit: 0, flow_h: 0 };

/** What went in and out between two rows or times. */
export interface Amounts {
  readonly into: Amount;
  readonly out: Amount;
  readonly gap_s: number;
  /** What may be missing in the gaps, Ah or Wh. */
  readonly unseen: number;
}

/** Charge (Ah) between two run times. */
export function chargeBetween(run: RecordedRun, ledger: Ledger, from_s: number, to_s: number): Amounts {
  if (ledger.source.by === 'integral')
    return between(run, ledger.charge, from_s, to_s, ledger.zero, run.accuracy(CURRENT));
  const { t_s } = ledger.charge;
  const [a, b] = [rowAt(t_s, from_s), rowAt(t_s, to_s)];
  const unseen = ledger.charge.unseen[b] - ledger.charge.unseen[a];
  const steps = 2 * Math.sqrt(ledger.charge.variance[b] - ledger.charge.variance[a]);
  const of = (way: 'into' | 'out'): Amount => {
    const { reading_pct, abs } = run.accuracy(COUNTERS[way]);
    const value = ledger.charge[way][b] - ledger.charge[way][a];
    const digit = Math.SQRT2 * abs;
    const gain = (value * reading_pct) / 100;
    return {
      value,
      u95: Math.hypot(ANY_AMOUNT * abs, gain, steps) + unseen,
      steps,
      bend: 0,
      digit,
      flow_h: 0,
    };
  };
  return { into: of('into'), out: of('out'), gap_s: 0, unseen };
}

/** Energy (Wh) between two run times. */
export function energyBetween(run: RecordedRun, ledger: Ledger, from_s: number, to_s: number): Amounts {
  return between(run, ledger.energy, from_s, to_s, ledger.powerZero, run.accuracy(POWER));
}

/** Charge by the integral of the current, whatever the account was taken from. */
export function integralBetween(run: RecordedRun, ledger: Ledger, from_s: number, to_s: number): Amounts {
  return between(run, ledger.integral, from_s, to_s, ledger.zero, run.accuracy(CURRENT));
}

function between(
  run: RecordedRun,
  flow: Flow,
  from_s: number,
  to_s: number,
  zero: Zero | undefined,
  accuracy: Accuracy,
): Amounts {
  const { t_s } = flow;
  if (t_s.length < 2) {
    return { into: NOTHING, out: NOTHING, gap_s: (to_s - from_s) * run.timeFactor, unseen: 0 };
  }
  const [a, b] = [rowAt(t_s, from_s), rowAt(t_s, to_s)];
  const over = (column: Float64Array): number => column[b] - column[a];
  // Before the first and after the last row nothing was seen, either.
  const usual_s = (t_s[t_s.length - 1] - t_s[0]) / (t_s.length - 1);
  const early_s = beyond(t_s[0] - from_s, usual_s) * run.timeFactor;
  const late_s = beyond(to_s - t_s[t_s.length - 1], usual_s) * run.timeFactor;
  const unseen = over(flow.unseen) + (flow.ends[0] * early_s + flow.ends[1] * late_s) / 3600;
  // Measured in rests, the zero is known as well as it repeats itself; otherwise as well as the maker says.
  const zeroU95 = zero === undefined ? accuracy.abs : zeroOverU95(run, zero, accuracy, { from_s, to_s });
  const [out_s, flow_s] = [over(flow.out_s), over(flow.flow_s)];
  const steps = 2 * Math.sqrt(over(flow.variance));
  // Where nothing flowed one way, the meter tells that no better than its zero, over all the time that nothing flowed the other.
  const seen_s = (to_s - from_s) * run.timeFactor - flow.gap_s[b] + flow.gap_s[a] - early_s - late_s;
  const still_s = Math.max(seen_s - flow_s, usual_s * run.timeFactor);
  const of = (value: number, time_s: number, bend: number): Amount => {
    const gain = (value * accuracy.reading_pct) / 100;
    const drift = (zeroU95 * (time_s > 0 ? time_s : still_s)) / 3600;
    const u95 = Math.hypot(gain, drift, steps, bend) + unseen;
    return { value, u95, steps, bend, digit: 0, flow_h: time_s / 3600 };
  };
  return {
    into: of(over(flow.into), flow_s - out_s, over(flow.bendInto)),
    out: of(over(flow.out), out_s, over(flow.bendOut)),
    gap_s: over(flow.gap_s) + early_s + late_s,
    unseen,
  };
}

/** Time outside the record; up to three usual steps are none. */
function beyond(outside_s: number, usual_s: number): number {
  return outside_s > 3 * usual_s ? outside_s : 0;
}
