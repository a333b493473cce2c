import { loadOwn } from './contract/code/own-code.ts';
import { DeviceError, messageOf } from './contract/errors.ts';
import { siblingUrl } from './contract/sibling.ts';
import type { DriverEntry } from './entry.ts';

/** One driver without the others, for a process that has to be small. */

const ID = /^[a-z0-9]+\/[a-z0-9-]+$/;
const PARTS = ['endpoint', 'describe', 'open'] as const;

/** A driver of the program: `<maker>/<model>` stands in the file of that name. @throws DeviceError `config` */
export async function loadDriver(id: string): Promise<DriverEntry> {
  if (!ID.test(id)) throw new DeviceError('config', id, 'no such driver');
  let module: Record<string, unknown>;
  try {
    module = await import(siblingUrl(import.meta.url, `./${id}`).href);
  } catch (error) {
    throw new DeviceError('config', id, `cannot be loaded: ${messageOf(error)}`, error);
  }
  const entry = Object.values(module).find(one => isEntry(one) && one.id === id);
  if (!isEntry(entry)) throw new DeviceError('config', id, 'no such driver');
  return entry;
}

/** A driver of a lab's own: what its file exports as its default. @throws DeviceError `config` with the file */
export function ownEntry(path: string): DriverEntry {
  const entry = loadOwn(path);
  if (isEntry(entry)) return entry;
  const text = 'its default export is no driver, expected export default defineDriver({ ... })';
  throw new DeviceError('config', path, text);
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
