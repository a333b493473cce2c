import { type ResolveFnOutput, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Rooms with the program's own files; `dist` holds them in the installed package. */
const ROOMS = ['control', 'drivers', 'profiles', 'sim', 'dashboards', 'dist'];
const IS_FILE = /^\.{1,2}\/.*\.[jt]s$/;
const IS_PACKAGE = /^[a-z@]/;

/**
 * Makes imports between the program's own files cheap. Node looks each of some thousand up as if it could be anything: a
 * file, a folder, a link, a member of some package. Ours name the file itself, and a package is the same one for all of
 * them. `folder`: the program's, with its package.json. All else is looked up as ever: packages among themselves, a lab's
 * own code.
 */
export function resolveNearby(folder: string): void {
  const rooms = ROOMS.map(room => pathToFileURL(join(folder, room, '/')).href);
  const packages = new Map<string, ResolveFnOutput>();
  registerHooks({
    resolve(specifier, context, next) {
      const { parentURL: from, conditions } = context;
      if (from === undefined || !conditions.includes('import') || !rooms.some(room => from.startsWith(room)))
        return next(specifier, context);
      if (IS_FILE.test(specifier)) return { url: new URL(specifier, from).href, shortCircuit: true };
      if (!IS_PACKAGE.test(specifier)) return next(specifier, context);
      const known = packages.get(specifier);
      if (known !== undefined) return known;
      const found = { ...next(specifier, context), shortCircuit: true };
      packages.set(specifier, found);
      return found;
    },
  });
}
