import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

/** Cheap imports between the program's own files, tried in a folder that looks like the program's. */

const HOOK = new URL('../../../drivers/contract/code/near-imports.ts', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'cellbench-near-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES = {
  'package.json': '{ "type": "module" }',
  'node_modules/scale/package.json': '{ "name": "scale", "type": "module", "exports": "./lib/index.js" }',
  'node_modules/scale/lib/index.js': "export { unit } from './unit.js';",
  'node_modules/scale/lib/unit.js': "export const unit = 'kg';",
  'control/typed.ts': "import { zero } from '../drivers/zero.ts'; export const typed: number = zero;",
  'drivers/zero.ts': "export { unit } from 'scale'; export const zero: number = 0;",
  'drivers/lost.ts': "import './not-there.ts';",
  'drivers/lost-package.ts': "import 'not-there';",
  'lab/own.ts': "export { unit } from './linked/unit.js';",
  'main.ts': `
    import { resolveNearby } from ${JSON.stringify(HOOK)};
    resolveNearby(import.meta.dirname);
    const { typed } = await import('./control/typed.ts');
    const { unit } = await import('./drivers/zero.ts');
    const own = await import('./lab/own.ts');
    const again = await import('scale');
    const trouble = async (path: string) => import(path).then(() => 'none', (error: Error) => error.message);
    console.log(JSON.stringify({ typed, unit, own: own.unit, again: again.unit,
      lost: await trouble('./drivers/lost.ts'), lostPackage: await trouble('./drivers/lost-package.ts') }));`,
};

it('finds own files, packages and what lies elsewhere; what is missing is named', () => {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync('../node_modules/scale/lib', join(folder, 'lab/linked'));
  const out = execFileSync(process.execPath, [join(folder, 'main.ts')], { encoding: 'utf8' });
  const { lost, lostPackage, ...found } = JSON.parse(out);
  expect(found).toEqual({ typed: 0, unit: 'kg', own: 'kg', again: 'kg' });
  expect(lost).toContain('drivers/not-there.ts');
  expect(lostPackage).toContain("'not-there'");
});
