import { closeSync, openSync, writeSync } from 'node:fs';
import type { ColumnValues, OpenTable, TableColumn, TableFormat } from './table.ts';

/** CSV by RFC 4180 with line feeds: one line of names, no value is an empty cell, never the text NaN. */

/** `comma`: `;` between the cells and `,` in the numbers, as Excel reads it where a comma is the decimal sign. */
export type Decimal = 'point' | 'comma';

/** So much is gathered before it goes to the disk, bytes. */
const GATHERED = 1 << 20;
/** Bytes of a character in UTF-8, at most, for each unit of JavaScript's texts. */
const MOST_BYTES = 3;
/** What Excel would take for a formula. */
const FORMULA = /^[=+\-@]/;
const US_PER_S = 1e6;
const LINE_FEED = 0x0a;

/** The CSV format. */
export function csvFormat(decimal: Decimal = 'point'): TableFormat {
  return {
    extension: 'csv',
    open: (path, columns) => new CsvTable(path, columns, decimal),
  };
}

class CsvTable implements OpenTable {
  readonly #file: number;
  readonly #columns: readonly TableColumn[];
  readonly #separator: string;
  readonly #decimal: Decimal;
  readonly #last: { value: number; text: string }[];
  readonly #gathered = Buffer.allocUnsafe(GATHERED);
  #bytes = 0;

  constructor(path: string, columns: readonly TableColumn[], decimal: Decimal) {
    this.#file = openSync(path, 'wx');
    this.#columns = columns;
    this.#decimal = decimal;
    this.#separator = decimal === 'comma' ? ';' : ',';
    this.#last = columns.map(() => ({ value: Number.NaN, text: '' }));
    this.#line(columns.map(column => this.#quoted(column.name)).join(this.#separator));
  }

  write(columns: readonly ColumnValues[]): void {
    const rows = columns[0]?.length ?? 0;
    const separator = this.#separator;
    for (let r = 0; r < rows; r++) {
      let line = '';
      for (let c = 0; c < columns.length; c++) {
        const text = this.#cell(columns[c][r], c);
        line = c === 0 ? text : line + separator + text;
      }
      this.#line(line);
    }
  }

  close(): void {
    try {
      this.#flush();
    } finally {
      closeSync(this.#file);
    }
  }

  /** Straight into bytes: long texts that live for a while would fill the memory. */
  #line(line: string): void {
    const most = MOST_BYTES * line.length + 1;
    if (this.#bytes + most > GATHERED) this.#flush();
    if (most > GATHERED) {
      this.#put(Buffer.from(`${line}\n`));
      return;
    }
    this.#bytes += this.#gathered.write(line, this.#bytes);
    this.#gathered[this.#bytes++] = LINE_FEED;
  }

  #flush(): void {
    this.#put(this.#gathered.subarray(0, this.#bytes));
    this.#bytes = 0;
  }

  #put(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
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
