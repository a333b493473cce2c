import { existsSync } from 'node:fs';
import { createRequire, registerHooks, syncBuiltinESMExports } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DeviceError, messageOf } from '../errors.ts';
import { siblingUrl } from '../sibling.ts';

/** Code of a lab's own beside its bench file: drivers, and the emulators that belong to them. */

/** What such a file may import by a name, wherever it lies: our own, as it runs here. */
const KIT: Readonly<Record<string, string>> = {
  'cellbench/driver': '../../define/driver',
  'cellbench/emulator': '../../../sim/emulators/define',
};

let isHooked = false;
const load = createRequire(import.meta.url);

function hook(): void {
  if (isHooked) return;
  isHooked = true;
  registerHooks({
    resolve(specifier, context, next) {
      if (!Object.hasOwn(KIT, specifier)) return next(specifier, context);
      return { url: siblingUrl(import.meta.url, KIT[specifier]).href, shortCircuit: true };
    },
  });
}

/** The whole path of a file that a bench file names. */
export const ownPath = (file: string, baseDir: string): string =>
  isAbsolute(file) ? file : resolve(join(baseDir, file));

/**
 * What the file exports as its default.
 * @throws DeviceError `config` that says what is wrong with it: not there, no program, fails as it is loaded, ends us, waits,
 * exports nothing
 */
export function loadOwn(path: string): unknown {
  const wrong = (text: string, cause?: unknown): DeviceError => new DeviceError('config', path, text, cause);
  if (!/\.[cm]?[jt]s$/.test(path)) throw wrong('expected a file *.ts or *.js');
  if (!existsSync(path)) throw wrong('no such file');
  hook();
  let exported: unknown;
  const staying = stay();
  try {
    exported = load(path);
  } catch (error) {
    if (isWaiting(error))
      throw wrong(
        'waits at its top level (await), expected a file that is loaded at once: wait in a function',
        error,
      );
    if (staying.exited === error) throw wrong(`${messageOf(error)}${placeOf(error, path)}`, error);
    const text = messageOf(error).split('\n')[0];
    // What is wrong with a table says so itself and names the place in it, where the stack knows only where the table is
    // handed over; by its name, for the file may have been loaded beside us.
    const isTold = error instanceof Error && error.name === 'DeviceError';
    throw wrong(isTold ? text : `fails as it is loaded: ${text}${placeOf(error, path)}`, error);
  } finally {
    staying.over();
  }
  if (staying.exited !== undefined)
    throw wrong(`${messageOf(staying.exited)}${placeOf(staying.exited, path)}`, staying.exited);
  if (typeof exported === 'object' && exported !== null && 'default' in exported) return exported.default;
  throw wrong('has no default export');
}

/** A file with a top-level await. */
const isWaiting = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_REQUIRE_ASYNC_MODULE';

/** Until `over`, nobody ends this process: whoever tries fails, and `exited` is how. */
function stay(): { readonly exited: Error | undefined; over(): void } {
  const { exit } = process;
  let exited: Error | undefined;
  const put = (way: typeof exit): void => {
    process.exit = way;
    syncBuiltinESMExports(); // Also for `import { exit } from 'node:process'`.
  };
  put(() => {
    exited ??= new Error(
      'ends the program as it is loaded (process.exit), expected a file that only declares',
    );
    throw exited;
  });
  return {
    get exited() {
      return exited;
    },
    over: () => put(exit),
  };
}

/** Line of the file at which it failed, where the error knows. */
function placeOf(error: unknown, path: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const names = [pathToFileURL(path).href, path];
  for (const name of names) {
    const at = stack.indexOf(`${name}:`);
    const line = at < 0 ? undefined : /^\d+/.exec(stack.slice(at + name.length + 1))?.[0];
    if (line !== undefined) return ` (line ${line})`;
  }
  return '';
}
