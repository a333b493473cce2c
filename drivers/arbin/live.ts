import type { Quantity } from '../contract/units.ts';
import type { WriteSpec } from '../device-table.ts';
import { type ArbinAnswer, type ArbinAsk, metaCode } from './messages.ts';
import { type ArbinInfo, infoOf } from './status.ts';

/**
 * A channel that takes a current: a schedule of the lab's that reads it from a meta variable (MV_UD1), within limits of its
 * own. CTI gives no meta variable back: what is read back is the current that flows. Current positive into the cell.
 */

/** A current shows within, ms (default). */
const SHOWS_ms = 5000;
/** It has come so near, of the range (default). */
export const TOLERANCE = 0.005;
const INFO: ArbinAsk = { cmd: 'info' };

/** Its writes, and the current said again where the schedule does not have it yet. */
export interface Live {
  readonly writes: Readonly<Record<Quantity, WriteSpec<ArbinAsk, ArbinAnswer>>>;
  readonly again: ArbinAsk;
  isDue(): boolean;
  see(info: ArbinInfo): void;
}

/** What live mode is told. */
export interface LiveParts {
  readonly schedule: string;
  readonly variable: number;
  readonly capacity_Ah: number;
  now_s(): number;
  /** Of the test that the schedule runs as. */
  newName(): string;
}

/** Set points of one channel. */
export function liveMode({ schedule, variable: number, capacity_Ah, now_s, newName }: LiveParts): Live {
  let wanted_A = 0;
  let said_A = 0;
  /** The schedule runs, or was started and has not shown it yet. */
  let isOn = false;
  let hasRun = false;
  let started_s = Number.NEGATIVE_INFINITY;
  const variable = metaCode(number);
  const isRunning = (info: ArbinInfo): boolean => info.state === 'running' && info.schedule === schedule;

  function see(info: ArbinInfo): void {
    if (isRunning(info)) {
      // Started by whomever: what is set from now on goes to it.
      if (!isOn) said_A = wanted_A;
      isOn = true;
      hasRun = true;
    } else if (hasRun || 1000 * (now_s() - started_s) > SHOWS_ms) isOn = false;
  }
  const set = (value: () => number): Extract<ArbinAsk, { cmd: 'set' }> => {
    let sent = Number.NaN;
    return {
      cmd: 'set',
      variable,
      value() {
        sent = value();
        // No current is wanted from now on, whatever becomes of the answer.
        if (sent === 0) wanted_A = 0;
        return sent;
      },
      done() {
        said_A = sent;
        wanted_A = sent;
      },
    };
  };
  return {
    writes: {
      outputSet_on: {
        encode: value =>
          value === 0
            ? {
                cmd: 'stop',
                done() {
                  isOn = false;
                },
              }
            : {
                cmd: 'start live',
                schedule,
                capacity_Ah,
                name: newName(),
                done() {
                  // Every meta variable has been assigned as 0.
                  [isOn, hasRun, said_A, started_s] = [true, false, 0, now_s()];
                },
              },
        readback: INFO,
        decode(answer) {
          const info = infoOf(answer);
          see(info);
          return info.on;
        },
        settle_ms: SHOWS_ms,
      },
      currentSet_A: {
        encode: value => ({
          ...set(() => value),
          // Nothing runs that would take it: it waits for the start.
          waits() {
            if (!isOn) wanted_A = value;
            return !isOn;
          },
        }),
        readback: INFO,
        decode(answer) {
          const info = infoOf(answer);
          see(info);
          if (isRunning(info)) return info.figures[1];
          // One that pauses goes on by itself: there nothing waits.
          return isOn || info.on !== 0 ? Number.NaN : wanted_A;
        },
        settle_ms: SHOWS_ms,
      },
    },
    again: set(() => wanted_A),
    isDue: () => isOn && hasRun && wanted_A !== said_A,
    see,
  };
}
