import { resolve } from 'node:path';
import { z } from 'zod';
import { realClock } from '../../../drivers/contract/clock.ts';
import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { parseYamlFile, type YamlFile } from '../../../drivers/contract/yaml-file.ts';
import { withEdit } from '../../campaign/audit.ts';
import {
  type Campaign,
  type CampaignRun,
  checkCampaign,
  placedBy,
  runSchema,
} from '../../campaign/campaign-file.ts';
import { type Change, type Edit, edited, editSchema } from '../../campaign/edits.ts';
import { benchHeld } from '../../campaign/held.ts';
import type { Rules } from '../../campaign/queue.ts';
import { type CampaignState, changedTo, toldOf } from '../../campaign/state.ts';
import { UsageError } from '../options.ts';
import { EXIT } from '../result/outcome.ts';
import { keepState, mendEvents } from './folder.ts';
import { askFor, editId, withdraw } from './inbox.ts';
import { loadedOf } from './load-campaign.ts';
import { ProcessCarrier } from './process-carrier.ts';
import { folderOf, lockCampaign, stateIn, supervisorOf } from './where.ts';

/** `campaign edit FILE WORD ...`: checks an edit, and gives it to the supervisor, or takes it itself where there is none. */

const wall = realClock();
const moreSchema = z.strictObject({ runs: z.array(runSchema).min(1) });
type More = YamlFile<z.output<typeof moreSchema>>;

/** The edits as they stand on the command line, with what stands behind each. */
export const EDIT_WORDS = {
  add: 'RUNS.yaml [--before RUN]',
  remove: 'RUN',
  move: 'RUN [--before RUN]',
  replace: 'RUN RUNS.yaml',
  hold: '[RUN]',
  resume: '[RUN]',
  stop: '[RUN]',
  acknowledge: '[BENCH]',
} as const satisfies Record<Change['do'], string>;

/** An edit as it stands on the command line. */
export interface EditOptions {
  readonly file: string;
  readonly out: string | undefined;
  readonly word: Change['do'];
  /** What stands behind the word. */
  readonly first: string | undefined;
  readonly second: string | undefined;
  readonly before: string | undefined;
  readonly by: string;
  readonly because: string;
}

/** Returns the exit code. An edit that is refused throws, and nothing has changed. */
export async function editCampaign(options: EditOptions): Promise<number> {
  const { file } = options;
  const dir = folderOf(file, options.out);
  mustHaveBegun(dir, file);
  const more = moreOf(options);
  const edit = editSchema.parse({
    id: editId(wall),
    by: options.by,
    because: options.because,
    change: changeOf(options, more),
  });
  const { text, isAnswered, isCarriedOut } = await takeEdit(dir, file, edit, more);
  if (!isAnswered) console.log(`put into the inbox, not answered yet: ${text}`);
  else if (isCarriedOut) console.log(text);
  else console.log(`${text}\nNobody carries the campaign out now: campaign start ${file} goes on with it`);
  return EXIT.completed;
}

/** What has become of an edit that was not refused. */
export interface TakenEdit {
  readonly text: string;
  /** False: it waits in the inbox, and the supervisor has not said anything yet. */
  readonly isAnswered: boolean;
  /** Whether somebody carries the campaign out now. */
  readonly isCarriedOut: boolean;
}

/**
 * Checks an edit and gives it to the supervisor of the campaign in `dir`, or takes it itself where there is none; `more`: the
 * file of the runs that it brings. Rejects with UsageError or FileError for one that is refused: nothing has changed then.
 */
