import { safeStepSchema } from '../../../bench/bench.ts';
import { derivedSchema } from '../../../kinds/derived/index.ts';
import { interlockSchema } from '../../../kinds/interlocks/index.ts';
import { jsonSchemas } from '../schemas.ts';
import { type KeyRow, keyTable, rowsOf, waysOf } from './tables.ts';

/** Reference of the bench file. */

/** The page. */
export function benchPage(): string {
  const rows = rowsOf(jsonSchemas()['bench.schema.json']);
  const interlocks = waysOf(interlockSchema);
  const isEverywhere = (key: string): boolean => interlocks.every(way => way.some(row => row.key === key));
  return [
    '# Reference: the bench file',
    'Keys with * must be there. One of `stack`, `cell` and `vessel` is the device under test; of several each stands below its name in `subjects`, with what only it has under the same keys as here, and a run is for the one that `--subject NAME` says. `accepted: "<reason>"` on a line answers an objection of the checks. Options of drivers: [drivers.md](drivers.md).',
    keyTable(shown(rows)),
    '## Interlocks',
    'Keys of every kind:',
    keyTable(shown(interlocks[0].filter(({ key }) => key !== 'kind' && isEverywhere(key)))),
    ...interlocks.map(way => kindText(way.filter(({ key }) => !isEverywhere(key) || key === 'kind'))),
    '## Derived roles',
    ...waysOf(derivedSchema).map(kindText),
    '## Lines of the safe state',
    'One of these; a device alone runs its own safe list.',
    ...waysOf(safeStepSchema).map(way => keyTable(shown(way))),
  ].join('\n\n');
}

/** Why a lab accepts a line may stand on every one; what stands below a subject is what stands at the bench. */
function shown(rows: readonly KeyRow[]): readonly KeyRow[] {
  return rows.filter(({ key }) => !/(^|\.)accepted$|^subjects\./.test(key));
}

function kindText(rows: readonly KeyRow[]): string {
  const kind = rows.find(({ key }) => key === 'kind');
  const own = shown(rows.filter(row => row !== kind));
  return [`### ${kind?.takes ?? ''}`, kind?.doc ?? '', keyTable(own)]
    .filter(text => text !== '')
    .join('\n\n');
}
