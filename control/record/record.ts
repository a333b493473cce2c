import type { DatabaseSync } from 'node:sqlite';
import type { Accuracy } from '../../drivers/contract/device.ts';
import type {
  RecordedPhase,
  RecordedPoint,
  RecordedRun,
  RecordedSeries,
  RecordedStep,
  Subject,
} from '../../profiles/recorded-run.ts';
import type { MeasuredRole, RoleTable } from '../contract/role-table.ts';
import type { StartRow } from '../contract/start-check.ts';
import { OpenBlocks } from './blocks/open-blocks.ts';
import { openRead } from './damage/find-damage.ts';
import { damagedParts, type WhenDamaged } from './damage/marks.ts';
import { spectraOf } from './measured/spectra.ts';
import { voltammogramsOf } from './measured/voltammograms.ts';
import { eventsOf, type RecordedEvent, readEvents } from './recorded-events.ts';
import { Points } from './series/points.ts';
import { programRowsOf } from './series/program-rows.ts';
import { SeriesReader } from './series/role-series.ts';
import { readSpread } from './series/spread.ts';
import { setpointStretches } from './setpoint-rows.ts';
import { devicesOf, FrameReader, type Stretch } from './stretches.ts';
import { joinsOf, type ThinRules, thinRulesOf, withThinning } from './thin/thin-rules.ts';

const NONE: RecordedSeries = { t_s: new Float64Array(0), value: new Float64Array(0) };

/** The record of one run, opened for reading (also while the run goes on). Close it when done. */
export interface OpenRecord extends RecordedRun {
  /**
   * Max minus min over an array role: of each `stride` rows the one where it is largest. NaN where each of them has a member
   * that is not usable.
   */
  spread(role: string, stride: number): RecordedSeries;
  /**
   * Mean of each member of an array role over a time window, from its usable readings; NaN for a member that has none,
   * empty if no member has any.
   */
  profile(role: string, from_s: number, to_s: number): number[];
  /** One member of an array role by its name (`cell.voltage_V[17]`), or a role of one value. */
  member(name: string): RecordedSeries;
  readonly rows: number;
  /** What was looked at before the start; empty: nobody looked. */
  readonly startRows: readonly StartRow[];
  /** Closes the file; whatever is read after it opens it again. */
  letGo(): void;
  close(): void;
}

/**
 * Reads a journal by role. `roles` and `subject` are those of the bench file the run was made with. `mark`: without what
 * is damaged, which is a gap then. `blocks`: those that were opened by whoever reads the same record. @throws FileError
 */
export function openRecord(
  path: string,
  roles: RoleTable,
  subject: Subject,
  damaged: WhenDamaged = 'refuse',
  blocks = new OpenBlocks(),
): OpenRecord {
  let open: DatabaseSync | undefined = openRead(path, damaged);
  const db = (): DatabaseSync => {
    open ??= openRead(path, damaged);
    return open;
  };
  const letGo = (): void => {
    open?.close();
    open = undefined;
  };
  const events = readEvents(db());
  const series = new Map<string, RecordedSeries>();
  const reader = new SeriesReader(db, blocks);
  const meta = new Map(
    (db().prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[]).map(m => [
      m.key,
      m.value,
    ]),
  );
  const rules = thinRulesOf(meta.get('recording'));
  const found = stepsOf(events);
  const own = programRowsOf(db(), events, found);
  const placed = <T extends { readonly start_s: number; readonly end_s: number }>(part: T): T =>
    own?.placed(part) ?? part;
  const steps = own?.steps ?? found;
  return {
    subject,
    ...(own === undefined ? {} : { readFrom: own.said }),
    phases: phasesOf(events).map(placed),
    points: pointsOf(events),
    parts: events.flatMap(e => (e.kind === 'part' ? [placed(e.data)] : [])),
    steps,
    returned: Object.assign({}, ...events.map(e => (e.kind === 'returned' ? e.data.figures : {}))),
    rounds: events.flatMap(e => (e.kind === 'roundValues' ? [{ ...e.data, t_s: e.t_s }] : [])),
    calls: events.flatMap(e => (e.kind === 'callReturned' ? [{ ...e.data, end_s: e.t_s }] : [])),
    spectra: spectraOf(db(), events),
    voltammograms: voltammogramsOf(db(), events),
    events: events.map(e => ({
      t_s: e.t_s,
      kind: e.kind === 'not understood' ? e.data.kind : e.kind,
      text: e.text,
    })),
    sameFigures: eventsOf(events, 'sameFigure').map(e => e.data),
    startRows: eventsOf(events, 'preStart').at(-1)?.data.rows ?? [],
    timeFactor: Number(meta.get('timeFactor') ?? 1),
    series(role) {
      const entry = roles.measured.get(role);
      const polled = (): RecordedSeries =>
        entry?.count === 1 && !isLostCounter(db(), role, entry.device)
          ? reader.series(entry, {
              ...joinsOver(db(), rules, entry.device, steps),
              ...(rules[entry.device]?.change[role] === undefined ? {} : { isBounded: true }),
            })
          : NONE;
      const found = series.get(role) ?? own?.series(role, polled) ?? polled();
      series.set(role, found);
      return found;
    },
    measures: role => (roles.measured.get(role)?.count ?? 0) > 0,
    accuracy(role): Accuracy {
      const entry = roles.measured.get(role);
      if (entry === undefined)
        return own?.accuracy(role) ?? { reading_pct: 0, abs: Number.NaN, basis: 'default' };
      return withThinning(rules, entry.device, role, entry.accuracy);
    },
    asked: role => readAsked(db(), role, roles.settable.has(role)),
    spread: (role, stride) => withArray(roles, role, NONE, entry => readSpread(db(), entry, stride, blocks)),
    profile: (role, from_s, to_s) =>
      withArray(roles, role, [], entry => readProfile(db(), entry, from_s, to_s)),
    member(name) {
      const [, before, place, behind] = /^(.*)\[(\d+)\](.*)$/.exec(name) ?? [];
      const entry = roles.measured.get(before === undefined ? name : `${before}[]${behind}`);
      const nth = before === undefined ? 0 : Number(place) - 1;
      if (entry === undefined || nth < 0 || nth >= entry.count) return NONE;
      return reader.series({ ...entry, first: entry.first + nth, count: 1 }, {});
    },
    get rows() {
      return countRows(db());
    },
    letGo,
    close: letGo,
  };
}

