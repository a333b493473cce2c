import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { renderReport } from '../../dashboards/report.ts';
import { realClock, VirtualClock } from '../../drivers/contract/clock.ts';
import { loadMethod } from '../../profiles/method-file.ts';
import { subjectOf } from '../bench.ts';
import { checkMethod, loadBench } from '../bench-file.ts';
import { mainRoles } from '../main-roles.ts';
import { describeDevice, openTwins } from '../open-devices.ts';
import { numberOption, readOptions } from '../options.ts';
import { type RunHead, reportDataOf, resultOf } from '../outcome.ts';
import { prepareRun } from '../prepare-run.ts';
import { openRecord } from '../record.ts';
import { examine, runUnattended } from '../rehearsal.ts';
import type { Rehearsal } from '../rehearsal-summary.ts';
import { findingsText, plotsText, rehearsalText } from '../rehearsal-text.ts';
import { folderByDate, makeRunFolder, readSource, software } from '../run-files.ts';
import { watched } from '../watch-run.ts';
import { besideOf, joinBeside } from './beside.ts';

export const REHEARSE_HELP = `cellbench rehearse BENCH METHOD: what to look at before the night

Runs the method with all limits of the bench on the twin, in virtual time, as fast as it can: duration, energy, gas,
rows on disk; which limit comes closest, when, by how much; how each step ends, and which are never reached; readings
out of range; curves of the main roles. The last table is what to look at before the night.

  --seed N           seed of twin and wind           (1)
  --wind FILE        your wind series (CSV: time_s,wind_speed_m_per_s)
  --out DIR          folder of the run               (runs/<date>-rehearsal)
  --json             last line of stdout is one JSON object with all of it; progress goes to stderr
  --help             this text

JSON: { bench, method, seed, outcome, duration_s, planned_s, energy, energyOut, h2, n2_NL, rows, bytes, end, limits[],
setpoints[], steps[], badReadings[], phases[], findings[] }; times in s, each figure with its unit beside it, null where
there is none; control/rehearsal-summary.ts is its schema.

Exit codes: 0 nothing to look at, 1 warnings, 2 bad input (nothing started), 3 stopped by a person, 4 tripped or stopped
before the end, 5 cellbench itself failed.`;

const schema = z.strictObject({
  bench: z.string(),
  method: z.string(),
  wind: z.string().optional(),
  out: z.string().optional(),
  seed: numberOption(0, 2 ** 31 - 1, 'a whole number').default(1),
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
    words: ['bench', 'method'],
    help: 'npm start -- rehearse --help',
  });
  const file = loadBench(options.bench, describeDevice);
  const method = loadMethod(options.method, subjectOf(file.bench));
  checkMethod(method, file);
  const source = readSource(options, method.procedure);
  const clock = new VirtualClock({ utcStart_ms: wall.utc_ms() });
  const twins = { loaded: file, devices: openTwins(file, options.seed, clock) };
  const { loaded, devices } = joinBeside(twins, besideOf(file, clock, 1));
  const dir = makeRunFolder(options.out ?? folderByDate(wall, 'rehearsal'));
  const head: RunHead = {
    seed: options.seed,
    mode: 'rehearsal',
    startedUtc: new Date(clock.utc_ms()).toISOString(),
    software: software(),
  };
  const about = { dir, clock, timeFactor: 1, head, method: method.path };
  const run = await prepareRun(loaded, devices, method.procedure, source, about);
  const progress = options.json ? process.stderr : process.stdout;
  const outcome = await watched(run, progress, () => runUnattended(run, clock));
  await run.parts.journal.close();
  await run.close();

  const path = join(dir, 'run.sqlite');
  const record = openRecord(path, run.parts.roles, subjectOf(loaded.bench));
  try {
    const result = resultOf(run, outcome, record, method.procedure, head);
    const rehearsal = examine(run.parts, path, outcome, result, record);
    writeFileSync(join(dir, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
    writeFileSync(join(dir, 'rehearsal.json'), `${JSON.stringify(rehearsal, null, 2)}\n`);
    writeFileSync(join(dir, 'report.html'), renderReport(reportDataOf(run, result, record, head, rehearsal)));
    const columns = process.stdout.columns ?? NO_TERMINAL_COLUMNS;
    const text = [
      plotsText(record, mainRoles(run.parts.roles), result.simulated_s, columns),
      rehearsalText(rehearsal),
      `In ${dir}: report.html, rehearsal.json, result.json, run.sqlite`,
      findingsText(rehearsal),
    ];
    progress.write(`\n${text.join('\n\n')}\n`);
    if (options.json) process.stdout.write(`${JSON.stringify(rehearsal)}\n`);
    return codeOf(rehearsal);
  } finally {
    record.close();
  }
}

/** Exit code of a rehearsal; that of a person's Ctrl-C is told by the reason. */
function codeOf(rehearsal: Rehearsal): number {
  if (rehearsal.end?.reason.includes('Ctrl-C')) return 3;
  if (rehearsal.outcome !== 'completed') return 4;
  return rehearsal.findings.some(f => f.level === 'warning') ? 1 : 0;
}
