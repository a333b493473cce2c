import { z } from 'zod';
import { monteCarloText, poolLine } from '../../../dashboards/terminal/monte-carlo.ts';
import { findingsText, plotsText, rehearsalText } from '../../../dashboards/terminal/rehearsal.ts';
import { Screen } from '../../../dashboards/terminal/screen.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { mainRoles } from '../../bench/main-roles.ts';
import { worstFirst } from '../../rehearse/findings.ts';
import { summarise } from '../../rehearse/monte-carlo.ts';
import type { MonteCarlo, Rehearsal } from '../../rehearse/summary.ts';
import { saidOfProgram } from '../cycler/on-cycler.ts';
import { REHEARSE_HELP } from '../help.ts';
import { numberOption, readOptions } from '../options.ts';
import { keepRehearsal } from '../rehearse/keep-rehearsal.ts';
import { runMany } from '../rehearse/monte-carlo-pool.ts';
import { getReady, loadNight, type NightFiles, type Ready, rehearseOnce } from '../rehearse/rehearse-once.ts';
import { uncertainOf } from '../rehearse/twin-parameters.ts';
import { rehearsalCode } from '../result/outcome.ts';
import { folderByDate, inRunFolder } from '../run-files.ts';
import { saidOfFiles } from '../run-record.ts';
import { showProgress } from '../show-progress.ts';
import { watchSignals } from '../signals.ts';

const schema = z.strictObject({
  bench: z.string(),
  method: z.string(),
  subject: z.string().optional(),
  wind: z.string().optional(),
  faults: z.string().optional(),
  set: z.array(z.string()).default([]),
  out: z.string().optional(),
  seed: numberOption(0, 2 ** 31 - 1, 'a whole number').default(1),
  'monte-carlo': numberOption(1, 100_000, 'a whole number').optional(),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});
const wall = realClock();
const NO_TERMINAL_COLUMNS = 100;

/** `cellbench rehearse BENCH METHOD`; returns the exit code. Bad input throws before anything is started. */
export async function rehearseCommand(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(REHEARSE_HELP);
    return 0;
  }
  const options = readOptions(args, {
    schema,
    flags: ['json', 'help'],
    many: ['set'],
    words: ['bench', 'method'],
    help: 'npm start -- rehearse --help',
  });
  const ready = getReady();
  const night = loadNight(options);
  // A plant that has no such figures is told before the night is run rather than after it.
  const declared = options['monte-carlo'] === undefined ? [] : uncertainOf(night.loaded);
  return inRunFolder(options.out ?? folderByDate(wall, 'rehearsal'), dir =>
    rehearseIn(dir, night, declared, ready, options),
  );
}

async function rehearseIn(
  dir: string,
  night: NightFiles,
  declared: Parameters<typeof runMany>[1],
  ready: Ready,
  options: z.output<typeof schema>,
): Promise<number> {
  const progress = options.json ? process.stderr : process.stdout;
  const screen = new Screen(progress);
  for (const line of saidOfFiles(night.loaded, night.method.procedure)) screen.say(line);
  if (night.onCycler !== undefined) for (const line of saidOfProgram(night.onCycler)) screen.say(line);
  const { run, result, record, rehearsal } = await rehearseOnce(night, dir, options.seed, {
    ready,
    watch: async (of, work) => {
      using signals = watchSignals(text => screen.say(text));
      signals.attach(of.session);
      using _progress = showProgress(of, screen);
      return await work();
    },
  });
  try {
    const columns = process.stdout.columns ?? NO_TERMINAL_COLUMNS;
    const shown = mainRoles(run.session.parts.roles);
    const plots = plotsText(record, shown, result.simulated_s, columns);
    progress.write(`\n${plots}\n\n${rehearsalText(rehearsal)}\n\n`);
    const found =
      options['monte-carlo'] === undefined || isByPerson(rehearsal)
        ? rehearsal
        : withMonteCarlo(rehearsal, await monteCarlo(options, declared, rehearsal, progress));
    if (found.monteCarlo !== undefined) progress.write(`${monteCarloText(found.monteCarlo)}\n\n`);
    keepRehearsal(dir, { run, result, record }, found);
    progress.write(`In ${dir}: report.html, rehearsal.json, result.json, run.sqlite\n\n`);
    progress.write(`${findingsText(found)}\n`);
    if (options.json) process.stdout.write(`${JSON.stringify(found)}\n`);
    return rehearsalCode(found);
  } finally {
    record.close();
  }
}

/** The runs, with progress and Ctrl-C: what is done by then is reported. */
async function monteCarlo(
  options: z.output<typeof schema>,
  declared: Parameters<typeof runMany>[1],
  rehearsal: Rehearsal,
  progress: NodeJS.WriteStream,
): Promise<MonteCarlo> {
  const runs = options['monte-carlo'] ?? 0;
  const start_s = wall.now_s();
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  const show = (done: number): void => {
    const line = poolLine(done, runs, wall.now_s() - start_s);
    if (progress.isTTY) progress.write(`\r\u001b[K${line}`);
    else if (done === runs || done % Math.ceil(runs / 10) === 0) progress.write(`${line}\n`);
  };
  show(0);
  try {
    const { bench, method, subject, wind, faults, set, seed } = options;
    const task = { bench, method, subject, wind, faults, set, seed };
    const { samples, failed } = await runMany(task, declared, runs, { onDone: show, stopped: stop.signal });
    return summarise(samples, failed, runs, rehearsal);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    progress.write('\n');
  }
}

function withMonteCarlo(rehearsal: Rehearsal, monteCarlo: MonteCarlo): Rehearsal {
  return {
    ...rehearsal,
    findings: [...rehearsal.findings, ...monteCarlo.findings].sort(worstFirst),
    monteCarlo,
  };
}

function isByPerson(rehearsal: Rehearsal): boolean {
  const by = rehearsal.end?.cause.by;
  return by === 'signal' || by === 'person';
}
