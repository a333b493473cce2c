import type { Worker } from 'node:worker_threads';
import { realClock, VirtualClock } from '../../../drivers/contract/clock.ts';
import { subjectOf } from '../../bench/bench.ts';
import { checkMethod, type LoadedBench, loadBench } from '../../bench/bench-file.ts';
import type { LoadedMethod } from '../../bench/method-check.ts';
import { benchOfMethods } from '../../bench/program-channel.ts';
import type { RunOutcome } from '../../contract/run-outcome.ts';
import { OpenBlocks } from '../../record/blocks/open-blocks.ts';
import { type OpenRecord, openRecord } from '../../record/record.ts';
import { readyWriter } from '../../record/write/writing-thread.ts';
import { examine, runUnattended } from '../../rehearse/rehearsal.ts';
import type { Rehearsal } from '../../rehearse/summary.ts';
import { conclusionOf } from '../../review/recorded-result.ts';
import type { Input, Software } from '../../review/result.ts';
import { reviewed } from '../../review/review.ts';
import type { Run } from '../../run/run.ts';
import type { RunResult } from '../../view.ts';
import { beginRun } from '../begin.ts';
import { besideOf, joinBeside } from '../commands/beside.ts';
import { type OnCycler, onCycler } from '../cycler/on-cycler.ts';
import { loadMethodFor } from '../method-of-bench.ts';
import { describeDevice, faultsOf, faultText, openTwins } from '../open-devices.ts';
import { givenOrExample } from '../package-files.ts';
import { writeCurves } from '../result/curve-datasets.ts';
import { endedRunOf } from '../result/ended-run.ts';
import { dataFilesOf, inputsOf } from '../result/inputs.ts';
import { type RunHead, resultOf } from '../result/result.ts';
import { software, softwareSoon } from '../result/software.ts';
import type { RunRecord } from '../run-record.ts';
import { withTwinParameters } from './twin-parameters.ts';

/** A bench, and a method that fits it. */
export interface NightFiles {
  readonly loaded: LoadedBench;
  readonly method: LoadedMethod;
  /** What goes wrong in it. */
  readonly faults: ReturnType<typeof faultsOf>;
  /** All files that it is made from, with their hashes. */
  readonly inputs: readonly Input[];
  /** Where the bench's cycler runs the method: what it is there. `loaded` and `method` are those of the rehearsal. */
  readonly onCycler?: OnCycler;
}

/** Reads the files of a night and checks them against each other. Bad input throws; nothing has been started. */
export function loadNight(options: {
  readonly bench: string;
  readonly method: string;
  /** Which of several subjects of the bench it is for. */
  readonly subject?: string | undefined;
  readonly wind?: string | undefined;
  readonly faults?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly seed: number;
  /** What a program of a cycler says otherwise is listed, not refused; a rehearsal lists it. */
  readonly accept?: boolean;
  /** The bench with that subject, where it has been read already. */
  readonly known?: LoadedBench | undefined;
}): NightFiles {
  const read = options.known ?? loadBench(givenOrExample(options.bench), describeDevice, options.subject);
  const { own, channel, loaded: file } = benchOfMethods(read);
  const { set: given = [] } = options;
  const method = loadMethodFor(givenOrExample(options.method), file, { given, data: options });
  // With what the method makes of it: what the lab accepts stands in the record.
  const loaded = { ...file, accepted: checkMethod(method, file) };
  const faultsPath = options.faults && givenOrExample(options.faults);
  const faults = faultsOf(loaded, faultsPath);
  const followed = [...(method.procedure.data?.files.values() ?? [])].flatMap(({ path }) => path ?? []);
  const inputs = inputsOf({
    bench: [loaded.path],
    method: [method.path],
    procedure: method.called,
    load: followed,
    faults: faultsPath ? [faultsPath] : [],
    data: dataFilesOf(loaded),
  });
  if (channel === undefined) return { loaded, method, faults, inputs };
  const there = onCycler(channel, { ...own, accepted: loaded.accepted }, method, {
    accepts: options.accept ?? true,
    utc_s: realClock().utc_ms() / 1000,
    live: file,
  });
  return { loaded, method, faults, inputs, onCycler: there };
}

/** A night rehearsed once. Close `record` when done. */
export interface Rehearsed {
  readonly run: Run;
  readonly result: RunResult;
  readonly rehearsal: Rehearsal;
  readonly record: OpenRecord;
}

/** How a night is rehearsed. */
export interface RehearseOptions {
  /** Figures of the plant that differ; a twin beside the bench does not know of them. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** May show how it goes: it gets the run and the work to be done. */
  readonly watch?: (run: Run, work: () => Promise<RunOutcome>) => Promise<RunOutcome>;
  readonly ready?: Ready;
}

/** What takes its time and needs no file: begun before the files are read. */
export interface Ready {
  /** The thread that writes the record. */
  readonly writer: Worker;
  readonly software: Promise<Software>;
}

/** Begins it. Whoever takes none of it leaves nothing behind. */
export function getReady(): Ready {
  return { writer: readyWriter(), software: softwareSoon() };
}

/** Rehearses a night in virtual time on the twin of its bench, with its journal in `dir`. */
export async function rehearseOnce(
  night: NightFiles,
  dir: string,
  seed: number,
  { parameters = {}, watch = (_run, work) => work(), ready }: RehearseOptions = {},
): Promise<Rehearsed> {
  const { loaded: file, method, faults } = night;
  const clock = new VirtualClock({ utcStart_ms: realClock().utc_ms() });
  const plant = Object.keys(parameters).length === 0 ? file : withTwinParameters(file, parameters);
  const twins = { loaded: file, devices: openTwins(plant, seed, clock, faults) };
  const { loaded, devices } = joinBeside(twins, besideOf(file, clock, 1));
  const startedUtc = new Date(clock.utc_ms()).toISOString();
  const head: RunHead = {
    seed,
    mode: 'rehearsal',
    startedUtc,
    ...(file.subject === undefined ? {} : { subject: file.subject }),
    software: (await ready?.software) ?? software(),
    inputs: night.inputs,
  };
  const { session, run, kept } = await beginRun(dir, {
    loaded,
    devices,
    clock,
    procedure: method.procedure,
    method: method.path,
    head,
    timeFactor: 1,
    faults: faults.map(faultText),
    ...(ready === undefined ? {} : { writer: ready.writer }),
  });
  try {
    const outcome = await watch(run, () => runUnattended(run, clock));
    await session.close();
    return await concluded(run, outcome, kept);
  } finally {
    await kept.close();
  }
}

/** Evaluates the record of a rehearsal, writes what it says into it and closes it. */
async function concluded(run: Run, outcome: RunOutcome, kept: RunRecord): Promise<Rehearsed> {
  const { parts, alarms } = run.session;
  alarms.settle();
  await kept.settled();
  const blocks = new OpenBlocks();
  const record = openRecord(kept.path, parts.roles, subjectOf(parts.bench), 'refuse', blocks);
  try {
    const review = reviewed(kept.path, parts, run.spec.procedure, { blocks });
    const result = resultOf(endedRunOf(run, outcome, kept), record, review);
    writeCurves(kept.journal, result.curves);
    kept.journal.conclude(conclusionOf(result));
    // Nobody may have the file open while it is closed.
    record.letGo();
    await kept.close();
    const rehearsal = examine(
      { ...parts, procedure: run.spec.procedure },
      kept.path,
      outcome,
      result,
      record,
    );
    return { run, result, record, rehearsal };
  } catch (error) {
    record.close();
    throw error;
  }
}
