import type { StepEndKind } from '../../../profiles/steps/step.ts';
import type { CauseBy } from '../cause.ts';
import type { CommandName } from '../command.ts';
import type { RunState } from '../run-state.ts';

/**
 * What a bench says to a person, as data: a code with what stands in it. The record and the terminal have it in English, a
 * page words it in its own language; nobody reads a meaning out of the words.
 */

/** Where a run stands that a person leads on. */
export type Standing = 'Held' | 'Tripped' | 'Aborted' | 'Cleared' | 'Stopped' | 'Complete';

/** What has led into a suspension; times in s. */
export interface SuspendedBy {
  readonly id: string;
  /** The how-many-th of at most so many. */
  readonly nth: number;
  readonly most: number;
  /** So long it has been back by now, null: not yet; and so long it must be. */
  readonly back_s: number | null;
  readonly for_s: number;
  /** In so long it trips; null: it has been back long enough. */
  readonly trips_s: number | null;
}

/** How a cause has changed the course of a run. */
export type Did = 'held' | 'suspended' | 'stopped' | 'aborted';

interface CommandGiven {
  readonly command: CommandName;
  readonly by: string;
  readonly accepted: boolean;
  /** Empty: it needs none. */
  readonly reason: string;
}

interface Way {
  readonly where: Standing;
  readonly command: CommandName;
}

const list = (names: readonly string[]): string => names.join(', ');

/** What a resumption, a reset or a trip that is over leads to. */
const HOW: Readonly<Partial<Record<CommandName, string>>> = {
  resume: 'resume goes on, stop ends the run',
  clear: 'clear says that the cause is gone',
  reset: 'reset leads to the next run',
};

/** Each code with its words in English; a new one is one line here and one in each language of the page. */
export const ENGLISH = {
  // What is next
  starting: () => 'Starting: waiting for readings and proofs',
  asked: ({ asks }: { readonly asks: readonly string[] }) => `Asked: ${asks.join('; ')}`,
  recovered: () => 'Recovered: the set points come back',
  suspended: ({ by }: { readonly by: readonly SuspendedBy[] }) =>
    `Suspended, goes on by itself: ${by.map(suspendedBy).join('; ')}`,
  stopping: () => 'Stopping: load off, then the safe state',
  completing: () => 'Completing: the safe state is being driven',
  aborting: () => 'Into the safe state: wait until everything is proved or named',
  acknowledgeFirst: ({ where, command }: Way) => `${where}: acknowledge the alarms, then ${command}`,
  causePresent: ({ where, command, ids }: Way & { readonly ids: readonly string[] }) =>
    `${where}: acknowledged, but the cause is still present (${list(ids)}); ${command} waits for it to go`,
  stillDriven: ({ where, command }: Way) =>
    `${where}: ${command} waits, the safe state is still being driven`,
  readsNotSafe: ({ where, command, ...proof }: Way & Proof) =>
    `${where}: ${command} waits, ${notSafe(proof)}`,
  wayOn: ({ where, command }: Way) => `${where}: ${HOW[command] ?? command}`,
  ready: () => 'Ready',
  startAgain: () => 'Ready: start runs the same method again',
  // What was done
  skipped: ({ step }: { readonly step: string }) => `skipped ${step}: the method goes on behind it`,
  edited: () => 'edited: resume goes on with the new method',
  holding: () => 'holding: method time stands still; the set points of a stack stay, a cell rests',
  resumed: () => 'resumed',
  isStopping: () => 'stopping: load off, then the safe state',
  isAborting: () => 'aborting: at once into the safe state',
  acknowledged: ({ cleared, standing }: { cleared: readonly string[]; standing: readonly string[] }) => {
    const still = standing.length > 0 ? `; still present: ${list(standing)}` : '';
    return `acknowledged: ${list(cleared) || 'none cleared'}${still}`;
  },
  shelved: ({ id }: { readonly id: string }) => `${id} is shelved`,
  unshelved: ({ id }: { readonly id: string }) => `${id} is no longer shelved`,
  cleared: () => 'cleared',
  reset: () => 'reset',
  confirmed: ({ asks }: { readonly asks: readonly string[] }) => `confirmed: ${asks.join('; ')}`,
  started: () => 'started',
  limitChanged: (of: { id: string; from: number; to: number; by: string; reason: string }) =>
    `${of.id}: ${of.from} -> ${of.to} in this run (${of.by}: ${of.reason})`,
  // Why it was not
  notNow: ({ state }: { readonly state: RunState }) => `not possible in state ${state}`,
  notThatStep: ({ step }: { readonly step: string }) =>
    `the step that was to be skipped has ended; ${step} runs now and was left alone`,
  notHeld: ({ state }: { readonly state: RunState }) =>
    `not possible in state ${state}, expected the run held (hold)`,
  noEdits: () => 'this run takes no edits',
  noStart: () =>
    'not now: the record of the last run is still being concluded, or this program runs its method once (--no-serve)',
  nothingAsked: () => 'nothing is asked',
  noAlarmStands: ({ id }: { readonly id: string }) => `no alarm ${id} stands`,
  cannotResume: ({ state }: { readonly state: RunState }) => `cannot resume in ${state}`,
  alarmsFirst: () => 'acknowledge the alarms first',
  notBack: ({ ids }: { readonly ids: readonly string[] }) =>
    `the recovery of ${list(ids)} is under way, what led to it is not back yet`,
  nothingToClear: ({ state }: { readonly state: RunState }) => `nothing to clear in ${state}`,
  cannotReset: ({ state }: { readonly state: RunState }) => `cannot reset in ${state}`,
  acknowledgeThese: ({ ids }: { readonly ids: readonly string[] }) => `acknowledge first: ${list(ids)}`,
  /** `seen`: acknowledged, and their cause is there; `unseen`: nobody has acknowledged them. */
  stillPresent: ({
    unseen,
    seen,
  }: {
    readonly unseen: readonly string[];
    readonly seen: readonly string[];
  }) => `${unseen.length === 0 ? '' : `acknowledge first: ${list(unseen)}; `}still present: ${list(seen)}`,
  beingDriven: () => 'the safe state is still being driven',
  notSafe,
  noAlarm: ({ id, names }: { readonly id: string; readonly names: readonly string[] }) =>
    `no alarm ${id}, expected one of ${list(names)}`,
  acts: ({ id }: { readonly id: string }) =>
    `${id}: it acts on the run, and what acts is always shown: only a warning can be shelved`,
  noTime: ({ id, for_s }: { readonly id: string; readonly for_s: number }) =>
    `${id}: for ${for_s} s, expected a time > 0`,
  tooLong: ({
    id,
    for_s,
    most_s,
  }: {
    readonly id: string;
    readonly for_s: number;
    readonly most_s: number;
  }) => `${id}: for ${for_s} s, expected at most ${most_s} s (alarms.shelve_h of the bench)`,
  byNobody: ({ id }: { readonly id: string }) => `${id}: by nobody, expected a name`,
  withoutReason: ({ id }: { readonly id: string }) => `${id}: without a reason, expected one`,
  notShelved: ({ id }: { readonly id: string }) => `${id} is not shelved`,
  noInterlock: ({ id, names }: { readonly id: string; readonly names: readonly string[] }) =>
    `no interlock ${id}, expected one of ${list(names)}`,
  noThreshold: ({ id, kind }: { readonly id: string; readonly kind: string }) =>
    `${id} is of kind ${kind}, expected a threshold: only it has one limit`,
  noLimit: ({ value }: { readonly value: number }) => `${value} is no limit, expected a number`,
  laxer: ({ value, trips, limit }: { value: number; trips: '>' | '<'; limit: number }) =>
    `${value} is laxer than the bench (${trips} ${limit}), expected ${trips === '>' ? '<=' : '>='} ${limit}`,
  // What happened
  wentTo: ({ from, to }: { readonly from: RunState; readonly to: RunState }) => `${from} -> ${to}`,
  stepEnded: ({ step, ended }: { readonly step: string; readonly ended: StepEndKind }) => `${step}: ${ended}`,
  commandGiven: ({ command, by, accepted, reason }: CommandGiven) =>
    `${command} (${by}${reason === '' ? '' : ` because ${reason}`}): ${accepted ? 'accepted' : 'refused'}`,
  alarmOver: ({ id }: { readonly id: string }) => `${id} clear`,
  putAside: ({ id, for_s, by, reason }: { id: string; for_s: number; by: string; reason: string }) =>
    `${id} is shelved for ${for_s} s by ${by}: ${reason}`,
  broughtBack: ({ id, by }: { readonly id: string; readonly by: string }) =>
    `${id} is no longer shelved (${by === '' ? 'its time is over' : `by ${by}`})`,
  hasSuspended: ({ id, nth, most }: { readonly id: string; readonly nth: number; readonly most: number }) =>
    `${id}: the ${ordinal(nth)} of at most ${most}`,
  hasRecovered: ({ id, lasted_s }: { readonly id: string; readonly lasted_s: number }) =>
    `${id} is back, the run goes on after ${lasted_s.toFixed(1)} s`,
  deviceIs: ({ device, state }: { readonly device: string; readonly state: string }) => `${device} ${state}`,
  // Why the run stands where it stands. `text`: the same in English.
  caused: ({ text }: { did: Did; by: CauseBy; id: string; because?: string; text: string }) => text,
} as const;

