import { z } from 'zod';
import { nearest } from '../../../drivers/contract/explain.ts';
import type { YamlFile } from '../../../drivers/contract/yaml-file.ts';
import { finite, role } from '../../contract/fields.ts';
import { PICTURE_GRID, SYMBOLS } from '../../contract/picture.ts';
import type { Bench } from '../bench.ts';
import type { Reach } from '../checks/facts.ts';

/** A valve, pump or damper that has not followed its command after this time is told, s (default). */
export const TRAVEL_S = 5;
const MOST_NODES = PICTURE_GRID.columns * PICTURE_GRID.rows;

const id = z.string().regex(/^[a-z][a-zA-Z0-9]*$/, 'expected a name like "waterPump"');
const within = (most: number): z.ZodNumber => z.number().int().min(1).max(most);

const node = z.strictObject({
  id: id.meta({ description: 'name of the symbol, for the lines' }),
  symbol: z.enum(SYMBOLS).meta({ description: 'what is drawn' }),
  at: z.tuple([within(PICTURE_GRID.columns), within(PICTURE_GRID.rows)]).meta({
    description: `[column, row] from the top left, at most [${PICTURE_GRID.columns}, ${PICTURE_GRID.rows}]`,
  }),
  roles: z.array(role).default([]).meta({ description: 'measured roles that it shows' }),
  travel_s: finite
    .min(0)
    .default(TRAVEL_S)
    .meta({ description: 'command and reading may differ for so long while it moves, s' }),
});

const line = z.strictObject({
  from: id.meta({ description: 'name of the symbol where it begins' }),
  to: id.meta({ description: 'name of the symbol where it ends' }),
  medium: z.string().max(12).default('').meta({ description: 'what flows in it: H2, O2, N2, H2O' }),
});

/** The process picture in words of the bench file; without it one is made of the roles. */
export const pictureSchema = z.strictObject({
  nodes: z.array(node).min(1).max(MOST_NODES).meta({ description: 'symbols on a grid of 12 by 6' }),
  lines: z.array(line).max(200).default([]).meta({ description: 'pipes and cables between them' }),
});

/** Names that are there, each symbol in a field of its own. @throws FileError */
export function checkPicture(yaml: YamlFile<Bench>, { measured }: Reach): void {
  const { picture } = yaml.value;
  if (picture === undefined) return;
  const ids = new Set<string>();
  const fields = new Map<string, string>();
  picture.nodes.forEach((one, i) => {
    const place = ['picture', 'nodes', i];
    if (ids.has(one.id))
      throw yaml.error([...place, 'id'], `"${one.id}" stands twice, expected each name once`);
    ids.add(one.id);
    const other = fields.get(one.at.join());
    if (other !== undefined)
      throw yaml.error(
        [...place, 'at'],
        `[${one.at.join(', ')}] is the field of ${other}, expected a free one`,
      );
    fields.set(one.at.join(), one.id);
    one.roles.forEach((name, k) => {
      if (!measured.has(name))
        throw yaml.error(
          [...place, 'roles', k],
          `nothing measures ${name}${hint(name, [...measured.keys()])}`,
        );
    });
  });
  picture.lines.forEach((one, i) => {
    for (const end of ['from', 'to'] as const)
      if (!ids.has(one[end]))
        throw yaml.error(
          ['picture', 'lines', i, end],
          `no symbol "${one[end]}"${hint(one[end], [...ids])}, expected the id of a node`,
        );
  });
}

function hint(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? '' : ` (did you mean "${near}"?)`;
}
