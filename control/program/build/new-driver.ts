import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { driverIds } from '../../../drivers/registry.ts';
import { PACKAGE_FOLDER } from '../package-files.ts';
import { type SkeletonNames, skeletonInside, skeletonOutside } from './driver-skeleton.ts';

/** `npm run new-driver -- maker/model [--own FOLDER | --into ROOT]`: begins a driver, its emulator and its test. */

const USAGE = `expected npm run new-driver -- maker/model [--own FOLDER]
  --own FOLDER   a driver of your own beside your bench file, not one of this repository`;

function fail(text: string): never {
  console.error(`new-driver: ${text}`);
  process.exit(2);
}

const [id = '', flag, folder, ...more] = process.argv.slice(2);
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) fail(`"${id}": ${USAGE}`);
if ((flag !== undefined && !['--own', '--into'].includes(flag)) || (flag && !folder) || more.length > 0)
  fail(`${[flag, folder, ...more].join(' ')}: ${USAGE}`);
if (driverIds.includes(id)) fail(`${id} is there already, expected a new one`);
const [maker, model] = id.split('/');
const name = `${maker}-${model}`.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const names: SkeletonNames = { id, maker, model, name };
const isOwn = flag === '--own';
const root = folder ?? PACKAGE_FOLDER;
const files = isOwn ? skeletonOutside(names) : skeletonInside(names);
const there = Object.keys(files).find(path => existsSync(join(root, path)));
if (there !== undefined) fail(`${there} is there already: nothing has been written`);
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
console.log(Object.keys(files).join('\n'));
if (isOwn) {
  console.log(
    `Name it in the bench file: drivers: [./${maker}-${model}.ts], and driver: ${id} of the device.`,
  );
} else {
  console.log(`npx vitest run tests/drivers/${maker}/${model}.test.ts tries it on its emulator. Then
  drivers/registry.ts           import { ${name} } from './${maker}/${model}.ts', and a line in DRIVERS
  sim/emulators/registry.ts     '${id}': async () => (await import('./${maker}/${model}.ts')).${name},
  tests/drivers/every-driver.test.ts, instrument-lock.test.ts   a row each
  npm run docs`);
}
