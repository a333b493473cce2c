import type { z } from 'zod';
import { DeviceError } from './errors.ts';
import { FileError } from './file-error.ts';
import { readTextFile } from './text-file.ts';
import { parseYamlFile } from './yaml-file.ts';

/**
 * Reads a YAML data file of a driver (register map, node list) and checks it against its schema.
 * Throws one DeviceError `config` that names file, line, what was found wrong and what was expected; its cause is the
 * FileError of that place.
 */
export function readDataFile<T>(path: string, schema: z.ZodType<T>): T {
  try {
    const text = readTextFile(path, 'a readable file (named from the folder of the bench file)');
    return parseYamlFile(path, text, schema).value;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const where = error.line > 0 ? `${path}:${error.line}` : path;
    throw new DeviceError('config', where, error.text, error);
  }
}
