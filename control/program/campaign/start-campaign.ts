import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { utcText } from '../../../dashboards/format.ts';
import { carriedText } from '../../../dashboards/terminal/carried.ts';
import { Screen } from '../../../dashboards/terminal/screen.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { readCampaign } from '../../campaign/campaign-file.ts';
import { type CarriedCourse, carriedCourseOf, waitText } from '../../campaign/carried-course.ts';
import { StopWord } from '../../campaign/carrier.ts';
import type { Waits } from '../../campaign/choose.ts';
import type { Edit } from '../../campaign/edits.ts';
import { needsOf } from '../../campaign/needs.ts';
import { newQueue } from '../../campaign/queue.ts';
import { type CampaignSettings, type CampaignState, newCampaign } from '../../campaign/state.ts';
import { supervise } from '../../campaign/supervise.ts';
import { UsageError } from '../options.ts';
import { EXIT } from '../result/outcome.ts';
import { writeWhole } from '../result/write-whole.ts';
import { CampaignCarrier } from './campaign-carrier.ts';
import { campaignPage } from './campaign-page.ts';
import { keepState, mendEvents, writeDurably } from './folder.ts';
import { answerEdit, editId, editsIn } from './inbox.ts';
import { type LoadedCampaign, loadCampaign, loadedOf } from './load-campaign.ts';
import { MorningBeside } from './morning/morning-beside.ts';
import { NotifyBeside } from './notify/notify-beside.ts';
import { waysOf } from './notify/send.ts';
import { askedToStop } from './stop-signals.ts';
import { asItStands, folderOf, lockCampaign, signSupervisor, stateIn } from './where.ts';

/** `campaign start FILE`: carries a campaign out, or goes on with one that was under way. */

export const COURSE_FILE = 'campaign.json';
const SOURCE_FILE = 'campaign.yaml';
const LOOK_S = 1;
const NO_TERMINAL_COLUMNS = 100;
const wall = realClock();

/** How it is begun. */
export interface StartOptions {
  readonly file: string;
  readonly out: string | undefined;
  readonly settings: CampaignSettings;
  /** Who has looked at the benches that wait for a person. */
  readonly acknowledge: string | undefined;
  /** Port of its page; undefined: it has none. */
  readonly port: number | undefined;
}

/** Returns the exit code. Bad input throws before anything is begun. */
export async function startCampaign(options: StartOptions): Promise<number> {
  const { file, settings } = options;
  const dir = folderOf(file, options.out);
  const known = stateIn(dir, file);
  let loaded = known === undefined ? loadCampaign(file, settings.seed) : loadedAgain(known, settings);
  if (known === undefined) {
    mustBeFree(dir);
    mustBeReached(file);
  }
  mkdirSync(dir, { recursive: true });
  // Given back last: until all is written nobody else may take it up.
  using _lock = await lockCampaign(dir, loaded.campaign.campaign, wall.utc_ms());
  let state = stateIn(dir, file) ?? begun(dir, file, loaded, settings);
  mendEvents(dir, state);
  signSupervisor(dir);
  const screen = new Screen(process.stdout);
  const say = (text: string): void => screen.say(text);
  const beside = new NotifyBeside({
    dir,
    yaml: asItStands(file, state.campaign),
    baseDir: dirname(resolve(file)),
    clock: wall,
    state: () => state,
    say,
  });
  let waits: readonly Waits[] = [];
  const course = (): CarriedCourse => carriedCourseOf(state, waits, wall.utc_ms());
  const show = (): void => writeWhole(join(dir, COURSE_FILE), `${JSON.stringify(course(), null, 2)}\n`);
  const morning = new MorningBeside({
    dir,
    clock: wall,
    state: () => state,
    course,
    say,
  });
  beside.start();
  const giveUp = new AbortController();
  if (state.is === 'over') {
    await beside.finish(false, giveUp.signal);
    say(`${dir}: this campaign has been carried out already; --out DIR for another time`);
    return finished(state, screen);
  }
  if (readTextFile(join(dir, SOURCE_FILE)) !== readTextFile(file))
    say(`${file} is not what it was when the campaign began: it goes on as it was; campaign edit changes it`);
  if (JSON.stringify(state.settings) !== JSON.stringify(settings))
    say(
      'It goes on as it was begun: --seed, --minutes, --pace, --operator and --rehearsed are those of its first start',
    );
  const stop = new StopWord();
  using _signals = askedToStop(stop, say);
  await using _page = await campaignPage({
    dir,
    port: options.port,
    course,
    channels: () => loaded.subjects,
    say,
  });
  const own = acknowledgement(options.acknowledge, state);
  let said = '';
  morning.start();
  const carriedOut = supervise(state, {
    clock: wall,
    carrier: new CampaignCarrier({
      dir,
      clock: wall,
      settings: state.settings,
      channels: new Set(state.channels),
      loaded: () => loaded,
    }),
    needs: now => {
      const channels = new Set(now.channels);
      return item => needsOf(now.campaign, item, channels, loaded.sets.get(item.run));
    },
    keep(next) {
      keepState(dir, next);
      state = next;
      for (const { utc, text } of next.last) say(`${utcText(utc)}  ${text}`);
      show();
      beside.kept(next);
      morning.kept(next);
    },
    edits: () => [...own, ...editsIn(dir)],
    answer(edit, refusal) {
      const at = own.indexOf(edit);
      if (at >= 0) own.splice(at, 1);
      else answerEdit(dir, edit, refusal);
    },
    rulesOf(campaign) {
      loaded = loadedOf(resolve(file), asItStands(file, campaign), settings.seed);
      return loaded.rules;
    },
    stop,
    waits(choice) {
      waits = choice.waits;
      const text = waits.map(one => `${one.id} waits for ${waitText(one)}`).join('\n');
      if (text === said) return;
      said = text;
      if (text !== '') say(text);
      show();
    },
    look_s: LOOK_S,
  });
  try {
    state = await carriedOut;
    show();
    morning.finish();
    let isHeard = false;
    stop.heard(() => {
      if (isHeard) giveUp.abort();
    });
    // A word from now on is for what is still to be told.
    isHeard = true;
    await beside.finish(state.is === 'over', giveUp.signal);
    return finished(state, screen);
  } catch (error) {
    // Nothing follows from what cannot be written down. Runs under way are led by their own processes.
    say(
      `\nThe campaign cannot be carried on: ${messageOf(error)}. Its runs go on to their ends; campaign start takes them up.`,
    );
    morning.finish();
    giveUp.abort();
    await beside.finish(false, giveUp.signal);
    return EXIT.failed;
  }
}

