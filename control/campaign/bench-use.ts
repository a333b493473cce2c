import { named } from '../named.ts';
import type { CarriedCourse } from './carried-course.ts';
import { stationOf } from './needs.ts';
import type { CampaignEvent, CampaignState } from './state.ts';

/** How the benches of a campaign have spent its time. Pure. */

/** How a bench, or a channel of it, has spent the time of the campaign, s. */
export interface BenchUse {
  readonly bench: string;
  readonly run_s: number;
  readonly held_s: number;
  readonly idle_s: number;
}

/** Held: from the run that left it so until somebody has looked, at the latest until the next one began there. */
export function useOf({
  state,
  course,
  events,
  now_ms,
}: {
  readonly state: CampaignState;
  readonly course: CarriedCourse;
  readonly events: readonly CampaignEvent[];
  readonly now_ms: number;
}): BenchUse[] {
  const { campaign, queue, acknowledged } = state;
  const begin_ms = Date.parse(state.begunUtc);
  const end_ms = state.is === 'under way' ? now_ms : Date.parse(events.at(-1)?.utc ?? course.updatedUtc);
  const channels = new Set(state.channels);
  const benchOf = new Map(queue.items.map(item => [item.id, stationOf(campaign, item, channels)]));
  return course.benches.map(({ bench }) => {
    const own = queue.items.filter(({ id, begun_ms }) => benchOf.get(id) === bench && begun_ms !== null);
    const within = (from_ms: number, to_ms: number): number =>
      Math.max(0, Math.min(to_ms, end_ms) - Math.max(from_ms, begin_ms)) / 1000;
    const run_s = own.reduce(
      (sum, item) =>
        sum + spansOf(item, events, end_ms).reduce((all, [from, to]) => all + within(from, to), 0),
      0,
    );
    const here = events.filter(({ id }) => id !== null && benchOf.get(id) === bench);
    const at = (...kinds: readonly CampaignEvent['kind'][]): number[] =>
      here.flatMap(({ kind, utc }) => (kinds.includes(kind) ? [Date.parse(utc)] : []));
    const word_ms = named(acknowledged, bench)?.utc_ms;
    const helds = at('benchHeld');
    const ends = [...own.flatMap(({ begun_ms }) => begun_ms ?? []), ...at('begun', 'resumed'), word_ms ?? []];
    const held_s = helds.reduce((sum, from_ms, i) => {
      const next = [...ends.flat().filter(one => one >= from_ms), ...helds.slice(i + 1, i + 2)];
      return sum + within(from_ms, Math.min(end_ms, ...next));
    }, 0);
    const whole_s = Math.max(0, end_ms - begin_ms) / 1000;
    return { bench, run_s, held_s, idle_s: Math.max(0, whole_s - run_s - held_s) };
  });
}

/** When a run was under way, ms of UTC: not between a cut and its going on. */
function spansOf(
  { id, begun_ms, over_ms }: CampaignState['queue']['items'][number],
  events: readonly CampaignEvent[],
  end_ms: number,
): (readonly [from_ms: number, to_ms: number])[] {
  const spans: (readonly [number, number])[] = [];
  let from_ms = begun_ms;
  for (const event of events) {
    const at_ms = Date.parse(event.utc);
    if (event.id !== id || begun_ms === null || at_ms < begun_ms) continue;
    const isCut = event.kind === 'cutOff' || event.kind === 'notBegun';
    if (isCut && from_ms !== null) spans.push([from_ms, at_ms]);
    if (isCut) from_ms = null;
    else if (event.kind === 'resumed') from_ms = at_ms;
  }
  return from_ms === null ? spans : [...spans, [from_ms, over_ms ?? end_ms]];
}
