import type { VirtualClock } from '../../drivers/contract/clock.ts';
import type { Device, SafeReport } from '../../drivers/contract/device.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import { badFrame, QUALITY } from '../../drivers/contract/frame.ts';
import type { Quantity } from '../../drivers/contract/units.ts';

/** An instrument with a line of its own: answers are late, a queue that can be cancelled, and every trouble that a test wants. */

/** What is wrong with it. */
export interface Trouble {
  reads: 'ok' | 'bad' | 'silent';
  writes: 'ok' | 'fails' | 'hangs';
}

/** A set point that has come to the instrument. */
export interface Arrived {
  readonly key: string;
  readonly value: number;
  readonly isUrgent: boolean;
}

/** The instrument, and what a test sees of it. */
export interface Instrument {
  readonly device: Device;
  readonly trouble: Trouble;
  /** What it holds now, by settable. */
  readonly sets: Map<string, number>;
  /** Told of each set point as it is asked for, and as it arrives. */
  asked: (one: Arrived) => void;
  arrived: (one: Arrived) => void;
}

const WATCHDOG_S = 5;
const LATE_S = 0.04;
const GIVES_UP_S = 1.5;

/** `measure`: what a channel shows now. */
export function instrument(
  id: string,
  clock: VirtualClock,
  channels: readonly Quantity[],
  safeList: readonly (readonly [Quantity, number])[],
  settables: readonly Quantity[],
  measure: (channel: string) => number,
): Instrument {
  const waiting = new Set<(reason: string) => void>();
  const trouble: Trouble = { reads: 'ok', writes: 'ok' };
  const sets = new Map<string, number>();
  const after = <T>(for_s: number, what: () => T): Promise<T> =>
    new Promise((resolve, reject) =>
      clock.schedule(for_s, () => {
        try {
          resolve(what());
        } catch (error) {
          reject(error);
        }
      }),
    );
  const self: Instrument = { device: undefined as never, trouble, sets, asked: () => {}, arrived: () => {} };
  const write = (key: string, value: number, options?: { readonly urgent?: boolean }): Promise<void> => {
    const one = { key, value, isUrgent: options?.urgent === true };
    self.asked(one);
    const { writes } = trouble;
    return new Promise((resolve, reject) => {
      const cancel = (reason: string): void => {
        waiting.delete(cancel);
        reject(new DeviceError('cancelled', id, reason));
      };
      if (!one.isUrgent) waiting.add(cancel);
      clock.schedule(writes === 'hangs' ? GIVES_UP_S : LATE_S, () => {
        if (!one.isUrgent && !waiting.delete(cancel)) return;
        if (writes !== 'ok') {
          reject(new DeviceError(writes === 'fails' ? 'refused' : 'timeout', id, 'says no'));
          return;
        }
        sets.set(key, value);
        self.arrived(one);
        resolve();
      });
    });
  };
  const device: Device = {
    id,
    driver: 'test/model',
    channels: channels.map(name => ({
      name,
      range: [-1e9, 1e9],
      accuracy: { reading_pct: 0, abs: 0.1, basis: 'default' },
    })),
    settables: settables.map(name => ({ name, range: [-1e6, 1e6], tolerance: 0 })),
    onLoss: 'unknown',
    safeList,
    state: 'ready',
    connect: () => Promise.resolve(),
    read() {
      const bad = () => badFrame(id, clock.now_s(), channels.length, 'no answer');
      if (trouble.reads === 'bad') return after(LATE_S, bad);
      // A line that says nothing at all: not even that.
      if (trouble.reads === 'silent') return after(GIVES_UP_S * 3, bad);
      return after(LATE_S, () => ({
        device: id,
        t_s: clock.now_s(),
        values: Float64Array.from(channels, measure),
        quality: new Uint8Array(channels.length).fill(QUALITY.good),
      }));
    },
    write,
    async safe(): Promise<SafeReport> {
      const ended = await Promise.allSettled(
        safeList.map(([key, value]) => write(key, value, { urgent: true })),
      );
      const is = (status: string) =>
        safeList.filter((_, i) => ended[i].status === status).map(([key]) => key);
      return {
        device: id,
        done: is('fulfilled'),
        failed: is('rejected').map(key => ({ key, reason: 'says no' })),
      };
    },
    cancelWrites: reason => {
      for (const cancel of [...waiting]) cancel(reason);
    },
    leaveAlone: for_s => {
      if (for_s > WATCHDOG_S)
        clock.schedule(WATCHDOG_S, () => sets.has('outputSet_on') && sets.set('outputSet_on', 0));
    },
    armWatchdog: timeout_s => Promise.resolve(timeout_s),
    onState: () => () => {},
    close: () => Promise.resolve(),
  };
  return Object.assign(self, { device });
}
