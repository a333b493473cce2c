import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Order } from '../../campaign/carrier.ts';
import { stationOf } from '../../campaign/needs.ts';
import type { CampaignSettings } from '../../campaign/state.ts';
import { markOf } from '../guard/left-behind.ts';
import type { LeftByRun } from './how-it-ended.ts';
import type { LoadedCampaign } from './load-campaign.ts';

/** How a run of a campaign is begun, and where it leaves what: whichever process carries it. */

/** What runs are begun with. */
export interface CarrierPlace {
  /** Folder of the campaign. */
  readonly dir: string;
  readonly clock: Clock;
  readonly settings: CampaignSettings;
  /** Benches whose subjects are under way at a time. */
  readonly channels: ReadonlySet<string>;
  /** The campaign as it stands by now. */
  readonly loaded: () => LoadedCampaign;
}

/** Where the guards of a bench, or of a channel of it, leave their marks. */
export function marksOf({ loaded, channels }: CarrierPlace, station: string): Set<string> {
  const { campaign, nights } = loaded();
  const own = campaign.runs.filter(run => stationOf(campaign, run, channels) === station);
  return new Set(own.flatMap(({ run }) => nights.get(run)?.loaded ?? []).map(markOf));
}

/** What a run leaves. */
export function leftBy(place: CarrierPlace, { dir, station, goesOn }: Order): LeftByRun {
  const of = join(place.dir, dir);
  const { mode } = place.settings;
  const isMarked = (): boolean =>
    mode === 'bench' && [...marksOf(place, station)].some(mark => existsSync(mark));
  return { dir: of, end: `${of}.end.json`, log: `${of}.log`, mode, goesOn, isMarked };
}

/** The command line of a run. */
export function argsOf(place: CarrierPlace, { run, dir, seed, goesOn, acknowledged }: Order): string[] {
  const { mode, minutes, pace, operator } = place.settings;
  const asked = place.loaded().asked.get(run.run);
  const night = place.loaded().nights.get(run.run);
  if (asked === undefined || night === undefined) throw new RangeError(`no files of ${run.run}`);
  const isMarked = mode === 'bench' && existsSync(markOf(night.loaded));
  const word = isMarked && acknowledged !== undefined ? ['--acknowledge', acknowledged.by] : [];
  // All else stands in its record.
  // A page of its own while it runs, to which that of the campaign leads.
  const page = ['--no-stay', '--port', '0'];
  if (goesOn) return ['resume', join(place.dir, dir), ...page, ...word];
  return [
    ...['--bench', asked.bench, '--method', asked.method, '--seed', String(seed), ...page],
    ...(asked.subject === undefined ? [] : ['--subject', asked.subject]),
    ...asked.set.flatMap(set => ['--set', set]),
    ...(mode === 'wire' ? ['--wire'] : mode === 'bench' ? ['--real'] : []),
    ...(minutes === null ? [] : ['--minutes', String(minutes)]),
    ...(pace === null ? [] : ['--pace', String(pace)]),
    ...(operator === null ? [] : ['--operator', operator]),
    ...word,
    ...['--out', join(place.dir, dir)],
  ];
}
