import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { CampaignChannels } from '../../../dashboards/door/lab/channels.ts';
import {
  type CampaignStart,
  type Decided,
  type LabCampaign,
  type LabFile,
  LabRefusal,
  MODE_NAME,
} from '../../../dashboards/door/lab.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { MisfitError, parseExplained } from '../../../drivers/contract/explain.ts';
import { editSchema } from '../../campaign/edits.ts';
import type { CampaignState } from '../../campaign/state.ts';
import { readState, STATE_FILE } from '../campaign/folder.ts';
import { editId } from '../campaign/inbox.ts';
import { morningHtml } from '../campaign/morning/morning-file.ts';
import { courseNow } from '../campaign/status-campaign.ts';
import { folderOf, supervisorOf } from '../campaign/where.ts';
import type { Benches } from './benches.ts';
import type { Beside } from './beside.ts';
import type { Catalogue } from './catalogue.ts';
import type { LookTasks } from './look-thread.ts';
import { type LabPlace, saidWithin } from './place.ts';
import type { Processes } from './processes.ts';
import { modeArgs } from './runs.ts';
import { ChannelsOfCampaigns } from './silent/campaign-channels.ts';
import type { SilentRuns } from './silent/silent-runs.ts';

/** The campaigns of a laboratory: their files, those that were begun, and what becomes of them. */

const LOOK_S = 60;
const EDIT_S = 60;
/** So long it is waited for a campaign to begin, s; it goes on by itself. */
const BEGIN_S = 10;
/** So long it is waited for the process of one that was stopped to tell the last of it, s. */
const END_S = 5;
const wall = realClock();

/** Parts of a laboratory that campaigns need. */
export interface CampaignParts {
  readonly place: LabPlace;
  readonly catalogue: Catalogue;
  readonly look: Beside<LookTasks>;
  /** For changes of campaigns under way, of which a stop is one: nothing else is asked of it. */
  readonly steer: Beside<LookTasks>;
  readonly processes: Processes;
  readonly benches: Benches;
  readonly silent: SilentRuns;
}

/** Lists, starts and edits them. */
export class Campaigns {
  readonly #parts: CampaignParts;
  readonly #states = new Map<string, { readonly stamp: string; readonly state: CampaignState }>();
  readonly #channels: ChannelsOfCampaigns;
  #edits = 0;

