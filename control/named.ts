/**
 * What stands under a name that somebody gave in a file; undefined: nothing does. A plain object answers to `constructor`,
 * `toString` and the like, too, which may be names of runs, windows, benches or subjects.
 */
export function named<T>(all: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}
