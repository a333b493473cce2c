import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the program's own files lie: the same in a checkout and in the installed package. */

/** The folder with the package.json: that of the checkout, or that of the package. */
export const PACKAGE_FOLDER = folderAbove(import.meta.dirname);

/**
 * A path of the command line; `examples/...` that is not in the working folder is the example that comes with the
 * program, so that its help can be followed in an empty folder, too.
 */
export function givenOrExample(path: string): string {
  const own = join(PACKAGE_FOLDER, path);
  return /^(\.\/)?examples\//.test(path) && !existsSync(path) && existsSync(own) ? own : path;
}

function folderAbove(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error(`no package.json above ${start}`);
  }
}
