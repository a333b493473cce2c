import { ownPath } from './contract/code/own-code.ts';
import { DeviceError } from './contract/errors.ts';
import { ownEntry } from './load-driver.ts';
import { addOwnDriver, driverIds } from './registry.ts';

/** A driver of a lab's own, and the file that it stands in. */
export interface OwnDriver {
  readonly id: string;
  readonly path: string;
}

/**
 * Loads a driver that a bench file names, `file` from `baseDir`: its default export is what `defineDriver` makes. From then
 * on `findDriver` finds it. `before`: those of the same bench.
 * @throws DeviceError `config` with the file and what is wrong with it
 */
export function loadOwnDriver(file: string, baseDir: string, before: readonly OwnDriver[] = []): OwnDriver {
  const path = ownPath(file, baseDir);
  const wrong = (text: string): DeviceError => new DeviceError('config', path, text);
  const entry = ownEntry(path);
  const { id } = entry;
  if (driverIds.includes(id)) throw wrong(`${id} is a driver of the program, expected an id of its own`);
  const other = before.find(one => one.id === id && one.path !== path);
  if (other !== undefined)
    throw wrong(`${id} is the driver of ${other.path} already, expected an id of its own`);
  addOwnDriver(entry);
  return { id, path };
}
