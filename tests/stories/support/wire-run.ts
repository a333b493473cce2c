import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, subjectOf } from '../../../control/bench/bench.ts';
import { loadBench } from '../../../control/bench/bench-file.ts';
import { lapseBench } from '../../../control/bench/time-lapse.ts';
import type { RunOutcome } from '../../../control/contract/run-outcome.ts';
import { beginRun } from '../../../control/program/begin.ts';
import { loadMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice, emulate, openInstruments } from '../../../control/program/open-devices.ts';
import { software } from '../../../control/program/result/software.ts';
import { openRecord } from '../../../control/record/record.ts';
import type { Run } from '../../../control/run/run.ts';
import type { BenchSession } from '../../../control/run/session.ts';
import { type Clock, realClock } from '../../../drivers/contract/clock.ts';
import { shortenProcedure } from '../../../profiles/procedure.ts';
import type { Emulators } from '../../../sim/wire-client.ts';

const BENCH = 'examples/pem-500kw/bench.yaml';

/** Purged, then half load for a long time: where a wire is pulled. */
const UNDER_LOAD = `
method: under-load
version: 2
phases:
- name: purge
  steps:
  - call: purge
    with: { pressure_barg: 1, purge_min: 10 }
- name: load
  steps:
  - set: { water.pump_on: on }
  - call: stabilise
    with: { temperature_degC: 25, load_pct: 30, window_min: 1, most_h: 0.0333333333333 }
  - wait: {}
    name: under load
    for_s: FOR_S
BEHIND
finally:
- set: { stack.current_A: 0, stack.output_on: off }
`;

/** How much faster than life method and plant run here. */
export const FACTOR = 150;

export interface WireRun {
  readonly run: Run;
  readonly session: BenchSession;
  readonly clock: Clock;
  readonly emulators: Emulators;
  readonly outcome: Promise<RunOutcome>;
  /** Resolves when the stack carries current in the long hold; fails if the run ends before. */
  underLoad(): Promise<void>;
  /** Resolves when the driver has reconnected; fails after 10 s. */
  isBack(device: string): Promise<void>;
  /** Events of the journal, after the run; closes everything. */
  finish(): Promise<{ t_s: number; kind: string; text: string }[]>;
}

/** What a story may want otherwise. */
export interface WireRunOptions {
  /** How long it is under load, s of the method. */
  readonly for_s?: number;
  /** Steps behind it. */
  readonly behind?: string;
  /** What is other on the bench, as it is for the shortened run. */
  readonly change?: (bench: Bench) => Bench;
}

/** Starts emulators, drivers and a run in real time, all in this test. */
export async function startWireRun({
  for_s = 36_000,
  behind = '',
  change = bench => bench,
}: WireRunOptions = {}): Promise<WireRun> {
  const dir = mkdtempSync(join(tmpdir(), 'cellbench-wire-story-'));
  const methodPath = join(dir, 'method.yaml');
  writeFileSync(methodPath, UNDER_LOAD.replace('FOR_S', String(for_s)).replace('BEHIND\n', behind));
  const clock = realClock();
  const file = loadBench(BENCH, describeDevice);
  const method = loadMethodFor(methodPath, file);
  const { emulators, loaded } = await emulate(file, 1, FACTOR);
  const lapsed = { ...loaded, bench: change(lapseBench(loaded.bench, FACTOR)) };
  const devices = openInstruments(lapsed, clock);
  const head = { seed: 1, mode: 'wire' as const, startedUtc: '', software: software(), inputs: [] };
  const { session, run, kept } = await beginRun(dir, {
    loaded: lapsed,
    devices,
    clock,
    procedure: shortenProcedure(method.procedure, FACTOR),
    method: methodPath,
    head,
    timeFactor: FACTOR,
    faults: [],
  });
  const outcome = run.finished;
  return {
    run,
    session,
    clock,
    emulators,
    outcome,
    async underLoad() {
      const until_s = clock.now_s() + 40;
      while (run.step !== 'under load' || !(session.image.value('stack.current_A') > 300)) {
        if (clock.now_s() > until_s || run.outcome !== undefined) {
          throw new Error(`never under load: ${session.state}, step "${run.step}", ${session.reason}`);
        }
        await clock.sleep(0.05);
      }
      await clock.sleep(0.5);
    },
    async isBack(device) {
      const until_s = clock.now_s() + 10;
      while (devices.get(device)?.state !== 'ready') {
        if (clock.now_s() > until_s) throw new Error(`${device} has not come back within 10 s`);
        await clock.sleep(0.05);
      }
    },
    async finish() {
      await session.close();
      await kept.close();
      await emulators.stop();
      const { roles, bench } = session.parts;
      const record = openRecord(kept.path, roles, subjectOf(bench));
      // On the clock of the test, not from the record's second 0.
      const events = [...record.events].map(e => ({ ...e, t_s: e.t_s + kept.origin_s }));
      record.close();
      rmSync(dir, { recursive: true, force: true });
      return events;
    },
  };
}
