import { dirname, resolve } from 'node:path';
import type { LanguageFiles, ReadCalled } from '../file/calls.ts';
import type { LanguageFile } from '../file/nodes.ts';
import { ownName } from '../layout/own-names.ts';
import { GivenTexts } from './given-texts.ts';
import { type DataEntry, type DataFile, readDataFile } from './read-data.ts';

/** The data files of a method and of what it calls. */

/** Data files of a method, by their names in it. */
export interface MethodData {
  readonly files: ReadonlyMap<string, DataFile>;
  /** A column in the unit of its name, at s seconds of the file's time. */
  column(name: string, column: string): ((at_s: number) => number) | undefined;
  /** Where it ends, s; Infinity where it repeats. */
  end_s(name: string): number;
  /** What was read, a line each, for the record. */
  readonly lines: readonly string[];
}

const PLAIN = ['file', 'time', 'time_s', 'zone', 'from', 'between', 'repeat', 'separator', 'decimal'];

/**
 * Reads them all, each beside the file that names it; a procedure may leave file and headings to its callers. `find`: how
 * called files are found. @throws FileError of the first that cannot be followed
 */
export function readMethodData(
  called: LanguageFiles,
  read: (path: string) => Uint8Array,
  find: ReadCalled,
): MethodData {
  const { main, procedures } = called;
  const texts = new GivenTexts(called, find);
  const files = new Map<string, DataFile>();
  for (const file of [main, ...procedures.values()]) {
    for (const [name, entry] of entriesOf(file, word => texts.meaning(file, word).text)) {
      const named = texts.meaning(file, entry.file);
      const path = resolve(dirname(named.from), named.text);
      files.set(ownName(file.path, name), readDataFile(path, read(path), entry));
    }
  }
  return {
    files,
    column: (name, column) => {
      const series = files.get(name)?.columns.get(column);
      return series === undefined ? undefined : at_s => series.value(at_s);
    },
    end_s: name => files.get(name)?.end_s ?? Number.POSITIVE_INFINITY,
    lines: [...files].map(([name, { path, rows, step_s, sha256 }]) => {
      const own = name.slice(name.indexOf('#') + 1);
      return `load ${own}: ${path} (${rows} rows, one every ${Number(step_s.toPrecision(6))} s, sha256 ${sha256})`;
    }),
  };
}

/** `meaning`: of a heading, which may be a parameter. */
function entriesOf(
  { head }: LanguageFile,
  meaning: (word: string) => string,
): readonly (readonly [string, DataEntry])[] {
  const written = Object.entries({ ...(head['data'] as Readonly<Record<string, object>> | undefined) });
  return written.map(([name, entry]) => {
    const pairs = Object.entries(entry).map(([key, value]): [string, unknown] => [
      key,
      typeof value === 'string' && key !== 'file' ? meaning(value) : value,
    ]);
    const columns = Object.fromEntries(pairs.filter(([key]) => !PLAIN.includes(key)));
    const plain = Object.fromEntries(pairs.filter(([key]) => PLAIN.includes(key)));
    return [name, { ...plain, columns } as unknown as DataEntry];
  });
}
