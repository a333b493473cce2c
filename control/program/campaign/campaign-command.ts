import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { campaignText } from '../../../dashboards/terminal/campaign.ts';
import { Screen } from '../../../dashboards/terminal/screen.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { type Amounts, summaryOf } from '../../campaign/course.ts';
import { newQueue, type QueueItem } from '../../campaign/queue.ts';
import { courseOf, type Rehearsed } from '../../campaign/rehearse.ts';
import { CAMPAIGN_HELP } from '../help.ts';
import { numberOption, readOptions, UsageError } from '../options.ts';
import { keepRehearsal } from '../rehearse/keep-rehearsal.ts';
import { rehearseOnce } from '../rehearse/rehearse-once.ts';
import { EXIT } from '../result/outcome.ts';
import { writeWhole } from '../result/write-whole.ts';
import { folderByDate, inRunFolder } from '../run-files.ts';
import { showProgress } from '../show-progress.ts';
import { watchSignals } from '../signals.ts';
import { type LoadedCampaign, loadCampaign } from './load-campaign.ts';

const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const schema = z.strictObject({
  what: z.enum(['check', 'rehearse']),
  file: z.string(),
  begin: z
    .string()
    .refine(text => STAMP.test(text) && Number.isFinite(Date.parse(text)), {
      error: 'expected a time with its zone, e.g. 2026-11-29T18:00Z',
    })
    .optional(),
  seed: numberOption(0, 2 ** 31 - 1, 'a whole number').default(1),
  out: z.string().optional(),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});
type Options = z.output<typeof schema>;
const wall = realClock();
const NO_TERMINAL_COLUMNS = 100;

/** `cellbench campaign check|rehearse FILE`; returns the exit code. Bad input throws before anything is started. */
export async function campaignCommand(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(CAMPAIGN_HELP);
    return EXIT.completed;
  }
  const options = readOptions(args, {
    schema,
    flags: ['json', 'help'],
    words: ['what', 'file'],
    help: 'npx cellbench campaign --help',
  });
  const loaded = loadCampaign(options.file, options.seed);
  if (options.what === 'rehearse')
    return inRunFolder(options.out ?? folderByDate(wall, 'campaign'), dir =>
      rehearseIn(dir, loaded, options),
    );
  if (options.out !== undefined) throw new UsageError('--out: `campaign check` writes nothing');
  const { campaign } = loaded;
  const runs = newQueue(campaign).items.length;
  console.log(
    `${options.file}: ${campaign.campaign}, ${runs} runs; every bench, method and rule is understood. Next: campaign rehearse`,
  );
  return EXIT.completed;
}

async function rehearseIn(dir: string, loaded: LoadedCampaign, options: Options): Promise<number> {
  const progress = options.json ? process.stderr : process.stdout;
  const screen = new Screen(progress);
  const begin_ms = options.begin === undefined ? wall.utc_ms() : Date.parse(options.begin);
  let count = 0;
  let isStopped = false;
  const rehearse = async ({ id, run }: QueueItem): Promise<Rehearsed & Amounts> => {
    if (isStopped) return notRun('the rehearsal was stopped by a person');
    const night = loaded.nights.get(run);
    if (night === undefined) throw new RangeError(`no files of ${run}`);
    screen.say(`${++count}. ${id}`);
    const own = join(dir, id);
    mkdirSync(own);
    // Each run has a seed of its own: two of the same are no copies of each other.
    const rehearsed = await rehearseOnce(night, own, options.seed + count - 1, {}, async (of, work) => {
      using signals = watchSignals(text => screen.say(text));
      signals.attach(of.session);
      using _progress = showProgress(of, screen);
      const outcome = await work();
      isStopped = outcome.cause.by === 'signal' || outcome.cause.by === 'person';
      return outcome;
    });
    const { rehearsal, result, record } = rehearsed;
    try {
      keepRehearsal(own, rehearsed, rehearsal);
      const { outcome, unproven, duration_s, energy, h2, n2_NL, bytes } = rehearsal;
      const isProved = unproven.length === 0;
      return {
        isCompleted: outcome === 'completed' && isProved,
        isPassed: result.criteria === 'pass' ? true : result.criteria === 'fail' ? false : undefined,
        reason: isProved ? result.reason : `the safe state is not proved: ${unproven[0]?.what}`,
        returned: record.returned ?? {},
        duration_s,
        energy_kWh: energy === null ? null : energy.value * (energy.unit === 'Wh' ? 1e-3 : 1),
        h2_kg: h2?.kg ?? null,
        n2_NL,
        bytes,
      };
    } finally {
      record.close();
    }
  };
  const course = await courseOf(loaded.campaign, loaded.rules, begin_ms, rehearse);
  const summary = summaryOf(loaded.campaign, options.seed, course);
  writeWhole(join(dir, 'campaign.json'), `${JSON.stringify(summary, null, 2)}\n`);
  progress.write(
    `\n${campaignText(summary, screen.columns ?? NO_TERMINAL_COLUMNS)}\n\nIn ${dir}: campaign.json, and a folder for each run\n`,
  );
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (isStopped) return EXIT.stopped;
  return summary.findings.length > 0 ? EXIT.notProved : EXIT.completed;
}

function notRun(reason: string): Rehearsed & Amounts {
  const nothing = { energy_kWh: null, h2_kg: null, n2_NL: null, bytes: 0 };
  return { isCompleted: false, isPassed: undefined, reason, returned: {}, duration_s: 0, ...nothing };
}
