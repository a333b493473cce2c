import { z } from 'zod';
import { dotted, explainFirst, type Place } from '../../drivers/contract/explain.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import { type Source, sourceOf } from '../../profiles/language/file/source.ts';
import { afterCutSchema } from './after-cut.ts';
import { mailSchema, notifyListSchema, notifySlip } from './notify/notify-file.ts';
import { checkTimeZone, timeOfDay, windowSchema } from './windows.ts';

/** The file of a campaign: which runs there are, in which order and when they may begin, and what their results decide. */

const LONGEST_CAMPAIGN = 10_000;
const MOST_TIMES = 1000;
/** Folder of edits on their way, beside those of the runs. */
export const INBOX = 'inbox';

/** Names stand in conditions, `first.capacity_Ah`: letters and digits, no sign of arithmetic. */
const name = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]*$/, 'expected a name of letters and digits that begins small, e.g. "capacity1"');
const label = z.string().trim().min(1).max(60);
const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]);

const onFailureSchema = z
  .union([
    z.enum(['skip', 'stop all']),
    z.strictObject({
      retry: z.number().int().min(1).max(20),
      otherwise: z.enum(['skip', 'stop all']).default('skip'),
    }),
  ])
  .meta({
    description:
      'when a run does not complete: `skip` those that come after it, `stop all`, or { retry: N, otherwise: skip | stop all }',
  });

const ruleSchema = z
  .strictObject({
    if: z.string().min(1).meta({
      description: 'condition over what runs returned: RUN.NAME_unit, RUN.completed_on, RUN.passed_on',
    }),
    repeat: z.array(name).min(1).optional().meta({ description: 'runs that are done once more, next' }),
    at_most: z.number().int().min(1).max(MOST_TIMES).default(3).meta({
      description: 'so often `repeat` is done; then the campaign goes on',
    }),
    skip: z.array(name).min(1).optional().meta({ description: 'runs that are not done' }),
    end: z.enum(['subject', 'campaign']).optional().meta({
      description: 'nothing more is run with this subject, or at all',
    }),
    because: label.meta({ description: 'the reason, as it stands in the record' }),
  })
  .refine(
    rule => [rule.repeat, rule.skip, rule.end].filter(what => what !== undefined).length === 1,
    'expected one of repeat: [ RUN ], skip: [ RUN ], end: subject, end: campaign',
  );

/** One run, as it stands in the file. */
export const runSchema = z.strictObject({
  run: name.meta({ description: 'name of the run' }),
  method: z.string().min(1).meta({ description: 'method file, relative to the campaign' }),
  bench: z.string().min(1).optional().meta({ description: 'bench file; absent: that of the campaign' }),
  subject: z.string().min(1).optional().meta({ description: 'which of several subjects of the bench' }),
  with: z.record(z.string(), value).default({}).meta({ description: 'parameters of the method' }),
  after: z.array(name).default([]).meta({ description: 'runs that must have completed' }),
  priority: z.number().int().min(-100).max(100).default(0).meta({
    description: 'of several that could begin the highest goes first; then the order of the file',
  }),
  window: z.string().optional().meta({ description: 'in which of the `windows` it may begin' }),
  times: z
    .number()
    .int()
    .min(1)
    .max(MOST_TIMES)
    .default(1)
    .meta({ description: 'so often, one after the other' }),
  resources: z.array(label).default([]).meta({ description: 'what it needs for itself, of `resources`' }),
  on_failure: onFailureSchema.default('skip'),
  after_cut: afterCutSchema.default('resume').meta({
    description:
      'when its program is gone before its end: `resume` goes on in its own record (at most 3 times; { resume: N }), `anew` does it once more, `hold` waits for a person; where it cannot go on, `on_failure` decides',
  }),
  baseline: name.optional().meta({
    description:
      'run with which the morning report compares its figures; absent: the first completed one of its method and subject',
  }),
  rules: z.array(ruleSchema).max(50).default([]).meta({
    description: 'what its result decides: the first whose condition is true is done',
  }),
});

export const campaignSchema = z.strictObject({
  campaign: label.meta({ description: 'name of the campaign' }),
  version: z.literal(1),
  bench: z.string().min(1).meta({ description: 'bench file, relative to the campaign' }),
  zone: z.string().default('UTC').meta({ description: 'time zone of the windows, e.g. Europe/Berlin' }),
  windows: z.record(z.string(), windowSchema).default({}),
  resources: z.array(label).default([]).meta({
    description: 'what runs share and only one can have: a gas line, the channel of impedance, a chamber',
  }),
  notify: notifyListSchema.meta({ description: 'who is told of what' }),
  mail: mailSchema.optional().meta({ description: 'the server by which e-mails of `notify` go' }),
  report_at: timeOfDay.optional().meta({
    description: 'when the morning report is made each day, "07:00", beside the end of each run',
  }),
  runs: z.array(runSchema).min(1).max(LONGEST_CAMPAIGN),
});
/** A campaign, as its file has it. */
export type Campaign = Readonly<z.output<typeof campaignSchema>>;
/** One run of it. */
export type CampaignRun = Campaign['runs'][number];
/** What the result of a run decides. */
export type CampaignRule = CampaignRun['rules'][number];

/** The file of a campaign, read: every entry with its place in it. */
export interface CampaignFile extends Source {
  readonly value: Campaign;
}

