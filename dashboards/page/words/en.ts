import type { ChannelIs, Filter } from '../campaign/matrix-facts.ts';
import { HISTORY_EN } from './history/en.ts';
import { PARTS_EN } from './parts-en.ts';
import { RUN_EN } from './run-en.ts';
import { TOLD_EN } from './told.ts';

/** The fixed words of the page, in English; the other tables have the same keys, or the page does not compile. */
export const en = {
  ...RUN_EN,
  ...PARTS_EN,
  told: TOLD_EN,
  history: HISTORY_EN,
  language: 'Language',
  simulated: 'Simulated',
  emulated: 'Emulated',
  bench: 'Bench',
  none: 'none',
  campaign: {
    title: (name: string) => `${name}: campaign`,
    waits: 'Waiting for the campaign.',
    lost: 'Connection to the campaign is lost. What you see is old. Trying again.',
    is: { 'under way': 'Under way', stopped: 'Stopped', over: 'Over' },
    counts: {
      running: (n: number) => `${n} under way`,
      waiting: (n: number) => `${n} waiting`,
      completed: (n: number) => `${n} completed`,
      failed: (n: number) => `${n} failed`,
      skipped: (n: number) => `${n} skipped`,
    },
    endsAbout: (when: string) => `all under way end by ${when}`,
    held: (by: string, since: string, why: string) =>
      `held by ${by} since ${since} UTC: nothing more begins (${why})`,
    waitsForPerson: 'waits for a person',
    noAlarms: 'No alarms',
    alarmsUnknown: 'Alarms not known: no channel has answered yet',
    noAlarmsOf: (heard: number, all: number) =>
      `No alarms on ${heard} of ${all} channels under way; the others have not answered yet`,
    attentionMore: (more: number) => `and ${more} more`,
    runsUnderWay: 'Runs under way',
    others: 'The other runs',
    nothing: 'Nothing.',
    run: 'run',
    where: 'bench',
    since: 'since',
    livePage: 'live page',
    openPage: 'values, alarms, hold, stop',
    noPage: 'none: it is about to begin or to end, or goes as fast as it can',
    state: 'state',
    why: 'why',
    duration: 'duration',
    waitsFor: (what: string) => `waits for ${what}`,
    states: {
      completed: 'completed',
      failed: 'failed',
      skipped: 'skipped',
      waiting: 'waiting',
      running: 'under way',
    },
  },
  matrix: {
    title: (bench: string) => `Channels of ${bench}`,
    filter: 'Which channels',
    silentSince: (at: string) => `its process does not answer, last heard of ${at}`,
    filters: { all: 'All', running: 'Running', attention: 'Attention' } as Readonly<Record<Filter, string>>,
    round: (at: number, of: number | null) => (of === null ? `round ${at}` : `round ${at}/${of}`),
    is: {
      charge: 'charge',
      discharge: 'discharge',
      rest: 'rest',
      'hold voltage': 'hold voltage',
      'no reading': 'no reading',
      beginning: 'beginning',
      unseen: 'under way, not seen',
      finished: 'finished',
      paused: 'paused',
      attention: 'wants attention',
      silent: 'does not answer',
      waiting: 'waiting',
      empty: 'empty',
    } as Readonly<Record<ChannelIs, string>>,
    legend: 'Letters',
    bar: { charge: 'state of charge', rounds: 'rounds over' },
  },
  picture: {
    title: 'Process picture',
    unplaced: (n: number) => `values without a symbol: ${n}`,
    unread: 'no reading',
    valve: { on: 'open', off: 'shut' },
    machine: { on: 'on', off: 'off' },
    moving: 'moving',
    differs: (is: string, asked: string) => `${is}, asked ${asked}`,
  },
  nearest: {
    title: 'Nearest limits',
    none: 'no limit counts now',
    margin: 'left',
    fired: 'beyond',
    unusable: 'no reading',
    in: (time: string) => `in ${time}`,
    way: (percent: number) => `${percent} %`,
    /** What an interlock compares with its limit, by its kind; others a value. */
    compared: {
      difference: (role: string, other: string) => `${role} − ${other}`,
      rate: (role: string, _other: string) => `${role}, rate`,
      spread: (role: string, _other: string) => `${role}, spread`,
      follows: (role: string, _other: string) => `${role}, off its set point`,
      curve: (role: string, other: string) => `${role}, from its curve over ${other}`,
      residual: (role: string, _other: string) => `${role}, off the twin`,
      stuck: (role: string, _other: string) => `${role}, unchanged`,
    },
  },
  /** Roles by their names in the bench file; in English they say themselves. */
  roles: {} as Readonly<Record<string, string>>,
  /** Parts of a role that has no words of its own; in English they say themselves. */
  places: {} as Readonly<Record<string, string>>,
  quantities: {} as Readonly<Record<string, string>>,
  placed: (place: string, quantity: string) => `${place} ${quantity}`,
  setOf: (role: string) => `${role}, set`,
  units: { 'vol %': 'vol %' },
  members: { min: 'min', mean: 'mean', max: 'max' },
  reactions: HISTORY_EN.reactions,
};

/** The words of one language. */
export type Words = typeof en;
