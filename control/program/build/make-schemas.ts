import { join } from 'node:path';
import { PACKAGE_FOLDER } from '../package-files.ts';
import { writeSchemas } from './schemas.ts';

/** `npm run schemas`: the JSON schemas for the editor, in `schemas/` of the checkout; the package has them already. */

const folder = join(PACKAGE_FOLDER, 'schemas');
writeSchemas(folder);
console.log(`${folder}: written`);
