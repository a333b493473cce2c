import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderReport } from '../../../dashboards/report.ts';
import { type DashboardServer, serveDashboard } from '../../../dashboards/server.ts';
import { resultTable } from '../../../dashboards/terminal/progress.ts';
import { type Clock, realClock, VirtualClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { shortenProcedure } from '../../../profiles/compile.ts';
import type { Procedure } from '../../../profiles/procedure.ts';
import type { Emulators } from '../../../sim/wire-client.ts';
import { subjectOf } from '../../bench/bench.ts';
import type { LoadedBench } from '../../bench/bench-file.ts';
import { lapseBench, WIRE_TIMES } from '../../bench/time-lapse.ts';
import { Live } from '../../live.ts';
import { openRecord } from '../../record/record.ts';
import type { Run } from '../../run/run.ts';
import { clockText } from '../../words.ts';
import { type CommandLine, HELP, readCommandLine } from '../command-line.ts';
import { emulate, faultText, openInstruments, openTwins } from '../open-devices.ts';
import { exitCode, type RunHead, reportDataOf, resultOf } from '../outcome.ts';
import { prepareRun } from '../prepare-run.ts';
import { loadNight, type Night } from '../rehearse-once.ts';
import { discard, folderByDate, inRunFolder, software } from '../run-files.ts';
import { watched } from '../watch-run.ts';
import { besideOf, joinBeside } from './beside.ts';

const wall = realClock();

/**
 * Rehearses a night, or runs it over emulated wires or on the real instruments: reads the command line, puts the rooms
 * together, runs, reports, serves. Returns the exit code; bad input throws before anything is started.
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  const options = readCommandLine(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const night = loadNight(options);
  const mode = options.wire ? 'wire' : options.real ? 'bench' : 'rehearsal';
  return inRunFolder(options.out ?? folderByDate(wall, mode), dir => runIn(dir, night, mode, options));
}

async function runIn(
  dir: string,
  night: Night,
  mode: RunHead['mode'],
  options: CommandLine,
): Promise<number> {
  const { loaded: file, method, source, faults } = night;
  const timeFactor = options.wire ? Math.max(1, method.procedure.planned_s / (options.minutes * 60)) : 1;
  const procedure = options.wire ? shortenProcedure(method.procedure, timeFactor) : method.procedure;
  const clock: Clock & { runUntil?: VirtualClock['runUntil'] } =
    mode === 'rehearsal'
      ? new VirtualClock({
          utcStart_ms: wall.utc_ms(),
          ...(options.pace === undefined ? {} : { pace: options.pace }),
        })
      : realClock();
  const beside = besideOf(file, clock, timeFactor);
  const opened = joinBeside(await openBench(file, options, timeFactor, clock, faults), beside);
  const head: RunHead = {
    seed: options.seed,
    mode,
    startedUtc: new Date(clock.utc_ms()).toISOString(),
    software: software(),
  };
  let server: DashboardServer | undefined;
  try {
    const run = await prepareRun(opened.loaded, opened.devices, procedure, source, {
      dir,
      clock,
      timeFactor,
      head,
      method: method.path,
      faults: faults.map(faultText),
    });
    const live = new Live(run, { id: dir, mode });
    const isWatched = mode !== 'rehearsal' || options.pace !== undefined;
    if (options.serve && isWatched) server = await serve(live, options.port);
    const work = watched(run, process.stdout, () => run.execute());
    const outcome = await (clock.runUntil === undefined ? work : clock.runUntil(work)).catch(
      async (error: unknown) => {
        // Only a start that failed rejects; whatever has been recorded is kept.
        if (run.parts.journal.rows === 0) await discard(run, dir);
        throw error;
      },
    );
    await run.parts.journal.close();
    await run.close();
    await opened.emulators?.stop();
    const code = conclude(run, outcome, procedure, live, head, dir);
    if (options.serve) {
      server ??= await serve(live, options.port);
      console.log(`\nThe page stays up until Ctrl-C: ${server.url}`);
      await untilInterrupted();
    }
    return code;
  } finally {
    await server?.close();
    await opened.emulators?.stop();
  }
}

async function openBench(
  file: LoadedBench,
  options: CommandLine,
  timeFactor: number,
  clock: Clock,
  faults: Night['faults'],
): Promise<{ loaded: LoadedBench; devices: ReadonlyMap<string, Device>; emulators?: Emulators }> {
  if (options.real) return { loaded: file, devices: openInstruments(file, clock) };
  if (!options.wire) return { loaded: file, devices: openTwins(file, options.seed, clock, faults) };
  console.log(
    `Starting four emulated instruments in a process of their own; plant ${timeFactor.toFixed(0)} times faster than life.`,
  );
  const { emulators, loaded } = await emulate(file, options.seed, timeFactor, faults);
  const lapsed = { ...loaded, bench: lapseBench(loaded.bench, timeFactor, WIRE_TIMES) };
  return { loaded: lapsed, devices: openInstruments(lapsed, clock), emulators };
}

/** Reads the record back, evaluates it, writes result.json and report.html, prints the table. */
function conclude(
  run: Run,
  outcome: Awaited<ReturnType<Run['execute']>>,
  procedure: Procedure,
  live: Live,
  head: RunHead,
  dir: string,
): number {
  const record = openRecord(join(dir, 'run.sqlite'), run.parts.roles, subjectOf(run.parts.bench));
  try {
    const result = resultOf(run, outcome, record, procedure, head);
    const report = renderReport(reportDataOf(run, result, record, head));
    writeFileSync(join(dir, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
    writeFileSync(join(dir, 'report.html'), report);
    live.finished(result.verdict, report);
    console.log(
      `\n${resultTable(result)}\n\nIn ${dir}: report.html, result.json, run.sqlite (${clockText(result.simulated_s)} h of data)`,
    );
    return Math.max(exitCode(outcome), Number(process.exitCode ?? 0));
  } finally {
    record.close();
  }
}

async function serve(live: Live, port: number): Promise<DashboardServer> {
  const server = await serveDashboard(live, { port });
  console.log(`Live page: ${server.url}`);
  return server;
}

function untilInterrupted(): Promise<void> {
  return new Promise(resolve => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
