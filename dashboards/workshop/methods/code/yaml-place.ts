/** Where in a YAML text somebody writes: keys from the top, and whether a key or a value is being written. */
export interface YamlPlace {
  /** Keys from the top; `[]` for an item of a list. */
  readonly path: readonly string[];
  /** What is written here: a key of the mapping at `path`, or the value of that path. */
  readonly writes: 'key' | 'value';
  /** What of it is written already, and its column. */
  readonly prefix: string;
  readonly from: number;
  /** Other keys of the mapping. */
  readonly siblings: readonly string[];
}

const ITEM = '[]';

/** A line taken apart: dashes of list items, then a key, each with its column. */
interface Line {
  readonly dashes: readonly number[];
  /** Where its text begins behind the dashes. */
  readonly column: number;
  readonly body: string;
  readonly key: string | undefined;
}

function lineOf(text: string): Line {
  const dashes: number[] = [];
  let column = text.length - text.trimStart().length;
  while (/^-( |$)/.test(text.slice(column))) {
    dashes.push(column);
    const rest = text.slice(column + 1);
    column += 1 + rest.length - rest.trimStart().length;
  }
  const body = text.slice(column);
  return { dashes, column, body, key: /^["']?([^\s"'{[:#,][^"'{[:#,]*?)["']?:(\s|$)/.exec(body)?.[1] };
}

const isEmpty = (text: string): boolean => /^\s*(#.*)?$/.test(text);

/** The place at a column of a line, both from 0. */
export function yamlPlace(lines: readonly string[], row: number, column: number): YamlPlace {
  const head = (lines[row] ?? '').slice(0, column);
  const line = lineOf(head);
  const around = blockAround(lines, row, line);
  const flow = flowIn(line.body);
  const base = [...around.path, ...flow.path];
  const from = column - flow.rest.length;
  const value = /^["']?([^\s"':][^"':]*?)["']?:\s+/.exec(flow.rest);
  if (flow.isList) return { path: [...base, ITEM], writes: 'value', prefix: flow.rest, from, siblings: [] };
  if (value !== null) {
    const [all, key] = value;
    const prefix = flow.rest.slice(all.length);
    return { path: [...base, key], writes: 'value', prefix, from: from + all.length, siblings: [] };
  }
  const siblings = flow.isOpen ? flow.keys : around.siblings;
  return { path: base, writes: 'key', prefix: flow.rest, from, siblings };
}

/** Mappings and lists around a line by their indentation, and the other keys of its own mapping. */
function blockAround(
  lines: readonly string[],
  row: number,
  line: Line,
): { readonly path: readonly string[]; readonly siblings: readonly string[] } {
  const path: string[] = [];
  const siblings: string[] = [];
  let need = line.column;
  let isItem = false;
  // Whether the lines that are looked at are still those of the own mapping.
  let isOwn = true;
  const goUp = (dashes: readonly number[]): void => {
    for (const dash of [...dashes].reverse()) {
      if (dash >= need) continue;
      path.unshift(ITEM);
      need = dash;
      isItem = true;
      isOwn = false;
    }
  };
  goUp(line.dashes);
  for (let i = row - 1; i >= 0 && (need > 0 || isItem); i--) {
    if (isEmpty(lines[i])) continue;
    const above = lineOf(lines[i]);
    if (above.key !== undefined) {
      if (isOwn && above.column === need) siblings.push(above.key);
      if (above.column < need || (isItem && above.dashes.length === 0 && above.column === need)) {
        path.unshift(above.key);
        need = above.column;
        isItem = false;
        isOwn = false;
      }
    }
    goUp(above.dashes);
  }
  if (line.dashes.length === 0 || line.column > 0) siblings.push(...below(lines, row, line.column));
  return { path, siblings: need === 0 && path.length === 0 ? topKeys(lines, row) : siblings };
}

function below(lines: readonly string[], row: number, column: number): string[] {
  const keys: string[] = [];
  for (const text of lines.slice(row + 1)) {
    if (isEmpty(text)) continue;
    const next = lineOf(text);
    if ((next.dashes[0] ?? next.column) < column) break;
    if (next.dashes.length === 0 && next.column === column && next.key !== undefined) keys.push(next.key);
  }
  return keys;
}

function topKeys(lines: readonly string[], row: number): string[] {
  return lines.flatMap((text, i) => {
    const { column, dashes, key } = lineOf(text);
    return i !== row && column === 0 && dashes.length === 0 && key !== undefined && !isEmpty(text)
      ? [key]
      : [];
  });
}

/** Open `{` and `[` of a line up to its end: keys into them, and what is written behind the last comma. */
function flowIn(body: string): {
  readonly path: readonly string[];
  readonly rest: string;
  readonly isOpen: boolean;
  readonly isList: boolean;
  readonly keys: readonly string[];
} {
  const open: { readonly isList: boolean; readonly path: readonly string[]; readonly keys: string[] }[] = [];
  let part = '';
  let quote = '';
  const keyOf = (text: string): string | undefined => /^\s*["']?([^"':]+?)["']?:(\s|$)/.exec(text)?.[1];
  for (const sign of body) {
    if (quote !== '') {
      if (sign === quote) quote = '';
      part += sign;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      part += sign;
    } else if (sign === '{' || sign === '[') {
      const key = keyOf(part);
      const outer = open.at(-1);
      const into = key === undefined ? (outer?.isList ? [ITEM] : []) : [key];
      if (outer !== undefined && key !== undefined) outer.keys.push(key);
      open.push({ isList: sign === '[', path: into, keys: [] });
      part = '';
    } else if (sign === '}' || sign === ']') {
      open.pop();
      part = '';
    } else if (sign === ',' && open.length > 0) {
      const key = keyOf(part);
      if (key !== undefined) open.at(-1)?.keys.push(key);
      part = '';
    } else part += sign;
  }
  const last = open.at(-1);
  return {
    path: open.flatMap(({ path }) => path),
    rest: last === undefined ? part : part.trimStart(),
    isOpen: last !== undefined,
    isList: last?.isList ?? false,
    keys: last?.keys ?? [],
  };
}
