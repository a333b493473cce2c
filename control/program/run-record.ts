import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { readTextFile } from '../../drivers/contract/text-file.ts';
import { unitOf } from '../../drivers/contract/units.ts';
import type { Procedure } from '../../profiles/procedure.ts';
import type { LoadedBench } from '../bench/bench-file.ts';
import { subjectLine } from '../bench/one-subject.ts';
import { saidOf, WHOLE } from '../bench/rules/recording-rules.ts';
import type { RoleTable } from '../contract/role-table.ts';
import type { SinkStatus, SinkTarget } from '../contract/sinks.ts';
import { Downloads } from '../exchange/download/downloads.ts';
import { METHOD_DEVICE } from '../kinds/derived/kind.ts';
import { Journal } from '../record/journal.ts';
import type { Recording } from '../record/recording.ts';
import type { ThinRules } from '../record/thin/thin-rules.ts';
import { type Thinned, Thinning } from '../record/thin/thinning.ts';
import { Windows } from '../record/window/windows.ts';
import { LiveLimits } from '../review/live-limits.ts';
import { Sending } from '../send/sending.ts';
import { derivedTables } from '../tick/derived-source.ts';
import { compileRoles, methodRolesOf, withMethodRoles } from '../tick/roles.ts';
import type { RunHead } from './result/result.ts';
import { softwareText } from './result/software.ts';
import { trySums } from './result/sums.ts';
import type { CountedBefore, CutRun } from './resume/cut-run.ts';
import { removeIfEmpty } from './run-files.ts';
import { sessionHead } from './session-head.ts';
import { DRAIN_S, sendingFileOf } from './sinks.ts';

/** What the record of a run says of itself. */
export interface RecordAbout {
  readonly loaded: LoadedBench;
  readonly devices: ReadonlyMap<string, Device>;
  readonly clock: Clock;
  readonly procedure: Procedure;
  /** Path of the method file; its text, where that is not as it is read now. */
  readonly method: string;
  readonly methodText?: string | undefined;
  readonly head: RunHead;
  readonly timeFactor: number;
  /** What is made to go wrong in a simulated run, in words: a record must say so of itself. */
  readonly faults: readonly string[];
  /** Stores that get a copy; none: nobody does. */
  readonly targets?: readonly SinkTarget[];
  /** The words that it was made by, for whoever goes on with it. */
  readonly given?: string;
  /** A thread that is ready to write it; absent: one is started. */
  readonly writer?: Worker;
}

/** The record of one run, open: its journal takes everything that the session records, from the run's second 0 on. */
export interface RunRecord {
  readonly dir: string;
  readonly path: string;
  readonly journal: Journal;
  readonly head: RunHead;
  /** Session time that is second 0 of the record. */
  readonly origin_s: number;
  /** What was counted of it by a program that is gone; absent: this one has begun it. */
  readonly before?: CountedBefore;
  /** Its trends, for pictures: also while it is written. */
  readonly windows: Windows;
  /** Its readings as files: likewise. */
  readonly downloads: Downloads;
  /** How its sinks are doing. */
  readonly sinks: readonly SinkStatus[];
  /** What was kept of instruments whose readings are thinned. */
  readonly thinned: readonly (Omit<Thinned, 'seen'> & { readonly seen: number | null } & ThinRules[string])[];
  /** Writes all that the run has left, also what was held back: it can be read then. Rejects if it cannot be written. */
  settled(): Promise<void>;
  /** Takes no more, and closes the file; then waits a while for its sinks. Resolves with what became of it. */
  close(): ReturnType<Journal['close']>;
  /** A run that never began leaves no record behind. */
  discard(): Promise<void>;
}

/** What a person is told before a run, and what the record keeps of it: the subject, what was read of data, what was given. */
export function saidOfFiles(loaded: LoadedBench, procedure: Procedure): readonly string[] {
  return [...subjectLine(loaded), ...(procedure.data?.lines ?? []), ...(procedure.given ?? [])];
}

