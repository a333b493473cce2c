import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { DeviceError, messageOf } from '../../drivers/contract/errors.ts';

/** Each watchdog is read back so often, s; one that was not as it was armed, or did not say, again after so long. */
const EVERY_S = 5;
const AGAIN_S = 1;
/** One that does not answer is not asked more often: each time the line waits for nothing, s. */
const UNREAD_EVERY_S = 15;
/** One that cannot be read back for so long while its instrument answers otherwise counts as lost, s. */
const UNREAD_S = 60;

/** What became of an instrument's own watchdog. */
export interface WatchdogNews {
  readonly device: string;
  /** `lost`: it is not as it was armed, read twice; `unread`: it cannot be told any more; `back`: as armed again. */
  readonly is: 'lost' | 'unread' | 'back';
  /** An output of its instrument is on, or nobody knows. */
  readonly isOn: boolean;
  /** Which device, what was armed and what was read. */
  readonly text: string;
}

/** One device with a watchdog that can be read back. */
interface Watched {
  readonly device: Device;
  readonly read: NonNullable<Device['readWatchdog']>;
  due_s: number;
  isLooking: boolean;
  /** It was read once as something else. */
  isSuspect: boolean;
  /** Since when it cannot be read, s; NaN: it can. */
  unread_s: number;
  /** What is wrong with it; undefined: nothing that is known. */
  wrong: Pick<WatchdogNews, 'is' | 'text'> | undefined;
  /** That was told while its output was on. */
  isToldOn: boolean;
}

/**
 * Reads back again and again, beside the polls, whether the instruments' own watchdogs still stand as they were armed: a hand at the
 * panel, a reset or another client may have switched one off while the line stood. What is read as something else twice is
 * lost; so is what cannot be read for a minute. It is told once, and once more when an output of it goes on.
 */
export class WatchdogAudit {
  readonly #all: readonly Watched[];
  readonly #clock: Clock;
  readonly #isOn: (device: string) => boolean;
  readonly #tell: (news: WatchdogNews) => void;

  constructor(of: {
    readonly devices: Iterable<Device>;
    readonly clock: Clock;
    /** Whether an output of a device is on; also where nobody knows. */
    readonly isOn: (device: string) => boolean;
    readonly tell: (news: WatchdogNews) => void;
  }) {
    this.#clock = of.clock;
    this.#isOn = of.isOn;
    this.#tell = of.tell;
    this.#all = [...of.devices].flatMap(device => {
      const read = device.readWatchdog?.bind(device);
      if (read === undefined) return [];
      const due_s = of.clock.now_s() + EVERY_S;
      const fresh = { due_s, isLooking: false, isSuspect: false, unread_s: Number.NaN };
      return [{ ...fresh, device, read, wrong: undefined, isToldOn: false }];
    });
  }

  /** There is none that can be read back. */
  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  /** To be called each second or so. Whether anything is asked now. */
  look(): boolean {
    const now_s = this.#clock.now_s();
    let asks = false;
    for (const one of this.#all) {
      if (one.wrong !== undefined) this.#toldOn(one, one.wrong);
      if (one.isLooking || now_s < one.due_s) continue;
      one.isLooking = true;
      void this.#lookAt(one).finally(() => {
        one.isLooking = false;
      });
      asks = true;
    }
    return asks;
  }

  /** Those that are lost or cannot be told, in words. */
  wrong(): string[] {
    return this.#all.flatMap(({ wrong }) => (wrong === undefined ? [] : [wrong.text]));
  }

  async #lookAt(one: Watched): Promise<void> {
    const { device, read } = one;
    one.due_s = this.#clock.now_s() + EVERY_S;
    try {
      const reading = await read();
      // Not armed on this connection, or left alone: nothing is said of it.
      if (reading === undefined) {
        one.isSuspect = false;
        one.unread_s = Number.NaN;
        return;
      }
      one.unread_s = Number.NaN;
      const { armed, read: found } = reading;
      if (reading.isArmed)
        this.#isAsArmed(one, `${device.id}: its watchdog is as it was armed again (${found})`);
      else if (one.isSuspect || one.wrong?.is === 'lost') {
        this.#isWrong(one, 'lost', `${device.id}: its watchdog is lost: armed ${armed}, reads back ${found}`);
      } else {
        one.isSuspect = true;
        one.due_s = this.#clock.now_s() + AGAIN_S;
      }
    } catch (error) {
      this.#cannotBeRead(one, error);
    }
  }

  #isAsArmed(one: Watched, text: string): void {
    one.isSuspect = false;
    if (one.wrong === undefined) return;
    one.wrong = undefined;
    one.isToldOn = false;
    this.#tell({ device: one.device.id, is: 'back', isOn: this.#isOn(one.device.id), text });
  }

  #cannotBeRead(one: Watched, error: unknown): void {
    const { device } = one;
    const now_s = this.#clock.now_s();
    // A line that is gone is told by its readings; it is armed again when it is back.
    if (device.state !== 'ready' || (error instanceof DeviceError && error.code === 'closed')) {
      one.unread_s = Number.NaN;
      return;
    }
    if (Number.isNaN(one.unread_s)) one.unread_s = now_s;
    one.due_s = now_s + UNREAD_EVERY_S;
    const for_s = now_s - one.unread_s;
    if (for_s < UNREAD_S || one.wrong !== undefined) return;
    const text = `${device.id}: its watchdog cannot be read back for ${Math.round(for_s)} s: ${messageOf(error)}`;
    this.#isWrong(one, 'unread', text);
  }

  #isWrong(one: Watched, is: 'lost' | 'unread', text: string): void {
    const isNews = one.wrong === undefined;
    one.wrong = { is, text };
    this.#toldOn(one, one.wrong);
    if (isNews && !one.isToldOn) this.#tell({ device: one.device.id, is, isOn: false, text });
  }

  /** Told once while an output is on; with the output off in between once more. */
  #toldOn(one: Watched, wrong: NonNullable<Watched['wrong']>): void {
    const isOn = this.#isOn(one.device.id);
    if (isOn && !one.isToldOn) this.#tell({ ...wrong, device: one.device.id, isOn });
    one.isToldOn = isOn;
  }
}
