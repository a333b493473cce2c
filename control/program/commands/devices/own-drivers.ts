import { dirname } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../../../../drivers/contract/errors.ts';
import { readTextFile } from '../../../../drivers/contract/text-file.ts';
import { parseYamlFile } from '../../../../drivers/contract/yaml-file.ts';
import { loadOwnDriver, type OwnDriver } from '../../../../drivers/own-drivers.ts';
import { addOwnEmulator, ownEmulatorFile } from '../../../../sim/emulators/registry.ts';

/** Drivers of a lab's own, with the emulators beside them: from then on they are found by their ids. */

/**
 * Loads those that a bench file lists, and returns their ids. Throws what `wrong` makes of the number in the list and what
 * is wrong there.
 */
export function loadOwnDrivers(
  files: readonly string[],
  baseDir: string,
  wrong: (index: number, text: string) => Error,
): string[] {
  const loaded: OwnDriver[] = [];
  for (const [i, file] of files.entries()) {
    try {
      loaded.push(loadWithEmulator(file, baseDir, loaded));
    } catch (error) {
      throw wrong(i, messageOf(error));
    }
  }
  return loaded.map(({ id }) => id);
}

const driversOnly = z.looseObject({ drivers: z.array(z.string()).default([]) });

/** Loads the driver in a file, or all that a bench file names; returns their ids. @throws FileError, DeviceError `config` */
export function loadDriversOf(path: string): string[] {
  if (isDriverFile(path)) return [driverGiven(path)];
  const yaml = parseYamlFile(path, readTextFile(path), driversOnly);
  return loadOwnDrivers(yaml.value.drivers, dirname(path), (i, text) => yaml.error(['drivers', i], text));
}

/** Whether that names a file with a driver, not a driver or a bench. */
export const isDriverFile = (name: string): boolean => /\.[cm]?[jt]s$/.test(name);

/** The id of a driver that is named on the command line: by its id, or by the file of a lab's own, which is loaded. */
export function driverGiven(name: string): string {
  return isDriverFile(name) ? loadWithEmulator(name, process.cwd()).id : name;
}

function loadWithEmulator(file: string, baseDir: string, before: readonly OwnDriver[] = []): OwnDriver {
  const own = loadOwnDriver(file, baseDir, before);
  const emulator = ownEmulatorFile(own.path);
  if (emulator !== undefined) addOwnEmulator(own.id, emulator);
  return own;
}
