import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { campaignText } from '../../../dashboards/terminal/campaign.ts';
import { Screen } from '../../../dashboards/terminal/screen.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { type Amounts, summaryOf } from '../../campaign/course.ts';
import { type NeedsOf, needsOf } from '../../campaign/needs.ts';
import { newQueue, type QueueItem } from '../../campaign/queue.ts';
import { courseOf, type Rehearsed } from '../../campaign/rehearse.ts';
import type { CampaignSettings } from '../../campaign/state.ts';
import { CAMPAIGN_HELP } from '../help.ts';
import { numberOption, readOptions, UsageError } from '../options.ts';
import { keepRehearsal } from '../rehearse/keep-rehearsal.ts';
import { rehearseOnce } from '../rehearse/rehearse-once.ts';
import { EXIT } from '../result/outcome.ts';
import { writeWhole } from '../result/write-whole.ts';
import { folderByDate, inRunFolder } from '../run-files.ts';
import { showProgress } from '../show-progress.ts';
import { watchSignals } from '../signals.ts';
import { EDIT_WORDS, type EditOptions, editCampaign } from './edit-campaign.ts';
import { type LoadedCampaign, loadCampaign } from './load-campaign.ts';
import { campaignReport } from './morning/report-command.ts';
import { campaignNotify } from './notify/notify-command.ts';
import { plannedIn } from './planned.ts';
import { mustBeReached, startCampaign } from './start-campaign.ts';
import { campaignStatus } from './status-campaign.ts';

const EDITS = Object.keys(EDIT_WORDS) as (keyof typeof EDIT_WORDS)[];
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const person = z.string().trim().min(1, 'expected a name').max(60);
const schema = z.strictObject({
  what: z.enum(['check', 'rehearse', 'start', 'status', 'edit', 'notify', 'report']),
  file: z.string(),
  word: z.enum(EDITS).optional(),
  first: z.string().optional(),
  second: z.string().optional(),
  begin: z
    .string()
    .refine(text => STAMP.test(text) && Number.isFinite(Date.parse(text)), {
      error: 'expected a time with its zone, e.g. 2026-11-29T18:00Z',
    })
    .optional(),
  seed: numberOption(0, 2 ** 31 - 1, 'a whole number').optional(),
  out: z.string().optional(),
  minutes: numberOption(1, 600, 'a number').optional(),
  pace: numberOption(0.1, 1e6, 'a number').optional(),
  operator: person.optional(),
  acknowledge: person.optional(),
  rehearsed: z.string().optional(),
  before: z.string().optional(),
  by: person.optional(),
  because: z.string().trim().min(1, 'expected a reason').max(200).optional(),
  wire: z.boolean().optional(),
  real: z.boolean().optional(),
  json: z.boolean().optional(),
  port: numberOption(0, 65535, 'a whole number').optional(),
  serve: z.boolean().optional(),
  test: z.boolean().optional(),
  audit: z.boolean().optional(),
  help: z.boolean().default(false),
});
type Options = z.output<typeof schema>;

/** Which command takes which option. */
const OWN: Readonly<Record<Options['what'], readonly (keyof Options)[]>> = {
  check: [],
  rehearse: ['begin', 'seed', 'out', 'json'],
  start: [
    'seed',
    'out',
    'minutes',
    'pace',
    'operator',
    'acknowledge',
    'rehearsed',
    'wire',
    'real',
    'port',
    'serve',
  ],
  status: ['out', 'json', 'audit'],
  edit: ['word', 'first', 'second', 'out', 'before', 'by', 'because'],
  notify: ['out', 'test'],
  report: ['out'],
};
const wall = realClock();
const NO_TERMINAL_COLUMNS = 100;
/** Of the page of a campaign; the next free one if taken. */
const PORT = 8080;

/** `cellbench campaign check|rehearse|start|status|edit|notify|report FILE`; returns the exit code. Bad input throws before anything is started. */
export async function campaignCommand(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(CAMPAIGN_HELP);
    return EXIT.completed;
  }
  const options = readOptions(args, {
    schema,
    flags: ['json', 'help', 'wire', 'real', 'test', 'audit', 'serve'],
    words: ['what', 'file', 'word', 'first', 'second'],
    help: 'npx cellbench campaign --help',
  });
  const { what, file, out } = options;
  refuseOthers(options);
  if (what === 'start')
    return await startCampaign({
      file,
      out,
      acknowledge: options.acknowledge,
      settings: settingsOf(options),
      port: options.serve === false ? undefined : (options.port ?? PORT),
    });
  if (what === 'status')
    return campaignStatus(file, out, { json: options.json === true, audit: options.audit === true });
  if (what === 'edit') return await editCampaign(editOf(options));
  if (what === 'notify') return await campaignNotify(file, out, options.test === true);
  if (what === 'report') return campaignReport(file, out);
  const loaded = loadCampaign(file, options.seed ?? 1);
  if (what === 'rehearse')
    return inRunFolder(out ?? folderByDate(wall, 'campaign'), dir => rehearseIn(dir, loaded, options));
  mustBeReached(file);
  const { campaign, channels, notChannels } = loaded;
  const runs = newQueue(campaign).items.length;
  console.log(
    `${file}: ${campaign.campaign}, ${runs} runs; every bench, method, rule and target of notify is understood. Next: campaign rehearse`,
  );
  for (const bench of channels) console.log(`${bench}: a run on each channel at a time`);
  for (const [bench, why] of notChannels) console.log(`${bench}: one run at a time: ${why}`);
  return EXIT.completed;
}

