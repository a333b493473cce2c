import { z } from 'zod';
import { named } from '../named.ts';
import { type Campaign, runSchema } from './campaign-file.ts';
import { stationOf } from './needs.ts';
import { isNamed, itemsOf, notDone, type Queue, type QueueItem, type Rules } from './queue.ts';
import type { CampaignState, Word } from './state.ts';

/**
 * What a person may change of a campaign while it is carried out. Pure: state and edit in, state out; or why not. A run is named
 * as the file has it, and then all of it is meant; or as the queue has it (`ageing-2`), and then that time of it alone.
 */

const person = z.string().trim().min(1).max(60);
const name = z.string();

const changeSchema = z.discriminatedUnion('do', [
  /** More runs, behind those that are there or before one that waits. */
  z.strictObject({ do: z.literal('add'), runs: z.array(runSchema).min(1), before: name.optional() }),
  /** What waits of a run is not done. */
  z.strictObject({ do: z.literal('remove'), run: name }),
  /** What waits of a run stands before another one, or last. */
  z.strictObject({ do: z.literal('move'), run: name, before: name.optional() }),
  /** A run that has not begun becomes another one of the same name. */
  z.strictObject({ do: z.literal('replace'), run: name, with: runSchema }),
  /** Nothing more of a run, or at all, begins. */
  z.strictObject({ do: z.literal('hold'), run: name.optional() }),
  z.strictObject({ do: z.literal('resume'), run: name.optional() }),
  /** What goes on of a run, or at all, is ended in order. */
  z.strictObject({ do: z.literal('stop'), run: name.optional() }),
  /** Somebody has looked at a bench, at one channel of it, or at all that are held. */
  z.strictObject({ do: z.literal('acknowledge'), bench: name.optional() }),
]);
/** What is to be changed. */
export type Change = Readonly<z.output<typeof changeSchema>>;

export const editSchema = z.strictObject({
  /** Each its own: it is taken once. */
  id: z.string().min(1),
  by: person,
  because: z.string().trim().min(1).max(200),
  change: changeSchema,
});
/** One edit: what, by whom, why. */
export type Edit = Readonly<z.output<typeof editSchema>>;

/** What an edit is checked with. */
export interface EditParts {
  /** Throws with what is wrong in the campaign that it would make. */
  readonly rulesOf: (campaign: Campaign) => Rules;
  /** Why a bench is held; undefined: it is not. */
  readonly heldBy: (bench: string) => string | undefined;
}

/** What it makes. */
export interface Edited {
  readonly state: CampaignState;
  /** Of the campaign that it made; undefined: it is the same one. */
  readonly rules: Rules | undefined;
  readonly text: string;
  /** Items whose run is to be ended. */
  readonly stops: readonly string[];
  /** All is to be ended, the supervisor too. */
  readonly stopsAll: boolean;
}

/** Takes an edit. @throws RangeError with what stands against it, and what `rulesOf` throws */
export function edited(state: CampaignState, edit: Edit, now_ms: number, parts: EditParts): Edited {
  const word: Word = { by: edit.by, because: edit.because, utc_ms: now_ms };
  const made = CHANGES[edit.change.do](state, edit.change as never, word, parts);
  const next = { ...state, ...made.change };
  const { campaign, queue } = next;
  // One that was through goes on with what has come in.
  const isOver = next.is === 'over' && !queue.items.some(item => item.state === 'waiting');
  return {
    state: next.is !== 'over' || isOver ? next : { ...next, is: 'stopped' },
    rules: campaign === state.campaign ? undefined : parts.rulesOf(campaign),
    text: `${made.text} (${edit.by}: ${edit.because})`,
    stops: made.stops ?? [],
    stopsAll: made.stopsAll ?? false,
  };
}

interface Made {
  readonly change: Partial<CampaignState>;
  readonly text: string;
  readonly stops?: readonly string[];
  readonly stopsAll?: boolean;
}
type Of<D extends Change['do']> = Extract<Change, { do: D }>;

