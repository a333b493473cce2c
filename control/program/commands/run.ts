import { realClock, VirtualClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { shortenProcedure } from '../../../profiles/procedure.ts';
import { Live } from '../../live.ts';
import { Recording } from '../../record/recording.ts';
import type { CyclerProgram } from '../../run/program/cycler-program.ts';
import { safeFirst } from '../../run/resume/take-up.ts';
import { alone, type RunPlace } from '../channels/run-place.ts';
import { type CommandLine, HELP, readCommandLine } from '../command-line.ts';
import { leftOnCycler, openProgram, saidOfProgram } from '../cycler/on-cycler.ts';
import { editor } from '../edit/edit-run.ts';
import { MethodOfSession } from '../edit/in-force.ts';
import { leftBehind, markOf, noteLeft, nothingLeft } from '../guard/left-behind.ts';
import { underGuard } from '../guard/start-guard.ts';
import { Night } from '../night.ts';
import { faultText } from '../open-devices.ts';
import { openSession } from '../open-session.ts';
import { UsageError } from '../options.ts';
import { planByRehearsal } from '../rehearse/plan.ts';
import { loadNight, type NightFiles } from '../rehearse/rehearse-once.ts';
import { EXIT } from '../result/outcome.ts';
import type { RunHead } from '../result/result.ts';
import { software } from '../result/software.ts';
import type { CutRun } from '../resume/cut-run.ts';
import { givenBy, givenText } from '../resume/given.ts';
import { folderByDate, inRunFolder } from '../run-files.ts';
import { openRunRecord, type RecordAbout, type RunRecord, saidOfFiles } from '../run-record.ts';
import { sendingLines, targetsOf } from '../sinks.ts';
import { startListOf } from '../start/start-list.ts';
import { openDoor } from '../steer/door.ts';
import { servePage } from '../steer/own-page.ts';
import { terminalCommands } from '../terminal-commands.ts';
import { besideOf, joinBeside } from './beside.ts';

const wall = realClock();

/**
 * Rehearses a night, or runs it over emulated wires or on the real instruments: reads the command line, puts the rooms
 * together, runs, reports, serves. Returns the exit code; bad input throws before anything is started.
 */
export async function runCommand(args: readonly string[], place: RunPlace = alone()): Promise<number> {
  const options = readCommandLine(args);
  if (options.help) {
    console.log(HELP);
    return EXIT.completed;
  }
  const mode = options.wire ? 'wire' : options.real ? 'bench' : 'rehearsal';
  const night = loadNight({
    ...options,
    accept: options.accept || mode === 'rehearsal',
    known: place.known,
  });
  const files =
    mode === 'rehearsal' || night.onCycler === undefined
      ? night
      : { ...night, loaded: night.onCycler.bench, method: night.onCycler.method };
  const program = mode === 'bench' && files.onCycler !== undefined ? leftOnCycler(files.onCycler) : undefined;
  if (program !== undefined)
    place.screen.say(
      `Program ${program.label} was left on the cycler by an earlier run: it is taken up if it is still there.`,
    );
  return inRunFolder(options.out ?? folderByDate(wall, mode), dir => runIn(dir, files, mode, options, place));
}

/** Runs in that folder; `cut`: goes on with the run in it, whose files are these. */
export async function runIn(
  dir: string,
  files: NightFiles,
  mode: RunHead['mode'],
  options: CommandLine,
  place: RunPlace,
  cut?: CutRun,
): Promise<number> {
  const { screen } = place;
  const say = (text: string): void => screen.say(text);
  const targets = targetsOf(files.loaded, mode);
  const mark = mode === 'bench' ? markOf(files.loaded) : undefined;
  const left = mark === undefined ? undefined : leftBehind(mark, options.acknowledge);
  if (left !== undefined) say(left);
  else if (options.acknowledge !== undefined) say(nothingLeft(mode === 'bench'));
  // Declared first, taken off last: until everything is closed a signal must not kill.
  using signals = place.signals();
  await using held = new AsyncDisposableStack();
  const planned_s = files.method.procedure.planned_s;
  const timeFactor = options.wire ? place.timeFactor(planned_s, options.minutes) : 1;
  const procedure = options.wire
    ? shortenProcedure(files.method.procedure, timeFactor)
    : files.method.procedure;
  const virtual =
    mode === 'rehearsal'
      ? new VirtualClock({ utcStart_ms: wall.utc_ms(), pace: options.pace ?? 0 })
      : undefined;
  const clock = virtual ?? place.clock(cut);
  const beside = besideOf(files.loaded, clock, timeFactor);
  const { loaded, devices } = joinBeside(await place.open(held, files, options, timeFactor, clock), beside);
  const recording = new Recording();
  const ofSession = new MethodOfSession(files, procedure);
  const about = ({ path, text, procedure, inputs } = ofSession.now): RecordAbout => ({
    loaded,
    devices,
    clock,
    procedure,
    method: path,
    methodText: text,
    head: {
      seed: options.seed,
      mode,
      startedUtc: cut?.startedUtc ?? new Date(clock.utc_ms()).toISOString(),
      ...(options.operator === undefined ? {} : { operator: options.operator }),
      ...(files.loaded.subject === undefined ? {} : { subject: files.loaded.subject }),
      software: software(),
      inputs,
    },
    timeFactor,
    faults: files.faults.map(faultText),
    targets,
    given: givenText({ ...options, method: path }),
  });
  const givenUp = new AbortController();
  signals.starting(() => {
    givenUp.abort();
    void closeAll(devices);
  });
  const guard =
    mode === 'rehearsal' || files.onCycler !== undefined
      ? undefined
      : await place.guard(loaded, { clock, dir, mark, signal: givenUp.signal });
  if (guard !== undefined) held.use(guard);
  const first = cut === undefined ? ofSession.now : { ...ofSession.now, inputs: cut.made };
  let record = await openRunRecord(dir, recording, about(first), cut);
  held.defer(async () => sayWhatBecame(say, record, await record.close()));
  const isRehearsal = virtual !== undefined;
  const isWatched = !isRehearsal || options.pace !== undefined;
  const { onCycler } = files;
  const openOnCycler = (): CyclerProgram | undefined =>
    isRehearsal || onCycler === undefined
      ? undefined
      : openProgram(onCycler, {
          devices,
          clock,
          recording,
          poll_s: loaded.bench.devices[onCycler.channel.device].poll_s,
          keeps: mode === 'bench',
        });
  let program = openOnCycler();
  const preStart = isRehearsal
    ? undefined
    : startListOf({
        recording,
        clock,
        procedure: () => ofSession.now.procedure,
        say,
        dir: () => record.dir,
        goesOn: cut !== undefined,
      });
  const session = signals.isQuitting
    ? undefined
    : await openSession({
        loaded,
        devices,
        clock,
        recording,
        isRehearsal,
        procedure,
        program: () => program,
        preStart,
        beside: place.beside(devices),
        ...(guard === undefined ? {} : { beat: () => guard.beat() }),
      })
        .then(async opened => {
          if (mode !== 'rehearsal') await underGuard(opened, guard);
          return opened;
        })
        .catch(async (error: unknown) => {
          // It ticks no more: nobody may wait for it.
          await guard?.[Symbol.asyncDispose]();
          await record.discard();
          if (!signals.isQuitting) throw error;
        });
  if (session === undefined || signals.isQuitting) {
    await session?.close();
    await record.discard();
    return EXIT.stopped;
  }
  // Said once every instrument has answered.
  for (const line of saidOfFiles(files.loaded, files.method.procedure)) say(line);
  if (files.onCycler !== undefined) for (const line of saidOfProgram(files.onCycler)) say(line);
  held.use(session);
  // It ends before the lines are closed: what comes then may take its time.
  if (guard !== undefined) held.use(guard);
  signals.attach(session);
  place.opened(session);
  if (left !== undefined) noteLeft(session, left);
  // Whoever was killed may have left pressure behind an output that is off, which no proof of a start looks at.
  const isLeft = cut !== undefined || (left !== undefined && files.onCycler === undefined);
  const unproven = isLeft ? await safeFirst(session) : [];
  if (unproven.length > 0) {
    for (const { what, otherwise } of unproven) say(`not proved: ${what}: ${otherwise}`);
    guard?.leaveMark();
    await record.discard();
    throw new UsageError(`${dir}: the bench does not come into its safe state, so nothing is begun on it`);
  }
  const live = new Live(session, mode, files.loaded.subject);
  if (files.onCycler === undefined)
    live.offerEdit(
      editor({
        session,
        given: givenBy(options),
        inForce: { path: files.method.path, text: readTextFile(files.method.path) },
        inputs: files.inputs,
        accepted: files.loaded.accepted,
        timeFactor,
        ofSession,
      }),
    );
  const night = new Night({
    session,
    files,
    procedure: () => ofSession.now.procedure,
    timeFactor,
    live,
    clock: virtual,
    signals,
    screen,
    evaluate: isWatched || !place.isAlone ? place.evaluate : undefined,
    ...(cut === undefined ? {} : { takesUp: cut }),
  });
  if (options.serve && isWatched) {
    try {
      const page = held.use(await servePage(say, live, options.port));
      held.use(openDoor(dir, page.url, page.key));
    } catch (error) {
      // Nothing has been set yet, and somebody who will look at it has asked for a page: better not begin than begin unseen.
      if (!options.stay) say(`No page: ${messageOf(error)}`);
      else await record.discard();
      if (options.stay) throw new UsageError(`no page: ${messageOf(error)}; --no-serve runs without it`);
    }
  }
  // A wire run is the same night in as many minutes as it was told; a rehearsal as fast as it can needs no plan.
  if (place.isAlone && (options.real || options.pace !== undefined))
    held.use(planByRehearsal(options, plan => night.plan(plan)));
  if (isWatched && place.isAlone) held.use(terminalCommands(live, process.stdin, screen));
  // Whoever asked for the end while nothing was under way yet is not surprised by a start.
  if (signals.isQuitting) {
    await record.discard();
    return EXIT.stopped;
  }
  const running = night.run(record);
  place.begun();
  const code = await running;
  if (options.serve && options.stay && !signals.isQuitting) {
    if (!isWatched) {
      try {
        held.use(await servePage(say, live, options.port));
      } catch (error) {
        say(`\nNo page: ${messageOf(error)}`);
        return night.code;
      }
      held.use(terminalCommands(live, process.stdin, screen));
    }
    night.sayStaysUp();
    await night.stay(async again => {
      sayWhatBecame(say, record, await record.close());
      program = openOnCycler();
      await program?.prove();
      record = await openRunRecord(again(dir), recording, about());
      return record;
    });
  }
  return Math.max(night.code ?? code, signals.hasFailed ? EXIT.failed : 0);
}

async function closeAll(devices: ReadonlyMap<string, Device>): Promise<void> {
  await Promise.allSettled([...devices.values()].map(device => device.close()));
}

function sayWhatBecame(
  say: (text: string) => void,
  record: RunRecord,
  end: Awaited<ReturnType<RunRecord['close']>>,
): void {
  for (const line of sendingLines(record.sinks, record.dir)) say(line);
  if (end.complete) return;
  const rescued = end.rescued === undefined ? '' : `; what is left over is in ${end.rescued}`;
  say(
    `The record ${record.path} is not complete: ${end.cause} (${end.lostRows} rows were given up${rescued})`,
  );
}
