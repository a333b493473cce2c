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

/** Set points of one channel. `newName`: of the test that the schedule runs as. */
export function liveMode(
  given: { readonly schedule: string; readonly variable: number; readonly capacity_Ah: number },
  newName: () => string,
): Live {
  let wanted_A = 0;
  let said_A = 0;
  let isOn = false;
  const variable = metaCode(given.variable);
  const set = (value: () => number): ArbinAsk => {
    let sent = Number.NaN;
    return {
      cmd: 'set',
      variable,
      value() {
        sent = value();
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
            ? { cmd: 'stop' }
            : {
                cmd: 'start live',
                schedule: given.schedule,
                capacity_Ah: given.capacity_Ah,
                name: newName(),
                done() {
                  // Every meta variable has been assigned as 0.
                  isOn = true;
                  said_A = 0;
                },
              },
        readback: INFO,
        decode: answer => infoOf(answer).on,
        settle_ms: SHOWS_ms,
      },
      currentSet_A: {
        encode(value) {
          if (isOn) return set(() => value);
          wanted_A = value;
          return INFO;
        },
        readback: INFO,
        decode(answer) {
          if (!isOn) return wanted_A;
          const { state, figures } = infoOf(answer);
          return state === 'running' ? figures[1] : Number.NaN;
        },
        settle_ms: SHOWS_ms,
      },
    },
    again: set(() => wanted_A),
    isDue: () => isOn && wanted_A !== said_A,
    see({ state, schedule }) {
      if (state !== 'running' || schedule !== given.schedule) isOn = false;
    },
  };
}
