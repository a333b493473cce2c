import { readFamily, scpiFamilies } from '../../../../drivers/generic/scpi-file.ts';
import { driverIds, findDriver } from '../../../../drivers/registry.ts';
import { emulatedDrivers } from '../../../../sim/emulators/registry.ts';
import type { ListedDriver } from '../../commands/devices/list.ts';
import { waysOf } from './tables.ts';

/** List of drivers for `cellbench devices`, which reads it instead of loading them. */

/** The file. */
export function devicesList(): string {
  const devices = driverIds.map((driver): ListedDriver => {
    const { manual, triedOn, options } = findDriver(driver);
    const required = waysOf(options).map(rows =>
      rows.filter(row => row.isNeeded && /^\w+$/.test(row.key)).map(row => row.key),
    );
    const emulated = emulatedDrivers.includes(driver);
    return { driver, manual, triedOn, emulated, required, ...families(driver) };
  });
  return JSON.stringify({ devices }, undefined, 1);
}

function families(driver: string): Pick<ListedDriver, 'families'> {
  if (driver !== 'generic/scpi') return {};
  return {
    families: scpiFamilies().map(family => {
      const { supply, triedOn, watchdog } = readFamily(family, '.');
      return { family, supply, triedOn, watchdog: watchdog !== undefined };
    }),
  };
}
