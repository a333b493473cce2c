import { DeviceError } from '../contract/errors.ts';
import type { ProgramSpec } from '../program/spec.ts';
import { type ArbinAnswer, type ArbinAsk, ID } from './messages.ts';
import { infoOf } from './status.ts';

/**
 * Schedules of an Arbin channel: made by Arbin's own editor, lying in its server, named. A test is known by its name, which
 * must be new on the channel. Its rows are in Arbin's database; over CTI there are none.
 */

/** The channel shows an order within, s (default). */
const SHOWS_s = 15;

/** How one channel is told to run schedules. */
export function arbinPrograms(capacity_Ah: number): ProgramSpec<ArbinAsk, ArbinAnswer> {
  return {
    ability: { format: 'own', takesFiles: false, givesRows: false, label: /^[A-Za-z0-9_.-]{1,64}$/ },
    shows_s: SHOWS_s,
    async load({ name }, { ask }) {
      await ask({ cmd: 'assign', schedule: name, capacity_Ah });
      const { schedule } = infoOf(await ask({ cmd: 'info' }));
      if (schedule !== name)
        throw new DeviceError('readback', ID, `assigned ${name}, the channel says "${schedule}"`);
    },
    async look({ ask, clock }) {
      const { state, word, testName } = infoOf(await ask({ cmd: 'info' }));
      return { t_s: clock.now_s(), state, label: testName, test: testName, records: 0, said: word };
    },
    async start(name, { order }) {
      await order({ cmd: 'start', name });
    },
  };
}
