import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { driverIds } from '../../../drivers/registry.ts';
import { UsageError } from '../options.ts';
import { type SkeletonNames, skeletonInside, skeletonOutside } from './driver-skeleton.ts';

/** What `--help` prints, and every refusal names. */
export const USAGE = `expected npm run new-driver -- maker/model [--own FOLDER]
  --own FOLDER   a driver of your own beside your bench file, not one of this repository`;

/**
 * Begins a driver, its emulator and its test: `maker/model` in the repository at `root`, with `--own FOLDER` in that folder.
 * Returns what has been written and what is left to do. @throws UsageError; nothing has been written then
 */
export function writeSkeleton(
  args: readonly string[],
  root: string,
): { readonly files: readonly string[]; readonly next: string } {
  const fail = (text: string): never => {
    throw new UsageError(`new-driver: ${text}`);
  };
  const [id = '', flag, folder, ...more] = args;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) fail(`"${id}": ${USAGE}`);
  if (flag !== undefined && (flag !== '--own' || folder === undefined || more.length > 0))
    fail(`${args.slice(1).join(' ')}: ${USAGE}`);
  if (driverIds.includes(id)) fail(`${id} is there already, expected a new one`);
  const [maker, model] = id.split('/');
  const name = `${maker}-${model}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const names: SkeletonNames = { id, maker, model, name };
  const into = folder ?? root;
  const files = folder === undefined ? skeletonInside(names) : skeletonOutside(names);
  const there = Object.keys(files).find(path => existsSync(join(into, path)));
  if (there !== undefined) fail(`${there} is there already: nothing has been written`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    writeFileSync(join(into, path), text);
  }
  const next =
    folder === undefined
      ? `npx vitest run tests/drivers/${maker}/${model}.test.ts tries it on its emulator. Then
  drivers/registry.ts           import { ${name} } from './${maker}/${model}.ts', and a line in DRIVERS
  sim/emulators/registry.ts     '${id}': async () => (await import('./${maker}/${model}.ts')).${name},
  tests/drivers/every-driver.test.ts, instrument-lock.test.ts   a row each
  npm run docs`
      : `Name it in the bench file: drivers: [./${maker}-${model}.ts], and driver: ${id} of the device.`;
  return { files: Object.keys(files), next };
}
