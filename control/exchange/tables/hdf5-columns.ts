import type { Dataset, Group } from 'h5wasm/node';
import type { ColumnValues, TableColumn } from './table.ts';
import { TextSpill } from './text-spill.ts';

/** Columns of a table as datasets of HDF5, written chunk by chunk. */

/** Where a column goes. */
export interface Named {
  readonly group: Group;
  /** How files begin in which texts wait. */
  readonly spill: string;
  readonly chunkRows: number;
}

/** Fast, and nearly as small as the best. */
const GZIP_LEVEL = 2;
/** What none of a column's words is. */
const OTHER_WORD = 255;
/** Bytes of the texts that are packed at once. */
const TEXT_BYTES = 1 << 20;

/** A column under way. Throws what the library or the disk says. */
export abstract class Hdf5Column {
  abstract add(values: ColumnValues): void;
  abstract close(): void;

  /** The dataset, or the two of them, that a column of this kind becomes. */
  static of(column: TableColumn, to: Named): Hdf5Column {
    if (column.kind !== 'text') return new FigureColumn(column, to);
    if (column.words !== undefined) return new WordColumn(column, column.words, to);
    return column.isRare === true ? new RareColumn(column, to) : new TextColumn(column, to);
  }
}

type Figures = Float64Array | BigInt64Array | Uint8Array | Int32Array;

/** Figures of one kind: so many wait as a chunk takes. */
class Chunked<T extends Figures> {
  readonly #dataset: Dataset;
  readonly #chunk: T;
  #waiting = 0;
  #rows = 0;

  constructor(name: string, dtype: string, chunk: T, { group, chunkRows }: Named) {
    this.#chunk = chunk;
    this.#dataset = group.create_dataset({
      name,
      data: chunk.subarray(0, 0) as Float64Array,
      shape: [0],
      dtype,
      maxshape: [null],
      chunks: [chunkRows],
      compression: 'gzip',
      compression_opts: [GZIP_LEVEL],
    });
  }

  attribute(name: string, value: string | Uint8Array): void {
    this.#dataset.create_attribute(name, value);
  }

  push(value: T[number]): void {
    this.#chunk[this.#waiting++] = value;
    if (this.#waiting === this.#chunk.length) this.flush();
  }

  /** Many at once. */
  set(values: Float64Array): void {
    for (let from = 0; from < values.length; ) {
      const taken = Math.min(values.length - from, this.#chunk.length - this.#waiting);
      (this.#chunk as Float64Array).set(values.subarray(from, from + taken), this.#waiting);
      this.#waiting += taken;
      from += taken;
      if (this.#waiting === this.#chunk.length) this.flush();
    }
  }

  flush(): void {
    if (this.#waiting === 0) return;
    const to = this.#rows + this.#waiting;
    this.#dataset.resize([to]);
    this.#dataset.write_slice([[this.#rows, to]], this.#chunk.subarray(0, this.#waiting));
    this.#rows = to;
    this.#waiting = 0;
  }
}

function say(to: { attribute(name: string, value: string): void }, { unit, meaning }: TableColumn): void {
  if (unit !== undefined && unit !== '') to.attribute('units', unit);
  if (meaning !== undefined && meaning !== '') to.attribute('long_name', meaning);
}

/** Doubles, NaN where there is no value; times as whole microseconds since 1970. */
class FigureColumn extends Hdf5Column {
  readonly #doubles: Chunked<Float64Array> | undefined;
  readonly #times: Chunked<BigInt64Array> | undefined;

  constructor(column: TableColumn, to: Named) {
    super();
    if (column.kind === 'utc') {
      this.#times = new Chunked(column.name, '<q', new BigInt64Array(to.chunkRows), to);
      say(this.#times, { ...column, unit: 'microseconds since 1970-01-01T00:00:00Z' });
    } else {
      this.#doubles = new Chunked(column.name, '<d', new Float64Array(to.chunkRows), to);
      say(this.#doubles, column);
    }
  }

  add(values: ColumnValues): void {
    this.#doubles?.set(values as Float64Array);
    if (this.#times !== undefined) for (const value of values) this.#times.push(BigInt(value ?? 0));
  }

  close(): void {
    this.#doubles?.flush();
    this.#times?.flush();
  }
}

/** One of a few words a row: its place among them, which are in the attributes as CF has them. */
class WordColumn extends Hdf5Column {
  readonly #places: ReadonlyMap<string | number | null, number>;
  readonly #codes: Chunked<Uint8Array>;

  constructor(column: TableColumn, words: readonly string[], to: Named) {
    super();
    this.#places = new Map(words.map((word, place) => [word, place]));
    this.#codes = new Chunked(column.name, '<B', new Uint8Array(to.chunkRows), to);
    say(this.#codes, column);
    this.#codes.attribute('flag_values', Uint8Array.from([...words.keys(), OTHER_WORD]));
    this.#codes.attribute('flag_meanings', [...words, 'other'].join(' '));
  }

  add(values: ColumnValues): void {
    for (const value of values) this.#codes.push(this.#places.get(value) ?? OTHER_WORD);
  }

  close(): void {
    this.#codes.flush();
  }
}

/** A text a row, in UTF-8, zeros behind it. */
class TextColumn extends Hdf5Column {
  readonly #column: TableColumn;
  readonly #group: Group;
  readonly #spill: TextSpill;

  constructor(column: TableColumn, { group, spill }: Named) {
    super();
    this.#column = column;
    this.#group = group;
    this.#spill = new TextSpill(`${spill}-${group.path.replaceAll('/', '-')}-${column.name}`);
  }

  add(values: ColumnValues): void {
    for (const value of values) this.#spill.add(value === null ? '' : String(value));
  }

  close(): void {
    try {
      const size = Math.max(1, this.#spill.longest);
      const rows = this.#spill.count;
      const atOnce = Math.max(1, Math.min(8192, Math.floor(TEXT_BYTES / size)));
      const dataset = this.#group.create_dataset({
        name: this.#column.name,
        data: [],
        shape: [0],
        dtype: `S${size}`,
        maxshape: [null],
        chunks: [atOnce],
        compression: 'gzip',
        compression_opts: [GZIP_LEVEL],
      });
      if (rows > 0) dataset.resize([rows]);
      let at = 0;
      for (const piece of this.#spill.pieces(atOnce)) {
        dataset.write_slice([[at, at + piece.length]], piece);
        at += piece.length;
      }
      say({ attribute: (name, value) => dataset.create_attribute(name, value) }, this.#column);
    } finally {
      this.#spill.drop();
    }
  }
}

/** Texts that nearly all rows are without: the rows (from 0) that have one, and beside them the texts. */
class RareColumn extends Hdf5Column {
  readonly #rows: Chunked<Int32Array>;
  readonly #texts: TextColumn;
  #row = 0;

  constructor(column: TableColumn, to: Named) {
    super();
    const name = `${column.name}_row`;
    this.#rows = new Chunked(name, '<i', new Int32Array(to.chunkRows), to);
    this.#rows.attribute(
      'long_name',
      `rows of the table, from 0, that the texts of ${column.name} belong to`,
    );
    this.#texts = new TextColumn(column, to);
  }

  add(values: ColumnValues): void {
    for (const value of values) {
      if (value !== null) {
        this.#rows.push(this.#row);
        this.#texts.add([String(value)]);
      }
      this.#row++;
    }
  }

  close(): void {
    this.#rows.flush();
    this.#texts.close();
  }
}
