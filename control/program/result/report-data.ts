import { frequenciesOf } from '../../../drivers/contract/measure/impedance.ts';
import { sweepPoints } from '../../../drivers/contract/measure/sweep.ts';
import { dischargesOf } from '../../../profiles/cell-kpis.ts';
import { asStackRun, type RecordedSeries, type RecordedSpectrum } from '../../../profiles/recorded-run.ts';
import { readingsOf } from '../../../profiles/series-parts.ts';
import { curvesOf } from '../../../profiles/stack/curve.ts';
import type { InterlockSpec } from '../../bench/bench.ts';
import { mainRoles } from '../../bench/main-roles.ts';
import type { RoleTable } from '../../contract/role-table.ts';
import { shownUnit } from '../../contract/shown-unit.ts';
import { METHOD_DEVICE } from '../../kinds/derived/kind.ts';
import { EVENT_DATA, type EventKind } from '../../record/events.ts';
import type { OpenRecord } from '../../record/record.ts';
import { thinSeries } from '../../record/series/thin-series.ts';
import type { Rehearsal } from '../../rehearse/summary.ts';
import { shownSpectrum } from '../../review/shown-spectrum.ts';
import { shownVoltammogram } from '../../review/shown-voltammogram.ts';
import type { Run } from '../../run/run.ts';
import type { ReportData, RunResult, Series, ShownSpectrum } from '../../view.ts';
import { softwareText } from './software.ts';

/** From a finished run's record and result to what the report draws. */

/** Roughly this many points of the cell-voltage spread are enough for a picture. */
const SPREAD_POINTS = 1500;
/** Events that a reader of the report wants to see; steps, points and phases have their own places in it. */
const SHOWN_EVENTS: ReadonlySet<string> = new Set<EventKind>([
  'state',
  'alarm',
  'clear',
  'safe',
  'device',
  'rowsMissing',
  'rowsLost',
  'walDamaged',
  'command',
  'limitChange',
  'limitKept',
  'edit',
  'end',
  'limit',
  'resumed',
  'inexact',
  'finishes',
  'roundsLeft',
  'controlled',
  'short',
  'sameFigure',
  'refused',
  'failed',
  'foreign',
  'standby',
  'restart',
  'watchdog',
  'fault',
  'accepted',
  'shelve',
  'chatter',
  'listener',
  'record',
  'guard',
  'clock',
  'instrumentClock',
]);

/** Kinds of another version are shown by their words. */
function isShown(kind: string): boolean {
  return SHOWN_EVENTS.has(kind) || !Object.hasOwn(EVENT_DATA, kind);
}

/** What of a run's bench the report needs: limits to draw, roles, and how many channels each instrument has. */
export interface ReportBench {
  readonly interlocks: readonly InterlockSpec[];
  readonly roles: RoleTable;
  readonly devices: ReadonlyMap<string, { readonly channels: readonly unknown[] }>;
}

/** The report's bench of a run of ours. */
export function reportBenchOf({ session }: Run): ReportBench {
  const { bench, roles, devices } = session.parts;
  return { interlocks: bench.interlocks, roles, devices };
}

/** What the instruments of a run measured by themselves: spectra and voltammograms. */
export function measuredIn(record: OpenRecord): Pick<ReportData, 'spectra' | 'voltammograms'> {
  return {
    spectra: (record.spectra ?? []).map(spectrumOf),
    voltammograms: (record.voltammograms ?? []).map(swept =>
      shownVoltammogram({
        ...swept,
        state: swept.isWhole ? 'whole' : 'cut short',
        asked: sweepPoints(swept.request),
      }),
    ),
  };
}

/**
 * What the report draws, thinned from the run's record: curves, power asked and drawn (kW), pressure, H2 in
 * O2, cell spread (mV), events and devices. A series that was not recorded is empty.
 */
export function reportDataOf(
  { interlocks, roles, devices }: ReportBench,
  result: RunResult,
  record: OpenRecord,
  rehearsal?: Rehearsal,
): ReportData {
  const { subject } = record;
  const stackRun = asStackRun(record);
  const curves = stackRun === undefined ? [] : curvesOf(stackRun);
  const rowsPerDevice = Math.max(1, readingsOf(record.series('stack.temperature_degC')));
  const limits = interlocks.flatMap(i =>
    i.kind === 'threshold' && i.role === 'o2.h2_vol_pct' ? [{ label: i.reaction, value: i.limit }] : [],
  );
  const drawn = (role: string, series: RecordedSeries, of = role): Series =>
    withGaps(seriesOf(role, series), gapsOf(result, roles.measured.get(of)?.device));
  return {
    title: `${result.method} on ${subject.name}`,
    startedUtc: result.startedUtc,
    software: softwareText(result.software),
    subject: subject.kind,
    result,
    curves: curves.map(curve => ({ ...curve, activeArea_cm2: stackRun?.stack.activeArea_cm2 ?? 0 })),
    ...measuredIn(record),
    powerAsked: seriesOf('stack.powerAsked_kW', record.asked('stack.powerAsked_kW')),
    powerDrawn: scaled(drawn('stack.power_kW', record.series('stack.power_W'), 'stack.power_W'), 1e-3),
    pressure: drawn('cathode.pressure_barg', record.series('cathode.pressure_barg')),
    h2InO2: drawn('o2.h2_vol_pct', record.series('o2.h2_vol_pct')),
    h2InO2Limits: limits,
    cellSpread: scaled(
      drawn(
        'cell.spread_mV',
        record.spread('cell.voltage_V[]', rowsPerDevice / SPREAD_POINTS),
        'cell.voltage_V[]',
      ),
      1e3,
    ),
    temperature: drawn('stack.temperature_degC', record.series('stack.temperature_degC')),
    cellProfile: cellProfile(record),
    traces: [...new Set([...mainRoles(roles), ...methodRoles(roles), ...stateRoles(roles)])]
      .filter(role => !DRAWN.includes(role))
      .map(role => withWords(drawn(role, record.series(role)), roles)),
    discharges_Ah: subject.kind === 'cell' ? dischargesOf(record, subject) : [],
    ...blackBoxOf(result, roles, record),
    ...(rehearsal === undefined ? {} : { rehearsal }),
    startRows: record.startRows,
    events: record.events.filter(e => isShown(e.kind)),
    devices: result.counts.devices.map(counted => ({
      ...counted,
      channels: devices.get(counted.id)?.channels.length ?? 0,
    })),
  };
}

