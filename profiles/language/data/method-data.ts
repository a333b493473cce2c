import { dirname, resolve } from 'node:path';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { dataEntrySchema } from '../../data-file/entry.ts';
import { MissingColumnError } from '../../data-file/header.ts';
import { readDataFile, TooShortError } from '../../data-file/read-data-file.ts';
import type { FileRows } from '../../data-file/resample.ts';
import type { Rows } from '../../data-file/timeline.ts';
import { generatedWind } from '../../data-file/wind.ts';
import type { Followed } from '../bench/followed.ts';
import type { DataEnds } from '../bench/looking.ts';
import type { LanguageFiles, ReadCalled } from '../file/calls.ts';
import { columnKeys, OFFERED, offeringKeys, WIND } from '../file/data-entry.ts';
import type { LanguageFile } from '../file/nodes.ts';
import { ownName } from '../layout/own-names.ts';
import { type GivenText, GivenTexts } from './given-texts.ts';

/** The data of a method and of what it calls, ready to be followed. */

/** One entry of `data:`. */
export interface OwnData {
  /** Its file; undefined of a wind that is made. */
  readonly path?: string;
  /** By the names of the columns in the method, each in the unit of its name, at s seconds from second 0. */
  readonly columns: ReadonlyMap<string, (at_s: number) => number>;
  /** What its columns are made from, where all are read as they stand; absent: they are worked out. */
  readonly plain?: ReadonlyMap<string, Rows>;
  /** Where it ends, s; Infinity where it begins again. */
  readonly end_s: number;
  /** The rows of its file; undefined of a wind that is made. */
  readonly rows?: FileRows;
  /** What it was made from: the file with its hash, or the model with its seed. */
  readonly source: string;
  /** What was done to it, a line each. */
  readonly done: readonly string[];
}

/** Data of a method, by the path of its file and their names in it. */
export interface MethodData {
  readonly files: ReadonlyMap<string, OwnData>;
  /** A column in the unit of its name, at s seconds of the file's time. */
  column(name: string, column: string): ((at_s: number) => number) | undefined;
  /** Where it ends, s; Infinity where it repeats. */
  end_s(name: string): number;
  /** What was read and done, a line each, for the terminal and the record. */
  readonly lines: readonly string[];
}

/** Where they end, for the plan of a method. */
export function dataEndsOf({ files }: Pick<MethodData, 'files'>): DataEnds {
  return (path, name) => files.get(ownName(path, name))?.end_s;
}

/** What a person says at the start. */
export interface DataOptions {
  /** Takes the place of the file of the entry `wind`; from the folder of whoever starts the run. */
  readonly wind?: string | undefined;
  /** Of a wind that is made. */
  readonly seed: number;
}

type Keys = Readonly<Record<string, unknown>>;

/** A wind that nobody has bounded is made for so long, s: a week. */
const UNBOUNDED_S = 604_800;
/** The shortest wind that is made, s. */
const SHORTEST_WIND_S = 600;
/** A file is checked so far at least, s. */
const LEAST_S = 60;
/** Mean of a wind that is made, m/s (bench default: a good coastal site). */
const MEAN_M_PER_S = 9;

/**
 * Reads them all, each beside the file that names it; a procedure may leave file and headings to its callers. `followed`:
 * so much of each is looked at; `find`: how called files are found. @throws FileError of the first that cannot be followed
 */
export function readMethodData(
  called: LanguageFiles,
  followed: Followed,
  options: DataOptions,
  read: (path: string) => Uint8Array,
  find: ReadCalled,
): MethodData {
  const { main, procedures } = called;
  const texts = new GivenTexts(called, find);
  const all = [main, ...procedures.values()];
  const entries = ({ head }: LanguageFile): [string, Keys][] =>
    Object.entries({ ...(head['data'] as Readonly<Record<string, Keys>> | undefined) });
  const hasWind = all.some(file => entries(file).some(([name]) => name === WIND));
  if (options.wind !== undefined && !hasWind)
    throw main.errors.error(
      [],
      `--wind ${options.wind}: the method follows no wind, expected an entry called ${WIND} under data:`,
    );
  const files = new Map<string, OwnData>();
  for (const file of all) {
    for (const [name, entry] of entries(file)) {
      const needed_s = followed.get(file.path)?.get(name) ?? 0;
      const meant = meaningOf(entry, word => texts.meaning(file, word));
      const opened = (path: string): Uint8Array => {
        try {
          return read(path);
        } catch (error) {
          const where = path === options.wind ? undefined : fileWordOf(file, name, entry, texts);
          throw error instanceof FileError && where !== undefined ? where(error.message) : error;
        }
      };
      try {
        files.set(ownName(file.path, name), readEntry(file, name, meant, needed_s, options, opened));
      } catch (error) {
        if (error instanceof MissingColumnError)
          throw atItsColumn(error, file, name, entry, word => texts.meaning(file, word));
        const isGiven = name === WIND && options.wind !== undefined;
        const where = isGiven ? undefined : fileWordOf(file, name, entry, texts);
        throw error instanceof TooShortError && where !== undefined ? where(error.said) : error;
      }
    }
  }
  return methodData(files);
}

