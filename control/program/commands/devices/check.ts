import { z } from 'zod';
import { startListLines } from '../../../../dashboards/terminal/start-list.ts';
import { table } from '../../../../dashboards/terminal/table.ts';
import { realClock } from '../../../../drivers/contract/clock.ts';
import { lockInstruments } from '../../../../drivers/instrument-lock.ts';
import { type LoadedBench, loadBench } from '../../../bench/bench-file.ts';
import { matrixLines } from '../../../bench/matrix/matrix-text.ts';
import { benchOfMethods } from '../../../bench/program-channel.ts';
import { checkProgram, type ProgramCheck, refusalOf } from '../../cycler/program-check.ts';
import { guardedLines, guardText } from '../../guard/guard-lines.ts';
import { describeDevice, emulate, endpointsOf, openInstruments } from '../../open-devices.ts';
import { numberOption, readOptions } from '../../options.ts';
import { givenOrExample } from '../../package-files.ts';
import { loadNight } from '../../rehearse/rehearse-once.ts';
import { lookedStartList } from '../../start/looked-list.ts';
import { type Finding, findings, toDo } from './judge.ts';
import { type LookedDevice, lookAt } from './look.ts';
import { endWhenStuck } from './stuck.ts';

const schema = z.strictObject({
  bench: z.string(),
  method: z.string().optional(),
  subject: z.string().optional(),
  seconds: numberOption(0, 3600, 'a number').default(5),
  wire: z.boolean().default(false),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

/** `cellbench check BENCH`: what stands before the first run. Returns the exit code. */
export async function checkCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    schema,
    flags: ['wire', 'json', 'help'],
    words: ['bench', 'method'],
    help: 'cellbench check --help',
  });
  using _stuck = endWhenStuck('check');
  const program = programOf(options);
  const file = benchOfMethods(loadBench(givenOrExample(options.bench), describeDevice, options.subject)).own;
  if (!options.wire) {
    // A run that holds them is not disturbed, nor begins meanwhile.
    const about = { bench: file.bench.bench, utc_ms: realClock().utc_ms() };
    using _lock = await lockInstruments(endpointsOf(file), about);
    return report(file, await lookAtAll(file, options.seconds), program, options);
  }
  const { emulators, loaded } = await emulate(file, 1, 1);
  try {
    return report(file, await lookAtAll(loaded, options.seconds), program, options);
  } finally {
    await emulators.stop();
  }
}

/** Every device at once, opened to look only. */
function lookAtAll(loaded: LoadedBench, for_s: number): Promise<LookedDevice[]> {
  const clock = realClock();
  const endpoints = endpointsOf(loaded);
  const opened = openInstruments(loaded, clock, { readOnly: true });
  return Promise.all(
    [...opened].map(([id, device]) => {
      const { poll_s } = loaded.bench.devices[id];
      return lookAt(device, clock, { endpoint: endpoints[id], poll_s, for_s });
    }),
  );
}

/** What the method would be on the cycler of the bench, or why it cannot be; undefined: none is given, or the bench has no such. */
function programOf({ bench, method, subject }: z.output<typeof schema>): ProgramCheck | string | undefined {
  if (method === undefined) return undefined;
  try {
    const { onCycler } = loadNight({ bench, method, subject, seed: 1, accept: true });
    return onCycler === undefined ? undefined : checkProgram(onCycler);
  } catch (error) {
    return refusalOf(error);
  }
}

function report(
  loaded: LoadedBench,
  devices: readonly LookedDevice[],
  program: ProgramCheck | string | undefined,
  options: z.output<typeof schema>,
): number {
  const { json: isJson } = options;
  const found: readonly Finding[] = [
    ...(typeof program === 'string'
      ? [{ level: 'stop' as const, text: program }]
      : (program?.findings ?? [])),
    ...findings(loaded, devices),
  ];
  const steps = toDo(loaded);
  const start = lookedStartList(loaded, devices, options);
  const endpoints = Object.fromEntries(devices.map(({ device, endpoint }) => [device, endpoint]));
  const guard = guardedLines(loaded, endpoints);
  if (isJson)
    console.log(
      JSON.stringify({
        bench: loaded.bench.bench,
        devices,
        ...(typeof program === 'object' ? { program } : {}),
        findings: found,
        start,
        toDo: steps,
        guard: guard ?? loaded.bench.guard,
        ...(loaded.matrix === undefined ? {} : { matrix: loaded.matrix }),
      }),
    );
  else
    console.log(
      [
        ...devices.flatMap(linesOf),
        '',
        ...(typeof program === 'object' ? programLines(program) : []),
        ...guardText(loaded, guard),
        ...(loaded.matrix === undefined ? [] : ['', ...matrixLines(loaded.matrix)]),
        '',
        ...foundLines(found),
        '',
        ...startListLines(start),
        '',
        ...toDoLines(steps),
      ].join('\n'),
    );
  if (typeof program === 'string' || start.some(row => row.outcome === 'failed')) return 2;
  return found.length > 0 ? 1 : 0;
}

const shown = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : String(Number(value.toPrecision(4)));

function linesOf({
  device,
  driver,
  endpoint,
  identity,
  reason,
  channels,
  awaitsRun,
}: LookedDevice): string[] {
  const later = awaitsRun === undefined ? '' : `; only a run sets it up: ${awaitsRun}`;
  const head = `${device} (${driver} at ${endpoint}): ${reason ?? `is the instrument that the bench file names${later}`}`;
  if (identity === 'not had') return [head];
  const rows = channels.map(one => [
    one.name,
    shown(one.mean),
    one.unit,
    shown(one.noise),
    shown(one.zero),
    shown(one.accuracy),
    String(one.n),
    one.bad === 0 ? '' : String(one.bad),
  ]);
  const heads = ['channel', 'mean', 'unit', 'noise', 'zero', '+- (k = 2)', 'readings', 'not usable'];
  return [head, ...table(heads, rows, [1, 3, 4, 5, 6, 7])];
}

function programLines({ device, format, steps, bytes, differences, limits }: ProgramCheck): string[] {
  const rows = limits.map(one => [
    one.limit,
    one.unit,
    ...[one.method, one.program, one.cell, one.channel].map(value => shown(value)),
  ]);
  return [
    `Onto ${device} would be loaded: ${steps} steps (${format}, ${bytes} bytes).`,
    ...differences.map(text => `  otherwise there: ${text}`),
    ...table(['limit', 'unit', 'steps go to', 'ends the program', 'cell', 'channel'], rows, [2, 3, 4, 5]),
    '',
  ];
}

function foundLines(found: readonly Finding[]): string[] {
  if (found.length === 0) return ['Nothing to look at.'];
  return [
    'To look at:',
    ...found.map(({ device, text }) => `  ${device === undefined ? '' : `${device}: `}${text}`),
  ];
}

function toDoLines(steps: readonly string[]): string[] {
  return ['Before the first run, a person:', ...steps.map((step, i) => `  ${i + 1}. ${step}`)];
}
