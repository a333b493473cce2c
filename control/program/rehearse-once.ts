import { join } from 'node:path';
import { realClock, VirtualClock } from '../../drivers/contract/clock.ts';
import type { LoadProfile } from '../../profiles/loads/load-profile.ts';
import { type LoadedMethod, loadMethod } from '../../profiles/method-file.ts';
import { subjectOf } from '../bench/bench.ts';
import { checkMethod, type LoadedBench, loadBench } from '../bench/bench-file.ts';
import { type OpenRecord, openRecord } from '../record/record.ts';
import { examine, runUnattended } from '../rehearse/rehearsal.ts';
import type { Rehearsal } from '../rehearse/summary.ts';
import type { Run } from '../run/run.ts';
import type { RunOutcome } from '../run/run-parts.ts';
import type { RunResult } from '../view.ts';
import { besideOf, joinBeside } from './commands/beside.ts';
import { describeDevice, faultsOf, faultText, openTwins } from './open-devices.ts';
import { type RunHead, resultOf } from './outcome.ts';
import { givenOrExample } from './package-files.ts';
import { prepareRun } from './prepare-run.ts';
import { readSource, software } from './run-files.ts';
import { withTwinParameters } from './twin-parameters.ts';

/** A bench, a method that fits it, and the load series that the method follows. */
export interface Night {
  readonly loaded: LoadedBench;
  readonly method: LoadedMethod;
  readonly source: LoadProfile;
  /** What goes wrong in it. */
  readonly faults: ReturnType<typeof faultsOf>;
}

/** Reads the files of a night and checks them against each other. Bad input throws; nothing has been started. */
export function loadNight(options: {
  readonly bench: string;
  readonly method: string;
  readonly wind?: string | undefined;
  readonly faults?: string | undefined;
  readonly seed: number;
}): Night {
  const loaded = loadBench(givenOrExample(options.bench), describeDevice);
  const method = loadMethod(givenOrExample(options.method), subjectOf(loaded.bench));
  checkMethod(method, loaded);
  const faults = faultsOf(loaded, options.faults && givenOrExample(options.faults));
  return { loaded, method, source: readSource(options, method.procedure), faults };
}

/** A night rehearsed once. Close `record` when done. */
export interface Rehearsed {
  readonly run: Run;
  readonly result: RunResult;
  readonly rehearsal: Rehearsal;
  readonly record: OpenRecord;
  readonly head: RunHead;
}

/**
 * Rehearses a night in virtual time on the twin of its bench, with its journal in `dir`. `parameters`: figures of the
 * plant that differ; a twin beside the bench does not know of them. `watch` may show how it goes: it gets the run and
 * the work to be done.
 */
export async function rehearseOnce(
  night: Night,
  dir: string,
  seed: number,
  parameters: Readonly<Record<string, number>> = {},
  watch: (run: Run, work: () => Promise<RunOutcome>) => Promise<RunOutcome> = (_run, work) => work(),
): Promise<Rehearsed> {
  const { loaded: file, method, source, faults } = night;
  const clock = new VirtualClock({ utcStart_ms: realClock().utc_ms() });
  const plant = Object.keys(parameters).length === 0 ? file : withTwinParameters(file, parameters);
  const twins = { loaded: file, devices: openTwins(plant, seed, clock, faults) };
  const { loaded, devices } = joinBeside(twins, besideOf(file, clock, 1));
  const startedUtc = new Date(clock.utc_ms()).toISOString();
  const head: RunHead = { seed, mode: 'rehearsal', startedUtc, software: software() };
  const about = { dir, clock, timeFactor: 1, head, method: method.path, faults: faults.map(faultText) };
  const run = await prepareRun(loaded, devices, method.procedure, source, about);
  const outcome = await watch(run, () => runUnattended(run, clock));
  await run.parts.journal.close();
  await run.close();
  const path = join(dir, 'run.sqlite');
  const record = openRecord(path, run.parts.roles, subjectOf(loaded.bench));
  try {
    const result = resultOf(run, outcome, record, method.procedure, head);
    return { run, result, record, head, rehearsal: examine(run.parts, path, outcome, result, record) };
  } catch (error) {
    record.close();
    throw error;
  }
}
