import { named } from '../named.ts';
import type { RunCarrier } from './carrier.ts';
import type { HeldBy } from './choose.ts';
import { type Channels, stationOf } from './needs.ts';
import type { QueueItem } from './queue.ts';
import type { CampaignState, Word } from './state.ts';

/** What a person holds back, and which benches somebody has to look at first. */

/** Where a run goes on: its bench, or its channel of it. */
export function stationIn(
  { campaign, channels }: CampaignState,
  item: { readonly run: string },
  known: Channels = new Set(channels),
): string {
  return stationOf(campaign, item, known);
}

/** Why nothing may begin on a bench, or on a channel of it; undefined: nothing stands against it. */
export function benchHeld(
  { benches, acknowledged }: CampaignState,
  carrier: RunCarrier,
  bench: string,
): string | undefined {
  const kept = carrier.keptFrom(bench, named(acknowledged, bench))?.reason;
  const reasons = [named(benches, bench) ?? [], kept ?? []].flat();
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

/** The same of items. Each bench is looked at once: what is made of it is for one moment. */
export function heldIn(state: CampaignState, carrier: RunCarrier): HeldBy {
  const { held, runsHeld } = state;
  const channels = new Set(state.channels);
  const looked = new Map<string, string | undefined>();
  return item => {
    const bench = stationIn(state, item, channels);
    if (held !== null) return { what: 'the campaign', reason: wordText(held) };
    const word = runHeld(runsHeld, item);
    if (word !== undefined) return { what: word.what, reason: wordText(word) };
    if (!looked.has(bench)) looked.set(bench, benchHeld(state, carrier, bench));
    const reason = looked.get(bench);
    return reason === undefined ? undefined : { what: bench, reason };
  };
}

/** Who holds a run back, or this time of it alone, and by which name; undefined: nobody. */
export function runHeld(
  runsHeld: CampaignState['runsHeld'],
  { run, id }: Pick<QueueItem, 'run' | 'id'>,
): (Word & { readonly what: string }) | undefined {
  for (const what of [run, id]) {
    const word = named(runsHeld, what);
    if (word !== undefined) return { what, ...word };
  }
  return undefined;
}

/** Who, and why. */
export function wordText({ by, because }: Pick<Word, 'by' | 'because'>): string {
  return `${by}: ${because}`;
}
