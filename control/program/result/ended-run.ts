import type { ChannelSpec } from '../../../drivers/contract/device.ts';
import type { Procedure } from '../../../profiles/procedure.ts';
import type { Bench } from '../../bench/bench.ts';
import type { PhaseResult } from '../../contract/phase-result.ts';
import type { RoleTable } from '../../contract/role-table.ts';
import type { RunOutcome } from '../../contract/run-outcome.ts';
import { withEdits } from '../../record/kinds/edit-kind.ts';
import type { Run } from '../../run/run.ts';
import type { RunRecord } from '../run-record.ts';
import type { RunHead } from './result.ts';

/** A device as a result and a report name it, and what was read of it. */
export interface CountedDevice {
  readonly id: string;
  readonly driver: string;
  readonly channels: readonly ChannelSpec[];
  readonly frames: number;
  readonly badFrames: number;
}

/** A run that is over, with all that its record is evaluated with: plain data, which another thread can be given. */
export interface EndedRun {
  /** Its record. */
  readonly path: string;
  readonly head: RunHead;
  readonly procedure: Procedure;
  readonly timeFactor: number;
  readonly bench: Bench;
  readonly roles: RoleTable;
  readonly devices: ReadonlyMap<string, CountedDevice>;
  readonly outcome: RunOutcome;
  readonly phases: readonly PhaseResult[];
  /** Run time at its end, s. */
  readonly time_s: number;
  readonly endedUtc: string;
  readonly rows: number;
  readonly thinned: RunRecord['thinned'];
}

/** Puts it together as the run ends. */
export function endedRunOf(
  run: Run,
  outcome: RunOutcome,
  kept: Pick<RunRecord, 'path' | 'head' | 'journal'> & Partial<Pick<RunRecord, 'thinned' | 'before'>>,
): EndedRun {
  const { session, spec } = run;
  const { bench, roles, clock, devices } = session.parts;
  const { before, thinned = [] } = kept;
  return {
    path: kept.path,
    head: { ...kept.head, inputs: withEdits(kept.head.inputs, run.edits) },
    procedure: spec.procedure,
    timeFactor: spec.timeFactor,
    bench,
    roles,
    devices: new Map(
      [...devices.values()].map(({ id, driver, channels }) => {
        const now = session.sampling.counts.get(id);
        const then = before?.devices[id];
        const frames = (then?.frames ?? 0) + (now?.frames ?? 0);
        const badFrames = (then?.badFrames ?? 0) + (now?.badFrames ?? 0);
        return [id, { id, driver, channels, frames, badFrames }];
      }),
    ),
    outcome,
    phases: [...run.phases],
    time_s: run.time_s,
    endedUtc: new Date(clock.utc_ms()).toISOString(),
    rows: Object.values(before?.rows ?? {}).reduce((sum, rows) => sum + rows, kept.journal.rows),
    thinned,
  };
}
