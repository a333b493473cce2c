import { constants, zstdCompressSync } from 'node:zlib';
import type { KeyValue, SchemaElement } from 'hyparquet';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import { whole } from '../../../drivers/contract/code/threads.ts';
import type { ColumnKind, ColumnValues, OpenTable, TableColumn, TableFormat } from './table.ts';

/** Parquet: doubles as they are, packed with zstd, row group by row group so that little is in memory. */

/** A row group has so many values: a column of each group is an entry in the file's foot, and in memory until then. */
const LEAST_VALUES = 500_000;
const MOST_VALUES = 8_000_000;
const MOST_GROUPS = 450;
const MOST_ROWS = 100_000;
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

const ELEMENTS: Readonly<Record<ColumnKind, Omit<SchemaElement, 'name'>>> = {
  number: { type: 'DOUBLE' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  utc: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  },
};

/** The Parquet format. What a file says of itself stands in its key-value metadata. */
export const parquetFormat: TableFormat = {
  extension: 'parquet',
  open: (path, columns, about, rows = 0) => new ParquetTable(path, columns, about, rows),
};

class ParquetTable implements OpenTable {
  readonly #writer: ParquetWriter;
  readonly #columns: readonly TableColumn[];
  readonly #groupRows: number;
  /** Rows that wait for their group. */
  #parts: (readonly ColumnValues[])[] = [];
  #rows = 0;

  constructor(
    path: string,
    columns: readonly TableColumn[],
    about: Readonly<Record<string, string>>,
    rows: number,
  ) {
    this.#columns = columns;
    const share = (rows * columns.length) / MOST_GROUPS;
    const values = Math.min(MOST_VALUES, Math.max(LEAST_VALUES, share));
    this.#groupRows = Math.min(MOST_ROWS, Math.ceil(values / columns.length));
    const schema: SchemaElement[] = [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, kind }) => ({ name, repetition_type: 'OPTIONAL' as const, ...ELEMENTS[kind] })),
    ];
    const kvMetadata: KeyValue[] = Object.entries(about).map(([key, value]) => ({ key, value }));
    this.#writer = new ParquetWriter({
      writer: fileWriter(path),
      schema,
      codec: 'ZSTD',
      compressors: { ZSTD: bytes => whole(() => zstdCompressSync(bytes, ZSTD)) },
      kvMetadata,
      createdBy: 'cellbench',
    });
  }

  write(columns: readonly ColumnValues[]): void {
    this.#parts.push(columns);
    this.#rows += columns[0]?.length ?? 0;
    if (this.#rows >= this.#groupRows) this.#group();
  }

  close(): void {
    if (this.#rows > 0) this.#group();
    // The file is written as it comes: nothing is left to wait for.
    void this.#writer.finish();
  }

  #group(): void {
    const columnData = this.#columns.map(({ name, kind }, c) => ({
      name,
      data: valuesOf(
        kind,
        this.#parts.map(part => part[c]),
        this.#rows,
      ),
    }));
    void this.#writer.write({ columnData, rowGroupSize: this.#rows });
    this.#parts = [];
    this.#rows = 0;
  }
}

type Data = Float64Array | (number | null)[] | (string | null)[] | (bigint | null)[];

/** The parts of a column as one, in the form that the writer takes: without a value is null. */
function valuesOf(kind: ColumnKind, parts: readonly ColumnValues[], rows: number): Data {
  if (kind === 'text') return parts.flatMap(part => part as readonly (string | null)[]);
  const figures = new Float64Array(rows);
  let at = 0;
  for (const part of parts) {
    figures.set(part as Float64Array, at);
    at += part.length;
  }
  if (kind === 'utc') return Array.from(figures, value => (Number.isNaN(value) ? null : BigInt(value)));
  return figures.some(Number.isNaN)
    ? Array.from(figures, value => (Number.isNaN(value) ? null : value))
    : figures;
}
