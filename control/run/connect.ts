import type { Device } from '../../drivers/contract/device.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';

/** Some instruments miss the first question after the line is opened, or are still waking up. */
const CONNECT_TRIES = 3;

/** Connects a device; one that is silent or garbled is asked again. `again`: told why, before each further try. */
export async function connect(device: Device, again: (error: DeviceError) => void = () => {}): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await device.connect();
    } catch (error) {
      const isPassing =
        error instanceof DeviceError && (error.code === 'timeout' || error.code === 'garbled');
      if (!isPassing || attempt === CONNECT_TRIES) throw error;
      again(error);
    }
  }
}
