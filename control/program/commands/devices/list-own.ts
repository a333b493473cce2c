import { z } from 'zod';
import { findDriver } from '../../../../drivers/registry.ts';
import { ownEmulatorOf } from '../../../../sim/emulators/registry.ts';
import { givenOrExample } from '../../package-files.ts';
import type { ListedDriver } from './list.ts';
import { loadDriversOf } from './own-drivers.ts';
import { endWhenStuck } from './stuck.ts';

interface Way {
  readonly required?: readonly string[];
  readonly anyOf?: readonly Way[];
}

/** The drivers of a lab's own: of files that hold one, and those that bench files name. */
export function ownDriversIn(given: readonly string[]): ListedDriver[] {
  using _stuck = endWhenStuck('devices');
  return given.flatMap(driversOf);
}

function driversOf(given: string): ListedDriver[] {
  return loadDriversOf(givenOrExample(given)).map(driver => {
    const { manual, triedOn, options } = findDriver(driver);
    const ways = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' }) as Way;
    const required = (ways.anyOf ?? [ways]).map(way => way.required ?? []);
    return { driver, manual, triedOn, emulated: ownEmulatorOf(driver) !== undefined, required };
  });
}