function finished(state: CampaignState, screen: Screen): number {
  const course = carriedCourseOf(state, [], wall.utc_ms());
  screen.say(`\n${carriedText(course, screen.columns ?? NO_TERMINAL_COLUMNS)}`);
  if (state.is === 'stopped') return EXIT.stopped;
  return course.counts.completed === course.runs.length ? EXIT.completed : EXIT.notProved;
}

/** As it was left, with its edits; begun on twins, it is not taken up on instruments. @throws UsageError */
function loadedAgain(state: CampaignState, { mode }: CampaignSettings): LoadedCampaign {
  const own = state.settings.mode;
  if (own !== mode)
    throw new UsageError(
      `the campaign was begun ${MODE_TEXT[own]}, expected the same again (or --out DIR for another one)`,
    );
  return loadedOf(state.file, asItStands(state.file, state.campaign), state.settings.seed);
}

const MODE_TEXT: Readonly<Record<CampaignSettings['mode'], string>> = {
  rehearsal: 'on twins (neither --wire nor --real)',
  wire: 'on emulated wires (--wire)',
  bench: 'on the instruments (--real)',
};

/** Whom the campaign tells of something. @throws FileError with the line of a secret or program that is not there */
export function mustBeReached(file: string): void {
  waysOf(readCampaign(file, readTextFile(file)), dirname(resolve(file)));
}

function mustBeFree(dir: string): void {
  if (!existsSync(dir)) return;
  // A start that was killed before it had begun.
  const [first] = readdirSync(dir).filter(name => name !== SOURCE_FILE && !name.startsWith('.'));
  if (first !== undefined)
    throw new UsageError(
      `${dir} holds other files (${first}), expected a new or empty folder, or that of this campaign`,
    );
}

function begun(dir: string, file: string, loaded: LoadedCampaign, settings: CampaignSettings): CampaignState {
  const { campaign } = loaded;
  writeDurably(dir, SOURCE_FILE, readTextFile(file));
  const about = { file: resolve(file), settings, campaign, queue: newQueue(campaign) };
  const state = newCampaign(about, wall.utc_ms(), [...loaded.channels]);
  keepState(dir, state);
  return state;
}

function acknowledgement(by: string | undefined, { benches }: CampaignState): Edit[] {
  if (by === undefined) return [];
  const because = `looked at ${Object.keys(benches).join(', ') || 'the benches'} before the start`;
  return [{ id: editId(wall), by, because: because.slice(0, 200), change: { do: 'acknowledge' } }];
}