/**
 * Opens the journal of a run in `dir`; the files that made the run go into it as they were. `cut`: goes on in the one that
 * is there. Rejects if the place cannot be written.
 */
export async function openRunRecord(
  dir: string,
  recording: Recording,
  about: RecordAbout,
  cut?: Pick<CutRun, 'saved' | 'before' | 'rowsLost'>,
): Promise<RunRecord> {
  const { loaded, devices, clock, procedure } = about;
  const derived = methodRolesOf(procedure);
  const tables = [
    ...[...devices.values()].map(d => ({ device: d.id, channels: d.channels.map(c => String(c.name)) })),
    ...derivedTables(loaded.bench),
    ...(derived.length === 0 ? [] : [{ device: METHOD_DEVICE, channels: derived }]),
  ];
  const path = join(dir, 'run.sqlite');
  const roles = withMethodRoles(compileRoles(loaded.bench, devices), derived);
  const poll_s = Math.min(...Object.values(loaded.bench.devices).map(device => device.poll_s));
  const { record } = procedure;
  const rules = loaded.bench.recording ?? (record === undefined ? undefined : WHOLE);
  const said =
    rules === undefined
      ? undefined
      : saidOf(rules, record, {
          roles,
          devices: tables.map(({ device }) => ({
            device,
            poll_s: loaded.bench.devices[device]?.poll_s ?? poll_s,
          })),
          speed: about.timeFactor,
        });
  // Both at one time: all UTC of the run counts from here.
  const now_s = clock.now_s();
  const nowUtc = new Date(clock.utc_ms()).toISOString();
  const origin_s = cut?.saved.origin_s ?? now_s;
  const head = cut === undefined ? { ...about.head, startedUtc: nowUtc } : about.head;
  const meta = {
    bench: loaded.bench.bench,
    benchFile: readTextFile(loaded.path),
    method: procedure.method,
    methodFile: about.methodText ?? readTextFile(about.method),
    // With the rows of a matrix, whose file is another one.
    interlocks: JSON.stringify(loaded.bench.interlocks),
    loadSource: [...(procedure.data?.files.values() ?? [])].map(({ source }) => source).join('; '),
    mode: head.mode,
    seed: String(head.seed),
    startedUtc: head.startedUtc,
    ...(head.operator === undefined ? {} : { operator: head.operator }),
    ...(loaded.subject === undefined ? {} : { subject: loaded.subject }),
    timeFactor: String(about.timeFactor),
    software: softwareText(head.software),
    commit: head.software.commit ?? '',
    inputs: JSON.stringify(head.inputs),
    roles: JSON.stringify(rolesOf(roles, devices)),
    ...(about.given === undefined ? {} : { given: about.given }),
    // What was thinned is said in the record itself.
    ...(said === undefined ? {} : { recording: JSON.stringify(said) }),
  };
  const survives = head.mode === 'rehearsal' ? 'kill' : 'powerCut';
  const session = sessionHead(head.software, nowUtc, now_s - origin_s);
  const goesOn = cut !== undefined;
  const journal = await Journal.open(path, tables, meta, {
    origin_s,
    survives,
    session,
    goesOn,
    ...(about.writer === undefined ? {} : { thread: about.writer }),
  });
  const thinning =
    rules === undefined
      ? undefined
      : new Thinning(
          journal,
          rules,
          {
            roles,
            channels: new Map(tables.map(({ device, channels }) => [device, channels.length])),
            poll_s: device => loaded.bench.devices[device]?.poll_s ?? poll_s,
          },
          record === undefined ? undefined : record.before_s / about.timeFactor,
        );
  const removeRecord = recording.add(thinning ?? journal);
  // What is left out of the record may be what came nearest to a limit.
  const live = thinning && new LiveLimits(loaded.bench.interlocks, roles, origin_s);
  const removeLive = live && recording.add(live);
  const remove = (): void => {
    removeRecord();
    removeLive?.();
  };
  // One that goes on has been told.
  if (!goesOn) tellFiles(journal, origin_s, about);
  for (const lost of cut?.rowsLost ?? []) journal.event({ ...lost, t_s: lost.t_s + origin_s });
  const targets = about.targets ?? [];
  const file = sendingFileOf(path);
  const sending = targets.length === 0 ? undefined : new Sending({ journal: path, file, targets });
  const windows = new Windows(path, roles);
  const downloads = new Downloads(path);
  let isDiscarded = false;
  const closeBoth = async (): ReturnType<Journal['close']> => {
    await Promise.all([sending?.hold(), windows.hold(), downloads.hold()]);
    thinning?.release();
    const end = await journal.close({
      t_s: clock.now_s() - origin_s,
      utc: new Date(clock.utc_ms()).toISOString(),
      reason: 'closed by its program',
    });
    windows.goOn();
    downloads.goOn();
    if (!isDiscarded) await sending?.end(DRAIN_S);
    return end;
  };
  // Whoever comes second gets the first one's answer.
  let closed: ReturnType<Journal['close']> | undefined;
  const close = (): ReturnType<Journal['close']> => {
    remove();
    closed ??= closeBoth().then(kept => {
      if (existsSync(join(dir, 'result.json'))) trySums(dir);
      return kept;
    });
    return closed;
  };
  return {
    dir,
    path,
    journal,
    head,
    origin_s,
    windows,
    downloads,
    ...(cut === undefined ? {} : { before: cut.before }),
    get sinks() {
      return sending?.sinks ?? [];
    },
    get thinned() {
      return (thinning?.thinned ?? []).flatMap(one => {
        const rule = said?.instruments[one.device];
        if (rule === undefined) return [];
        const { device, seen, kept } = one;
        if (cut === undefined) return [{ ...one, ...rule }];
        // With what an earlier program has seen, where it has remembered that.
        const { rows, devices: counted } = cut.before;
        const all = device in counted ? seen + counted[device].frames : null;
        return [{ device, seen: all, kept: kept + (rows[device] ?? 0), ...rule }];
      });
    },
    settled() {
      if (live !== undefined)
        journal.event({
          t_s: clock.now_s(),
          ...live.told(),
          text: 'how near all readings came to each limit',
        });
      thinning?.release();
      return journal.flush();
    },
    close,
    async discard() {
      // What somebody else has recorded stays.
      if (goesOn) return void (await close());
      isDiscarded = true;
      await close();
      await sending?.cut();
      for (const name of [path, file])
        for (const more of ['', '-wal', '-shm']) rmSync(`${name}${more}`, { force: true });
      removeIfEmpty(dir);
    },
  };
}

