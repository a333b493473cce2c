import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ValuesAsked } from '../../../dashboards/door/lab/values-asked.ts';
import type { Verified } from '../../../dashboards/door/lab/verified.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { GUARD_LOG } from '../../guard/guard-log.ts';
import { AlarmHistory } from '../../record/alarms/alarm-history.ts';
import type { AlarmPage, AlarmsAsked } from '../../record/alarms/past-alarm.ts';
import { openReadOnly } from '../../record/read-only.ts';
import { asEvent, type EventRow } from '../../record/recorded-events.ts';
import { comparedRuns, comparisonJson } from '../commands/compare.ts';
import { measuredOf, reportOf } from '../commands/report.ts';
import { holdsRun, type ListedRun, listedRun, resultOfRun } from '../runs/run-list.ts';
import { verifyRun } from '../runs/verify-run.ts';
import { serveTasks } from './beside.ts';
import { troubleOf } from './findings.ts';
import { RecordValues } from './record-values.ts';
import { type CutFacts, cutFactsOf } from './silent/cut-off.ts';
import { type Guards, guardsOf } from './silent/guards-of.ts';

/** The thread that reads the records of a laboratory. */

/** A run as it is listed, without its result; `campaign`: it is part of that one. */
export type ListedRow = Omit<ListedRun, 'result' | 'exports' | 'dir'> & {
  readonly id: string;
  readonly campaign: string | null;
};
type Plain = Readonly<Record<string, unknown>>;

/** So many are given of the newest events. */
const MOST_EVENTS = 20_000;
/** So many runs are kept in mind. */
const MOST_KNOWN = 20_000;

const known = new Map<string, { readonly stamp: string; readonly run: Omit<ListedRow, 'id' | 'campaign'> }>();
const cutOff = new Map<string, { readonly stamp: string; readonly facts: CutFacts }>();
const values = new RecordValues();

/** What has not changed is not read again. */
function listed(name: string, dir: string): Omit<ListedRow, 'id' | 'campaign'> {
  const stamp = stampOf(dir, '.', 'run.sqlite', 'run.sqlite-wal', 'result.json');
  const before = known.get(dir);
  if (before?.stamp === stamp) return before.run;
  const run = looked(name, dir);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(dir, { stamp, run });
  return run;
}

function stampOf(dir: string, ...files: readonly string[]): string {
  return files
    .map(file => statSync(join(dir, file), { throwIfNoEntry: false }))
    .map(found => (found === undefined ? '-' : `${found.ino} ${found.mtimeMs} ${found.size}`))
    .join();
}

function looked(name: string, dir: string): Omit<ListedRow, 'id' | 'campaign'> {
  try {
    const { result: _result, exports: _exports, dir: _dir, ...run } = listedRun(name, dir);
    return run;
  } catch (error) {
    // One that cannot be looked at is no reason not to see the others.
    const { text } = troubleOf(error);
    const nothing = { method: '', bench: '', mode: '', startedUtc: '', criteria: '', bytes: 0 };
    return { ...nothing, name, verdict: text, duration_s: null, rows: null, isOpen: false };
  }
}

const tasks = {
  /** Runs right below folders; `campaign`: whose folder it is. */
  list: ({
    folders,
  }: {
    readonly folders: readonly { readonly dir: string; readonly campaign: string | null }[];
  }) =>
    folders.flatMap(({ dir, campaign }) =>
      (existsSync(dir) ? readdirSync(dir) : [])
        .filter(name => holdsRun(dir, name))
        .map((name): ListedRow => {
          const id = campaign === null ? name : `${campaign}/${name}`;
          return { ...listed(name, join(dir, name)), id, campaign };
        }),
    ),
  result: ({ dir }: { readonly dir: string }): Plain => ({ ...resultOfRun(dir) }),
  /** As it lies beside the record, else made of the record. */
  report({ dir }: { readonly dir: string }): string {
    const path = join(dir, 'report.html');
    return existsSync(path) ? readFileSync(path, 'utf8') : reportOf(dir, 'refuse').html;
  },
  spectra: ({ dir }: { readonly dir: string }): Plain => ({ ...measuredOf(dir, 'refuse') }),
  events: ({ dir }: { readonly dir: string }): readonly Plain[] => {
    const db = openReadOnly(join(dir, 'run.sqlite'));
    try {
      const newest = db.prepare(
        `SELECT t_s, kind, text, data FROM events ORDER BY rowid DESC LIMIT ${MOST_EVENTS}`,
      );
      return (newest.all() as unknown as EventRow[]).reverse().map(row => ({ ...asEvent(row) }));
    } finally {
      db.close();
    }
  },
  alarms: ({ dir, asked }: { readonly dir: string; readonly asked: AlarmsAsked }): AlarmPage => {
    const db = openReadOnly(join(dir, 'run.sqlite'));
    try {
      return new AlarmHistory(db).page(asked);
    } finally {
      db.close();
    }
  },
  verify: ({ dir }: { readonly dir: string }): Verified => verifyRun(dir),
  /** Of runs that are over without a result; what has not changed is not read again. */
  cutOff: ({ dirs }: { readonly dirs: readonly string[] }): readonly CutFacts[] =>
    dirs.map(dir => {
      const stamp = stampOf(dir, 'run.sqlite', 'run.sqlite-wal', GUARD_LOG);
      const before = cutOff.get(dir);
      if (before?.stamp === stamp) return before.facts;
      const facts = cutFactsOf(dir);
      if (cutOff.size >= MOST_KNOWN) cutOff.clear();
      cutOff.set(dir, { stamp, facts });
      return facts;
    }),
  guards: ({ dir }: { readonly dir: string }): Guards => guardsOf(dir),
  compare: ({ dirs }: { readonly dirs: readonly string[] }): readonly Plain[] => {
    const [first, ...others] = dirs;
    return others.map(other => comparisonJson(comparedRuns([first, other], 'refuse')));
  },
  values: async ({ dir, asked }: { readonly dir: string; readonly asked: ValuesAsked }): Promise<Plain> => {
    try {
      return { ...(await values.of(dir, asked)) };
    } catch (error) {
      if (error instanceof RangeError) throw new FileError(join(dir, 'run.sqlite'), 0, error.message);
      throw error;
    }
  },
};
/** What this thread does. */
export type ReadTasks = typeof tasks;

serveTasks(tasks);