export async function takeEdit(dir: string, file: string, edit: Edit, more?: More): Promise<TakenEdit> {
  const state = mustHaveBegun(dir, file);
  const check = (of: CampaignState) => takenFrom(of, edit, dir, more);
  const { text, stopsAll, stops } = check(state);
  const isCarriedOut = (): boolean => supervisorOf(dir) !== undefined;
  if (isCarriedOut()) {
    const answer = await askFor(dir, edit, wall, isCarriedOut);
    if (answer?.refusal !== undefined) throw new UsageError(answer.refusal);
    if (answer !== undefined || isCarriedOut())
      return { text, isAnswered: answer !== undefined, isCarriedOut: true };
    // It came to its end meanwhile, and has taken the edit or has not.
    withdraw(dir, edit);
  }
  if (stopsAll || stops.length > 0)
    throw new UsageError('nobody carries the campaign out, expected one under way: campaign start first');
  using _lock = await lockCampaign(dir, state.campaign.campaign, wall.utc_ms());
  // Somebody may have carried it out meanwhile.
  const last = stateIn(dir, file) ?? state;
  if (last.edits.includes(edit.id)) return { text, isAnswered: true, isCarriedOut: false };
  mendEvents(dir, last);
  const made = check(last);
  const events = [
    { kind: 'edited', text: made.text, by: edit.by } as const,
    ...toldOf(last.queue, made.state.queue),
  ];
  const now_ms = wall.utc_ms();
  const change = {
    edits: [...last.edits, edit.id],
    audited: withEdit(last, edit, made.state, now_ms),
  };
  keepState(dir, changedTo(made.state, change, events, now_ms));
  return { text: made.text, isAnswered: true, isCarriedOut: false };
}

/** @throws UsageError where no campaign has begun there */
function mustHaveBegun(dir: string, file: string): CampaignState {
  const state = stateIn(dir, file);
  if (state !== undefined) return state;
  throw new UsageError(`${dir}: no campaign has begun there, expected one: campaign start ${file}`);
}

/** The runs that an edit brings, with their lines. @throws FileError */
function moreOf({ word, first, second }: EditOptions): More | undefined {
  const path = word === 'add' ? first : word === 'replace' ? second : undefined;
  return path === undefined ? undefined : parseYamlFile(path, readTextFile(path), moreSchema);
}

function changeOf({ word, first, second, before }: EditOptions, more: More | undefined): unknown {
  const usage = (): UsageError =>
    new UsageError(`campaign edit FILE ${word}: expected ${word} ${EDIT_WORDS[word]}`);
  const needsRun = word !== 'hold' && word !== 'resume' && word !== 'stop' && word !== 'acknowledge';
  if (needsRun && first === undefined) throw usage();
  if ((second !== undefined) !== (word === 'replace')) throw usage();
  if (before !== undefined && word !== 'add' && word !== 'move') throw usage();
  switch (word) {
    case 'add':
      return { do: word, runs: more?.value.runs, before };
    case 'replace': {
      const runs = more?.value.runs ?? [];
      if (more !== undefined && runs.length !== 1)
        throw more.error(['runs'], `${runs.length} runs, expected the one that stands for ${first}`);
      return { do: word, run: first, with: runs[0] };
    }
    case 'acknowledge':
      return { do: word, bench: first };
    case 'move':
      return { do: word, run: first, before };
    default:
      return { do: word, run: first };
  }
}

/** What it would make of a state. @throws FileError with the line where it has one; UsageError */
function takenFrom(state: CampaignState, edit: Edit, dir: string, more: More | undefined) {
  const { file, settings } = state;
  const load = (campaign: Campaign) => {
    const placed = placedBy(campaign, placedIn(file, campaign.runs, edit.change, more));
    checkCampaign(placed);
    return loadedOf(resolve(file), placed, settings.seed);
  };
  const rulesOf = (campaign: Campaign): Rules => load(campaign).rules;
  let loaded: ReturnType<typeof load> | undefined;
  const carrier = new ProcessCarrier({
    dir,
    clock: wall,
    settings,
    channels: new Set(state.channels),
    loaded: () => {
      loaded ??= load(state.campaign);
      return loaded;
    },
  });
  const heldBy = (bench: string): string | undefined => benchHeld(state, carrier, bench);
  try {
    return edited(state, edit, wall.utc_ms(), { rulesOf, heldBy });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

/** What is wrong in a run that the edit brings is told with its line there. */
function placedIn(file: string, runs: readonly CampaignRun[], change: Change, more: More | undefined) {
  const brought = change.do === 'add' ? change.runs : change.do === 'replace' ? [change.with] : [];
  return (place: Place, text: string): FileError => {
    const [list, i, ...rest] = place;
    const k =
      list === 'runs' && typeof i === 'number' ? brought.findIndex(({ run }) => run === runs[i]?.run) : -1;
    if (more !== undefined && k >= 0) return more.error(['runs', k, ...rest], text);
    return new FileError(file, 0, `${dotted(place)}: ${text}`);
  };
}