  constructor(parts: CampaignParts) {
    this.#parts = parts;
    this.#channels = new ChannelsOfCampaigns({
      silent: parts.silent,
      subjects: async path => (await parts.look.ask('bench', { path }, LOOK_S)).subjects,
    });
  }

  /** The files from which one can be started. */
  files(): readonly LabFile[] {
    return this.#parts.catalogue.all('campaign').map(({ name, title, sha256, path }) => {
      return { name, title, sha256, isBuiltIn: this.#parts.place.isOfPackage(path) };
    });
  }

  /** Those that were begun, or were to be. */
  all(): readonly LabCampaign[] {
    const { place, processes } = this.#parts;
    const begun = (existsSync(place.runs) ? readdirSync(place.runs) : []).filter(
      name => existsSync(join(place.runs, name, STATE_FILE)) && place.has(join(place.runs, name)),
    );
    const others = processes.all().filter(({ id, kind }) => kind === 'campaign' && !begun.includes(id));
    return [...begun, ...others.map(({ id }) => id)].sort().map(id => this.one(id));
  }

  /** @throws LabRefusal where there is none */
  one(id: string): LabCampaign {
    const { place, processes } = this.#parts;
    const dir = place.runDir(id);
    const started = processes.of(id);
    const state = this.#stateOrWhyNot(dir);
    if (typeof state === 'string')
      return { id, file: '', mode: '', is: 'over', reason: place.said(state), course: null };
    if (state === undefined) {
      if (started?.kind !== 'campaign') throw new LabRefusal('missing', `${id}: no such campaign`);
      const reason = processes.refusalOf(started) ?? '';
      const is = processes.isGoing(started) ? 'starting' : 'over';
      return { id, file: started.method, mode: started.mode, is, reason: place.said(reason), course: null };
    }
    const isCarried = supervisorOf(dir) !== undefined;
    const isComing = !isCarried && started !== undefined && processes.isGoing(started);
    const isLeft = state.is === 'under way' && !isCarried && !isComing;
    return {
      id,
      file: this.#nameOf(state.file),
      mode: state.settings.mode,
      is: isComing ? 'starting' : isLeft ? 'stopped' : state.is,
      reason: isLeft ? 'nobody carries it out now: started again it goes on where it was' : '',
      course: { ...saidWithin(place, courseNow(dir, state)) },
    };
  }

  /** Begins one, or goes on with one that was stopped. @throws LabRefusal for one that is refused */
  async start(asked: CampaignStart, by: string): Promise<LabCampaign> {
    const { catalogue, look, processes, benches } = this.#parts;
    const { path, name } = catalogue.one('campaign', asked.file);
    const { benches: used } = await look.ask('campaign', { path }, LOOK_S);
    const dir = await this.#dirFor(path);
    const id = basename(dir);
    if (asked.mode === 'real') {
      const own = catalogue.all('bench').filter(bench => used.includes(bench.path));
      // Its own runs may still be under way: it takes them up.
      if (this.#stateIn(dir) === undefined) for (const bench of own) await benches.mustBeFree(bench);
    }
    const started = processes.start({
      ...{ id, kind: 'campaign', by, bench: '', benchName: '', method: name, mode: MODE_NAME[asked.mode] },
      args: ['campaign', 'start', path, `--out=${dir}`, '--no-serve', ...modeArgs(asked, by)],
    });
    const isUnderWay = (): boolean =>
      supervisorOf(dir)?.pid === started.pid && this.#stateIn(dir)?.is !== 'stopped';
    await processes.begun(started, isUnderWay, BEGIN_S);
    return this.one(id);
  }

  /** Changes one as `cellbench campaign edit` does; it decides. @throws LabRefusal for what is no change */
  async edit(
    id: string,
    change: Readonly<Record<string, unknown>>,
    because: string,
    by: string,
  ): Promise<Decided> {
    const dir = this.#parts.place.runDir(id);
    const { processes } = this.#parts;
    const coming = processes.of(id);
    // One that is starting takes no edits yet: a word to its process ends it, and what it has begun, in order.
    if (
      change['do'] === 'stop' &&
      coming?.kind === 'campaign' &&
      this.#stateIn(dir) === undefined &&
      processes.interrupt(coming, by)
    )
      return { accepted: true, text: `${id} takes no edits yet: its start is given up` };
    const state = this.#begun(id, dir);
    // Later ones come later, also of one moment.
    this.#edits = (this.#edits + 1) % 1_000_000;
    const own = `${editId(wall)}-${String(this.#edits).padStart(6, '0')}`;
    try {
      const edit = parseExplained(editSchema, { id: own, by, because, change });
      const decided = await this.#parts.steer.ask('edit', { dir, file: state.file, edit }, EDIT_S);
      return { ...decided, text: this.#parts.place.said(decided.text) };
    } catch (error) {
      if (error instanceof MisfitError) throw new LabRefusal('bad', error.message);
      throw error;
    }
  }

  /** What goes on in one, channel by channel. @throws LabRefusal where none has begun */
  async channels(id: string): Promise<CampaignChannels> {
    const dir = this.#parts.place.runDir(id);
    const state = this.#begun(id, dir);
    return await this.#channels.of({ id, dir }, state, courseNow(dir, state));
  }

  /** The morning report as of now. */
  morning(id: string): string {
    const dir = this.#parts.place.runDir(id);
    const state = this.#begun(id, dir);
    return morningHtml(dir, state, courseNow(dir, state), wall.utc_ms(), new Map());
  }

  #begun(id: string, dir: string): CampaignState {
    const state = this.#stateIn(dir);
    if (state !== undefined) return state;
    throw new LabRefusal('missing', `${id}: no campaign has begun there`);
  }

  /** One that cannot be read keeps nobody from the others. */
  #stateOrWhyNot(dir: string): CampaignState | string | undefined {
    try {
      return this.#stateIn(dir);
    } catch (error) {
      return messageOf(error);
    }
  }

  /** Read again when it has changed. */
  #stateIn(dir: string): CampaignState | undefined {
    const path = join(dir, STATE_FILE);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined || !this.#parts.place.has(path)) return undefined;
    const stamp = `${found.ino} ${found.mtimeMs} ${found.size}`;
    const known = this.#states.get(dir);
    if (known?.stamp === stamp) return known.state;
    const state = readState(dir);
    if (state !== undefined) this.#states.set(dir, { stamp, state });
    return state;
  }

  /** Its own folder: one that was stopped goes on in the one that it has, one that is over begins anew in another. */
  async #dirFor(path: string): Promise<string> {
    const { place } = this.#parts;
    const own = basename(folderOf(path, undefined));
    for (let n = 1; ; n++) {
      const dir = place.runDir(n === 1 ? own : `${own}-${n}`);
      const state = this.#stateIn(dir);
      if (state === undefined) {
        if (existsSync(dir) && readdirSync(dir).length > 0) continue;
        const coming = this.#parts.processes.of(basename(dir));
        if (coming === undefined || !this.#parts.processes.isGoing(coming)) return dir;
      } else if (state.is === 'over' || state.file !== resolve(path)) continue;
      else if (await isLeft(dir, state.is === 'stopped' ? END_S : 0)) return dir;
      throw new LabRefusal('clash', `${basename(dir)} is under way already, expected one that is not`);
    }
  }

  #nameOf(file: string): string {
    const entry = this.#parts.catalogue.all('campaign').find(({ path }) => path === file);
    return entry?.name ?? this.#parts.place.said(file);
  }
}

/** Whether nobody carries it out, after `most_s` at the latest. */
async function isLeft(dir: string, most_s: number): Promise<boolean> {
  const until_s = wall.now_s() + most_s;
  while (supervisorOf(dir) !== undefined && wall.now_s() < until_s) await wall.sleep(0.1);
  return supervisorOf(dir) === undefined;
}