/** What another command of the family takes. */
function refuseOthers(options: Options): void {
  const { what } = options;
  const taken: readonly string[] = ['what', 'file', 'help', ...OWN[what]];
  const other = (Object.keys(options) as (keyof Options)[]).find(name => !taken.includes(name));
  if (other === undefined) return;
  const given = ['word', 'first', 'second'].includes(other) ? `"${String(options[other])}"` : `--${other}`;
  throw new UsageError(`${given}: not taken by campaign ${what}\nSee npx cellbench campaign --help`);
}

function settingsOf({ wire = false, real = false, minutes, pace, ...options }: Options): CampaignSettings {
  if (wire && real) throw new UsageError('--wire and --real exclude each other');
  if (minutes !== undefined && !wire) throw new UsageError('--minutes is for --wire');
  if (pace !== undefined && (wire || real))
    throw new UsageError('--pace is for twins; --wire and --real run in real time');
  if (options.rehearsed !== undefined && !real)
    throw new UsageError('--rehearsed is for --real: twins and --wire take another time than the bench');
  return {
    mode: wire ? 'wire' : real ? 'bench' : 'rehearsal',
    seed: options.seed ?? 1,
    minutes: minutes ?? null,
    pace: pace ?? null,
    operator: options.operator ?? null,
    planned_s: options.rehearsed === undefined ? {} : plannedIn(options.rehearsed),
  };
}

function editOf({ file, out, word, first, second, before, by, because }: Options): EditOptions {
  const expected = EDITS.map(one => `${one} ${EDIT_WORDS[one]}`).join(' | ');
  if (word === undefined) throw new UsageError(`campaign edit FILE: what is missing, expected ${expected}`);
  if (by === undefined) throw new UsageError('--by NAME is missing: who edits stands in the record');
  const reason = because ?? (word === 'acknowledge' ? 'looked at the bench' : undefined);
  if (reason === undefined) throw new UsageError('--because WHY is missing: the reason stands in the record');
  return { file, out, word, first, second, before, by, because: reason };
}

async function rehearseIn(dir: string, loaded: LoadedCampaign, options: Options): Promise<number> {
  const progress = options.json === true ? process.stderr : process.stdout;
  const screen = new Screen(progress);
  const begin_ms = options.begin === undefined ? wall.utc_ms() : Date.parse(options.begin);
  const { seed = 1 } = options;
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
    const rehearsed = await rehearseOnce(night, own, seed + count - 1, {
      watch: async (of, work) => {
        using signals = watchSignals(text => screen.say(text));
        signals.attach(of.session);
        using _progress = showProgress(of, screen);
        const outcome = await work();
        isStopped = outcome.cause.by === 'signal' || outcome.cause.by === 'person';
        return outcome;
      },
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
  const { campaign, channels, sets } = loaded;
  const needs: NeedsOf = item => needsOf(campaign, item, channels, sets.get(item.run));
  const course = await courseOf(campaign, loaded.rules, begin_ms, rehearse, needs);
  const summary = summaryOf(campaign, seed, course, channels);
  writeWhole(join(dir, 'campaign.json'), `${JSON.stringify(summary, null, 2)}\n`);
  progress.write(
    `\n${campaignText(summary, screen.columns ?? NO_TERMINAL_COLUMNS)}\n\nIn ${dir}: campaign.json, and a folder for each run\n`,
  );
  if (options.json === true) process.stdout.write(`${JSON.stringify(summary)}\n`);
  if (isStopped) return EXIT.stopped;
  return summary.findings.length > 0 ? EXIT.notProved : EXIT.completed;
}

function notRun(reason: string): Rehearsed & Amounts {
  const nothing = { energy_kWh: null, h2_kg: null, n2_NL: null, bytes: 0 };
  return { isCompleted: false, isPassed: undefined, reason, returned: {}, duration_s: 0, ...nothing };
}
