import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { subjectOf } from '../../../control/bench/bench.ts';
import { openProgram, ticketFileOf } from '../../../control/program/cycler/on-cycler.ts';
import { openSession, runSpecOf } from '../../../control/program/open-session.ts';
import { loadNight } from '../../../control/program/rehearse/rehearse-once.ts';
import { software } from '../../../control/program/result/software.ts';
import { openRunRecord } from '../../../control/program/run-record.ts';
import { datasetStretches, datasetsOf } from '../../../control/record/datasets.ts';
import { openReadOnly } from '../../../control/record/read-only.ts';
import { type OpenRecord, openRecord } from '../../../control/record/record.ts';
import { Recording } from '../../../control/record/recording.ts';
import { PROGRAM_ROWS } from '../../../control/record/series/program-rows.ts';
import type { CyclerProgram } from '../../../control/run/program/cycler-program.ts';
import { type Run, startRun } from '../../../control/run/run.ts';
import type { BenchSession } from '../../../control/run/session.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import type { NewareBench } from '../../drivers/neware/bench.ts';

/** A run whose method an emulated Neware runs by itself, on real sockets, with its record. */
export interface WireRun {
  readonly session: BenchSession;
  readonly run: Run;
  readonly program: CyclerProgram;
  readonly hasTicket: () => boolean;
  /** Numbers of the cycler's rows in the record, and what was said of it; the record is all written then. */
  readonly kept: () => Promise<{ readonly rows: readonly number[]; readonly said: readonly string[] }>;
  readonly record: () => Promise<OpenRecord>;
  /** As a killed process: nothing is ended, the line is gone. */
  letGo(): Promise<void>;
}

/** The clock of the tests is fast: a machine that is busy for a moment is no silence of the cycler. */
const PATIENT = ['stale_after_s: 5', 'stale_after_s: 40\n    accepted: "a fast clock"'] as const;
const EXAMPLE = new URL('../../../examples/neware/bench.yaml', import.meta.url).pathname;

/** Begins it. `change`: a piece of the example's bench file that is another one; `device`: of another process. */
export async function wireRun(
  cell: NewareBench,
  method: string,
  {
    change = [],
    device = cell.device,
    name = 'first',
  }: {
    readonly change?: readonly (readonly [from: string, to: string])[];
    readonly device?: Device;
    readonly name?: string;
  } = {},
): Promise<WireRun> {
  const at = join(cell.folder, 'bench.yaml');
  const text = [PATIENT, ...change].reduce(
    (all, [from, to]) => {
      if (!all.includes(from)) throw new Error(`"${from}" is not in the example`);
      return all.replace(from, to);
    },
    readFileSync(EXAMPLE, 'utf8'),
  );
  writeFileSync(at, text);
  writeFileSync(join(cell.folder, 'method.yaml'), method);
  const night = loadNight({ bench: at, method: join(cell.folder, 'method.yaml'), seed: 1, accept: true });
  if (night.onCycler === undefined) throw new Error('runs no program');
  const { bench: loaded, method: following } = night.onCycler;
  const { procedure } = following;
  const { clock } = cell;
  const recording = new Recording();
  const devices = new Map([['cycler', device]]);
  const dir = join(cell.folder, name);
  mkdirSync(dir);
  const kept = await openRunRecord(dir, recording, {
    loaded,
    devices,
    clock,
    procedure,
    method: following.path,
    head: {
      seed: 1,
      mode: 'bench',
      startedUtc: new Date(clock.utc_ms()).toISOString(),
      software: software(),
      inputs: [],
    },
    timeFactor: 1,
    faults: [],
  });
  const program = openProgram(night.onCycler, { devices, clock, recording, poll_s: 1, keeps: true });
  const session = await openSession({
    loaded,
    devices,
    clock,
    recording,
    isRehearsal: true,
    procedure,
    program: () => program,
  });
  const run = startRun(session, { ...runSpecOf(session, procedure, 1, kept.origin_s), trendRoles: [] });
  const written = (): Promise<unknown> => kept.settled();
  return {
    session,
    run,
    program,
    hasTicket: () => night.onCycler !== undefined && existsSync(ticketFileOf(night.onCycler)),
    async kept() {
      await written();
      const db = openReadOnly(kept.path);
      try {
        const rows = datasetsOf(db)
          .filter(({ kind }) => kind === PROGRAM_ROWS)
          .flatMap(set => [...datasetStretches(db, set)].flatMap(stretch => [...stretch.usable(0)]));
        const events = db.prepare("SELECT text FROM events WHERE kind = 'device'").all();
        return { rows, said: events.map(event => String(event['text'])) };
      } finally {
        db.close();
      }
    },
    async record() {
      await written();
      return openRecord(kept.path, session.parts.roles, subjectOf(loaded.bench));
    },
    async letGo() {
      program.letGo();
      await session.close();
      await kept.close();
    },
  };
}
