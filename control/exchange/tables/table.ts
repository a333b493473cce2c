import { join } from 'node:path';

/** A table on its way into a file: the same columns whatever the format. */

/** What a column holds. `utc`: whole microseconds since 1970. */
export type ColumnKind = 'number' | 'text' | 'utc';

/** A column: its name ends with its unit, as everywhere. */
export interface TableColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** Unit and meaning, where a format has a place for them. */
  readonly unit?: string;
  readonly meaning?: string;
  /** All words that a text may be, where they are few. */
  readonly words?: readonly string[];
  /** A text that nearly all rows are without. */
  readonly isRare?: boolean;
}

/** Values of one column: NaN or null where there is none. Numbers and times as figures, texts as texts. */
export type ColumnValues = Float64Array | readonly (string | null)[];

/** A file under way. Throws what the disk says. */
export interface OpenTable {
  /** Adds rows, column by column in the order declared. */
  write(columns: readonly ColumnValues[]): void;
  close(): void;
}

/** A file format for tables. */
export interface TableFormat {
  /** Behind the name of the file, e.g. `csv`. */
  readonly extension: string;
  /**
   * Makes a new file. `about`: what it says of itself where the format has a place for that. `rows`: how many will come,
   * about.
   */
  open(
    path: string,
    columns: readonly TableColumn[],
    about: Readonly<Record<string, string>>,
    rows?: number,
  ): OpenTable;
}

/** Where the tables of an export go: files in one of its folders, or parts of one file. */
export interface TablePlace {
  /** Begins a table; `name` without an ending. */
  open(
    name: string,
    columns: readonly TableColumn[],
    about: Readonly<Record<string, string>>,
    rows?: number,
  ): OpenTable;
  /** Where in the export a table stands. */
  where(name: string): string;
}

/** Tables as files of a folder in an export's folder. */
export function tableFiles(dir: string, folder: string, format: TableFormat): TablePlace {
  const where = (name: string): string => `${folder}/${name}.${format.extension}`;
  return {
    open: (name, columns, about, rows) => format.open(join(dir, where(name)), columns, about, rows),
    where,
  };
}

/** Columns of these rows, for small tables: null, undefined and NaN are no value. */
export function columnsOf(
  columns: readonly TableColumn[],
  rows: readonly (readonly (number | string | null | undefined)[])[],
): ColumnValues[] {
  return columns.map(({ kind }, c) =>
    kind === 'text'
      ? rows.map(row => (row[c] === null || row[c] === undefined ? null : String(row[c])))
      : Float64Array.from(rows, row => (typeof row[c] === 'number' ? row[c] : Number.NaN)),
  );
}
