import type { ColumnValues, TableColumn } from './table.ts';

/** Lines of a CSV table, whichever way they go out. */

/** `comma`: `;` between the cells and `,` in the numbers, as Excel reads it where a comma is the decimal sign. */
export type Decimal = 'point' | 'comma';

/** What Excel would take for a formula. */
const FORMULA = /^[=+\-@]/;
const US_PER_S = 1e6;

/** Writes rows as lines of text, without their line feed. */
export class CsvLines {
  readonly #columns: readonly TableColumn[];
  readonly #separator: string;
  readonly #decimal: Decimal;
  readonly #last: { value: number; text: string }[];

  constructor(columns: readonly TableColumn[], decimal: Decimal) {
    this.#columns = columns;
    this.#decimal = decimal;
    this.#separator = decimal === 'comma' ? ';' : ',';
    this.#last = columns.map(() => ({ value: Number.NaN, text: '' }));
  }

  /** The line of names. */
  head(): string {
    return this.#columns.map(column => this.#quoted(column.name)).join(this.#separator);
  }

  /** Row `r` of columns in the order of the names. */
  line(columns: readonly ColumnValues[], r: number): string {
    const separator = this.#separator;
    let line = '';
    for (let c = 0; c < columns.length; c++) {
      const text = this.#cell(columns[c][r], c);
      line = c === 0 ? text : line + separator + text;
    }
    return line;
  }

  #cell(value: number | string | null, c: number): string {
    if (value === null) return '';
    if (typeof value === 'string') return this.#quoted(FORMULA.test(value) ? `'${value}` : value);
    // Neighbours are often the same, and a number takes long to be written.
    const last = this.#last[c];
    if (value !== last.value) {
      last.value = value;
      last.text = this.#columns[c].kind === 'utc' ? utcText(value) : this.#number(value);
    }
    return Number.isNaN(value) ? '' : last.text;
  }

  /** The shortest text that gives the number back exactly. */
  #number(value: number): string {
    return this.#decimal === 'comma' ? String(value).replace('.', ',') : String(value);
  }

  #quoted(text: string): string {
    return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }
}

/** ISO 8601 with microseconds, e.g. `2026-05-01T20:00:01.250000Z`. */
export function utcText(utc_us: number): string {
  if (Number.isNaN(utc_us)) return '';
  const whole_s = Math.floor(utc_us / US_PER_S);
  const rest_us = utc_us - whole_s * US_PER_S;
  return `${new Date(whole_s * 1000).toISOString().slice(0, 19)}.${String(rest_us).padStart(6, '0')}Z`;
}
