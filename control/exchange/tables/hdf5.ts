import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { File, Group } from 'h5wasm/node';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { Hdf5Column, type Named } from './hdf5-columns.ts';
import type { ColumnValues, OpenTable, TableColumn, TablePlace } from './table.ts';

/** One HDF5 file for all tables of an export: a group for each table, a dataset for each column. */

/** Rows of a chunk: so many wait in memory, column by column, and are packed together. */
const CHUNK_ROWS = 8192;
const LEAST_ROOM_BYTES = 1 << 20;

/** An HDF5 file under way. Throws `FileError` where it cannot be written. */
export class Hdf5File {
  readonly #path: string;
  readonly #file: File;

  private constructor(path: string, file: File) {
    this.#path = path;
    this.#file = file;
  }

  /** Makes a new file. The library is some 4 MB and only loaded for it. */
  static async create(path: string, about: Readonly<Record<string, string>>): Promise<Hdf5File> {
    const { default: h5wasm } = await import('h5wasm/node');
    const module = await h5wasm.ready;
    // Without this a full disk is a line on stderr.
    module.activate_throwing_error_handler();
    return told(path, () => {
      const file = new h5wasm.File(path, 'x');
      for (const [name, text] of Object.entries(about)) file.create_attribute(name, text);
      return new Hdf5File(path, file);
    });
  }

  /** Tables in a group of the file. `file` is how the export names it. */
  place(group: string, file: string): TablePlace {
    return {
      open: (name, columns, about) =>
        told(this.#path, () => {
          const above = (this.#file.get(group) as Group | null) ?? this.#file.create_group(group);
          return new Hdf5Table(this.#path, above.create_group(name), columns, about);
        }),
      where: name => `${file}:/${group}/${name}`,
    };
  }

  close(): void {
    told(this.#path, () => this.#file.close());
  }
}

class Hdf5Table implements OpenTable {
  readonly #path: string;
  readonly #columns: readonly Hdf5Column[];

  constructor(
    path: string,
    group: Group,
    columns: readonly TableColumn[],
    about: Readonly<Record<string, string>>,
  ) {
    this.#path = path;
    for (const [name, text] of Object.entries(about)) group.create_attribute(name, text);
    // Readers show members by name; this is their order in a table.
    const order = columns.map(({ name }) => name);
    if (order.length > 0) group.create_attribute('column_order', order);
    const to: Named = { group, spill: `${path}.texts`, chunkRows: CHUNK_ROWS };
    this.#columns = columns.map(column => Hdf5Column.of(column, to));
  }

  write(columns: readonly ColumnValues[]): void {
    told(this.#path, () => {
      for (const [c, values] of columns.entries()) this.#columns[c].add(values);
    });
  }

  close(): void {
    told(this.#path, () => {
      for (const column of this.#columns) column.close();
    });
  }
}

/** Does it; what the library says of a failure is a page for its makers. @throws FileError */
function told<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    // The disk speaks for itself.
    if (error instanceof Error && 'syscall' in error) throw error;
    const { bavail, bsize } = statfsSync(dirname(path));
    const why = bavail * bsize < LEAST_ROOM_BYTES ? 'no space is left on the disk' : messageOf(error);
    throw new FileError(path, 0, `cannot be written: ${why}, expected room for a new file`);
  }
}
