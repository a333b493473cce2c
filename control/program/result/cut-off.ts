import { FileError } from '../../../drivers/contract/file-error.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { namedOnly } from '../../../profiles/language/procedure.ts';
import type { Procedure } from '../../../profiles/procedure.ts';
import { fetchedOnce } from '../../../profiles/record-math.ts';
import type { Subject } from '../../../profiles/recorded-run.ts';
import { evaluateCurves, evaluateRun, evaluateTables } from '../../../profiles/run-kpis.ts';
import { type Bench, benchSchema, subjectOf } from '../../bench/bench.ts';
import { lapseBench } from '../../bench/time-lapse.ts';
import type { RunSource } from '../../exchange/recorded-run.ts';
import { type Acted, actedText, reasonText } from '../../guard/guard-log.ts';
import { type WalDamage, walDamageOf, walDamageText } from '../../record/damage/wal.ts';
import type { JournalEvent } from '../../record/events.ts';
import { openRecord } from '../../record/record.ts';
import { eventsOf, readEvents } from '../../record/recorded-events.ts';
import { thinRulesOf } from '../../record/thin/thin-rules.ts';
import { unreadDevices } from '../../review/lost/unread.ts';
import { RESULT_VERSION, type RunResult, type Software } from '../../review/result.ts';
import { reviewed } from '../../review/review.ts';
import { guardOfRun } from '../guard/guard-of-run.ts';
import { heldEvents } from './held-in-cut.ts';
import { endOfRecord, lastRows, rowsLostEvents } from './lost-rows.ts';
import { interlocksInForce, recordedBench, recordedFile } from './recorded-bench.ts';
import { criteriaOf, saidOf } from './result.ts';

/** A run whose program was killed, or whose computer lost its power: what can still be said of it, from its record alone. */

/** How it is called. */
const CUT_OFF = 'cut off';
/** Behind the verdict of a result that is not of a whole record. */
export const OF_DAMAGED = ' (damaged, marked: parts of the record are left out)';
/** What is known of the bench then. */
const UNPROVEN = {
  what: 'safe state: the record ends before it',
  otherwise: 'look at the bench: nobody has proved in which state it was left',
};

/** What a run was made of, as its record has it. */
export interface CutOff {
  readonly bench: Bench;
  readonly subject: Subject;
  readonly procedure: Procedure;
  /** Time of the latest that the record holds, s. */
  readonly end_s: number;
  /** What the record lacks of its end. */
  readonly events: readonly JournalEvent[];
  /** Of these: that rows are missing before it. */
  readonly rowsLost: readonly JournalEvent[];
  /** What of its `-wal` cannot be read. */
  readonly wal: WalDamage | undefined;
  /** What its guard did then. */
  readonly guard: Acted | undefined;
}

/** Bench and method of a record. @throws FileError where they are of another version */
export function madeOf({ path, meta }: RunSource): Pick<CutOff, 'bench' | 'subject' | 'procedure'> {
  const timeFactor = Number(meta.get('timeFactor') ?? 1);
  const file = benchSchema.safeParse(recordedFile(meta));
  if (!file.success)
    throw new FileError(
      path,
      0,
      'its bench file is not of this version, expected the cellbench that made it',
    );
  const isAsJudged = interlocksInForce(meta) !== undefined;
  const { interlocks } = file.data;
  const bench =
    timeFactor === 1
      ? file.data
      : { ...lapseBench(file.data, timeFactor), ...(isAsJudged ? { interlocks } : {}) };
  const subject = subjectOf(bench);
  return { bench, subject, procedure: namedOnly(meta.get('method') ?? '') };
}

/** Reads it. @throws FileError where bench or method of the record are of another version */
export function cutOffOf(source: RunSource): CutOff {
  const made = madeOf(source);
  const rows = lastRows(source);
  const events = readEvents(source.db);
  const end_s = endOfRecord(source, rows, events);
  const phases = events.flatMap(e => (e.kind === 'phase' || e.kind === 'phaseEnd' ? [e] : []));
  const open = phases.at(-1);
  const missing: JournalEvent[] = [];
  // In the phase that it was in, as at any other end.
  const held = heldEvents(source, events, end_s);
  if (open === undefined && end_s > 0) {
    // Killed before its first phase was written: all of it, so that its figures are of what there is.
    const name = 'whole record';
    const data = { name, start_s: 0, end_s, ended_by: CUT_OFF };
    missing.push({ t_s: 0, kind: 'phase', text: name, data: { name, method: 'steps' } }, ...held, {
      t_s: end_s,
      kind: 'phaseEnd',
      text: `${name}: ${CUT_OFF}`,
      data,
    });
  }
  if (open?.kind === 'phase') {
    const { name } = open.data;
    const data = { name, start_s: open.t_s, end_s, ended_by: CUT_OFF };
    missing.push(...held, { t_s: end_s, kind: 'phaseEnd', text: `${name}: ${CUT_OFF}`, data });
  }
  const run_s = (utc_ms: number): number => end_s + (utc_ms - source.utc.at(end_s)) / 1000;
  const guard = guardOfRun(source.dir, run_s);
  if (eventsOf(events, 'end').length === 0)
    missing.push({
      t_s: end_s,
      kind: 'end',
      text: guard?.acted === undefined ? CUT_OFF : reasonText(guard.acted),
      data: {
        cause:
          guard?.acted === undefined
            ? { by: 'record', id: 'cut-off' }
            : { by: 'guard', id: guard.acted.because },
      },
    });
  const wal = walDamageOf(source.path);
  const rowsLost = [
    ...(wal === undefined
      ? []
      : [{ t_s: end_s, kind: 'walDamaged', text: walDamageText(wal), data: wal } as const]),
    ...rowsLostEvents(rows, made.bench.devices, events, end_s),
  ];
  missing.push(...rowsLost, ...(guard?.events ?? []));
  return { ...made, end_s, events: missing, rowsLost, wal, guard: guard?.acted };
}

