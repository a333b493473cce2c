import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { bar } from '../../../dashboards/terminal/progress.ts';
import { Screen } from '../../../dashboards/terminal/screen.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { EXPORT_FORMATS, WITH_DECIMALS } from '../../exchange/layout.ts';
import { recordPath } from '../../exchange/recorded-run.ts';
import type { ExportReply } from '../export/export-messages.ts';
import { makeExport } from '../export/make-export.ts';
import { readOptions, UsageError } from '../options.ts';
import { EXIT } from '../result/outcome.ts';
import { damagedOption } from '../runs/damaged-option.ts';

const schema = z.strictObject({
  run: z.string(),
  to: z.enum(EXPORT_FORMATS, { error: `expected ${EXPORT_FORMATS.join(', ')}` }).default('csv'),
  out: z.string().optional(),
  decimal: z.enum(['point', 'comma'], { error: 'expected point or comma' }).default('point'),
  institution: z.string().default('cellbench'),
  license: z
    .string()
    .regex(/^[A-Za-z0-9.+-]+$/, 'expected a number of SPDX, e.g. CC-BY-4.0')
    .default(''),
  damaged: damagedOption,
  unverified: z.boolean().default(false),
  help: z.boolean().default(false),
});
const wall = realClock();
/** A person sees it move, and a file of what was printed does not fill. */
const SHOWN_EVERY_S = 0.2;

/** `cellbench export RUN`: a run in open formats, in a folder of its own. Returns the exit code. */
export async function exportCommand(args: readonly string[]): Promise<number> {
  const {
    run,
    to,
    out,
    decimal,
    institution,
    license: licence,
    unverified,
    damaged,
  } = readOptions(args, {
    schema,
    flags: ['unverified', 'help'],
    words: ['run'],
    help: 'npm start -- export --help',
  });
  if (decimal === 'comma' && !WITH_DECIMALS.includes(to))
    throw new UsageError(`--decimal is for text: --to ${WITH_DECIMALS.join(', ')}`);
  if (licence !== '' && to !== 'rocrate') throw new UsageError('--license is for --to rocrate');
  const folder = out ?? join(dirname(resolve(recordPath(run))), `export-${to}`);
  const screen = new Screen(process.stdout);
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const reply = await makeExport(
    { run, damaged, format: to, unverified, to: folder, decimal, institution, licence },
    { show: shownOn(screen), stop: stop.signal },
  ).finally(() => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  });
  screen.endStatus();
  if (reply.type === 'stopped') {
    screen.say('Stopped: nothing was exported.');
    return EXIT.stopped;
  }
  const { rows, devices, missing } = reply;
  screen.say(`${folder}: ${rows} rows of ${devices.join(', ')}, with sums and a signature`);
  for (const text of missing) screen.say(`  not in it: ${text}`);
  return EXIT.completed;
}

function shownOn(screen: Screen): (at: Extract<ExportReply, { type: 'progress' }>) => void {
  let shown_s = Number.NEGATIVE_INFINITY;
  let last = '';
  return ({ what, rows, of }) => {
    const now_s = wall.now_s();
    const isNew = what !== last;
    if (!isNew && (!screen.isTerminal || (now_s - shown_s < SHOWN_EVERY_S && rows < of))) return;
    shown_s = now_s;
    last = what;
    const line = `${bar(of === 0 ? 1 : rows / of)} ${what}  ${rows} of ${of} rows`;
    screen.status(line.slice(0, (screen.columns ?? Infinity) - 1));
  };
}
