import type { Clock } from '../../../drivers/contract/clock.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { isOfMethod } from '../../contract/input-kind.ts';
import { isInStep, type RunState } from '../../contract/run-state.ts';
import { openRunSource, type RunSource } from '../../exchange/recorded-run.ts';
import type { WalDamage } from '../../record/damage/wal.ts';
import type { JournalEvent } from '../../record/events.ts';
import { eventsOf, readEvents } from '../../record/recorded-events.ts';
import type { Input } from '../../review/result.ts';
import type { RunSaved } from '../../run/checkpoint.ts';
import { readCheckpoint } from '../../run/read-checkpoint.ts';
import { stillOf } from '../../run/resume/still.ts';
import { limitsIn, type TakesUp } from '../../run/resume/take-up.ts';
import { cutOffOf } from '../result/cut-off.ts';
import { refuseWhereWritten } from '../runs/nobody-writes.ts';
import { type Given, givenOf } from './given.ts';

/** A run on instruments whose program is gone: what its record knows, so that another program can go on with it. */
export interface CutRun extends TakesUp {
  readonly dir: string;
  readonly path: string;
  /** What it was made of, as it was last, and the files as they were. */
  readonly given: Given;
  readonly inputs: readonly Input[];
  /** All files that were ever a part of it. */
  readonly made: readonly Input[];
  readonly startedUtc: string;
  readonly operator: string | undefined;
  /** What is the last in the record, s of run time, and when that was, ms since 1970. */
  readonly end_s: number;
  readonly end_ms: number;
  /** That rows are missing before that, to be told in the record. */
  readonly rowsLost: readonly JournalEvent[];
  /** What of its newest rows cannot be read; the time of the cut is that of the last that can. */
  readonly wal: WalDamage | undefined;
  /** What earlier programs have counted of it. */
  readonly before: CountedBefore;
}

/** Rows and readings of a record that were there before this program went on with it. */
export interface CountedBefore {
  /** By instrument. */
  readonly rows: Readonly<Record<string, number>>;
  readonly devices: Readonly<Record<string, { readonly frames: number; readonly badFrames: number }>>;
}

/** States in which a run can be taken up: it had begun and was not on its way to an end. */
const isGoing = (state: RunState): boolean => state === 'Starting' || isInStep(state);

/** Reads it. @throws FileError where it was not cut off, or cannot be gone on with */
export function cutRunOf(run: string): CutRun {
  const source = openRunSource(run);
  try {
    return read(source);
  } finally {
    source.close();
  }
}

function read(source: RunSource): CutRun {
  const { path, meta, db, dir } = source;
  const wrong = (text: string): FileError => new FileError(path, 0, text);
  refuseWhereWritten(source);
  if (source.result !== undefined) throw wrong('has a result, expected a run that was cut off');
  if (meta.get('mode') !== 'bench')
    throw wrong(
      `is of a run with ${meta.get('mode') === 'wire' ? '--wire' : 'a twin'}, whose instruments are gone with it; expected one of --real`,
    );
  const events = readEvents(db);
  const [end] = eventsOf(events, 'end');
  if (end !== undefined)
    throw wrong(`had come to its end (${end.text}), expected a run that was cut off: conclude it`);
  const given = givenOf(meta.get('given'));
  if (given === undefined)
    throw wrong('does not say which command made it, expected the record of this version: conclude it');
  const { saved, sampling } = checkpointIn(source);
  const { end_s, rowsLost, wal } = cutOffOf(source);
  const last = saved.edits?.at(-1);
  const begun = source.inputs.filter(({ what }) => !isOfMethod(what));
  return {
    dir,
    path,
    // An edited method goes on by its last edit.
    given: last === undefined ? given : { ...given, method: last.path },
    inputs: last === undefined ? source.inputs : [...begun, ...last.inputs],
    made: source.inputs,
    startedUtc: meta.get('startedUtc') ?? '',
    operator: meta.get('operator'),
    saved,
    limits: limitsIn(events),
    end_s,
    end_ms: source.utc.at(end_s),
    rowsLost,
    wal,
    before: {
      rows: Object.fromEntries(source.devices.map(device => [device, source.reader(device).count])),
      devices: sampling,
    },
  };
}

function checkpointIn({ db, path }: RunSource): {
  readonly saved: RunSaved;
  readonly sampling: CountedBefore['devices'];
} {
  const row = db.prepare('SELECT state FROM checkpoints ORDER BY rowid DESC LIMIT 1').get() as
    | { state: string }
    | undefined;
  if (row === undefined)
    throw new FileError(path, 0, 'was cut off before it remembered anything, expected: conclude it');
  let checkpoint: ReturnType<typeof readCheckpoint>;
  try {
    checkpoint = readCheckpoint(JSON.parse(row.state));
  } catch (error) {
    throw new FileError(path, 0, messageOf(error));
  }
  const { state, run, sampling } = checkpoint;
  if (run === null || !isGoing(state))
    throw new FileError(
      path,
      0,
      `was cut off in ${state}, on its way to its end; expected a run that was going on: conclude it`,
    );
  const still = stillOf(checkpoint);
  return { saved: still === undefined ? run : { ...run, still }, sampling };
}

/** What a clock must show now so that it goes on with the time of the run that was cut off, s. */
export function goesOnAt_s({ saved, end_s, end_ms }: CutRun, clock: Clock): number {
  return saved.origin_s + end_s + gap_s(end_ms, clock);
}

/** How long nobody has recorded anything, s; a computer's clock that was set back makes no time run backwards. */
export function gap_s(end_ms: number, clock: Clock): number {
  return Math.max(0.001, (clock.utc_ms() - end_ms) / 1000);
}

/** @throws FileError for the first file that is not as it was when the run began */
export function mustBeUnchanged(before: readonly Input[], now: readonly Input[]): void {
  for (const { what, path, sha256 } of before) {
    const found = now.find(one => one.what === what && one.sha256 === sha256);
    if (found !== undefined) continue;
    throw new FileError(
      path,
      0,
      'has changed since the run began, expected it as it was: bring it back, or conclude the run and begin a new one',
    );
  }
}
