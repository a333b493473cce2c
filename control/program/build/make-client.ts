import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientText } from '../../../dashboards/door/client-text.ts';
import { PACKAGE_FOLDER } from '../package-files.ts';

/** `npm run client`: writes the TypeScript client of the door. */

const path = 'dashboards/door/client/door-client.ts';
writeFileSync(join(PACKAGE_FOLDER, path), clientText());
console.log(path);
