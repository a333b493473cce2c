import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { subjectOf } from '../../../control/bench/bench.ts';
import { checkMethod, loadBench } from '../../../control/bench/bench-file.ts';
import { beginRun } from '../../../control/program/begin.ts';
import { besideOf, joinBeside } from '../../../control/program/commands/beside.ts';
import { loadMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice, plantOf } from '../../../control/program/open-devices.ts';
import type { RunHead } from '../../../control/program/result/result.ts';
import { software } from '../../../control/program/result/software.ts';
import { openRecord } from '../../../control/record/record.ts';
import { rolesOfDevice } from '../../../control/tick/roles.ts';
import { VirtualClock } from '../../../drivers/contract/clock.ts';
import type { RecordedSeries } from '../../../profiles/recorded-run.ts';
import { type Fault, faultyRig } from '../../../sim/faults.ts';
import { openRig } from '../../../sim/open-rig.ts';
import { openTwin } from '../../../sim/twin.ts';
import { copyExample } from './program.ts';

/** The night of the example bench with a healthy twin beside a stack that may have faults. */

export interface BesideNight {
  readonly state: string;
  readonly reason: string;
  readonly events: readonly { readonly t_s: number; readonly kind: string; readonly text: string }[];
  series(role: string): RecordedSeries;
}

/** Roles that the twin predicts, and the early warnings on them. */
export interface BesideAsks {
  readonly roles: readonly string[];
  readonly interlocks: readonly string[];
}

/** Rehearses the example's night; `faults` act on the stack, never on the twin beside it. */
export async function besideNight(
  dir: string,
  asks: BesideAsks,
  faults: readonly Fault[],
): Promise<BesideNight> {
  mkdirSync(dir, { recursive: true });
  copyExample(dir);
  const path = join(dir, 'bench.yaml');
  const text = readFileSync(path, 'utf8')
    .replace(
      /^devices:$/m,
      `twin:\n  plant: pem\n  beside: { roles: [${asks.roles.join(', ')}], every_s: 1 }\n\ndevices:`,
    )
    .replace(/^interlocks:$/m, `interlocks:\n${asks.interlocks.map(i => `  - ${i}`).join('\n')}`);
  writeFileSync(path, text);
  const file = loadBench(path, describeDevice);
  const method = loadMethodFor(join(dir, 'night.yaml'), file);
  checkMethod(method, file);
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const seed = 1;
  const rig = faultyRig(openRig(plantOf(file), seed), faults);
  const devices = new Map(
    [...file.descriptions].map(([id, description]) => [
      id,
      openTwin(id, description, rolesOfDevice(file.bench, id, description), rig, clock),
    ]),
  );
  const opened = joinBeside({ loaded: file, devices }, besideOf(file, clock, 1));
  const head: RunHead = {
    seed,
    mode: 'rehearsal',
    startedUtc: new Date(0).toISOString(),
    software: software(),
    inputs: [],
  };
  const { session, run, kept } = await beginRun(dir, {
    ...opened,
    clock,
    procedure: method.procedure,
    method: method.path,
    head,
    timeFactor: 1,
    faults: [],
  });
  const outcome = await clock.runUntil(run.finished);
  await session.close();
  await kept.close();
  const record = openRecord(kept.path, session.parts.roles, subjectOf(file.bench));
  return {
    state: outcome.state,
    reason: outcome.reason,
    events: record.events,
    series: role => record.series(role),
  };
}
