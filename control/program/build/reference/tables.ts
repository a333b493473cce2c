import { z } from 'zod';

/** Markdown tables, and rows of them out of schemas. */

type JsonObject = Readonly<Record<string, unknown>>;

/** A table; `|` in cells is escaped. */
export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** A word as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** A key of a block: what may stand behind it, whether it must be there, what it is. */
export interface KeyRow {
  readonly key: string;
  readonly takes: string;
  readonly isNeeded: boolean;
  readonly doc: string;
}

/** The keys of a schema; of a union those of each way, the ways apart. */
export function waysOf(schema: z.ZodType): readonly (readonly KeyRow[])[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonObject;
  const ways = (json['anyOf'] ?? json['oneOf']) as readonly JsonObject[] | undefined;
  return (ways ?? [json]).map(way => rowsOf(way));
}

/** The keys of a JSON schema of a block, those of blocks inside behind a dot, of lists behind []. */
export function rowsOf(json: JsonObject, before = ''): readonly KeyRow[] {
  const properties = (json['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
  const needed = (json['required'] ?? []) as readonly string[];
  return Object.entries(properties).flatMap(([key, own]): KeyRow[] => {
    const isNeeded = needed.includes(key);
    const doc = typeof own['description'] === 'string' ? own['description'] : '';
    const row = { key: `${before}${key}`, takes: takesOf(own), isNeeded, doc };
    const item = (own['items'] ?? own['additionalProperties']) as JsonObject | undefined;
    const isList = own['items'] !== undefined;
    const inside =
      own['properties'] !== undefined
        ? rowsOf(own, `${row.key}.`)
        : typeof item === 'object' && item['properties'] !== undefined
          ? rowsOf(item, `${row.key}${isList ? '[]' : '.<name>'}.`)
          : [];
    return [row, ...inside];
  });
}

/** What a value may be, in few words. */
function takesOf(schema: JsonObject): string {
  const fallback = schema['default'] === undefined ? '' : ` (${JSON.stringify(schema['default'])})`;
  return `${kindOf(schema)}${fallback}`;
}

function kindOf(schema: JsonObject): string {
  if (schema['const'] !== undefined) return String(schema['const']);
  if (Array.isArray(schema['enum']))
    return schema['enum'].map(one => (/^[\w./-]+$/.test(one) ? one : JSON.stringify(one))).join(', ');
  const { type, minimum, maximum } = schema as { type?: string; minimum?: number; maximum?: number };
  if (type === 'number' || type === 'integer') {
    const word = type === 'integer' ? 'whole number' : 'number';
    const isBounded = minimum !== undefined && maximum !== undefined && Math.abs(maximum) < 1e15;
    return isBounded ? `${word} ${minimum}..${maximum}` : word;
  }
  if (type === 'array') return 'list';
  if (type === 'object') return 'block';
  if (type === 'boolean') return 'on, off';
  if (type === 'string') return 'text';
  const ways = (schema['anyOf'] ?? schema['oneOf']) as readonly JsonObject[] | undefined;
  return ways === undefined ? 'value' : [...new Set(ways.map(kindOf))].join(' or ');
}

/** Rows as a table. */
export function keyTable(rows: readonly KeyRow[]): string {
  return markdownTable(
    ['key', 'takes', 'what'],
    rows.map(({ key, takes, isNeeded, doc }) => [`${code(key)}${isNeeded ? ' *' : ''}`, takes, doc]),
  );
}
