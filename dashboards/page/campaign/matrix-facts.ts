import type { CampaignShown, ChannelShown, ChannelsOfBench, RunState } from '../../../control/view.ts';
import { words } from '../words/language.ts';

/** What the matrix of a bench's channels shows. Pure, but for the language that is shown. */

/** What a channel does, or why it does nothing. */
export type ChannelIs =
  | 'charge'
  | 'discharge'
  | 'rest'
  | 'hold voltage'
  | 'no reading'
  | 'beginning'
  | 'unseen'
  | 'finished'
  | 'paused'
  | 'attention'
  | 'silent'
  | 'waiting'
  | 'empty';

/** One letter for each, so that a wall is read without colours; `!` stands before all others, `X` is as urgent. */
export const LETTERS: Readonly<Record<ChannelIs, string>> = {
  charge: 'C',
  discharge: 'D',
  rest: 'R',
  'hold voltage': 'V',
  'no reading': '?',
  beginning: '>',
  unseen: '~',
  finished: 'F',
  paused: 'P',
  attention: '!',
  silent: 'X',
  waiting: 'W',
  empty: '-',
};

/** One field of the matrix. */
export interface Channel {
  /** From 1, in the order of the bench file. */
  readonly number: number;
  readonly subject: string;
  readonly is: ChannelIs;
  /** Of the alarm behind `attention`; null: it has none, a person has to look for another reason. */
  readonly reaction: NonNullable<ChannelShown['alarm']>['reaction'] | null;
  /** Why it wants attention or waits; empty: nothing to say. */
  readonly why: string;
  /** Of `silent`: when its process answered last, UTC. */
  readonly since?: string;
  /** The run under way, where it has a live page. */
  readonly run: string | undefined;
  /** What is read of it; undefined: nobody reads it now. */
  readonly reading: ChannelShown | undefined;
  /** A bar from 0 to 1: how full it is, else how many of its rounds are over; null: neither is known. */
  readonly bar: { readonly part: number; readonly of: 'charge' | 'rounds' } | null;
}

/** Which fields are shown. */
export const FILTERS = ['all', 'running', 'attention'] as const;
export type Filter = (typeof FILTERS)[number];

/** The channels of a bench, always in their order. `beginning`: runs that have begun just now and have not answered yet. */
export function channelsOf(
  shown: CampaignShown,
  { bench, subjects }: ChannelsOfBench,
  beginning: ReadonlySet<string> = new Set(),
): readonly Channel[] {
  return subjects.map((subject, i) => ({
    ...{ number: i + 1, subject },
    ...fieldOf(shown, bench, subject, beginning),
  }));
}

/** Whether a filter lets a channel through. */
export function isIn(filter: Filter, { is, reading, run }: Channel): boolean {
  if (filter === 'all') return true;
  if (filter === 'attention') return wantsSomebody({ is }) || is === 'no reading';
  return reading !== undefined || run !== undefined || isUnheard({ is, reading });
}

/** Whether somebody has to look: at an alarm, at an ending, or at a run of which nobody knows anything now. */
export const wantsSomebody = ({ is }: Pick<Channel, 'is'>): boolean => is === 'attention' || is === 'silent';

/** Whether a run is under way on it that says nothing: whether an alarm stands there nobody knows. */
const isUnheard = ({ is, reading }: Pick<Channel, 'is' | 'reading'>): boolean =>
  reading === undefined && (is === 'unseen' || is === 'beginning');

/** Of how many channels under way something is heard, and of how many nothing. */
export function heardOf(channels: readonly Channel[]): { readonly heard: number; readonly unheard: number } {
  const heard = channels.filter(({ reading }) => reading !== undefined).length;
  return { heard, unheard: channels.filter(isUnheard).length };
}

type Runs = CampaignShown['course']['runs'];

