import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import type { Place } from '../../../drivers/contract/explain.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { offsetInFile } from '../../../drivers/contract/yaml/scalar-place.ts';
import { readDocument, readYaml, type YamlFile } from '../../../drivers/contract/yaml-file.ts';
import type { ExpressionError } from '../expression/problem.ts';
import { LanguageError, markOf } from './language-error.ts';
import { refuseSlips } from './slips.ts';

/** The text of a file as YAML, every entry with its place in the file. */
export interface Source {
  readonly path: string;
  readonly value: unknown;
  /** Line of an entry, from 1. */
  lineOf(place: Place): number;
  /** Error about an entry: its key, or the entry of a list; the nearest parent where it is not there. */
  error(place: Place, what: string): LanguageError;
  /** Error about the value of an entry. */
  valueError(place: Place, what: string): LanguageError;
  /** Error inside an expression that is the value of an entry. */
  expressionError(place: Place, problem: Pick<ExpressionError, 'start' | 'end' | 'message'>): LanguageError;
}

/** Reads YAML 1.2. @throws FileError of what is no YAML, or breaks its rules */
export function sourceOf(path: string, text: string): Source {
  const lines = text.split(/\r?\n/);
  const counter = new LineCounter();
  const doc = documentOf(text, counter);

  const nodeError = (at: Node | readonly [number, number], what: string): LanguageError => {
    const [start, end] = isNode(at) ? [at.range?.[0] ?? 0, at.range?.[1] ?? 0] : at;
    const { line, col } = counter.linePos(start);
    const found = Math.max(1, line);
    const column = Math.max(1, col);
    const { line: lastLine } = counter.linePos(Math.max(start, end - 1));
    const written = lines[found - 1] ?? '';
    const length = lastLine > found ? written.length - column + 1 : end - start;
    return new LanguageError(
      path,
      { line: found, column },
      what,
      markOf(written, column, Math.max(1, length)),
    );
  };
  if (doc.errors.length === 0) refuseSlips(doc.contents, nodeError);
  const value = contentOf(path, lines, () =>
    doc.contents === null ? readYaml(path, text) : readDocument(path, text, { doc, lineCounter: counter }),
  );
  const resolved = (node: unknown): unknown => (isAlias(node) ? node.resolve(doc) : node);
  /** The pair or the entry at a place, or the nearest parent. */
  const entryAt = (place: Place): Pair | Node | undefined => {
    let node: unknown = doc.contents;
    let entry: Pair | Node | undefined = isNode(node) ? node : undefined;
    for (const key of place) {
      const inside = resolved(node);
      if (isMap(inside)) {
        const pair = inside.items.find(p => isScalar(p.key) && String(p.key.value) === String(key));
        if (pair === undefined) return entry;
        entry = pair;
        node = pair.value;
      } else if (isSeq(inside)) {
        node = inside.items[Number(key)];
        if (!isNode(node)) return entry;
        entry = node;
      } else return entry;
    }
    return entry;
  };
  const prefixed = (place: Place, what: string): string => {
    const key = place.findLast(part => typeof part === 'string');
    return key === undefined ? what : `${key}: ${what}`;
  };
  const headOf = (entry: Pair | Node | undefined): Node | readonly [number, number] => {
    const node = isPair(entry) ? entry.key : entry;
    if (isMap(node) && !node.flow && isNode(node.items[0]?.key)) return node.items[0].key;
    return isNode(node) ? node : [0, 1];
  };
  const valueAt = (place: Place): Node | readonly [number, number] => {
    const entry = entryAt(place);
    const node = resolved(isPair(entry) ? entry.value : entry);
    return isNode(node) && (node.range?.[1] ?? 0) > (node.range?.[0] ?? 0) ? node : headOf(entry);
  };

  return {
    path,
    value,
    lineOf(place) {
      const head = headOf(entryAt(place));
      return Math.max(1, counter.linePos(isNode(head) ? (head.range?.[0] ?? 0) : head[0]).line);
    },
    error: (place, what) => nodeError(headOf(entryAt(place)), prefixed(place, what)),
    valueError: (place, what) => nodeError(valueAt(place), prefixed(place, what)),
    expressionError(place, { start, end, message }) {
      const node = valueAt(place);
      const what = prefixed(place, message);
      if (!isScalar(node)) return nodeError(node, what);
      const from = offsetInFile(text, node, start);
      const to = end > start ? offsetInFile(text, node, end - 1) + 1 : from + 1;
      return nodeError([from, Math.max(to, from + 1)], what);
    },
  };
}

/** A text that is nested too deeply for the parser is empty here: `contentOf` says so. */
function documentOf(text: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, { version: '1.2', uniqueKeys: true, lineCounter, prettyErrors: false });
  } catch (error) {
    if (error instanceof RangeError) return parseDocument('');
    throw error;
  }
}

/** The content, by the rules of every YAML file of ours; the whole line is marked where only that is known. */
function contentOf(path: string, lines: readonly string[], read: () => YamlFile<unknown>): unknown {
  try {
    return read().value;
  } catch (error) {
    if (!(error instanceof FileError) || error.line === 0) throw error;
    const line = lines[error.line - 1] ?? '';
    const column = error.character || Math.max(1, line.search(/\S/) + 1);
    const length = error.character > 0 ? 1 : line.length;
    throw new LanguageError(path, { line: error.line, column }, error.text, markOf(line, column, length));
  }
}
