import type { Clock } from '../../drivers/contract/clock.ts';
import type { ChannelSpec, Device, SafeReport, SettableSpec } from '../../drivers/contract/device.ts';
import { DeviceError } from '../../drivers/contract/errors.ts';
import { badFrame, type Frame, QUALITY } from '../../drivers/contract/frame.ts';
import type { Quantity } from '../../drivers/contract/units.ts';

/** A device without physics, for tests of control: what is read and how writes end is set by the test. */
export interface MemoryDevice extends Device {
  readonly values: Float64Array;
  readonly quality: Uint8Array;
  /** Every write that reached the device, in order. */
  readonly written: { key: string; value: number; urgent: boolean; t_s: number }[];
  /** Makes writes fail, hang or succeed. */
  behaviour: 'ok' | 'fails' | 'hangs';
  /** Makes reads hang (a silent device) or fail (a lost one). */
  reading: 'ok' | 'hangs' | 'fails';
}

export function memoryDevice(
  id: string,
  clock: Clock,
  channels: readonly Quantity[],
  settables: readonly Quantity[],
  safeList: readonly (readonly [Quantity, number])[] = [],
): MemoryDevice {
  const specs: ChannelSpec[] = channels.map(name => ({
    name,
    range: [-1e9, 1e9],
    accuracy: { reading_pct: 0, abs: 0.1, basis: 'default' },
  }));
  const sets: SettableSpec[] = settables.map(name => ({ name, range: [-1e6, 1e6], tolerance: 0 }));
  const never = new Promise<never>(() => {});
  const device: MemoryDevice = {
    id,
    driver: 'test/memory',
    channels: specs,
    settables: sets,
    onLoss: 'unknown',
    safeList,
    state: 'ready',
    values: new Float64Array(channels.length),
    quality: new Uint8Array(channels.length).fill(QUALITY.good),
    written: [],
    behaviour: 'ok',
    reading: 'ok',
    connect: () => Promise.resolve(),
    read(): Promise<Frame> {
      if (device.reading === 'hangs') return never;
      if (device.reading === 'fails')
        return Promise.resolve(badFrame(id, clock.now_s(), channels.length, 'closed'));
      const frame = {
        device: id,
        t_s: clock.now_s(),
        values: device.values.slice(),
        quality: device.quality.slice(),
      };
      return Promise.resolve(frame);
    },
    write(key, value, options) {
      device.written.push({ key, value, urgent: options?.urgent === true, t_s: clock.now_s() });
      if (device.behaviour === 'hangs') return never;
      if (device.behaviour === 'fails') return Promise.reject(new DeviceError('refused', id, 'says no'));
      return Promise.resolve();
    },
    async safe(): Promise<SafeReport> {
      const done: string[] = [];
      const failed: { key: string; reason: string }[] = [];
      for (const [key, value] of safeList) {
        try {
          await device.write(key, value, { urgent: true });
          done.push(key);
        } catch (error) {
          failed.push({ key, reason: String(error) });
        }
      }
      return { device: id, done, failed };
    },
    cancelWrites: () => {},
    leaveAlone: () => {},
    armWatchdog: timeout_s => Promise.resolve(timeout_s),
    onState: () => () => {},
    close: () => Promise.resolve(),
  };
  return device;
}