/**
 * Reads a campaign and checks what can be seen in it alone: names, circles, windows.
 * @throws FileError: file, line, column, what was expected
 */
export function readCampaign(path: string, text: string): CampaignFile {
  const yaml = checked(sourceOf(path, text));
  checkCampaign(yaml);
  return yaml;
}

/** A campaign with the places that its errors name. */
export type PlacedCampaign = Pick<CampaignFile, 'value'> & {
  readonly [K in 'error' | 'valueError' | 'expressionError']: (...at: Parameters<CampaignFile[K]>) => Error;
};

/** A campaign whose text is not at hand: an entry has one place. */
export function placedBy(value: Campaign, error: (place: Place, what: string) => Error): PlacedCampaign {
  return {
    value,
    error,
    valueError: error,
    expressionError: (place, { message }) => error(place, message),
  };
}

/** What can be seen in a campaign alone. @throws FileError */
export function checkCampaign(yaml: PlacedCampaign): void {
  const { runs, windows, resources, zone } = yaml.value;
  const wrongZone = checkTimeZone(zone);
  if (wrongZone !== undefined) throw yaml.valueError(['zone'], wrongZone);
  const slip = notifySlip(yaml.value.notify, yaml.value.mail);
  if (slip !== undefined) throw yaml.error(slip.place, slip.text);
  const names = new Map<string, number>();
  for (const [i, { run }] of runs.entries()) {
    if (run === INBOX)
      throw yaml.valueError(
        ['runs', i, 'run'],
        `"${run}" is a folder of the campaign itself, expected another name`,
      );
    const other = names.get(run);
    if (other !== undefined)
      throw yaml.valueError(
        ['runs', i, 'run'],
        `"${run}" is the name of ${dotted(['runs', other])} as well, expected each once`,
      );
    names.set(run, i);
    // Of two names that differ in small and capital letters alone some disks make one folder.
    const like = runs.slice(0, i).find(one => one.run.toLowerCase() === run.toLowerCase());
    if (like !== undefined)
      throw yaml.valueError(
        ['runs', i, 'run'],
        `"${run}" differs from "${like.run}" in small and capital letters only, expected another name`,
      );
  }
  const known = (place: Place, word: string, all: Iterable<string>, what: string): void => {
    const list = [...all];
    if (!list.includes(word))
      throw yaml.valueError(
        place,
        `"${word}" is not known, expected ${what}: ${list.join(', ') || 'there is none'}`,
      );
  };
  const onceEach = (place: Place, words: readonly string[]): void => {
    const k = words.findIndex((word, at) => words.indexOf(word) < at);
    if (k >= 0) throw yaml.valueError([...place, k], `"${words[k]}" stands there twice, expected each once`);
  };
  onceEach(['resources'], resources);
  for (const [i, run] of runs.entries()) {
    const at = (...more: Place): Place => ['runs', i, ...more];
    onceEach(at('after'), run.after);
    onceEach(at('resources'), run.resources);
    for (const [k, other] of run.after.entries()) known(at('after', k), other, names.keys(), 'a run');
    if (run.baseline !== undefined) known(at('baseline'), run.baseline, names.keys(), 'a run');
    if (run.baseline === run.run)
      throw yaml.valueError(
        at('baseline'),
        `"${run.run}" is this run itself, expected another one, or none: the first completed one of its method and subject`,
      );
    if (run.window !== undefined) known(at('window'), run.window, Object.keys(windows), 'one of the windows');
    for (const [k, one] of run.resources.entries())
      known(at('resources', k), one, resources, 'one of the resources');
    for (const [k, rule] of run.rules.entries()) {
      for (const word of ['repeat', 'skip'] as const) {
        onceEach(at('rules', k, word), rule[word] ?? []);
        for (const [m, other] of (rule[word] ?? []).entries())
          known(at('rules', k, word, m), other, names.keys(), 'a run');
      }
    }
  }
  mustHaveAnOrder(yaml);
}

function checked(source: Source): CampaignFile {
  const parsed = campaignSchema.safeParse(source.value);
  if (parsed.success) return { ...source, value: parsed.data };
  const { place, text } = explainFirst(campaignSchema, source.value, parsed.error);
  // Neither what was found there nor its line is shown: somebody has written a secret into the file.
  if (place.some(key => key === 'token' || key === 'password'))
    throw new FileError(
      source.path,
      source.lineOf(place),
      `${dotted(place)}: expected { env: NAME } or { file: PATH }, a secret does not stand here`,
    );
  throw source.error(place, text);
}

/** Runs that wait for each other never begin. */
function mustHaveAnOrder(yaml: PlacedCampaign): void {
  const { runs } = yaml.value;
  const places = new Map(runs.map(({ run }, i) => [run, i]));
  const done = new Set<string>();
  const visit = (run: string, way: readonly string[]): Error | undefined => {
    if (done.has(run)) return undefined;
    const i = places.get(run) ?? 0;
    if (way.includes(run)) {
      const circle = [...way.slice(way.indexOf(run)), run].join(' after ');
      return yaml.valueError(
        ['runs', i, 'after'],
        `${circle}: none of them could ever begin, expected an order`,
      );
    }
    for (const other of runs[i].after) {
      const wrong = visit(other, [...way, run]);
      if (wrong !== undefined) return wrong;
    }
    done.add(run);
    return undefined;
  };
  for (const { run } of runs) {
    const wrong = visit(run, []);
    if (wrong !== undefined) throw wrong;
  }
}
