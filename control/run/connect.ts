import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { ClosedByOther, DeviceError } from '../../drivers/contract/errors.ts';

/** Some instruments miss the first question after the line is opened, or are still waking up. */
const CONNECT_TRIES = 3;
const PASSING: ReadonlySet<string> = new Set(['timeout', 'garbled']);

/** Until an instrument that serves one client has missed a program that was killed, s (default). */
const CLOSED_S = 1;

/**
 * Connects a device; one that is silent or garbled is asked again, and one that closes the line at once after a pause.
 * `again`: told why, before each further try.
 */
export async function connect(
  device: Device,
  clock: Clock,
  again: (error: DeviceError) => void = () => {},
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await device.connect();
    } catch (error) {
      const isPassing =
        error instanceof DeviceError && (PASSING.has(error.code) || error instanceof ClosedByOther);
      if (!isPassing || attempt === CONNECT_TRIES) throw error;
      again(error);
      if (error instanceof ClosedByOther) await clock.sleep(CLOSED_S);
    }
  }
}

/** A line that was closed comes back by itself within this, s, and is looked at so often. */
const BACK_S = 5;
const LOOK_S = 0.1;

/**
 * Asks a device that was had: an instrument closes a line that stood idle while others were being had, and it is opened again.
 * What fails for another reason, or a line that does not come back, rejects.
 */
export async function whileHad<T>(device: Device, clock: Clock, ask: () => Promise<T>): Promise<T> {
  await isBack(device, clock);
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof DeviceError && error.code === 'closed')) throw error;
    await clock.sleep(LOOK_S);
    await isBack(device, clock);
    return await ask();
  }
}

/** Waits for it; one that does not come back says so when it is asked. */
async function isBack(device: Device, clock: Clock): Promise<void> {
  const until_s = clock.now_s() + BACK_S;
  while (device.state !== 'ready' && clock.now_s() < until_s) await clock.sleep(LOOK_S);
}
