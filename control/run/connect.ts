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
