import { readdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { DeviceError } from '../contract/errors.ts';
import { nearest } from '../contract/explain.ts';

/** Families of instruments as data files: those that come with the program lie in one folder for each kind. */

/** What the file of a family is called behind its name. */
export const ENDING = '.yaml';

/** Names of the families in a folder. */
export function familiesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter(file => file.endsWith(ENDING))
    .map(file => file.slice(0, -ENDING.length))
    .sort();
}

/** A family as a bench file names it: one of those, or a file of the bench's own. */
export const familyName = (families: () => readonly string[]) =>
  z.string().refine(name => name.endsWith(ENDING) || families().includes(name), {
    error: ({ input }) => {
      const near = nearest(String(input), families());
      const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
      return `expected one of ${families().join(', ')}, or a file *${ENDING}${hint}`;
    },
  });

/**
 * The file of a family: one of the folder by its name, or the bench's own, named from the folder of the bench file.
 * @throws DeviceError `config` that lists the known ones
 */
export function familyFileIn(folder: string, family: string, baseDir: string): string {
  if (family.endsWith(ENDING)) return isAbsolute(family) ? family : join(baseDir, family);
  const known = familiesIn(folder);
  if (known.includes(family)) return join(folder, family + ENDING);
  const text = `no such family; expected one of ${known.join(', ')}, or a file *${ENDING}`;
  throw new DeviceError('config', family, text);
}