/** Readings that were left out by rule are joined, those that are damaged are not: no further than the least of these, s. */
function joinsOver(
  db: DatabaseSync,
  rules: ThinRules,
  device: string,
  steps: readonly RecordedStep[],
): Pick<RecordedSeries, 'join_s' | 'joins'> {
  const gaps = damagedParts(db)
    .filter(part => part.source === `frames_${device}`)
    .map(({ from_s, to_s }) => (from_s === null || to_s === null ? Infinity : (to_s - from_s) * (1 - 1e-9)));
  return joinsOf(rules, device, steps, Math.min(Infinity, ...gaps));
}

/**
 * A counter tells what flowed between two of its readings, damaged ones among them too; but where the first or the last of
 * the record are damaged nobody knows where it stood, and what is left of it would pass for the whole.
 */
function isLostCounter(db: DatabaseSync, role: string, device: string): boolean {
  if (!/_[AW]h$/.test(role)) return false;
  return damagedParts(db).some(
    ({ source, from, from_s, to_s }) =>
      source === `frames_${device}` && (from === 1 || from_s === null || to_s === null),
  );
}

function withArray<T>(roles: RoleTable, role: string, none: T, read: (entry: MeasuredRole) => T): T {
  const entry = roles.measured.get(role);
  return entry === undefined ? none : read(entry);
}

function phasesOf(events: readonly RecordedEvent[]): RecordedPhase[] {
  const phases: RecordedPhase[] = [];
  let method = 'steps';
  for (const event of events) {
    if (event.kind === 'phase') method = event.data.method;
    else if (event.kind === 'phaseEnd') phases.push({ ...event.data, method });
  }
  return phases;
}

function stepsOf(events: readonly RecordedEvent[]): RecordedStep[] {
  return events.flatMap(e => {
    if (e.kind !== 'step') return [];
    const { op, id, start_s, ended, reason, every_s } = e.data;
    const rows = every_s === undefined ? {} : { every_s };
    return [{ op, start_s, end_s: e.t_s, ended, reason, ...(id === undefined ? {} : { id }), ...rows }];
  });
}

function pointsOf(events: readonly RecordedEvent[]): RecordedPoint[] {
  const points: RecordedPoint[] = [];
  let phase = '';
  for (const event of events) {
    if (event.kind === 'phase') phase = event.data.name;
    else if (event.kind === 'point') points.push({ phase, ...event.data });
  }
  return points;
}

/**
 * What was applied of a role. A role that no device sets (the power that a load profile asks for) is never applied:
 * then what was asked.
 */
function readAsked(db: DatabaseSync, role: string, isSettable: boolean): RecordedSeries {
  const applied = new Points();
  const asked = new Points();
  for (const part of setpointStretches(db)) {
    const { rows, role: of } = part;
    let at = of.indexOf(role);
    if (at < 0) continue;
    const { t_s, outcome, applied: back, asked: meant } = part;
    for (; at < rows; at++) {
      if (of[at] !== role) continue;
      if (outcome[at] === 'applied' && !Number.isNaN(back[at])) applied.add(t_s[at], back[at]);
      else if (outcome[at] === 'asked') asked.add(t_s[at], meant[at]);
    }
  }
  return (isSettable || applied.count > 0 ? applied : asked).series();
}

function readProfile(db: DatabaseSync, entry: MeasuredRole, from_s: number, to_s: number): number[] {
  const sum = new Array<number>(entry.count).fill(0);
  const usable = new Array<number>(entry.count).fill(0);
  for (const { rows, t_s, members } of arrayStretches(db, entry, { from_s, to_s })) {
    for (let r = 0; r < rows; r++) {
      if (t_s[r] < from_s || t_s[r] > to_s) continue;
      members.forEach((member, i) => {
        if (Number.isNaN(member[r])) return;
        sum[i] += member[r];
        usable[i]++;
      });
    }
  }
  return usable.every(n => n === 0) ? [] : sum.map((s, i) => s / usable[i]);
}

/** The members of an array role, stretch by stretch; NaN for what is not usable. */
function* arrayStretches(
  db: DatabaseSync,
  entry: MeasuredRole,
  within?: { readonly from_s: number; readonly to_s: number },
): Generator<Pick<Stretch, 'row' | 'rows' | 't_s'> & { readonly members: readonly Float64Array[] }> {
  const channels = Array.from({ length: entry.count }, (_, i) => entry.first + i);
  const wanted = within === undefined ? { channels } : { channels, within };
  for (const stretch of new FrameReader(db, entry.device).stretches(wanted)) {
    const { row, rows, t_s } = stretch;
    yield { row, rows, t_s, members: channels.map(channel => stretch.usable(channel)) };
  }
}

function countRows(db: DatabaseSync): number {
  return devicesOf(db).reduce((sum, device) => sum + new FrameReader(db, device).count, 0);
}
