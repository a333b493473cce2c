import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../package-files.ts';
import { referencePages } from './reference/pages.ts';

/** `npm run docs`: writes the reference into `docs/reference/`. */

const folder = join(PACKAGE_FOLDER, 'docs/reference');
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(referencePages())) {
  writeFileSync(join(folder, name), text);
  console.log(join('docs/reference', name));
}
