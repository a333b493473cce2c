import { isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { dotted, explainFirst, type Place } from './explain.ts';
import { FileError } from './file-error.ts';
import { lostBracket } from './yaml/lost-bracket.ts';
import { offsetInFile } from './yaml/scalar-place.ts';
import { firstSlip } from './yaml-slips.ts';

export { FileError };

/** Parsed content together with the lines it stands on, for checks that come after the schema. */
export interface YamlFile<T> {
  readonly path: string;
  readonly value: T;
  /** Line (from 1) of the entry at a place; of its nearest parent where the place does not exist. */
  lineOf(place: Place): number;
  /** Error about an entry of this file. */
  error(place: Place, text: string): FileError;
  /** Error about a text that is the value of an entry, with the character of the line at which its character `at` stands. */
  errorInside(place: Place, at: number, text: string): FileError;
}

/**
 * Reads YAML 1.2 (duplicate keys refused) and checks it against a schema.
 * @throws FileError with the first problem: `path:line: place: what, expected ...`
 */
export function parseYamlFile<T>(path: string, text: string, schema: z.ZodType<T>): YamlFile<T> {
  return checkYaml(readYaml(path, text), schema);
}

/** Checks what was read against a schema. @throws FileError with the first problem */
export function checkYaml<T>(yaml: YamlFile<unknown>, schema: z.ZodType<T>): YamlFile<T> {
  const parsed = schema.safeParse(yaml.value);
  if (!parsed.success) {
    const { place, text: what } = explainFirst(schema, yaml.value, parsed.error);
    throw yaml.error(place, what);
  }
  return { ...yaml, value: parsed.data };
}

/** What the YAML library makes of a text. */
export interface ParsedYaml {
  readonly doc: ReturnType<typeof parseDocument>;
  readonly lineCounter: LineCounter;
}

/** Reads YAML 1.2 as it stands (duplicate keys refused). @throws FileError with the first problem and its line */
export function readYaml(path: string, text: string): YamlFile<unknown> {
  const lineCounter = new LineCounter();
  return readDocument(path, text, { doc: documentOf(path, text, lineCounter), lineCounter });
}

/** The same of a text that has been parsed already, with unique keys. @throws FileError with the first problem and its line */
export function readDocument(
  path: string,
  text: string,
  { doc, lineCounter }: ParsedYaml,
): YamlFile<unknown> {
  const broken = doc.errors[0];
  if (doc.errors.some(e => e.code === 'RESOURCE_EXHAUSTION')) throw tooDeep(path);
  if (broken !== undefined) {
    const lineAt = (offset: number): number => lineCounter.linePos(offset).line;
    const lost = lostBracket({ text, gaveUp: broken.pos[0], lineAt });
    if (lost !== undefined) {
      const { line, col } = lineCounter.linePos(lost.offset);
      throw new FileError(path, line, lost.text, col);
    }
    const { line } = lineCounter.linePos(broken.pos[0]);
    throw new FileError(path, line, `${syntaxText(broken.code, broken.message)} (YAML 1.2)`);
  }
  if (doc.warnings[0] !== undefined) {
    const { line } = lineCounter.linePos(doc.warnings[0].pos[0]);
    throw new FileError(path, line, doc.warnings[0].message);
  }
  const lineOf = (place: Place): number => {
    const offset = offsetOf(doc.contents, place);
    return offset === undefined ? 1 : Math.max(1, lineCounter.linePos(offset).line);
  };
  const error = (place: Place, what: string): FileError =>
    new FileError(path, lineOf(place), `${place.length === 0 ? '' : `${dotted(place)}: `}${what}`);
  const errorInside = (place: Place, at: number, what: string): FileError => {
    const node = nodeAt(doc.contents, place).value;
    if (!isScalar(node)) return error(place, what);
    const { line, col } = lineCounter.linePos(offsetInFile(text, node, at));
    return new FileError(path, line, `${dotted(place)}: ${what}`, col);
  };
  if (doc.contents === null) throw new FileError(path, 1, 'the file is empty, expected "key: value" lines');
  const slip = firstSlip(doc);
  if (slip !== undefined) throw new FileError(path, lineCounter.linePos(slip.offset).line, slip.text);
  // How far aliases blow the file up has been counted by firstSlip.
  return { path, value: doc.toJS({ maxAliasCount: -1 }) as unknown, lineOf, error, errorInside };
}

/** Deeper blocks than a person writes end the parser, not the program. */
function documentOf(path: string, text: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, { version: '1.2', uniqueKeys: true, lineCounter, prettyErrors: false });
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(path);
    throw error;
  }
}

function tooDeep(path: string): FileError {
  return new FileError(path, 1, 'blocks or lists are nested too deeply, expected some ten levels');
}

function syntaxText(code: string, message: string): string {
  const first = message.split('\n')[0];
  if (code === 'DUPLICATE_KEY') return 'the same key stands twice in one block, expected each key once';
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line, expected spaces';
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here (---), expected one in a file';
  if (code === 'BAD_INDENT')
    return `wrong indentation (${first}), expected the same spaces as the lines beside it`;
  return `cannot be read: ${first}, expected "key: value" lines and "- " lists`;
}

/** Where the entry starts: its key in a block, itself in a list; the nearest parent if it is not there. */
function offsetOf(root: Node | null, place: Place): number | undefined {
  return nodeAt(root, place).offset;
}

/** The value of an entry, and where the entry starts; without a value the nearest parent. */
function nodeAt(
  root: Node | null,
  place: Place,
): { readonly value: unknown; readonly offset: number | undefined } {
  let node: unknown = root;
  let offset = root?.range?.[0];
  for (const key of place) {
    if (isMap(node)) {
      const pair = node.items.find(
        item => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key),
      );
      if (pair === undefined) return { value: undefined, offset };
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (node !== null && typeof node === 'object' && 'items' in node && Array.isArray(node.items)) {
      node = node.items[Number(key)];
      if (isNode(node)) offset = node.range?.[0] ?? offset;
      else return { value: undefined, offset };
    } else {
      return { value: undefined, offset };
    }
  }
  return { value: node, offset };
}
