import type { ProgramState } from '../contract/program/program.ts';
import type { MacReply } from './messages.ts';

/** What Maccor's state of a channel (4,7) says. Numbers of Stat, RF1 and RF2: pymacnet 5eef042. */

/** One `Stat`. */
interface StatWord {
  readonly word: string;
  readonly state: ProgramState;
  /** Whether the output is on; what would go on by itself counts as on. NaN: nobody can say. */
  readonly on: number;
  /** Something is wrong with it: its readings are never good. */
  readonly isWrong?: true;
}
const NOBODY = Number.NaN;
const STATS: readonly StatWord[] = [
  { word: 'Available', state: 'idle', on: 0 },
  { word: 'Selected', state: 'idle', on: 0 },
  { word: 'Active', state: 'running', on: 1 },
  { word: 'Suspended', state: 'paused', on: 1, isWrong: true },
  { word: 'Completed', state: 'finished', on: 0 },
  { word: 'Problem', state: 'fault', on: 0, isWrong: true },
  { word: 'Not available', state: 'unknown', on: NOBODY, isWrong: true },
  { word: 'Reset', state: 'unknown', on: NOBODY },
  { word: 'Start', state: 'running', on: 1 },
  { word: 'Power fail', state: 'unknown', on: NOBODY, isWrong: true },
  { word: 'No controller', state: 'unknown', on: NOBODY, isWrong: true },
  { word: 'Shutdown', state: 'unknown', on: NOBODY, isWrong: true },
  { word: 'Starting', state: 'running', on: 1 },
  { word: 'Blocked', state: 'unknown', on: NOBODY, isWrong: true },
  { word: 'Waiting', state: 'running', on: 1 },
  { word: 'FRA', state: 'running', on: 1 },
  { word: 'Remote maintenance', state: 'unknown', on: NOBODY, isWrong: true },
];
const NOT_KNOWN: StatWord = {
  word: 'a state that is not known',
  state: 'unknown',
  on: NOBODY,
  isWrong: true,
};

/** Words of `state_count` by the instrument's number. */
export const STATE_WORDS: Readonly<Record<string, string>> = Object.fromEntries(
  STATS.map(({ word }, number) => [String(number), word]),
);
export const statOf = (reply: MacReply): StatWord => {
  const number = reply['Stat'];
  return typeof number === 'number' ? (STATS[number] ?? NOT_KNOWN) : NOT_KNOWN;
};

/** Words of `stepKind_count` by RF1. */
export const KIND_WORDS: Readonly<Record<string, string>> = {
  '0': 'available',
  '1': 'charge',
  '2': 'discharge',
  '3': 'advance cycle',
  '4': 'rest',
  '5': 'pause',
  '7': 'end',
  '8': 'external charge',
  '9': 'external discharge',
  '19': 'pulse',
  '20': 'pulse',
  '26': 'FRA',
  '29': 'problem',
  '30': 'suspended',
  '31': 'complete',
};

/** A number of the answer; NaN where it is none. */
export const numberOf = (reply: MacReply, name: string): number => {
  const value = reply[name];
  return typeof value === 'number' ? value : Number.NaN;
};

/**
 * Current, positive into the cell. The wire has its size (recalled); its way is that of RF1. NaN where it flows and RF1 says no
 * way (pulses, impedance, external).
 */
export function currentOf(reply: MacReply): number {
  const size = Math.abs(numberOf(reply, 'Current'));
  const kind = numberOf(reply, 'RF1');
  if (kind === 2) return -size;
  return kind === 1 || size === 0
    ? size
    : [0, 3, 4, 5, 7, 29, 30, 31].includes(kind)
      ? numberOf(reply, 'Current')
      : NOBODY;
}

/** Why the channel stands as it does (RF2), where that is a fault; undefined where it is none. */
export function faultOf(reply: MacReply): string | undefined {
  const why = numberOf(reply, 'RF2');
  const what =
    why >= 189 && why <= 191
      ? 'a safety limit'
      : why >= 194 && why <= 198
        ? 'a problem'
        : why >= 252 && why <= 255
          ? 'a fault of its hardware'
          : undefined;
  const { word, isWrong } = statOf(reply);
  if (what === undefined && isWrong !== true) return undefined;
  return `${word}${what === undefined ? '' : `: ${what} (RF2 ${why})`}`;
}