/** What the lab has accepted, what was read of data, and what is made to go wrong, at the begin of a record. */
function tellFiles(journal: Journal, t_s: number, { loaded, procedure, faults }: RecordAbout): void {
  for (const { place, line, check, reason } of loaded.accepted) {
    const text = `${loaded.path}:${line}: ${place}: ${check} accepted: ${reason}`;
    journal.event({ t_s, kind: 'accepted', text });
  }
  for (const text of saidOfFiles(loaded, procedure)) journal.event({ t_s, kind: 'load', text });
  for (const text of faults) journal.event({ t_s, kind: 'fault', text: `put in: ${text}` });
}

/** Where each role stands in the tables, its unit and how well it is known, for whoever reads the file alone. */
function rolesOf({ measured, settable }: RoleTable, devices: ReadonlyMap<string, Device>): object[] {
  const readings = [...measured.values()].map(({ role, device, first, count, accuracy }) => {
    const channels = devices.get(device)?.channels.slice(first, first + count) ?? [];
    // A derived role is its own channel.
    const [column, last] = [channels[0]?.name ?? role, channels.at(-1)?.name ?? role];
    return { role, unit: unitOf(role), table: `frames_${device}`, column, last, count, accuracy };
  });
  const outputs = [...settable.values()].map(({ role, device, key, tolerance }) => ({
    role,
    unit: unitOf(role),
    device,
    settable: key,
    tolerance,
  }));
  return [...readings, ...outputs];
}
