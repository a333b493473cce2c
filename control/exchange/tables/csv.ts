import { closeSync, openSync, writeSync } from 'node:fs';
import { CsvLines, type Decimal } from './csv-lines.ts';
import type { ColumnValues, OpenTable, TableColumn, TableFormat } from './table.ts';

/** CSV by RFC 4180 with line feeds: one line of names, no value is an empty cell, never the text NaN. */

/** So much is gathered before it goes to the disk, bytes. */
const GATHERED = 1 << 20;
/** Bytes of a character in UTF-8, at most, for each unit of JavaScript's texts. */
const MOST_BYTES = 3;
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
  readonly #lines: CsvLines;
  readonly #gathered = Buffer.allocUnsafe(GATHERED);
  #bytes = 0;

  constructor(path: string, columns: readonly TableColumn[], decimal: Decimal) {
    this.#file = openSync(path, 'wx');
    this.#lines = new CsvLines(columns, decimal);
    this.#line(this.#lines.head());
  }

  write(columns: readonly ColumnValues[]): void {
    const rows = columns[0]?.length ?? 0;
    for (let r = 0; r < rows; r++) this.#line(this.#lines.line(columns, r));
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
}
