import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import type { ProgramRunner } from '../../drivers/contract/program/program.ts';
import { findDriver } from '../../drivers/registry.ts';

/** Devices on the channel of one emulated cycler. */
export interface CyclerDevices {
  readonly device: Device;
  readonly program: ProgramRunner;
  /** A second device on the same options, changed. */
  other(more?: Readonly<Record<string, unknown>>): Device;
  close(): Promise<void>;
}

export function cyclerDevices(
  id: string,
  options: Readonly<Record<string, unknown>>,
  clock: Clock,
): CyclerDevices {
  const driver = findDriver(id);
  const opened: Device[] = [];
  const other = (more: Readonly<Record<string, unknown>> = {}): Device => {
    const given = driver.options.parse({ ...options, ...more });
    const device = driver.open('cycler', given, { clock, baseDir: '.' });
    opened.push(device);
    return device;
  };
  const device = other();
  if (device.program === undefined) throw new Error('runs no programs');
  return {
    device,
    program: device.program,
    other,
    async close() {
      for (const one of opened) await one.close();
    },
  };
}