/** Data that are read, by the path of their file and their names in it. */
export function methodData(files: MethodData['files']): MethodData {
  return {
    files,
    column: (name, column) => files.get(name)?.columns.get(column),
    end_s: name => files.get(name)?.end_s ?? Number.POSITIVE_INFINITY,
    lines: [...files].flatMap(([name, { source, done }]) =>
      [source, ...done].map(line => `load ${name.slice(name.indexOf('#') + 1)}: ${line}`),
    ),
  };
}

/** Makes an error at the place where a method, or who calls it, names the file of an entry; undefined: it names none. */
function fileWordOf(
  file: LanguageFile,
  name: string,
  entry: Keys,
  texts: GivenTexts,
): ((what: string) => Error) | undefined {
  const word = entry['file'];
  if (typeof word !== 'string') return undefined;
  const { at } = texts.meaning(file, word);
  const [where, place] = at === undefined ? [file, ['data', name, 'file']] : [at.file, at.place];
  return what => where.errors.valueError(place, what);
}

/** What is wrong with a heading, at the place where the method names it. */
function atItsColumn(
  { column, said, message }: MissingColumnError,
  file: LanguageFile,
  name: string,
  entry: Keys,
  meaning: (word: string) => GivenText,
): Error {
  for (const [key, value] of Object.entries(entry)) {
    const words: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const [i, word] of words.entries()) {
      const meant = typeof word === 'string' ? meaning(word) : undefined;
      if (key === 'file' || (meant?.text ?? word) !== column) continue;
      if (meant?.at !== undefined) return meant.at.file.errors.valueError(meant.at.place, said);
      return file.errors.valueError(['data', name, key, ...(Array.isArray(value) ? [i] : [])], said);
    }
  }
  return file.errors.error(['data', name], message);
}

/** What its words mean where they are parameters; `from`: the file from whose folder its own file is named. */
interface Meant {
  readonly entry: Keys;
  readonly from: string | undefined;
}

function meaningOf(
  entry: Keys,
  meaning: (word: string) => { readonly text: string; readonly from: string },
): Meant {
  const pairs = Object.entries(entry).map(([key, value]): [string, unknown] => [
    key,
    typeof value === 'string' ? meaning(value).text : value,
  ]);
  const named = entry['file'];
  return {
    entry: Object.fromEntries(pairs),
    from: typeof named === 'string' ? meaning(named).from : undefined,
  };
}

function readEntry(
  file: LanguageFile,
  name: string,
  { entry, from = file.path }: Meant,
  needed_s: number,
  { wind, seed }: DataOptions,
  read: (path: string) => Uint8Array,
): OwnData {
  const given = name === WIND ? wind : undefined;
  const isMade = 'generated' in entry;
  if (isMade && given === undefined) return madeWind(entry, needed_s, seed);
  const named = entry['file'];
  if (given === undefined && typeof named !== 'string')
    throw file.errors.error(['data', name], 'no file is named, expected file: with its name, or --wind FILE');
  const path = given ?? resolve(dirname(from), String(named));
  const {
    columns,
    end_s,
    source,
    done,
    lines: rows,
  } = readDataFile(
    path,
    read(path),
    plainEntry(isMade ? {} : entry),
    needed_s === 0 ? 0 : Math.max(LEAST_S, needed_s),
  );
  const byName = columns.flatMap(({ name: own, value, part }): [string, (at_s: number) => number][] => [
    [own, value],
    ...(part === undefined ? [] : [[OFFERED, (at_s: number) => 100 * part(at_s)] as [string, typeof part]]),
  ]);
  const plain = columns.flatMap(({ name: own, plain: of }) => (of === undefined ? [] : [[own, of] as const]));
  const isPlain = plain.length === byName.length;
  const made = isPlain ? { plain: new Map(plain) } : {};
  return { path, columns: new Map(byName), ...made, end_s, source, done, rows };
}

/** The entry as a reader of files takes it: the column that offers power under its key, all others as they stand. */
function plainEntry(entry: Keys): ReturnType<typeof dataEntrySchema.parse> & { readonly columns: Columns } {
  const offers = offeringKeys(entry);
  const plainly = columnKeys(entry).filter(key => !offers.some(of => of === key));
  const rest = Object.fromEntries(Object.entries(entry).filter(([key]) => !plainly.includes(key)));
  const columns = Object.fromEntries(plainly.map(key => [key, entry[key] as string | number]));
  const repeat = [true, 'on'].includes(entry['repeat'] as string | boolean);
  return { ...dataEntrySchema.parse({ ...rest, repeat }), columns };
}

type Columns = Readonly<Record<string, string | number>>;

function madeWind(entry: Keys, needed_s: number, seed: number): OwnData {
  const number = (key: string, otherwise: number): number => Number(entry[key] ?? otherwise);
  const seconds = needed_s === 0 ? UNBOUNDED_S : Math.max(SHORTEST_WIND_S, Math.ceil(needed_s));
  const { power_frac, source } = generatedWind(
    {
      seconds,
      mean_m_per_s: number('mean_m_per_s', MEAN_M_PER_S),
      turbulence_frac: number('turbulence_pct', 14) / 100,
      slow_frac: number('slow_pct', 20) / 100,
      hub_m: number('hub_m', 90),
      seed,
    },
    seededRandom(seed),
  );
  const offered = (at_s: number): number =>
    100 * power_frac[Math.max(0, Math.min(power_frac.length - 1, Math.floor(at_s + 1e-6)))];
  return { columns: new Map([[OFFERED, offered]]), end_s: Number.POSITIVE_INFINITY, source, done: [] };
}
