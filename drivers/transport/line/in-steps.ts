import { DeviceError } from '../../contract/errors.ts';
import type { GoOn, Lane } from '../../contract/transport.ts';
import { NO_MORE_SENT } from '../line-options.ts';

/**
 * For a link whose requests wait before they leave, or leave as several messages: as soon as the line has sent anything else,
 * nothing more of the one before may leave. The line does that where something urgent overtakes it, and where it has given it
 * up; what was asked for before the safe state would else leave after it. Urgent ones go on to their end.
 */
export function inSteps(where: string): (lane: Lane | 'probe' | undefined) => GoOn {
  let newest = 0;
  return lane => {
    const mine = ++newest;
    return () => {
      if (lane === 'urgent' || mine === newest) return;
      throw new DeviceError('cancelled', where, NO_MORE_SENT);
    };
  };
}
