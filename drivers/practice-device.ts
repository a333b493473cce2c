import type { Clock } from './contract/clock.ts';
import type { Device, DeviceDescription } from './contract/device.ts';
import type { Quantity } from './contract/units.ts';
import type { WriteSpec } from './device-table.ts';
import { openDevice } from './open-device.ts';

/** A question to an instrument that is not there: what it holds under a name, or that it is to hold something else. */
interface Asked {
  readonly key: string;
  readonly value?: number;
}

/** So long an answer may take, and the pause between two, ms: there is no wire. */
const REPLY_ms = 100;
const GAP_ms = 0;

/**
 * A device of this description with nothing behind it, on the same engine and line as every real one: it holds what is
 * written to it, answers at once and shows 0 in every channel. For practice: nothing ever reaches an instrument.
 */
export function openPracticeDevice(
  id: string,
  description: DeviceDescription,
  env: { clock: Clock },
): Device {
  const held = new Map<string, number>();
  const { channels, settables } = description;
  const write = (key: Quantity): WriteSpec<Asked, number> => ({
    encode: value => ({ key, value }),
    readback: { key },
    decode: value => value,
  });
  const all = { key: 'all channels' };
  return openDevice<Asked, number>(
    id,
    {
      description,
      reply_ms: REPLY_ms,
      gap_ms: GAP_ms,
      makeLink: () => ({
        where: `practice ${id}`,
        namesReplies: true,
        queuesRequests: true,
        open: () => Promise.resolve(),
        send({ key, value }) {
          if (value !== undefined) held.set(key, value);
          return Promise.resolve(held.get(key) ?? 0);
        },
        flush: () => Promise.resolve(),
        onLost() {},
        close: () => Promise.resolve(),
      }),
      identify: () => Promise.resolve({ ask: { key: 'identity' }, isAnswer: () => true }),
      reads: [
        {
          ask: all,
          channels: [...channels.keys()],
          into(_, values) {
            values.fill(0);
            // Its clock is ours.
            for (const [i, { instrumentTime }] of channels.entries())
              if (instrumentTime !== undefined) values[i] = env.clock.utc_ms() / 1000;
          },
        },
      ],
      writes: Object.fromEntries(settables.map(({ name }) => [name, write(name)])),
      armWatchdog: timeout_s => Promise.resolve(timeout_s),
    },
    env,
  );
}
