import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { DeviceError, plainReason } from './errors.ts';
import { FileError, parseYamlFile } from './yaml-file.ts';

/**
 * Reads a YAML data file of a driver (register map, node list) and checks it against its schema.
 * Throws one DeviceError `config` that names file, line, what was found wrong and what was expected.
 */
export function readDataFile<T>(path: string, schema: z.ZodType<T>): T {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new DeviceError(
      'config',
      path,
      `cannot be read: ${plainReason(error)}, expected a YAML file`,
      error,
    );
  }
  try {
    return parseYamlFile(path, text, schema).value;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const where = error.line > 0 ? `${path}:${error.line}` : path;
    throw new DeviceError('config', where, error.message.slice(`${where}: `.length), error);
  }
}