/** What does not read as the safe state wants it. */
interface Proof {
  readonly role: string;
  readonly reads: number | null;
  readonly is: string;
  readonly limit: number;
}

function notSafe({ role, reads, is, limit }: Proof): string {
  return `not safe: ${role} reads ${reads ?? Number.NaN}, expected ${is} ${limit}`;
}

function suspendedBy({ id, nth, most, back_s, for_s, trips_s }: SuspendedBy): string {
  const back = back_s === null ? 'not back yet' : `back for ${back_s} of ${for_s} s`;
  return `${id} (${ordinal(nth)} of at most ${most}) ${back}${trips_s === null ? '' : `, trips in ${trips_s} s`}`;
}

/** 1st, 2nd, 3rd, 4th. */
export function ordinal(n: number): string {
  const tens = n % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}

type English = typeof ENGLISH;
export type SaidCode = keyof English;

/** What stands in the words of a code; none: an empty object. */
export type SaidWith<K extends SaidCode> =
  Parameters<English[K]> extends [infer P] ? P : Readonly<Record<string, never>>;

/** A code with what stands in it; JSON. */
export type Said = { [K in SaidCode]: { readonly code: K; readonly with: SaidWith<K> } }[SaidCode];

/** What a bench answers to what a person asks: what was decided and why; `said`: the same as data. */
export interface Answer {
  readonly accepted: boolean;
  readonly text: string;
  readonly said?: Said;
}

/** The words of all codes in one language. */
export type SaidWords = { readonly [K in SaidCode]: (found: SaidWith<K>) => string };

/** Says it. */
export function say<K extends SaidCode>(code: K, ...found: Parameters<English[K]>): Said {
  return { code, with: found[0] ?? {} } as Said;
}

/** What was said, in English. */
export function inEnglish({ code, with: found }: Said): string {
  return (ENGLISH[code] as (found: unknown) => string)(found);
}