/** Its result; `software` is what works it out. The end is in the record already. */
export function cutOffResult(source: RunSource, run: CutOff, software: Software): RunResult {
  const { path, meta } = source;
  const known = recordedBench(source);
  const { damaged } = source;
  const whenDamaged = damaged.length === 0 ? 'refuse' : 'mark';
  const record = openRecord(path, known.roles, run.subject, whenDamaged);
  try {
    const { events, setpoints, limits, methodLimits, alarms, ...found } = reviewed(
      path,
      { ...known, bench: run.bench },
      run.procedure,
      { damaged: whenDamaged },
    );
    const [last] = eventsOf(readEvents(source.db), 'end');
    const read = fetchedOnce(record);
    const kpis = evaluateRun(read, run.procedure);
    const counted = countedDevices(source);
    const unread = unreadDevices(read, known.roles, counted);
    const operator = meta.get('operator');
    const subjectName = meta.get('subject');
    return {
      schema: 'cellbench/result',
      version: RESULT_VERSION,
      verdict: damaged.length === 0 ? CUT_OFF : `${CUT_OFF}${OF_DAMAGED}`,
      ...(damaged.length === 0 ? {} : { damaged }),
      reason: `the record ends without an end: ${run.guard === undefined ? `its program was killed, or the computer lost its power; ${UNPROVEN.what}` : actedText(run.guard)}${run.wal === undefined ? '' : `; ${walDamageText(run.wal)}`}`,
      cause: last?.data.cause ?? { by: 'record', id: 'cut-off' },
      unproven: unprovenOf(run.guard),
      criteria: criteriaOf(kpis),
      bench: run.bench.bench,
      method: run.procedure.method,
      mode: modeOf(meta.get('mode')),
      seed: Number(meta.get('seed') ?? 0),
      timeFactor: Number(meta.get('timeFactor') ?? 1),
      ...(operator === undefined ? {} : { operator }),
      ...(subjectName === undefined ? {} : { subject: subjectName }),
      software,
      inputs: source.inputs,
      startedUtc: new Date(source.started_ms).toISOString(),
      endedUtc: new Date(source.utc.at(run.end_s)).toISOString(),
      simulated_s: run.end_s,
      rows: record.rows,
      ...thinnedIn(source),
      counts: { devices: counted, events, setpoints },
      phases: record.phases.map(({ name, start_s, end_s, ended_by }) => ({ name, start_s, end_s, ended_by })),
      kpis,
      tables: evaluateTables(read),
      curves: evaluateCurves(read),
      limits,
      ...(methodLimits === undefined ? {} : { methodLimits }),
      alarms,
      ...saidOf(found),
      ...(unread.length === 0 ? {} : { unread }),
    };
  } finally {
    record.close();
  }
}

/** What nobody has proved: a guard that was ended on its way says nothing of what it left. */
function unprovenOf(guard: Acted | undefined): RunResult['unproven'] {
  if (guard?.proved_s != null) return [];
  return guard === undefined || guard.unproven.length === 0 ? [UNPROVEN] : guard.unproven;
}

function modeOf(mode: string | undefined): RunResult['mode'] {
  return mode === 'wire' || mode === 'bench' || mode === 'imported' ? mode : 'rehearsal';
}

/** What recording rules have left of each instrument's readings; of how many, only the program knew. */
function thinnedIn({ meta, devices, reader }: RunSource): Pick<RunResult, 'thinned'> {
  const thinned = Object.entries(thinRulesOf(meta.get('recording'))).flatMap(([device, rule]) => {
    if (!devices.includes(device)) return [];
    const { interval_s, own_s, poll_s, change } = rule;
    const rules = {
      interval_s,
      ...(own_s === undefined ? {} : { own_s }),
      ...(poll_s === undefined ? {} : { poll_s }),
    };
    return [{ device, seen: null, kept: reader(device).count, ...rules, change }];
  });
  return thinned.length === 0 ? {} : { thinned };
}

/** Readings that were kept, by instrument, and those of them in which something must not be used. */
export function countedDevices({ devices, bench, reader }: RunSource): RunResult['counts']['devices'] {
  return devices.flatMap(id => {
    const of = bench.devices[id];
    // Derived roles are no instrument.
    if (of === undefined) return [];
    let badFrames = 0;
    for (const { quality } of reader(id).stretches({ channels: [] }))
      for (const { from, to, bytes } of quality)
        if (bytes.some(code => code >= QUALITY.stale)) badFrames += to - from;
    return [{ id, driver: of.driver, frames: reader(id).count, badFrames }];
  });
}
