import { statSync } from 'node:fs';
import type { VirtualClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { unitOf } from '../../drivers/contract/units.ts';
import { integrate } from '../../profiles/record-math.ts';
import type { RecordedRun } from '../../profiles/recorded-run.ts';
import { RETURNED } from '../../profiles/run-kpis.ts';
import { heldAt } from '../../profiles/series-parts.ts';
import type { Bench } from '../bench/bench.ts';
import { mainRoles } from '../bench/main-roles.ts';
import type { Cause } from '../contract/cause.ts';
import type { RoleTable } from '../contract/role-table.ts';
import type { RunOutcome } from '../contract/run-outcome.ts';
import { namesOfTable } from '../kinds/interlocks/condition.ts';
import { kindOf } from '../kinds/interlocks/index.ts';
import type { OpenRecord } from '../record/record.ts';
import { eventsOf, type RecordedEvent } from '../record/recorded-events.ts';
import { openReplay } from '../record/replay.ts';
import type { RunResult } from '../review/result.ts';
import { type Timeline, timelineOf } from '../review/timeline.ts';
import { aftermath } from '../run/aftermath.ts';
import type { Run } from '../run/run.ts';
import { derivedTables } from '../tick/derived-source.ts';
import { findingsOf } from './findings.ts';
import { Lasting } from './lasting.ts';
import { countBadReadings, countSteps, finishOf } from './steps.ts';
import type { Rehearsal, RehearsalEnd } from './summary.ts';
import { unnamedLimits } from './unnamed-limits.ts';

/** Normal litres per kilogram of hydrogen: 22.414 NL/mol (0 degC, 1.01325 bar) over 2.01588 g/mol. */
const NL_PER_KG_H2 = 22.41396954 / 2.01588e-3;
/** On hold nobody resumes a rehearsal: after this, s of run time, it is stopped. */
const HELD_S = 600;
const LOOK_EVERY_S = 60;

/**
 * Runs to the end in virtual time, and sees to it that there is one: a run that an interlock put on hold, where no
 * person is there to resume, or that outlasts its plan by far, is stopped with that as its reason.
 */
export async function runUnattended(run: Run, clock: VirtualClock): Promise<RunOutcome> {
  const { session, spec } = run;
  let held_s = Number.NaN;
  const lasting = new Lasting(spec.procedure);
  const cancel = clock.every(LOOK_EVERY_S, () => {
    const now_s = clock.now_s();
    if (session.state !== 'Held') held_s = Number.NaN;
    else if (Number.isNaN(held_s)) held_s = now_s;
    if (now_s - held_s >= HELD_S) {
      const alarms = session.interlocks.alarms().map(alarm => `${alarm.id}: ${alarm.text}`);
      const why = [...new Set([session.reason, ...alarms])].filter(text => text !== '');
      const reason = `on hold for good, nobody resumes a rehearsal (${why.join('; ')})`;
      session.stop({ by: 'rehearsal', id: 'on-hold' }, reason);
    } else if (lasting.isOver(run.time_s, run.stepLeft_s)) {
      const reason = `never ends: ${lasting.what} is over, in step "${run.step}"`;
      session.stop({ by: 'rehearsal', id: 'never-ends' }, reason);
    }
  });
  try {
    const outcome = await clock.runUntil(run.finished);
    // What voltage and gas do after a trip belongs to it.
    return await clock.runUntil(aftermath(session, outcome));
  } finally {
    cancel();
  }
}

/**
 * What a finished run in virtual time says about the night: from its journal (closed, at `path`) and its result alone.
 * `devices` in the order in which they are polled.
 */
export function examine(
  of: {
    readonly bench: Bench;
    readonly roles: RoleTable;
    readonly devices: ReadonlyMap<string, Device>;
    readonly procedure: Run['spec']['procedure'];
  },
  path: string,
  outcome: RunOutcome,
  result: RunResult,
  record: OpenRecord,
): Rehearsal {
  const { bench, roles, procedure } = of;
  const replay = openReplay(path);
  try {
    const names = new Map([
      ...[...of.devices].map(([id, device]) => [id, device.channels.map(c => String(c.name))] as const),
      ...derivedTables(bench).map(({ device, channels }) => [device, channels] as const),
    ]);
    const timeline = timelineOf(replay, procedure);
    const ended = endOfRun(replay.events, outcome.cause);
    const found: Omit<Rehearsal, 'findings'> = {
      bench: result.bench,
      method: result.method,
      seed: result.seed,
      outcome:
        outcome.state === 'Complete' ? 'completed' : outcome.state === 'Stopped' ? 'stopped' : 'tripped',
      duration_s: result.simulated_s,
      planned_s:
        (outcome.state === 'Complete' ? result.phases.at(-1)?.end_s : undefined) ?? procedure.planned_s,
      ...amountsOf(result, record, roles),
      rows: result.rows,
      bytes: statSync(path).size,
      end:
        outcome.state === 'Complete' && outcome.unproven.length === 0
          ? null
          : endOf(bench, roles, result, record, ended, timeline),
      unproven: [...result.unproven],
      limits: [...result.limits],
      methodLimits: [...(result.methodLimits ?? [])],
      setpoints: [...result.counts.setpoints],
      steps: countSteps(replay, procedure),
      ...finishOf(replay),
      ...(result.leftLoops === undefined ? {} : { leftLoops: [...result.leftLoops] }),
      badReadings: countBadReadings(replay, names),
      shortSteps: [...(result.shortSteps ?? [])],
      sameFigures: [...(result.sameFigures ?? [])],
      ...(result.incomplete === undefined ? {} : { incomplete: [...result.incomplete] }),
      ...(result.controlled === undefined ? {} : { controlled: [...result.controlled] }),
      suspensions: [...(result.suspensions ?? [])],
      figures: figuresOfParts(result, record),
      judged: result.kpis.filter(({ criterion }) => criterion !== undefined),
      phases: [...result.phases],
    };
    const putIn = eventsOf(replay.events, 'fault').map(e => e.text);
    return { ...found, findings: findingsOf(found, putIn, unnamedLimits(of.devices, roles)) };
  } finally {
    replay.close();
  }
}

/** The event of what ended the run: what trips behind it ends the bench's next state, not the run. */
export function endOfRun(
  events: readonly RecordedEvent[],
  { by, id }: Cause,
): Extract<RecordedEvent, { kind: 'end' }> | undefined {
  return eventsOf(events, 'end').find(({ data: { cause } }) => cause.by === by && cause.id === id);
}

/** Those of the built-in methods, each under the name of its part, and those that the method returns. */
function figuresOfParts({ kpis }: RunResult, { parts = [] }: RecordedRun): Rehearsal['figures'] {
  const names = [RETURNED, ...new Set(parts.map(({ name }) => name))];
  return kpis.filter(({ phase = '' }) => names.some(name => phase === name || phase.startsWith(`${name} (`)));
}

function amountsOf(
  result: RunResult,
  record: RecordedRun,
  roles: RoleTable,
): Pick<Rehearsal, 'energy' | 'energyOut' | 'h2' | 'n2_NL'> {
  const whole = (id: string) => {
    const found = result.kpis.find(kpi => kpi.id === id && kpi.phase === undefined);
    return found === undefined || found.value === null ? null : { value: found.value, unit: found.unit };
  };
  const measured = whole('h2-measured');
  const h2 = measured ?? whole('h2-faraday');
  const n2 = integrate(record.series('n2.flow_NL_per_min'), 0, result.simulated_s, v => v / 60);
  return {
    energy: whole('energy') ?? whole('energy-in'),
    energyOut: whole('energy-out'),
    h2: h2 === null ? null : { kg: h2.value, NL: h2.value * NL_PER_KG_H2, measured: measured !== null },
    n2_NL: roles.measured.has('n2.flow_NL_per_min') ? n2.sum : null,
  };
}

/** A run that completed, but whose safe end could not be proved, has no event of an end before its time. */
const COMPLETED: Cause = { by: 'procedure', id: 'complete' };

const BEFORE_S = [60, 30, 10, 0];

function endOf(
  bench: Bench,
  roles: RoleTable,
  result: RunResult,
  record: RecordedRun,
  ended: Extract<RecordedEvent, { kind: 'end' }> | undefined,
  timeline: Timeline,
): RehearsalEnd {
  const t_s = ended?.t_s ?? result.simulated_s;
  const cause = ended?.data.cause ?? COMPLETED;
  const interlock =
    cause.by === 'interlock' ? bench.interlocks.find(spec => spec.id === cause.id) : undefined;
  const main = mainRoles(roles);
  const judged =
    interlock === undefined
      ? []
      : 'role' in interlock
        ? [interlock.role]
        : kindOf(interlock).judged(interlock, namesOfTable(roles));
  const own = judged.filter(role => roles.measured.get(role)?.count === 1);
  return {
    reason: result.reason,
    at: ended === undefined ? timeline.at(t_s) : timeline.of(ended),
    cause,
    interlock: interlock?.id ?? null,
    before_s: BEFORE_S,
    led: [...new Set([...own, ...main])].map(role => {
      const series = record.series(role);
      return {
        role,
        unit: unitOf(role) ?? '',
        value: BEFORE_S.map(before_s => {
          const value = heldAt(series, t_s - before_s);
          return Number.isFinite(value) ? value : null;
        }),
      };
    }),
  };
}
