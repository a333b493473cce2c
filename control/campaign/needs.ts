import type { Campaign } from './campaign-file.ts';
import { runOf } from './queue.ts';

/** What a run needs while it goes on, and what of it several may have together. Pure. */

/** Two runs that ask for the same value have it together; what has none is one run's. */
export interface Need {
  readonly for: 'bench' | 'channel' | 'resource' | 'set point';
  readonly what: string;
  readonly value?: string;
}

/** What an item needs, the bench first. */
export type NeedsOf = (item: { readonly run: string }) => readonly Need[];

/** Benches whose subjects may be under way at a time. */
export type Channels = Pick<ReadonlySet<string>, 'has'>;

const NONE: Channels = new Set<string>();
/** What all runs on channels of one bench have it for. */
const BY_CHANNEL = 'by channel';

/** Where a run goes on: its bench, or the channel of its subject where the subjects of that bench go on at a time. */
export function stationOf(campaign: Campaign, item: { readonly run: string }, channels: Channels): string {
  const { bench = campaign.bench, subject } = runOf(campaign, item);
  return subject === undefined || !channels.has(bench) ? bench : `${bench} ${subject}`;
}

/** The bench of a station. */
export function benchOf(campaign: Campaign, item: { readonly run: string }): string {
  return runOf(campaign, item).bench ?? campaign.bench;
}

/** Bench or channel, and resources; `sets`: what it sets on what all subjects of its bench share. */
export function needsOf(
  campaign: Campaign,
  item: { readonly run: string },
  channels: Channels = NONE,
  sets: readonly Need[] = [],
): readonly Need[] {
  const bench = benchOf(campaign, item);
  const station = stationOf(campaign, item, channels);
  const own: readonly Need[] = runOf(campaign, item).resources.map(what => ({ for: 'resource', what }));
  if (station === bench) return [{ for: 'bench', what: bench }, ...own];
  return [
    { for: 'bench', what: bench, value: BY_CHANNEL },
    { for: 'channel', what: station },
    ...sets,
    ...own,
  ];
}

/** Who has what, as far as it goes. */
export class Taken {
  readonly #by = new Map<string, { readonly value: string | undefined; readonly by: string }[]>();

  /** The first need that another one has otherwise, and who that is. */
  against(id: string, needs: readonly Need[]): { readonly need: Need; readonly by: string } | undefined {
    for (const need of needs) {
      const other = (this.#by.get(keyOf(need)) ?? []).find(
        ({ value, by }) => by !== id && (value === undefined || value !== need.value),
      );
      if (other !== undefined) return { need, by: other.by };
    }
    return undefined;
  }

  take(by: string, needs: readonly Need[]): void {
    for (const need of needs)
      this.#by.set(keyOf(need), [...(this.#by.get(keyOf(need)) ?? []), { value: need.value, by }]);
  }
}

const keyOf = ({ for: kind, what }: Need): string => `${kind} ${what}`;
