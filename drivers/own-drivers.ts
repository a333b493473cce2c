import { loadOwn, ownPath } from './contract/code/own-code.ts';
import { DeviceError } from './contract/errors.ts';
import type { DriverEntry } from './entry.ts';
import { addOwnDriver, driverIds } from './registry.ts';

/** A driver of a lab's own, and the file that it stands in. */
export interface OwnDriver {
  readonly id: string;
  readonly path: string;
}

const PARTS = ['endpoint', 'describe', 'open'] as const;

/**
 * Loads a driver that a bench file names, `file` from `baseDir`: its default export is what `defineDriver` makes. From then
 * on `findDriver` finds it. `before`: those of the same bench.
 * @throws DeviceError `config` with the file and what is wrong with it
 */
export function loadOwnDriver(file: string, baseDir: string, before: readonly OwnDriver[] = []): OwnDriver {
  const path = ownPath(file, baseDir);
  const wrong = (text: string): DeviceError => new DeviceError('config', path, text);
  const entry = loadOwn(path);
  if (!isEntry(entry))
    throw wrong('its default export is no driver, expected export default defineDriver({ ... })');
  const { id } = entry;
  if (driverIds.includes(id)) throw wrong(`${id} is a driver of the program, expected an id of its own`);
  const other = before.find(one => one.id === id && one.path !== path);
  if (other !== undefined)
    throw wrong(`${id} is the driver of ${other.path} already, expected an id of its own`);
  addOwnDriver(entry);
  return { id, path };
}

function isEntry(value: unknown): value is DriverEntry {
  if (typeof value !== 'object' || value === null) return false;
  const parts = value as Readonly<Record<string, unknown>>;
  const { id, options } = parts;
  return (
    typeof id === 'string' &&
    typeof (options as { safeParse?: unknown } | undefined)?.safeParse === 'function' &&
    PARTS.every(part => typeof parts[part] === 'function')
  );
}
