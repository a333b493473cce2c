import { z } from 'zod';
import { findDriver } from '../../../../drivers/registry.ts';
import { ownEmulatorOf } from '../../../../sim/emulators/registry.ts';
import { givenOrExample } from '../../package-files.ts';
import type { ListedDriver } from './list.ts';
import { loadDriversOf } from './own-drivers.ts';

interface Way {
  readonly required?: readonly string[];
  readonly anyOf?: readonly Way[];
}

/** The drivers of a lab's own: of a file that holds one, or those that a bench file names. */
export function ownDriversIn(given: string): ListedDriver[] {
  return loadDriversOf(givenOrExample(given)).map(driver => {
    const { manual, triedOn, options } = findDriver(driver);
    const ways = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' }) as Way;
    const required = (ways.anyOf ?? [ways]).map(way => way.required ?? []);
    return { driver, manual, triedOn, emulated: ownEmulatorOf(driver) !== undefined, required };
  });
}
