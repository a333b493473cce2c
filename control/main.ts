import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderReport } from '../dashboards/report.ts';
import { type DashboardServer, serveDashboard } from '../dashboards/server.ts';
import { type Clock, realClock, VirtualClock } from '../drivers/contract/clock.ts';
import type { Device } from '../drivers/contract/device.ts';
import { DeviceError, messageOf, plainReason } from '../drivers/contract/errors.ts';
import { seededRandom } from '../drivers/contract/random.ts';
import { FileError } from '../drivers/contract/yaml-file.ts';
import { shortenProcedure } from '../profiles/compile.ts';
import { LoadFileError, readLoadCsv } from '../profiles/loads/csv.ts';
import type { LoadProfile } from '../profiles/loads/load-profile.ts';
import { windProfile } from '../profiles/loads/wind.ts';
import { loadMethod, readTextFile } from '../profiles/method-file.ts';
import type { Procedure } from '../profiles/procedure.ts';
import type { Emulators } from '../sim/wire-client.ts';
import { subjectOf } from './bench.ts';
import { checkMethod, type LoadedBench, loadBench } from './bench-file.ts';
import { type CommandLine, HELP, readCommandLine, UsageError } from './command-line.ts';
import { Live } from './live.ts';
import { describeDevice, emulate, openInstruments, openTwins } from './open-devices.ts';
import { exitCode, type RunHead, reportDataOf, resultOf } from './outcome.ts';
import { prepareRun } from './prepare-run.ts';
import { openRecord } from './record.ts';
import type { Run } from './run.ts';
import { clockText, progressLine, resultTable } from './terminal.ts';
import { lapseBench, WIRE_TIMES } from './time-lapse.ts';

/** The composition root: reads the command line, puts the rooms together, runs, reports, serves. */

/** Mean wind of the generated series, m/s (bench default: a good coastal site). */
const WIND_MEAN_M_PER_S = 9;
const wall = realClock();

async function main(args: readonly string[]): Promise<number> {
  const options = readCommandLine(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const file = loadBench(options.bench, describeDevice);
  const method = loadMethod(options.method, subjectOf(file.bench));
  checkMethod(method, file);
  const source = readSource(options, method.procedure);
  const mode = options.wire ? 'wire' : options.real ? 'bench' : 'rehearsal';
  const dir = makeRunFolder(
    options.out ??
      join('runs', `${new Date(wall.utc_ms()).toISOString().slice(0, 19).replaceAll(':', '-')}-${mode}`),
  );

  const timeFactor = options.wire ? Math.max(1, method.procedure.planned_s / (options.minutes * 60)) : 1;
  const procedure = options.wire ? shortenProcedure(method.procedure, timeFactor) : method.procedure;
  const clock: Clock & { runUntil?: VirtualClock['runUntil'] } =
    mode === 'rehearsal'
      ? new VirtualClock({
          utcStart_ms: wall.utc_ms(),
          ...(options.pace === undefined ? {} : { pace: options.pace }),
        })
      : realClock();
  const opened = await openBench(file, options, timeFactor, clock);
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
    });
    const live = new Live(run, { id: dir, mode });
    const isWatched = mode !== 'rehearsal' || options.pace !== undefined;
    if (options.serve && isWatched) server = await serve(live, options.port);
    const work = watched(run, () => run.execute());
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

function readSource(options: CommandLine, procedure: Procedure): LoadProfile {
  const needed_s = Math.max(0, ...procedure.instructions.map(i => (i.op === 'follow' ? i.follow.for_s : 0)));
  if (options.wind === undefined) {
    const wind = {
      seconds: Math.max(600, Math.ceil(needed_s)),
      mean_m_per_s: WIND_MEAN_M_PER_S,
      seed: options.seed,
    };
    return windProfile(wind, seededRandom(options.seed));
  }
  const profile = readLoadCsv(options.wind, readTextFile(options.wind));
  if (profile.power_frac.length < needed_s) {
    throw new UsageError(
      `${options.wind}: ${profile.power_frac.length} s of wind, expected at least ${needed_s} s: so long does the method follow it`,
    );
  }
  return profile;
}

function makeRunFolder(dir: string): string {
  if (existsSync(join(dir, 'run.sqlite'))) {
    throw new UsageError(
      `${dir} holds a run already (run.sqlite), expected a new or empty folder; nothing is overwritten`,
    );
  }
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    throw new UsageError(
      `${dir}: cannot be made: ${plainReason(error)}, expected the name of a new or empty folder`,
    );
  }
  return dir;
}

/** A run that never began leaves nothing behind. */
async function discard(run: Run, dir: string): Promise<void> {
  await run.parts.journal.close().catch(() => {});
  for (const name of ['run.sqlite', 'run.sqlite-wal', 'run.sqlite-shm'])
    rmSync(join(dir, name), { force: true });
  if (readdirSync(dir).length === 0) rmdirSync(dir);
}

async function openBench(
  file: LoadedBench,
  options: CommandLine,
  timeFactor: number,
  clock: Clock,
): Promise<{ loaded: LoadedBench; devices: Map<string, Device>; emulators?: Emulators }> {
  if (options.real) return { loaded: file, devices: openInstruments(file, clock) };
  if (!options.wire) return { loaded: file, devices: openTwins(file, options.seed, clock) };
  console.log(
    `Starting four emulated instruments in a process of their own; plant ${timeFactor.toFixed(0)} times faster than life.`,
  );
  const { emulators, loaded } = await emulate(file, options.seed, timeFactor);
  const lapsed = { ...loaded, bench: lapseBench(loaded.bench, timeFactor, WIRE_TIMES) };
  return { loaded: lapsed, devices: openInstruments(lapsed, clock), emulators };
}

/** Runs with progress on the terminal; Ctrl-C stops orderly, a second one aborts; our own failures abort. */
async function watched<T>(run: Run, work: () => Promise<T>): Promise<T> {
  const start_s = wall.now_s();
  let lastPhase = '';
  const onTerminal = process.stdout.isTTY === true;
  const show = (): void => {
    const { clock, procedure } = run.parts;
    const progress = {
      phase: run.phase || run.state,
      time_s: clock.now_s(),
      planned_s: procedure.planned_s,
      wall_s: wall.now_s() - start_s,
    };
    if (onTerminal) process.stdout.write(`\r\u001b[K${progressLine(progress)}`);
    else if (run.phase !== lastPhase) console.log(progressLine(progress));
    lastPhase = run.phase;
  };
  const cancel = wall.every(0.2, show);
  const onInterrupt = (): void => {
    if (!run.stop('stopped by Ctrl-C')) run.abort('aborted by Ctrl-C');
  };
  const onFailure = (error: unknown): void => {
    process.exitCode = 5;
    run.abort(`cellbench itself failed: ${messageOf(error)}`);
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  process.on('uncaughtException', onFailure);
  process.on('unhandledRejection', onFailure);
  try {
    return await work();
  } finally {
    cancel();
    show();
    if (onTerminal) process.stdout.write('\n');
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    process.off('uncaughtException', onFailure);
    process.off('unhandledRejection', onFailure);
  }
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

function software(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return `cellbench ${(JSON.parse(text) as { version: string }).version}, node ${process.version}`;
}

/** Bad input is one clear message and exit code 2; anything else is our own failure. */
function isBadInput(error: unknown): boolean {
  return [UsageError, FileError, LoadFileError, DeviceError].some(kind => error instanceof kind);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(isBadInput(error) ? `cellbench: ${messageOf(error)}` : error);
  process.exitCode = isBadInput(error) ? 2 : 5;
}
