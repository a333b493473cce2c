import { unitOf } from '../../drivers/contract/units.ts';
import { dischargesOf } from '../../profiles/cell-kpis.ts';
import { curvesOf } from '../../profiles/methods/curve.ts';
import { asStackRun, type RecordedSeries } from '../../profiles/recorded-run.ts';
import { EVALUATED_ROLES, evaluateRun, evaluateTables } from '../../profiles/run-kpis.ts';
import { subjectOf } from '../bench/bench.ts';
import { mainRoles } from '../bench/main-roles.ts';
import type { Cause } from '../contract/cause.ts';
import { EVENT_DATA, type EventKind } from '../record/events.ts';
import type { OpenRecord } from '../record/record.ts';
import { thinSeries } from '../record/thin-series.ts';
import type { Rehearsal } from '../rehearse/summary.ts';
import type { Run, RunOutcome } from '../run/run.ts';
import type { ReportData, RunResult, RunState, Series } from '../view.ts';
import type { RunRecord } from './run-record.ts';

/** From a finished run's record to its result and to what the report draws. */

/** What is known of a run before it starts, and belongs at the head of its result and report. */
export interface RunHead {
  readonly seed: number;
  readonly mode: RunResult['mode'];
  readonly startedUtc: string;
  readonly software: string;
}

/** Exit codes of the program; each means one thing. */
export const EXIT = {
  /** Completed, and the safe state is proved. */
  completed: 0,
  /** Completed, but not everything could be proved safe. */
  notProved: 1,
  /** Refused before anything was started: wrong input, an instrument that is not there, a bench that is not safe to start. */
  refused: 2,
  /** Stopped by a person or a signal. */
  stopped: 3,
  /** Tripped, or aborted by a person, into the safe state. */
  tripped: 4,
  /** cellbench itself failed. */
  failed: 5,
} as const;

/** Exit code of a run that is over. */
export function exitCode({ state, cause, unproven }: RunOutcome): number {
  if (cause.by === 'self') return EXIT.failed;
  if (cause.by === 'start') return EXIT.refused;
  if (state === 'Complete') return unproven.length === 0 ? EXIT.completed : EXIT.notProved;
  return state === 'Stopped' ? EXIT.stopped : EXIT.tripped;
}

/** Starts at the best that the end state allows and only gets worse. */
export function verdictOf(outcome: RunOutcome): string {
  const proved = outcome.unproven.length === 0 ? '' : ', safe state NOT fully proved';
  if (outcome.state === 'Complete') return outcome.unproven.length === 0 ? 'completed' : `completed${proved}`;
  return `${ENDED[outcome.state] ?? outcome.state} ${byWhom(outcome.cause, outcome.state)}${proved}`;
}

const ENDED: Readonly<Record<string, string>> = { Stopped: 'stopped', Aborted: 'aborted' };

/** Who or what ended the run, in words. */
function byWhom({ by, id }: Cause, state: RunState): string {
  switch (by) {
    case 'person':
      return 'by a person';
    case 'signal':
      return id === 'SIGINT' ? 'by Ctrl-C' : `by ${id}`;
    case 'interlock':
      return state === 'Aborted' ? 'by a trip' : 'by a limit';
    case 'set-point':
      return 'by a set point that does not hold';
    case 'step':
      return 'by a step of the method';
    case 'start':
      return 'before the start';
    case 'record':
      return 'because the record cannot be written';
    case 'rehearsal':
      return 'because nobody leads a rehearsal on';
    case 'self':
      return 'by a failure of cellbench itself';
    case 'procedure':
      return 'by the procedure';
  }
}

/**
 * The result of a finished run, as result.json has it: verdict, reason with everything that could not be
 * proved safe, phases, and the figures that its record yields.
 */
export function resultOf(
  run: Run,
  outcome: RunOutcome,
  record: OpenRecord,
  kept: Pick<RunRecord, 'head' | 'journal'>,
): RunResult {
  const { procedure, timeFactor } = run.spec;
  const { head, journal } = kept;
  record.readTogether(EVALUATED_ROLES);
  const unproven = outcome.unproven.map(u => `${u.what}: ${u.otherwise}`);
  return {
    verdict: verdictOf(outcome),
    reason: [outcome.reason, ...unproven].filter(text => text !== '').join('; '),
    cause: outcome.cause,
    unproven: outcome.unproven,
    seed: head.seed,
    simulated_s: run.time_s,
    rows: journal.rows,
    phases: run.phases,
    kpis: evaluateRun(record, procedure),
    tables: evaluateTables(record),
    bench: run.session.parts.bench.bench,
    method: procedure.method,
    mode: head.mode,
    timeFactor,
  };
}

