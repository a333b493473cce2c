import type { Place } from '../../../drivers/contract/explain.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { type LanguageFiles, type ReadCalled, readWithCalls } from '../file/calls.ts';
import { LanguageError } from '../file/language-error.ts';
import { allSteps, topLists } from '../file/nodes.ts';
import { sourceOf } from '../file/source.ts';
import { type Difference, Ledger } from './ledger.ts';
import { leavesOf, type PlainLimits, type PlainMethod } from './plain-step.ts';
import { type Reach, reachOf } from './reach.ts';
import { readBattinfo } from './read/battinfo.ts';
import { methodText, type ReadMethod } from './read/method-text.ts';
import { readPybamm } from './read/pybamm.ts';
import { readUnicycler } from './read/unicycler.ts';
import { spell } from './spell/spell.ts';
import type { FormatKey } from './table.ts';
import { writeBattinfo } from './write/battinfo.ts';
import { writeBiologic } from './write/biologic.ts';
import { writeMaccor } from './write/maccor.ts';
import { writeNeware } from './write/neware.ts';
import type { Writing } from './write/parts.ts';
import { writePybamm } from './write/pybamm.ts';
import { writeUnicycler } from './write/unicycler.ts';

/** A method in another language: from any that is read to any that is written. */

export const READ_FORMATS = ['cellbench', 'unicycler', 'pybamm', 'battinfo'] as const;
export type ReadFormat = (typeof READ_FORMATS)[number];

/** What a conversion needs beside the file. */
export interface Conversion {
  readonly to: FormatKey | 'cellbench';
  /** Differences are written and listed; else the first is refused. */
  readonly accepts: boolean;
  /** Figures of what is tested: capacity_Ah, voltageMax_V ... */
  readonly subject: Readonly<Record<string, number>>;
  /** Figures of the bench: tankVolume_L ... */
  readonly bench: Readonly<Record<string, number>>;
  readonly find: ReadCalled;
  /** Seconds since 1970. */
  readonly utc_s: number;
}

/** What came of it. */
export interface Converted {
  readonly from: ReadFormat;
  readonly text: string;
  readonly encoding: 'utf8' | 'latin1';
  readonly differences: readonly Difference[];
  /** Steps that drive the cell or let it rest, loops gone through once; undefined where none are told apart. */
  readonly steps?: number;
  /** How far its steps go, and its own limits as far as the other language has them. */
  readonly reach?: Reach;
  readonly limits?: PlainLimits | undefined;
}

const WRITERS: Readonly<Record<Exclude<FormatKey, 'battinfo'>, (method: PlainMethod, w: Writing) => string>> =
  {
    unicycler: writeUnicycler,
    pybamm: writePybamm,
    neware: writeNeware,
    biologic: writeBiologic,
    maccor: writeMaccor,
  };

/** In which language a file is written, by its ending and, of JSON, by its keys. */
export function formatOf(path: string, text: string): ReadFormat {
  if (/\.ya?ml$/i.test(path)) return 'cellbench';
  if (/\.(py|txt)$/i.test(path)) return 'pybamm';
  if (/^\s*\{/.test(text)) return /"(test_spec|schema_version)"\s*:/.test(text) ? 'battinfo' : 'unicycler';
  return 'pybamm';
}

/** @throws FileError with the line of what cannot be read or written */
export function convert(path: string, text: string, conversion: Conversion): Converted {
  const { to, accepts, find } = conversion;
  if (/\.(xml|mps|000)$/i.test(path))
    throw new FileError(
      path,
      0,
      `files of cyclers are only written, expected one of ${READ_FORMATS.join(', ')}`,
    );
  const from = formatOf(path, text);
  if (from === 'cellbench') {
    if (to === 'cellbench') throw new FileError(path, 0, 'is a method of cellbench already');
    const ledger = new Ledger(to, accepts);
    return { from, ...write({ path, text }, readWithCalls(path, text, find), conversion, ledger) };
  }
  const ledger = new Ledger(from, accepts);
  const method = methodText(readForeign(from, { path, text }, ledger));
  const ownPath = `${path} (as a method)`;
  const files = readWithCalls(ownPath, method, () => undefined);
  if (to === 'cellbench') return { from, text: method, encoding: 'utf8', differences: ledger.differences };
  const writing = new Ledger(to, accepts);
  const written = write({ path: ownPath, text: method }, files, conversion, writing);
  return { from, ...written, differences: [...ledger.differences, ...written.differences] };
}

function readForeign(
  from: Exclude<ReadFormat, 'cellbench'>,
  { path, text }: Writing['source'],
  ledger: Ledger,
): ReadMethod {
  const name = (path.split('/').at(-1) ?? path).replace(/\.[^.]*$/, '') || 'experiment';
  if (from === 'pybamm') return readPybamm(path, text, name);
  const source = sourceOf(path, text);
  return from === 'unicycler' ? readUnicycler(source, name, ledger) : readBattinfo(source, ledger);
}

function write(
  source: Writing['source'],
  files: LanguageFiles,
  { to, accepts, subject, bench, find, utc_s }: Conversion,
  ledger: Ledger,
): Omit<Converted, 'from'> {
  const data = {
    ...(files.main.head['data'] as Readonly<Record<string, { readonly file?: string }>> | undefined),
  };
  const dataFiles = Object.values(data).flatMap(entry => entry.file ?? []);
  const writing: Writing = { ledger, source, dataFiles, utc_s };
  if (to === 'cellbench') throw new FileError(source.path, 0, 'is a method of cellbench already');
  const method =
    to === 'battinfo'
      ? wholeOrNone(files, { find, subject, bench, ledger }, accepts)
      : spell(files, { find, subject, bench, ledger });
  const text =
    to === 'battinfo' || method === undefined
      ? writeBattinfo(method, files.main.name, writing)
      : WRITERS[to](method, writing);
  return {
    text,
    encoding: to === 'biologic' ? 'latin1' : 'utf8',
    differences: ledger.differences,
    ...(method === undefined
      ? {}
      : {
          steps: [...leavesOf(method.steps)].length,
          reach: reachOf(method),
          limits: method.limits,
        }),
  };
}

/**
 * A protocol may go without its description: what runs is the file beside it. Then that is listed, with what kept it from
 * being described and every step that is missing.
 */
function wholeOrNone(
  files: LanguageFiles,
  spelling: Parameters<typeof spell>[1],
  accepts: boolean,
): PlainMethod | undefined {
  try {
    return spell(files, spelling);
  } catch (error) {
    if (!accepts || !(error instanceof LanguageError)) throw error;
    const { main } = files;
    const { ledger } = spelling;
    // What would have been otherwise in the steps is not there at all.
    ledger.forget();
    const left = (place: Place, what: string): void =>
      ledger.note(main.path, text => main.errors.error(place, text), what);
    left([main.kind], 'nothing of the method is in the file, which only names this one with its hash');
    ledger.note(error.file, () => error, error.what);
    for (const step of topLists(main).flatMap(list => [...allSteps(list)]))
      left([...step.place, step.kind.key], 'is not in the file');
    return undefined;
  }
}
