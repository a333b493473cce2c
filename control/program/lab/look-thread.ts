import { dirname, resolve } from 'node:path';
import { workerData } from 'node:worker_threads';
import type { Finding } from '../../../dashboards/door/lab.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import type { Edit } from '../../campaign/edits.ts';
import { takeEdit } from '../campaign/edit-campaign.ts';
import { loadCampaign } from '../campaign/load-campaign.ts';
import { mustBeReached } from '../campaign/start-campaign.ts';
import { loadNight } from '../rehearse/rehearse-once.ts';
import { LookedError, serveTasks } from './beside.ts';
import { troubleOf } from './findings.ts';
import { type BenchLook, lookAtBench, lookAtMethod, type MethodAsked } from './looks.ts';
import { LabPlace } from './place.ts';

/** The thread that reads the files of a laboratory as the program itself does: benches, methods, campaigns. */

const place = new LabPlace((workerData as { readonly root: string }).root);

/** What is to be carried out, in files. */
export interface NightAsked {
  readonly bench: string;
  readonly method: string;
  readonly subject?: string | undefined;
  readonly set: readonly string[];
  /** What a program of a cycler says otherwise is listed, not refused. */
  readonly accept: boolean;
}

/** An edit of the campaign in a folder. */
export interface EditAsked {
  readonly dir: string;
  readonly file: string;
  readonly edit: Edit;
}

const tasks = {
  bench: ({ path }: { readonly path: string }): BenchLook => lookAtBench(path),
  method: (asked: MethodAsked): readonly Finding[] => lookAtMethod(place, asked),
  night(asked: NightAsked): void {
    try {
      loadNight({ ...asked, seed: 1 });
    } catch (error) {
      throw new LookedError(error, { path: asked.method, text: readTextFile(asked.method), words: [] });
    }
  },
  campaign({ path }: { readonly path: string }): {
    readonly benches: readonly string[];
    readonly name: string;
  } {
    try {
      const { nights, campaign } = loadCampaign(path, 1);
      mustBeReached(path);
      const benches = new Set([...nights.values()].map(({ loaded }) => loaded.path));
      return { benches: [...benches], name: campaign.campaign };
    } catch (error) {
      throw new LookedError(error, { path, text: readTextFile(path), words: [] });
    }
  },
  async edit({ dir, file, edit }: EditAsked): Promise<{ readonly accepted: boolean; readonly text: string }> {
    const { change } = edit;
    const brought = change.do === 'add' ? change.runs : change.do === 'replace' ? [change.with] : [];
    try {
      for (const { method, bench } of brought) for (const named of [method, bench]) near(file, named);
      const { text, isAnswered } = await takeEdit(dir, file, edit);
      return {
        accepted: isAnswered,
        text: isAnswered ? text : `put into the inbox, not answered yet: ${text}`,
      };
    } catch (error) {
      const { isBad, text } = troubleOf(error);
      if (!isBad) throw error;
      return { accepted: false, text };
    }
  },
};
/** What this thread does. */
export type LookTasks = typeof tasks;

function near(file: string, named: string | undefined): void {
  if (named !== undefined) place.mustBeNear(resolve(dirname(file), named), named);
}

serveTasks(tasks);
