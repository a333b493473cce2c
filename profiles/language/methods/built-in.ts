import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The methods that come with cellbench: procedures to read, copy and change, one file each beside this one. */

const FOLDER = import.meta.dirname;
const ENDING = '.yaml';

/** True of the path of one, as it is called in messages: `built-in dcir`. */
export function isBuiltIn(path: string): boolean {
  return path.startsWith('built-in ');
}

/** Names of all of them, sorted. */
export function builtInNames(): readonly string[] {
  return [...files().keys()].sort();
}

let found: ReadonlyMap<string, string> | undefined;

/** Where each stands: they are sorted into folders by what they are for. Looked for once. */
function files(): ReadonlyMap<string, string> {
  found ??= filesFound();
  return found;
}

function filesFound(): ReadonlyMap<string, string> {
  const names = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith(ENDING),
  );
  return new Map(names.map(file => [basename(file, ENDING), file]));
}

/** The text of one; undefined of a name that there is none of. */
export function builtInText(name: string): string | undefined {
  const file = files().get(name);
  return file === undefined ? undefined : readFileSync(join(FOLDER, file), 'utf8');
}
