import type { FigureSpec } from '../../dashboards/report/figure.ts';
import { ZERO_DEGC_K } from '../../sim/plant/parts/constants.ts';

/**
 * What a deviation is worth.
 * measured, fitted: the parameters were fitted to these very points. measured, predicted: measured, but nothing of it
 * was used for the parameters. reference code, predicted: result of an independent program with the same parameter
 * set, nothing fitted. published formula: values printed or computed once from the formula of the paper.
 * model only: our own or another model's figures, no measurement behind them. self-consistency: one part of the model
 * against another.
 */
export type Basis =
  | 'measured, fitted'
  | 'measured, predicted'
  | 'reference code, predicted'
  | 'reference code, same formula'
  | 'published formula'
  | 'model only'
  | 'self-consistency, model only';

/** One line of the acceptance table. `error` and `tolerance` in `unit`; `note` gives the figures behind it. */
export interface Row {
  readonly id: string;
  readonly model: string;
  readonly reference: string;
  readonly error: number;
  readonly tolerance: number;
  readonly unit: string;
  readonly within: boolean;
  readonly basis: Basis;
  readonly note: string;
  /** Where it is asked for and not met: `tolerance` then only guards what is reached. */
  readonly askedTolerance?: number;
}

/** The rows of one kind of plant and the pictures that belong to them. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly pictures: readonly FigureSpec[];
}

/** Judges a row: an error that is no number is never within. */
export function row(told: Omit<Row, 'within'>): Row {
  return { ...told, within: Number.isFinite(told.error) && told.error <= told.tolerance };
}

/** Rows that miss what is asked of them although they are inside the tolerance that guards them, in words. */
export function missedText(rows: readonly Row[]): string[] {
  return rows
    .filter(r => r.askedTolerance !== undefined && !(r.error <= r.askedTolerance))
    .map(r => `${r.id} (${r.error.toPrecision(3)} ${r.unit}, asked for: ${r.askedTolerance})`);
}

/** A computed and an expected value. */
export type Pair = readonly [computed: number, expected: number];

/** Root mean square of computed minus expected, in their own unit. */
export function rms(pairs: readonly Pair[]): number {
  return Math.sqrt(pairs.reduce((sum, [c, e]) => sum + (c - e) ** 2, 0) / pairs.length);
}

/** Largest absolute deviation, in the unit of the pairs; NaN if any of them is no number. */
export function largest(pairs: readonly Pair[]): number {
  return Math.max(...pairs.map(([c, e]) => Math.abs(c - e)));
}

/** Largest deviation relative to the expected value, %; NaN if any of them is no number. */
export function largest_pct(pairs: readonly Pair[]): number {
  return 100 * Math.max(...pairs.map(([c, e]) => Math.abs(c / e - 1)));
}

/** Mean of computed minus expected: the one-sided part of a deviation. */
export function bias(pairs: readonly Pair[]): number {
  return pairs.reduce((sum, [c, e]) => sum + c - e, 0) / pairs.length;
}

/** Numbers from low to high, both included. */
export function span(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => low + ((high - low) * k) / (count - 1));
}

/** A text of pairs for a note: `1.2291 (1.2290), ...`, computed and, in brackets, expected. */
export function pairsText(pairs: readonly Pair[], digits: number): string {
  return pairs.map(([c, e]) => `${c.toFixed(digits)} (${e.toFixed(digits)})`).join(', ');
}

/** The lines of a figure have four colours; more lines begin again. */
export function colour(k: number): string {
  return `c${k % 4}`;
}

/** degC to K. */
export function kelvin(temperature_degC: number): number {
  return temperature_degC + ZERO_DEGC_K;
}