const CHANGES: {
  readonly [D in Change['do']]: (state: CampaignState, change: Of<D>, word: Word, parts: EditParts) => Made;
} = {
  add({ campaign, queue }, { runs, before }) {
    for (const { run } of runs)
      if (campaign.runs.some(one => one.run === run))
        throw new RangeError(`${run} is a run of the campaign already, expected another name (or replace)`);
    const items = placed(queue, runs.flatMap(itemsOf), before);
    return {
      change: { campaign: { ...campaign, runs: [...campaign.runs, ...runs] }, queue: { ...queue, items } },
      text: `added: ${runs.map(({ run }) => run).join(', ')}`,
    };
  },
  remove({ campaign, queue }, { run }, { by, because }) {
    mustWait(campaign, queue, run);
    const reason = `removed by ${by}: ${because}`;
    const items = queue.items.map(item => {
      if (!isWaiting(item, run)) return item;
      return { ...notDone(item, reason), ...(item.run === run ? {} : { removed: true as const }) };
    });
    return { change: { queue: { ...queue, items } }, text: `removed: ${run}` };
  },
  move({ campaign, queue }, { run, before }) {
    mustWait(campaign, queue, run);
    if (before === run) throw new RangeError(`${run} before itself, expected another run`);
    const rest = { ...queue, items: queue.items.filter(item => !isWaiting(item, run)) };
    const own = queue.items.filter(item => isWaiting(item, run));
    const text = before === undefined ? `moved: ${run} to the end` : `moved: ${run} before ${before}`;
    return { change: { queue: { ...queue, items: placed(rest, own, before) } }, text };
  },
  replace({ campaign, queue }, { run, with: other }) {
    mustBeOf(campaign, run);
    if (other.run !== run)
      throw new RangeError(`a run "${other.run}" in place of ${run}, expected the same name`);
    // One of its times that was skipped is over as well: a new one would have its name.
    if (queue.items.some(item => item.run === run && (item.begun_ms !== null || item.state !== 'waiting')))
      throw new RangeError(
        `${run} has begun or was skipped already, expected one that waits; add another run`,
      );
    const at = queue.items.findIndex(item => isWaiting(item, run));
    const runs = campaign.runs.map(one => (one.run === run ? other : one));
    const rest = queue.items.filter(item => !isWaiting(item, run));
    const items = [...rest.slice(0, at), ...itemsOf(other), ...rest.slice(at)];
    return {
      change: { campaign: { ...campaign, runs }, queue: { ...queue, items } },
      text: `replaced: ${run}`,
    };
  },
  hold({ campaign, queue, runsHeld }, { run }, word) {
    if (run === undefined) {
      if (!queue.items.some(isToCome)) throw new RangeError('the campaign is over: nothing is held any more');
      return { change: { held: word }, text: 'held: nothing more begins' };
    }
    mustBeToCome(campaign, queue, run);
    return { change: { runsHeld: { ...runsHeld, [run]: word } }, text: `held: ${run}` };
  },
  resume({ campaign, queue, held, runsHeld }, { run }) {
    if (run === undefined) {
      if (held === null) throw new RangeError('the campaign is not held');
      return { change: { held: null }, text: 'resumed: runs begin again' };
    }
    mustBeToCome(campaign, queue, run);
    if (named(runsHeld, run) === undefined) throw new RangeError(`${run} is not held`);
    const { [run]: _, ...rest } = runsHeld;
    return { change: { runsHeld: rest }, text: `resumed: ${run}` };
  },
  stop({ campaign, queue, carried }, { run }, word) {
    if (run === undefined)
      return { change: {}, text: 'stop: the runs end in order, then the campaign', stopsAll: true };
    mustBeToCome(campaign, queue, run);
    const own = queue.items.filter(item => isNamed(item, run) && item.state === 'running');
    if (own.length === 0) throw new RangeError(`${run} is not under way, expected a run that is (or remove)`);
    const stopped = own.map(({ id }) => [id, { ...carried[id], stop: word }] as const);
    return {
      change: { carried: { ...carried, ...Object.fromEntries(stopped) } },
      text: `stop: ${run}`,
      stops: own.map(({ id }) => id),
    };
  },
  acknowledge({ campaign, channels, benches, acknowledged }, { bench }, word, { heldBy }) {
    const all = [...new Set(campaign.runs.map(run => stationOf(campaign, run, new Set(channels))))];
    const isMeant = (one: string): boolean =>
      bench === undefined || one === bench || one.startsWith(`${bench} `);
    const held = all.filter(one => heldBy(one) !== undefined && isMeant(one));
    if (bench !== undefined && !all.some(isMeant))
      throw new RangeError(`${bench} is no bench of the campaign, expected one of ${all.join(', ')}`);
    if (held.length === 0)
      throw new RangeError(
        `no bench waits for a person${bench === undefined ? '' : ` of that name: ${bench}`}`,
      );
    const words = Object.fromEntries(held.map(one => [one, word]));
    const rest = Object.fromEntries(Object.entries(benches).filter(([one]) => !held.includes(one)));
    return {
      change: { benches: rest, acknowledged: { ...acknowledged, ...words } },
      text: `looked at: ${held.join(', ')}`,
    };
  },
};

const isToCome = ({ state }: QueueItem): boolean => state === 'waiting' || state === 'running';
const isWaiting = (item: QueueItem, run: string): boolean => isNamed(item, run) && item.state === 'waiting';

function mustBeOf(campaign: Campaign, run: string): void {
  if (campaign.runs.some(one => one.run === run)) return;
  const all = campaign.runs.map(one => one.run).join(', ');
  throw new RangeError(`"${run}" is not known, expected a run: ${all}`);
}

function mustBeIn(campaign: Campaign, { items }: Queue, run: string): void {
  if (!items.some(({ id }) => id === run)) mustBeOf(campaign, run);
}

function mustBeToCome(campaign: Campaign, queue: Queue, run: string): void {
  mustBeIn(campaign, queue, run);
  if (!queue.items.some(item => isNamed(item, run) && isToCome(item)))
    throw new RangeError(`${run} is over, expected a run that is under way or of which something is to come`);
}

function mustWait(campaign: Campaign, queue: Queue, run: string): void {
  mustBeIn(campaign, queue, run);
  if (!queue.items.some(item => isWaiting(item, run)))
    throw new RangeError(`${run} waits no more, expected a run of which something is still to come`);
}

/** Items before the first that waits of a run, or behind all. */
function placed(queue: Queue, more: readonly QueueItem[], before: string | undefined): QueueItem[] {
  if (before === undefined) return [...queue.items, ...more];
  const at = queue.items.findIndex(item => isWaiting(item, before));
  if (at < 0) throw new RangeError(`${before} waits no more, expected a run before which others can be put`);
  return [...queue.items.slice(0, at), ...more, ...queue.items.slice(at)];
}
