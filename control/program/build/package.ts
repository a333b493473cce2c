import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_FOLDER } from '../package-files.ts';
import { COMMIT_FILE, commitOf } from '../result/software.ts';
import { writeSchemas } from './schemas.ts';

/**
 * Makes what the published package holds beside its examples (`prepack`): `dist/` with the JavaScript of the program,
 * its source maps and the page; `schemas/` for the editor. A checkout needs none of it.
 */

const DIST = join(PACKAGE_FOLDER, 'dist');

function run(args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd: PACKAGE_FOLDER, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 5);
}

rmSync(DIST, { recursive: true, force: true });
run(['dashboards/page/build-if-changed.ts']);
const typescript = dirname(fileURLToPath(import.meta.resolve('typescript/package.json')));
run([join(typescript, 'bin/tsc'), '-p', 'tsconfig.build.json']);
writeFileSync(join(PACKAGE_FOLDER, COMMIT_FILE), `${commitOf(PACKAGE_FOLDER) ?? ''}\n`);
for (const page of ['dashboards/page/dist', 'dashboards/workshop/dist'])
  cpSync(join(PACKAGE_FOLDER, page), join(DIST, page), { recursive: true });
// The steps of the built-in methods and the families of instruments are no JavaScript.
for (const folder of [
  'profiles/language/methods',
  'drivers/generic/scpi',
  'drivers/generic/modbus',
  'drivers/generic/thermal',
]) {
  cpSync(join(PACKAGE_FOLDER, folder), join(DIST, folder), {
    recursive: true,
    filter: path => statSync(path).isDirectory() || path.endsWith('.yaml'),
  });
}
writeSchemas(join(PACKAGE_FOLDER, 'schemas'));
