import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { CampaignChannels } from '../../../../dashboards/door/lab/channels.ts';
import type { CampaignState } from '../../../campaign/state.ts';
import type { CarriedCourse } from '../../../view.ts';
import { openDoorOf } from '../../steer/door.ts';
import type { SilentRuns } from './silent-runs.ts';

/** What goes on in a campaign of a laboratory, channel by channel. */

/** What a campaign is, and how its files are read. */
export interface ChannelsParts {
  readonly silent: SilentRuns;
  /** Subjects of a bench file; empty: it has one, without a name. */
  subjects(path: string): Promise<readonly string[]>;
}

/** Keeps in mind which subjects a bench has: its file is read again when it has changed. */
export class ChannelsOfCampaigns {
  readonly #parts: ChannelsParts;
  readonly #subjects = new Map<
    string,
    { readonly stamp: string; readonly subjects: Promise<readonly string[]> }
  >();

  constructor(parts: ChannelsParts) {
    this.#parts = parts;
  }

  /** `id`: of the campaign in the laboratory; `dir`: its folder. */
  async of(
    { id, dir }: { readonly id: string; readonly dir: string },
    state: CampaignState,
    course: CarriedCourse,
  ): Promise<CampaignChannels> {
    const named = [...new Set(course.runs.map(({ bench }) => bench))];
    const benches = await Promise.all(
      named.map(async bench => ({
        bench,
        subjects: [...(await this.#of(resolve(dirname(state.file), bench)))],
      })),
    );
    const pages = new Map<string, string>();
    const idOf = new Map<string, string>();
    for (const run of course.runs) {
      const page = run.state === 'running' && run.dir !== null ? openDoorOf(join(dir, run.dir)) : undefined;
      if (page === undefined) continue;
      pages.set(`${id}/${run.dir}`, page);
      idOf.set(`${id}/${run.dir}`, run.id);
    }
    const { readings, silent } = await this.#parts.silent.heard.look(pages);
    const byId = <T>(of: Readonly<Record<string, T>>): Record<string, T> =>
      Object.fromEntries(Object.entries(of).map(([name, one]) => [idOf.get(name) ?? name, one]));
    return {
      benches,
      withPage: [...idOf.values()],
      readings: byId(readings) as unknown as CampaignChannels['readings'],
      silent: byId(silent),
    };
  }

  #of(path: string): Promise<readonly string[]> {
    const found = existsSync(path) ? statSync(path) : undefined;
    const stamp = found === undefined ? '' : `${found.mtimeMs} ${found.size}`;
    const known = this.#subjects.get(path);
    if (known?.stamp === stamp) return known.subjects;
    const subjects = this.#parts
      .subjects(path)
      // A bench that cannot be read now is shown as one channel: its runs go on all the same.
      .catch((): readonly string[] => [])
      .then(all => (all.length === 0 ? [''] : all));
    this.#subjects.set(path, { stamp, subjects });
    return subjects;
  }
}
