import type { KpiValue } from '../../../profiles/kpi.ts';
import { fetchedOnce } from '../../../profiles/record-math.ts';
import { evaluateCurves, evaluateRun, evaluateTables } from '../../../profiles/run-kpis.ts';
import type { OpenRecord } from '../../record/record.ts';
import { unreadDevices } from '../../review/lost/unread.ts';
import { type Input, RESULT_VERSION, type RunResult, type Software } from '../../review/result.ts';
import type { Review } from '../../review/review.ts';
import type { EndedRun } from './ended-run.ts';
import { verdictOf } from './outcome.ts';

/** What is known of a run before it starts, and belongs at the head of its result and report. */
export interface RunHead {
  readonly seed: number;
  readonly mode: Exclude<RunResult['mode'], 'imported'>;
  readonly startedUtc: string;
  /** Who runs it, if anybody said so. */
  readonly operator?: string;
  /** Name of the subject that it is for, on a bench with several. */
  readonly subject?: string;
  readonly software: Software;
  /** The files that it is made from. */
  readonly inputs: readonly Input[];
}

/**
 * The result of a finished run, as result.json has it: verdict, reason with everything that could not be
 * proved safe, phases, what its record says of limits and alarms (`reviewed`), and the figures that it yields.
 */
export function resultOf(
  ended: EndedRun,
  record: OpenRecord,
  { events, setpoints, limits, methodLimits, alarms, ...found }: Review,
): RunResult {
  const { procedure, timeFactor, outcome, bench, thinned } = ended;
  const unproven = outcome.unproven.map(u => `${u.what}: ${u.otherwise}`);
  const read = fetchedOnce(record);
  const kpis = evaluateRun(read, procedure);
  const unread = unreadDevices(read, ended.roles, [...ended.devices.values()]);
  return {
    schema: 'cellbench/result',
    version: RESULT_VERSION,
    verdict: verdictOf(outcome),
    reason: [outcome.reason, ...unproven].filter(text => text !== '').join('; '),
    cause: outcome.cause,
    unproven: outcome.unproven,
    criteria: criteriaOf(kpis),
    bench: bench.bench,
    method: procedure.method,
    ...ended.head,
    timeFactor,
    endedUtc: ended.endedUtc,
    simulated_s: ended.time_s,
    rows: ended.rows,
    ...(thinned.length === 0 ? {} : { thinned }),
    counts: {
      devices: [...ended.devices.values()].map(({ id, driver, frames, badFrames }) => ({
        id,
        driver,
        frames,
        badFrames,
      })),
      events,
      setpoints,
    },
    phases: ended.phases,
    kpis,
    tables: evaluateTables(read),
    curves: evaluateCurves(read),
    limits,
    ...(methodLimits === undefined ? {} : { methodLimits }),
    alarms,
    ...saidOf(found),
    ...(unread.length === 0 ? {} : { unread }),
  };
}

/** What a record says of how its run went, the same however it ended: absent where there is nothing to say. */
export function saidOf(
  found: Omit<Review, 'events' | 'setpoints' | 'limits' | 'methodLimits' | 'alarms'>,
): Partial<RunResult> {
  return {
    ...(found.whyStopped === undefined ? {} : { whyStopped: found.whyStopped }),
    ...(found.finishedBy === undefined ? {} : { finishedBy: found.finishedBy }),
    ...(found.leftLoops.length === 0 ? {} : { leftLoops: found.leftLoops }),
    ...(found.shortSteps.length === 0 ? {} : { shortSteps: found.shortSteps }),
    ...(found.inexactSteps.length === 0 ? {} : { inexactSteps: found.inexactSteps }),
    ...(found.sameFigures.length === 0 ? {} : { sameFigures: found.sameFigures }),
    ...(found.controlled.length === 0 ? {} : { controlled: found.controlled }),
    ...(found.incomplete.length === 0 ? {} : { incomplete: found.incomplete }),
    ...(found.suspensions.length === 0 ? {} : { suspensions: found.suspensions }),
    ...(found.rowsLost.length === 0 ? {} : { rowsLost: found.rowsLost }),
    ...(found.rowGaps.length === 0 ? {} : { rowGaps: found.rowGaps }),
    ...(found.edits.length === 0 ? {} : { edits: found.edits }),
  };
}

/** The criteria of all figures as one word; the worst decides. */
export function criteriaOf(kpis: readonly KpiValue[]): RunResult['criteria'] {
  const outcomes = kpis.flatMap(({ criterion }) => (criterion === undefined ? [] : [criterion.outcome]));
  if (outcomes.length === 0) return 'none';
  return (['fail', 'undecided'] as const).find(word => outcomes.includes(word)) ?? 'pass';
}
