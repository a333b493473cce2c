import { jsonSchemas } from '../schemas.ts';
import { keyTable, rowsOf } from './tables.ts';

/** Reference of the bench file. */

/** The page. */
export function benchPage(): string {
  const rows = rowsOf(jsonSchemas()['bench.schema.json']);
  return [
    '# Reference: the bench file',
    'Keys with * must be there. One of `stack`, `cell` and `vessel` is the device under test. `accepted: "<reason>"` on a line answers an objection of the checks. Options of drivers: [drivers.md](drivers.md).',
    keyTable(rows.filter(({ key }) => !key.endsWith('.accepted'))),
  ].join('\n\n');
}