/** So many roles are drawn around the end of a run, and so long before and behind it, s. */
const BLACK_BOX = { roles: 6, before_s: 60, after_s: 600 };

/** What ended the run and the main roles, reading by reading. */
function blackBoxOf(
  { whyStopped }: RunResult,
  roles: RoleTable,
  record: OpenRecord,
): Pick<ReportData, 'blackBox'> {
  if (whyStopped === undefined) return {};
  const { t_s, readings } = whyStopped;
  const names = new Set([...readings.map(({ role }) => role), ...mainRoles(roles)]);
  const blackBox = [...names].slice(0, BLACK_BOX.roles).map(role => {
    const series = record.member(role);
    const from = series.t_s.findIndex(at_s => at_s >= t_s - BLACK_BOX.before_s);
    const end = series.t_s.findIndex(at_s => at_s > t_s + BLACK_BOX.after_s);
    const cut = [from < 0 ? series.t_s.length : from, end < 0 ? series.t_s.length : end] as const;
    return {
      role,
      unit: shownUnit(role),
      t_s: Array.from(series.t_s.subarray(...cut)),
      value: Array.from(series.value.subarray(...cut), v => (Number.isFinite(v) ? v : null)),
    };
  });
  return { blackBox: blackBox.filter(({ t_s: times }) => times.length > 0) };
}

function spectrumOf({ isWhole, request, ...spectrum }: RecordedSpectrum): ShownSpectrum {
  const state = isWhole ? 'whole' : 'cut short';
  return shownSpectrum({ ...spectrum, state, asked: frequenciesOf(request).length });
}

/** States that an instrument says in words. */
function stateRoles({ measured }: RoleTable): readonly string[] {
  return [...measured.values()].flatMap(({ role, words }) => (words === undefined ? [] : [role]));
}

function withWords(series: Series, { measured }: RoleTable): Series {
  const words = measured.get(series.role)?.words;
  return words === undefined ? series : { ...series, words };
}

/** What the method has worked out of other roles. */
function methodRoles({ measured }: RoleTable): readonly string[] {
  return [...measured.values()].flatMap(({ role, device }) => (device === METHOD_DEVICE ? [role] : []));
}

/** Roles that have a picture of their own. */
const DRAWN = ['cathode.pressure_barg', 'o2.h2_vol_pct', 'stack.temperature_degC'];

function seriesOf(role: string, series: RecordedSeries): Series {
  const { t_s, value } = thinSeries(series);
  const times = new Array<number>(t_s.length);
  const values = new Array<number | null>(t_s.length);
  for (let i = 0; i < t_s.length; i++) {
    times[i] = t_s[i];
    values[i] = Number.isFinite(value[i]) ? value[i] : null;
  }
  return { role, unit: shownUnit(role), t_s: times, value: values };
}

/** Run times between which readings of an instrument are damaged and left out, s. */
function gapsOf(
  { damaged = [] }: RunResult,
  device: string | undefined,
): readonly (readonly [number, number])[] {
  return damaged
    .filter(({ source }) => source === `frames_${device}`)
    .map(({ from_s, to_s }) => [from_s ?? Number.NEGATIVE_INFINITY, to_s ?? Infinity]);
}

/** A line ends where readings are left out, and begins anew behind them. */
function withGaps(series: Series, gaps: readonly (readonly [number, number])[]): Series {
  if (gaps.length === 0) return series;
  const t_s: number[] = [];
  const value: (number | null)[] = [];
  series.t_s.forEach((at_s, i) => {
    const last_s = t_s.at(-1);
    if (last_s !== undefined && gaps.some(([from_s, to_s]) => last_s <= from_s && at_s >= to_s)) {
      t_s.push(0.5 * (last_s + at_s));
      value.push(null);
    }
    t_s.push(at_s);
    value.push(series.value[i]);
  });
  return { ...series, t_s, value };
}

function scaled(series: Series, factor: number): Series {
  return { ...series, value: series.value.map(v => (v === null ? null : v * factor)) };
}

/** Cell by cell at the highest setpoint that the first and the last polarisation curve share. */
function cellProfile(record: OpenRecord): ReportData['cellProfile'] {
  const polarisation = record.phases.filter(p => p.method === 'polarisation-curve');
  const [begin, end] = [polarisation.at(0), polarisation.at(-1)];
  if (begin === undefined || end === undefined || begin === end) return null;
  const pointsIn = (phase: string) => record.points.filter(p => p.phase === phase && p.leg === 'up');
  const shared = pointsIn(begin.name).filter(a => pointsIn(end.name).some(b => b.setpoint === a.setpoint));
  const top = shared.reduce((best, p) => (p.setpoint > best.setpoint ? p : best), shared[0]);
  if (top === undefined) return null;
  const last = pointsIn(end.name).find(p => p.setpoint === top.setpoint);
  if (last === undefined) return null;
  const profile = (p: { from_s: number; to_s: number }) =>
    record.profile('cell.voltage_V[]', p.from_s, p.to_s);
  return { begin_V: profile(top), end_V: profile(last), current_A: top.setpoint };
}
