import { readdirSync, readFileSync } from 'node:fs';

/** The methods that come with cellbench: procedures to read, copy and change, one file each beside this one. */

const FOLDER = new URL('./', import.meta.url);
const ENDING = '.yaml';

/** Names of all of them, sorted. */
export function builtInNames(): readonly string[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith(ENDING))
    .map(file => file.slice(0, -ENDING.length))
    .sort();
}

/** The text of one; undefined of a name that there is none of. */
export function builtInText(name: string): string | undefined {
  return builtInNames().includes(name) ? readFileSync(new URL(name + ENDING, FOLDER), 'utf8') : undefined;
}