function fieldOf(
  { course, readings, withPage, silent }: CampaignShown,
  bench: string,
  subject: string,
  beginning: ReadonlySet<string>,
): Omit<Channel, 'number' | 'subject'> {
  // A bench without subjects is one channel without a name.
  const own = course.runs.filter(run => run.bench === bench && (run.subject ?? '') === subject);
  const going = own.find(({ state }) => state === 'running');
  if (going !== undefined) {
    const reading = Object.hasOwn(readings, going.id) ? readings[going.id] : undefined;
    const run = withPage.includes(going.id) ? going.id : undefined;
    const since = Object.hasOwn(silent, going.id) ? silent[going.id] : undefined;
    if (since !== undefined)
      return { is: 'silent', reaction: null, why: '', since, run, reading: undefined, bar: null };
    const unheard = beginning.has(going.id) ? 'beginning' : 'unseen';
    const found = reading === undefined ? { is: unheard as ChannelIs } : workOf(reading);
    return { reaction: null, why: '', ...found, run, reading, bar: barOf(reading) };
  }
  const rest = { reaction: null, run: undefined, reading: undefined, bar: null };
  // A channel that is held by itself, or with its bench.
  const held = course.benches.find(
    one => one.held !== null && (one.bench === bench || one.bench === `${bench} ${subject}`),
  );
  if (held !== undefined) return { ...rest, is: 'attention', why: held.held ?? '' };
  return { ...rest, ...atRest(own) };
}

/** Nothing goes on: what is to come, else how the last one ended. */
function atRest(own: Runs): { readonly is: ChannelIs; readonly why: string } {
  const next = own.find(({ state }) => state === 'waiting');
  if (next !== undefined) return { is: 'waiting', why: next.waitsFor ?? '' };
  const last = own
    .filter(({ endUtc }) => endUtc !== null)
    .toSorted((a, b) => (a.endUtc ?? '').localeCompare(b.endUtc ?? ''))
    .at(-1);
  if (last === undefined) return { is: 'empty', why: '' };
  return { is: last.state === 'failed' ? 'attention' : 'finished', why: last.reason };
}

function workOf(reading: ChannelShown): Pick<Channel, 'is'> & Partial<Pick<Channel, 'reaction' | 'why'>> {
  const { alarm, state, work } = reading;
  if (alarm !== null) return { is: 'attention', reaction: alarm.reaction, why: alarm.text };
  if (NEEDS_SOMEBODY.includes(state)) return { is: 'attention', why: words().run.states[state] };
  if (PAUSED.includes(state)) return { is: 'paused' };
  if (!reading.isLive || state === 'Complete' || state === 'Completing') return { is: 'finished' };
  if (state === 'Idle' || state === 'Starting') return { is: 'beginning' };
  return { is: work ?? 'no reading' };
}

const NEEDS_SOMEBODY: readonly RunState[] = [
  'Stopping',
  'Stopped',
  'Aborting',
  'Aborted',
  'Clearing',
  'Resetting',
];
const PAUSED: readonly RunState[] = [
  'Holding',
  'Held',
  'Unholding',
  'Suspending',
  'Suspended',
  'Unsuspending',
];

function barOf(reading: ChannelShown | undefined): Channel['bar'] {
  if (reading === undefined) return null;
  const { charge_pct, round } = reading;
  if (charge_pct !== null) return { part: Math.min(1, Math.max(0, charge_pct / 100)), of: 'charge' };
  if (round?.of == null) return null;
  return { part: (round.at - 1) / round.of, of: 'rounds' };
}

/** The gravest of all channels, and how many more want somebody; undefined: none does. */
export function worstOf(
  channels: readonly Channel[],
): { readonly channel: Channel; readonly more: number } | undefined {
  const all = channels.filter(wantsSomebody);
  const [channel] = all.toSorted((a, b) => gravityOf(b) - gravityOf(a));
  return channel === undefined ? undefined : { channel, more: all.length - 1 };
}

const GRAVEST_FIRST = ['trip', 'stop', 'suspend', 'hold', 'warn'] as const;

/**
 * One that wants somebody without an alarm has ended, and its run with it: graver than a warning. Of one that does not answer
 * nobody knows what stands: as grave as a stop.
 */
function gravityOf({ is, reaction }: Channel): number {
  if (is === 'silent') return GRAVEST_FIRST.length - GRAVEST_FIRST.indexOf('stop');
  return reaction === null ? 1.5 : GRAVEST_FIRST.length - GRAVEST_FIRST.indexOf(reaction);
}
