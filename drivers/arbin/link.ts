import type { Clock } from '../contract/clock.ts';
import type { Link } from '../contract/transport.ts';
import { countedMessages } from '../transport/counted-messages.ts';
import { type ArbinAnswer, type ArbinAsk, arbinCodec, LONGEST } from './messages.ts';

/** Least time between two settings of a meta variable, s (protocol, of the advanced form). */
const SET_GAP_s = 0.2;

/** CTI of one server, for one channel. */
export function arbinLink(
  address: { readonly host: string; readonly port: number },
  channel: number,
  clock: Clock,
): Link<ArbinAsk, ArbinAnswer> {
  const wire = countedMessages(address, arbinCodec(channel), LONGEST, clock);
  let lastSet_s = Number.NEGATIVE_INFINITY;
  return {
    ...wire,
    async send(ask, _lane, goOn) {
      if (ask.cmd === 'set' && ask.waits?.() === true) return wire.send({ cmd: 'info' });
      if (ask.cmd === 'set') {
        await clock.sleep(Math.max(0, lastSet_s + SET_GAP_s - clock.now_s()));
        goOn?.();
        lastSet_s = clock.now_s();
      }
      if (ask.cmd === 'start live') {
        const { schedule, capacity_Ah, name } = ask;
        await wire.send({ cmd: 'assign', schedule, capacity_Ah });
        goOn?.();
        const reply = await wire.send({ cmd: 'start', name });
        ask.done?.();
        return reply;
      }
      const reply = await wire.send(ask);
      if ('done' in ask) ask.done?.();
      return reply;
    },
  };
}
