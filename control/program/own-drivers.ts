import { messageOf } from '../../drivers/contract/errors.ts';
import { loadOwnDriver, type OwnDriver } from '../../drivers/own-drivers.ts';
import { addOwnEmulator, ownEmulatorFile } from '../../sim/emulators/registry.ts';

/** Drivers of a lab's own, with the emulators beside them: from then on they are found by their ids. */

/** Loads those that a bench file lists. Throws what `wrong` makes of the number in the list and what is wrong there. */
export function loadOwnDrivers(
  files: readonly string[],
  baseDir: string,
  wrong: (index: number, text: string) => Error,
): void {
  const loaded: OwnDriver[] = [];
  for (const [i, file] of files.entries()) {
    try {
      loaded.push(loadWithEmulator(file, baseDir, loaded));
    } catch (error) {
      throw wrong(i, messageOf(error));
    }
  }
}

/** The id of a driver that is named on the command line: by its id, or by the file of a lab's own, which is loaded. */
export function driverGiven(name: string): string {
  return /\.[cm]?[jt]s$/.test(name) ? loadWithEmulator(name, '.').id : name;
}

function loadWithEmulator(file: string, baseDir: string, before: readonly OwnDriver[] = []): OwnDriver {
  const own = loadOwnDriver(file, baseDir, before);
  const emulator = ownEmulatorFile(own.path);
  if (emulator !== undefined) addOwnEmulator(own.id, emulator);
  return own;
}
