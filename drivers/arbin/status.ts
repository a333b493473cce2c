import type { ProgramState } from '../contract/program/program.ts';
import { type ArbinAnswer, textAt } from './messages.ts';

/** What Arbin's channel info says. Offsets and numbers: "ArbinCTI Protocol v1.1", pyctiarbin abb8c9f. */

interface StatusWord {
  readonly word: string;
  readonly state: ProgramState;
  /** Whether it drives, or would go on; NaN: nobody can say. */
  readonly on: number;
  /** Its readings are never good. */
  readonly isWrong?: true;
}
const running = (word: string): StatusWord => ({ word, state: 'running', on: 1 });
const unknown = (word: string): StatusWord => ({ word, state: 'unknown', on: Number.NaN, isWrong: true });

const STATUSES: readonly StatusWord[] = [
  { word: 'Idle', state: 'idle', on: 0 },
  running('Transition'),
  running('Charge'),
  running('Discharge'),
  running('Rest'),
  running('Wait'),
  running('External charge'),
  unknown('Calibration'),
  { word: 'Unsafe', state: 'fault', on: 0, isWrong: true },
  running('Pulse'),
  running('Internal resistance'),
  running('AC impedance'),
  running('ACI cell'),
  unknown('Test settings'),
  unknown('Error'),
  { word: 'Finished', state: 'finished', on: 0 },
  unknown('Volt meter'),
  running('Waiting for ACS'),
  { word: 'Pause', state: 'paused', on: 1, isWrong: true },
  unknown('Empty'),
  { word: 'Idle (MCU)', state: 'idle', on: 0 },
  running('Start'),
  running('Running'),
  running('Step transfer'),
  running('Resume'),
  running('Go pause'),
  running('Go stop'),
  running('Go next step'),
  unknown('Online update'),
  unknown('DAQ memory unsafe'),
  running('ACR'),
];
export const STATE_WORDS: Readonly<Record<string, string>> = Object.fromEntries(
  STATUSES.map(({ word }, number) => [String(number), word]),
);

/** What the channel shows. */
export interface ArbinInfo extends StatusWord {
  readonly status: number;
  readonly schedule: string;
  readonly testName: string;
  /** Why its readings are not good; undefined where they are. */
  readonly fault: string | undefined;
  /** V, A, W, Ah in, Ah out, Wh in, Wh out. Current positive into the cell. */
  readonly figures: readonly number[];
  readonly testTime_s: number;
  readonly stepTime_s: number;
}
const DISCHARGE = 3;
const CHARGE = 2;

/** A channel info, read. */
export function infoOf(answer: ArbinAnswer): ArbinInfo {
  const { bytes } = answer;
  const status = bytes.readInt16LE(28);
  const said = STATUSES[status] ?? unknown(`status ${status}, which is not known`);
  const isDeaf = bytes[30] !== 0;
  const exit = textAt(answer, 575, 100, 'latin1');
  const figures = Array.from({ length: 7 }, (_, i) => bytes.readFloatLE(1701 + 4 * i));
  const size = Math.abs(figures[1]);
  if (status === CHARGE) figures[1] = size;
  if (status === DISCHARGE) figures[1] = -size;
  const fault = isDeaf
    ? 'no communication with the channel'
    : said.isWrong === true
      ? `${said.word}${exit === '' || exit === 'N/A' ? '' : `: ${exit}`}`
      : undefined;
  return {
    ...said,
    ...(isDeaf ? { state: 'unknown', on: Number.NaN } : {}),
    status,
    schedule: textAt(answer, 31, 400, 'utf16le'),
    testName: textAt(answer, 431, 144, 'utf16le'),
    fault,
    figures,
    testTime_s: bytes.readDoubleLE(1685),
    stepTime_s: bytes.readDoubleLE(1693),
  };
}
