import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { Procedure } from '../../../profiles/procedure.ts';
import { fetchedOnce } from '../../../profiles/record-math.ts';
import { evaluateCurves, evaluateRun, evaluateTables } from '../../../profiles/run-kpis.ts';
import type { CyclerReadings } from '../../exchange/import/read-cycler.ts';
import type { OpenRecord } from '../../record/record.ts';
import { type Input, RESULT_VERSION, type RunResult, type Software } from '../../review/result.ts';

/** The result of a run that was read from a file: the same figures as of one of ours, no limits, no alarms. */

/** What is known of it beside its record. */
export interface ImportedHead {
  readonly name: string;
  readonly device: string;
  readonly phases: RunResult['phases'];
  readonly inputs: readonly Input[];
  readonly software: Software;
  readonly startedUtc: string;
  readonly endedUtc: string;
  readonly duration_s: number;
  readonly timeFactor: number;
  /** What had been left out before the file was made, where somebody had counted it. */
  readonly thinned: RunResult['thinned'];
  /** What must be known of it before its figures are used; empty: nothing. */
  readonly reason: string;
  readonly readings: CyclerReadings;
  /** Kinds of the events that were written. */
  readonly events: readonly string[];
}

/** An imported run was made by none of ours. */
export const NO_PROCEDURE: Procedure = {
  method: 'imported',
  instructions: [],
  planned_s: 0,
};

/** Works it out of the record. */
export function importedResult(record: OpenRecord, head: ImportedHead): RunResult {
  const { readings } = head;
  const frames = readings.t_s.length;
  let badFrames = 0;
  for (let r = 0; r < frames; r++)
    if (readings.channels.some(({ quality }) => quality[r] >= QUALITY.stale)) badFrames++;
  const events: Record<string, number> = {};
  for (const kind of head.events) events[kind] = (events[kind] ?? 0) + 1;
  const read = fetchedOnce(record);
  return {
    schema: 'cellbench/result',
    version: RESULT_VERSION,
    verdict: 'imported',
    reason: head.reason,
    cause: { by: 'procedure', id: 'import' },
    unproven: [],
    criteria: 'none',
    bench: head.name,
    method: 'imported',
    mode: 'imported',
    seed: 0,
    timeFactor: head.timeFactor,
    software: head.software,
    inputs: head.inputs,
    startedUtc: head.startedUtc,
    endedUtc: head.endedUtc,
    simulated_s: head.duration_s,
    rows: frames,
    ...(head.thinned === undefined ? {} : { thinned: head.thinned }),
    counts: { devices: [{ id: head.device, driver: 'imported', frames, badFrames }], events, setpoints: [] },
    phases: head.phases,
    kpis: evaluateRun(read, NO_PROCEDURE),
    tables: evaluateTables(read),
    curves: evaluateCurves(read),
    limits: [],
    alarms: [],
  };
}
