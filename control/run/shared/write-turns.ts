import type { Device } from '../../../drivers/contract/device.ts';
import { DeviceError } from '../../../drivers/contract/errors.ts';
import type { Quantity } from '../../../drivers/contract/units.ts';

/** A write that waits for its turn. */
interface Waiting {
  readonly of: object;
  readonly key: Quantity;
  readonly value: number;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Set points of several runs on their way to one instrument: one write is with it at a time, so that a run which gives its
 * own up takes back none of another's.
 */
export class WriteTurns {
  readonly #device: Device;
  readonly #waiting: Waiting[] = [];
  #now: Waiting | undefined;

  constructor(device: Device) {
    this.#device = device;
  }

  /** As `Device.write`; `of`: whose it is. */
  write(of: object, key: Quantity, value: number): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ of, key, value, done, failed });
      this.#next();
    });
  }

  /** As `Device.cancelWrites`, of one of them. */
  cancel(of: object, reason: string): void {
    const own = this.#waiting.filter(one => one.of === of);
    for (const one of own) {
      this.#waiting.splice(this.#waiting.indexOf(one), 1);
      one.failed(new DeviceError('cancelled', this.#device.id, reason));
    }
    if (this.#now?.of === of) this.#device.cancelWrites(reason);
  }

  #next(): void {
    if (this.#now !== undefined) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#now = next;
    const over = (): void => {
      this.#now = undefined;
      this.#next();
    };
    this.#device.write(next.key, next.value).then(next.done, next.failed).finally(over);
  }
}