/** Roughly this many points of the cell-voltage spread are enough for a picture. */
const SPREAD_POINTS = 1500;
/** Events that a reader of the report wants to see; steps, points and phases have their own places in it. */
const SHOWN_EVENTS: ReadonlySet<string> = new Set<EventKind>([
  'state',
  'alarm',
  'clear',
  'safe',
  'device',
  'command',
  'end',
  'refused',
  'failed',
  'foreign',
  'standby',
  'restart',
  'watchdog',
  'fault',
  'accepted',
  'listener',
  'record',
]);

/** Kinds of another version are shown by their words. */
function isShown(kind: string): boolean {
  return SHOWN_EVENTS.has(kind) || !Object.hasOwn(EVENT_DATA, kind);
}

/**
 * What the report draws, thinned from the run's record: curves, power asked and drawn (kW), pressure, H2 in
 * O2, cell spread (mV), events and devices. A series that was not recorded is empty.
 */
export function reportDataOf(
  run: Run,
  result: RunResult,
  record: OpenRecord,
  head: RunHead,
  rehearsal?: Rehearsal,
): ReportData {
  const { bench, devices } = run.session.parts;
  const subject = subjectOf(bench);
  const stackRun = asStackRun(record);
  const curves = stackRun === undefined ? [] : curvesOf(stackRun);
  const rowsPerDevice = Math.max(1, record.series('stack.temperature_degC').t_s.length);
  const limits = bench.interlocks.flatMap(i =>
    i.kind === 'threshold' && i.role === 'o2.h2_vol_pct' ? [{ label: i.reaction, value: i.limit }] : [],
  );
  return {
    title: `${result.method} on ${subject.name}`,
    startedUtc: head.startedUtc,
    subject: subject.kind,
    result,
    curves: curves.map(curve => ({ ...curve, activeArea_cm2: stackRun?.stack.activeArea_cm2 ?? 0 })),
    powerAsked: seriesOf('stack.powerAsked_kW', record.asked('stack.powerAsked_kW')),
    powerDrawn: scaled(seriesOf('stack.power_kW', record.series('stack.power_W')), 1e-3),
    pressure: seriesOf('cathode.pressure_barg', record.series('cathode.pressure_barg')),
    h2InO2: seriesOf('o2.h2_vol_pct', record.series('o2.h2_vol_pct')),
    h2InO2Limits: limits,
    cellSpread: scaled(
      seriesOf('cell.spread_mV', record.spread('cell.voltage_V[]', rowsPerDevice / SPREAD_POINTS)),
      1e3,
    ),
    temperature: seriesOf('stack.temperature_degC', record.series('stack.temperature_degC')),
    cellProfile: cellProfile(record),
    traces: mainRoles(run.session.parts.roles)
      .filter(role => !DRAWN.includes(role))
      .map(role => seriesOf(role, record.series(role))),
    discharges_Ah: subject.kind === 'cell' ? dischargesOf(record, subject) : [],
    ...(rehearsal === undefined ? {} : { rehearsal }),
    events: record.events.filter(e => isShown(e.kind)),
    devices: [...devices.values()].map(device => {
      const count = run.session.sampling.counts.get(device.id);
      return {
        id: device.id,
        driver: device.driver,
        channels: device.channels.length,
        frames: count?.frames ?? 0,
        badFrames: count?.badFrames ?? 0,
      };
    }),
    software: head.software,
  };
}

/** Roles that have a picture of their own. */
const DRAWN = ['cathode.pressure_barg', 'o2.h2_vol_pct', 'stack.temperature_degC'];

function seriesOf(role: string, series: RecordedSeries): Series {
  const { t_s, value } = thinSeries(series);
  return {
    role,
    unit: unitOf(role) ?? '',
    t_s: Array.from(t_s),
    value: Array.from(value, v => (Number.isFinite(v) ? v : null)),
  };
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
