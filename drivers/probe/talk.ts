import type { Clock } from '../contract/clock.ts';
import { DeviceError } from '../contract/errors.ts';
import { type TextAddress, textWire } from '../transport/text/wire.ts';

/** An answer is over when the line has been silent for so long, s. */
const QUIET_S = 0.15;
/** A wire that has not opened by then is not there, s. */
const OPEN_LIMIT_S = 3;
/** More than this is no answer to a question of ours, characters. */
const LONGEST = 4096;

/** One conversation: each question on the same wire, its answer as Latin-1 text; '' where nothing came in time. */
export interface Talk extends AsyncDisposable {
  ask(bytes: string, within_s: number): Promise<string>;
}

/** Opens a wire for questions of bytes. Rejects with DeviceError `closed` where nobody is there. */
export async function openTalk(address: TextAddress, clock: Clock): Promise<Talk> {
  let received = '';
  let heard_s = 0;
  let isLost = false;
  const wire = textWire(address, clock, {
    received(text) {
      received = (received + text).slice(0, LONGEST);
      heard_s = clock.now_s();
    },
    lost() {
      isLost = true;
    },
  });
  const opened = wire.open();
  const limit = new AbortController();
  await Promise.race([
    opened,
    clock.sleep(OPEN_LIMIT_S, limit.signal).then(async () => {
      if (limit.signal.aborted) return;
      opened.catch(() => {});
      await wire.close();
      throw new DeviceError('closed', wire.where, `did not open within ${OPEN_LIMIT_S} s`);
    }),
  ]).finally(() => limit.abort());
  return {
    async ask(bytes, within_s) {
      if (isLost) return '';
      received = '';
      const asked_s = clock.now_s();
      heard_s = asked_s;
      wire.write(bytes);
      while (!isLost) {
        const now_s = clock.now_s();
        if (received === '' ? now_s - asked_s >= within_s : now_s - heard_s >= QUIET_S) break;
        await clock.sleep(0.01);
      }
      return received;
    },
    [Symbol.asyncDispose]: () => wire.close(),
  };
}
