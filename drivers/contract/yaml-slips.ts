import { type Document, isAlias, isCollection, isMap, isPair, isScalar, type Node } from 'yaml';

/**
 * What can be wrong with a YAML file although its syntax is right: an alias inside itself, aliases that blow a small
 * file up, a decimal comma in a flow block, a name that JavaScript keeps for itself, blocks nested beyond reason.
 */

/** What was found, and where: an offset into the text. */
export interface Slip {
  readonly offset: number;
  readonly text: string;
}

/** So many entries, aliases written out, are more than any bench or method file has. */
const MOST_ENTRIES = 200_000;
const DEEPEST = 100;
const KEPT_NAMES = ['__proto__'];

/** The first such slip of a document, or undefined. */
export function firstSlip(doc: Document): Slip | undefined {
  const anchors = new Map<string, Node>();
  const sizes = new Map<Node, number>();
  const open = new Set<Node>();
  let slip: Slip | undefined;
  const found = (node: Node, text: string): number => {
    slip ??= { offset: node.range?.[0] ?? 0, text };
    return 0;
  };

  /** Entries below a node with its aliases written out. */
  const sizeOf = (node: unknown, depth: number): number => {
    if (slip !== undefined || !isNodeLike(node)) return 0;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined) {
        return found(node, `*${node.source} names no anchor above it, expected &${node.source} there`);
      }
      if (open.has(target)) {
        return found(node, `*${node.source} stands inside &${node.source} itself, expected no such circle`);
      }
      return sizes.get(target) ?? 1;
    }
    if ('anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, node);
    if (!isCollection(node)) return 1;
    if (depth > DEEPEST) return found(node, `nested deeper than ${DEEPEST} levels, expected some ten`);
    open.add(node);
    let size = 1;
    for (const [i, item] of node.items.entries()) {
      if (isPair(item)) {
        const wrong = isMap(node)
          ? keySlip(item, node.flow === true ? node.items[i - 1] : undefined)
          : undefined;
        if (wrong !== undefined) return found(wrong.at, wrong.text);
        size += sizeOf(item.value, depth + 1);
      } else size += sizeOf(item, depth + 1);
      if (size > MOST_ENTRIES) {
        const at = isPair(item) ? item.value : item;
        const text = `aliases make more than ${MOST_ENTRIES} entries of this file, expected each block written once or twice`;
        return found(isNodeLike(at) ? at : node, text);
      }
    }
    open.delete(node);
    sizes.set(node, size);
    return size;
  };
  sizeOf(doc.contents, 0);
  return slip;
}

/** What is wrong with a key: a name that is no name, or what follows the comma of `2,4`. */
function keySlip(pair: unknown, before: unknown): { readonly at: Node; readonly text: string } | undefined {
  if (!isPair(pair) || !isScalar(pair.key)) return undefined;
  const { key } = pair;
  if (KEPT_NAMES.includes(String(key.value))) {
    return { at: key, text: `"${String(key.value)}" is no name that can be used, expected another` };
  }
  const comma = decimalComma(pair, before);
  return comma === undefined ? undefined : { at: key, text: comma.text };
}

/**
 * A decimal comma in a flow block, where it makes two entries: `limit: 2` and `4`. Offsets of the whole number. `before`: the
 * pair before this one in its block.
 */
export function decimalComma(
  pair: unknown,
  before: unknown,
): { readonly start: number; readonly end: number; readonly text: string } | undefined {
  if (!isPair(pair) || !isScalar(pair.key) || !isPair(before) || !isScalar(before.value)) return undefined;
  const { key } = pair;
  const isEmpty = pair.value === null || (isScalar(pair.value) && pair.value.value === null);
  const part = key.source ?? String(key.value);
  if (!isEmpty || !/^\d+$/.test(part) || typeof before.value.value !== 'number') return undefined;
  const whole = before.value.source ?? String(before.value.value);
  const name = isScalar(before.key) ? `${String(before.key.value)}: ` : '';
  return {
    start: before.value.range?.[0] ?? 0,
    end: key.range?.[1] ?? 0,
    text: `${name}found ${whole},${part} with a decimal comma, expected a decimal point: ${whole}.${part}`,
  };
}

function isNodeLike(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && ('range' in value || 'items' in value);
}
