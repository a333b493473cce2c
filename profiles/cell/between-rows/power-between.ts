import type { RecordedSeries } from '../../recorded-run.ts';
import type { Flow } from '../flow.ts';

/** What a cell's power was between two rows of a thinned record, by its voltage and current and by the counter of its charge. */

/** Where the current changes by more than this part of itself, the counter tells more than the line. */
const CHANGED_FRAC = 0.01;
/** A counter tells a step of so many of its digits, k = 2 of one. */
const DIGITS = 20;

/** Asked by the row at the end of a step; undefined where the rows of the instrument are not those of its power. */
export interface Between {
  /** Least and most of its size. */
  range(i: number): readonly [least: number, most: number] | undefined;
  /** By the charge that was counted: energy, Wh, and how well it is known by the voltages of both rows, k = 2. */
  counted(i: number): { readonly amount: number; readonly u95: number } | undefined;
}

/**
 * As voltage and current each go one way within a step, but not both the same, power lies between the products of their smaller
 * and of their larger values, which may be beyond both rows. `counters`: where the account of the charge is theirs.
 */
export function powerBetween(
  power: RecordedSeries,
  of: {
    readonly current: RecordedSeries;
    readonly voltage: RecordedSeries;
    readonly zero_A: number;
    readonly counters: Flow | undefined;
    /** Last digit of the counter, Ah, k = 2. */
    readonly digit_Ah: (way: 'into' | 'out') => number;
  },
): Between | undefined {
  const { current, voltage, zero_A, counters, digit_Ah } = of;
  const { t_s } = power;
  if (current.t_s.length !== t_s.length || voltage.t_s.length !== t_s.length) return undefined;
  const rowsAt = (i: number) => {
    if (current.t_s[i] !== t_s[i] || voltage.t_s[i] !== t_s[i]) return undefined;
    const volts = [Math.abs(voltage.value[i - 1]), Math.abs(voltage.value[i])];
    const amperes = [Math.abs(current.value[i - 1] - zero_A), Math.abs(current.value[i] - zero_A)];
    if (![...volts, ...amperes].every(Number.isFinite)) return undefined;
    return {
      least: [Math.min(...volts), Math.min(...amperes)],
      most: [Math.max(...volts), Math.max(...amperes)],
    };
  };
  return {
    range(i) {
      const rows = rowsAt(i);
      return rows === undefined ? undefined : [rows.least[0] * rows.least[1], rows.most[0] * rows.most[1]];
    },
    counted(i) {
      const rows = counters === undefined ? undefined : rowsAt(i);
      if (counters === undefined || rows === undefined || counters.t_s[i] !== t_s[i]) return undefined;
      const [least_A, most_A] = [rows.least[1], rows.most[1]];
      if (most_A - least_A <= CHANGED_FRAC * most_A) return undefined;
      const way = power.value[i] > 0 ? 'into' : 'out';
      const Ah = counters[way][i] - counters[way][i - 1];
      if (!(Ah > DIGITS * digit_Ah(way))) return undefined;
      const [least_V, most_V] = [rows.least[0], rows.most[0]];
      return { amount: (Ah * (least_V + most_V)) / 2, u95: (Ah * (most_V - least_V)) / 2 };
    },
  };
}
