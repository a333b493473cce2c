import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { plainReason } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { isUnfinished } from '../../exchange/pack/new-folder.ts';
import { readResult } from '../../exchange/recorded-run.ts';
import { openReadOnly } from '../../record/read-only.ts';
import { resultInRecord } from '../../review/recorded-result.ts';
import type { RunResult } from '../../review/result.ts';
import { goingOf } from './going.ts';

/** The runs in a folder, with what their results say. */

/** One run's folder. */
export interface ListedRun {
  readonly name: string;
  readonly dir: string;
  readonly method: string;
  readonly bench: string;
  readonly mode: string;
  readonly startedUtc: string;
  /** The result's verdict; without a result, why there is none. */
  readonly verdict: string;
  readonly criteria: string;
  /** Run time, s; null without a result. */
  readonly duration_s: number | null;
  readonly rows: number | null;
  /** All files of the folder but its exports, bytes. */
  readonly bytes: number;
  /** Whole exports in the folder, by name. */
  readonly exports: readonly string[];
  /** True while a program may be writing it, or one that was cut off left it so. */
  readonly isOpen: boolean;
  readonly result: RunResult | undefined;
}

/** Runs right below a folder, the oldest first. @throws FileError where there is no such folder */
export function runsIn(folder: string): ListedRun[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new FileError(folder, 0, `cannot be read: ${plainReason(error)}, expected a folder of runs`);
  }
  return names
    .filter(name => holdsRun(folder, name))
    .map(name => listedRun(name, join(folder, name)))
    .sort((a, b) =>
      a.startedUtc === b.startedUtc ? (a.name < b.name ? -1 : 1) : a.startedUtc < b.startedUtc ? -1 : 1,
    );
}

/** True of a folder with the record of a run that nobody is making or taking away just now. */
export function holdsRun(folder: string, name: string): boolean {
  return !isUnfinished(name) && goingOf(name) === undefined && existsSync(join(folder, name, 'run.sqlite'));
}

/** One run by its folder, which must hold a record. */
export function listedRun(name: string, dir: string): ListedRun {
  const { result, isDamaged } = resultIn(dir);
  const exports = readdirSync(dir).filter(
    entry => !isUnfinished(entry) && existsSync(join(dir, entry, 'SHA256SUMS')),
  );
  const isOpen = existsSync(join(dir, 'run.sqlite-wal'));
  const common = { name, dir, bytes: bytesOf(dir, exports), exports, isOpen, result };
  if (result !== undefined) {
    const { method, bench, mode, startedUtc, criteria, simulated_s, rows } = result;
    const verdict = isDamaged
      ? `${result.verdict} (by result.json: the record cannot be read)`
      : result.verdict;
    return { ...common, method, bench, mode, startedUtc, verdict, criteria, duration_s: simulated_s, rows };
  }
  const meta = metaOf(join(dir, 'run.sqlite'));
  return {
    ...common,
    method: meta.get('method') ?? '',
    bench: meta.get('bench') ?? '',
    mode: meta.get('mode') ?? '',
    startedUtc: meta.get('startedUtc') ?? '',
    verdict: whyNone(dir, isOpen, meta),
    criteria: '',
    duration_s: null,
    rows: null,
  };
}

/** What the record itself says, as it is sealed; of older records and of one that cannot be read, `result.json`. */
function resultIn(dir: string): { result: RunResult | undefined; isDamaged: boolean } {
  try {
    const result = resultInRecord(join(dir, 'run.sqlite')) ?? readResult(join(dir, 'result.json'));
    return { result, isDamaged: false };
  } catch {
    return { result: readResult(join(dir, 'result.json')), isDamaged: true };
  }
}

function whyNone(dir: string, isOpen: boolean, meta: ReadonlyMap<string, string>): string {
  if (meta.size === 0) return 'the record cannot be read';
  if (existsSync(join(dir, 'result.json'))) return 'result.json of another version';
  return isOpen ? 'under way, or cut off' : 'cut off: no result';
}

function metaOf(path: string): Map<string, string> {
  try {
    const db = openReadOnly(path);
    try {
      const rows = db.prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[];
      return new Map(rows.map(({ key, value }) => [key, value]));
    } finally {
      db.close();
    }
  } catch {
    // A record that is damaged is listed all the same, and said to be.
    return new Map();
  }
}

/** Bytes of a folder's files without these entries. */
export function bytesOf(dir: string, without: readonly string[]): number {
  return readdirSync(dir, { withFileTypes: true })
    .filter(entry => !without.includes(entry.name))
    .reduce((sum, entry) => {
      const path = join(dir, entry.name);
      return (
        sum +
        (entry.isDirectory() ? bytesOf(path, []) : (statSync(path, { throwIfNoEntry: false })?.size ?? 0))
      );
    }, 0);
}

/**
 * A result that must be there, of a run's folder, its record or a `result.json`. @throws FileError that says what is wrong
 * with it
 */
export function resultOfRun(run: string): RunResult {
  const isFolder = statSync(run, { throwIfNoEntry: false })?.isDirectory() === true;
  const record = isFolder ? join(run, 'run.sqlite') : run;
  const path = isFolder ? join(run, 'result.json') : run;
  if (isFolder && existsSync(record) && !isRecord(record))
    throw new FileError(
      record,
      0,
      `no record of a run, expected run.sqlite as it was written; ${path} can be compared by itself, unproven`,
    );
  if (isRecord(record)) {
    const recorded = resultInRecord(record);
    if (recorded !== undefined) return recorded;
    if (!isFolder)
      throw new FileError(
        run,
        0,
        'holds no result: the run is under way, was cut off, or is of an older version, expected one that has ended',
      );
  }
  if (!existsSync(path)) throw new FileError(path, 0, "no such file, expected result.json of a run's folder");
  const result = readResult(path);
  if (result !== undefined) return result;
  const version = /"version":\s*(\d+)/.exec(readFileSync(path, 'utf8'))?.[1];
  const found =
    version === undefined ? 'is no result of cellbench' : `has a form that is not known (version ${version})`;
  throw new FileError(path, 0, `${found}, expected result.json as this version writes it`);
}

/** By its first bytes. */
function isRecord(path: string): boolean {
  if (!existsSync(path)) return false;
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(15);
    readSync(file, head);
    return head.toString('latin1') === 'SQLite format 3';
  } finally {
    closeSync(file);
  }
}
