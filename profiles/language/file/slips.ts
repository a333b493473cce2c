import { isAlias, isCollection, isMap, isPair, isScalar, type Node, type Pair, type Scalar } from 'yaml';
import { decimalComma } from '../../../drivers/contract/yaml-slips.ts';

/**
 * What YAML allows and the language does not, because editors and people read it in two ways: merge keys, tags, numbers
 * that are not decimal, and a comma that cut an expression in two.
 */

/** Makes the error about a node of the text. */
export type Fail = (node: Node | readonly [start: number, end: number], what: string) => Error;

/** @throws what `fail` makes of the first one */
export function refuseSlips(root: unknown, fail: Fail): void {
  look(fail, root);
}

function look(fail: Fail, node: unknown): void {
  if (isAlias(node)) return;
  if (isScalar(node) || isCollection(node)) {
    if (node.tag !== undefined && !isSilent(node.tag))
      throw fail(node, `${node.tag.replace(/^tag:yaml.org,2002:/, '!!')} is a tag, expected the plain value`);
  }
  if (isScalar(node)) {
    const written = node.source ?? '';
    const isPlain = node.type === 'PLAIN';
    if (isPlain && /^[-+]?0[xo]/i.test(written) && typeof node.value === 'number')
      throw fail(node, `${written} is no decimal number, expected ${node.value}`);
    if (typeof node.value === 'number' && !Number.isFinite(node.value))
      throw fail(node, `${written} is no number to work with, expected a finite one`);
    return;
  }
  if (!isCollection(node)) return;
  const isFlow = isMap(node) && node.flow === true;
  for (const [i, item] of node.items.entries()) {
    if (!isPair(item)) {
      look(fail, item);
      continue;
    }
    if (isMap(node)) lookAtKey(fail, item, isFlow ? node.items.slice(Math.max(0, i - 1)).filter(isPair) : []);
    look(fail, item.value);
  }
}

/** Tags that the parser itself gives. */
function isSilent(tag: string): boolean {
  return tag === '' || tag === '?' || tag === '!';
}

/** `around`: in a flow block the pair before this one, this one, and all after it. */
function lookAtKey(fail: Fail, pair: Pair, around: readonly Pair[]): void {
  if (!isScalar(pair.key)) throw fail([0, 1], 'a key is a block, expected a name');
  const key = String(pair.key.value);
  if (key === '<<')
    throw fail(pair.key, '<< is a merge key (not in YAML 1.2), expected the keys written out');
  const before = around[0] === pair ? undefined : around[0];
  const comma = decimalComma(pair, before);
  if (comma !== undefined) throw fail([comma.start, comma.end], comma.text);
  if (!isEmpty(pair) || before === undefined || !isScalar(before.value)) return;
  const isCut = typeof before.value.value === 'string' && before.value.type === 'PLAIN';
  if (!isCut || !isScalar(before.key)) return;
  const rest = around.slice(1);
  const cut = rest.slice(0, rest.findIndex(other => !isEmpty(other)) + 1 || rest.length).filter(isEmpty);
  const parts = [before.value, ...cut.map(other => other.key)].filter(part => isScalar(part));
  const open = openBracket(parts);
  if (open !== undefined)
    throw fail([open, open + 1], `${String(before.key.value)}: this bracket is not closed, expected )`);
  const whole = parts.map(part => String(part.value)).join(', ');
  throw fail(
    pair.key,
    `the comma ends the value of ${String(before.key.value)} inside { }: quote it, ${String(before.key.value)}: "${whole}"`,
  );
}

/** Offset of the last bracket of an expression in parts that is not closed in any of them. */
function openBracket(parts: readonly Scalar[]): number | undefined {
  const open: number[] = [];
  for (const part of parts)
    for (const [i, character] of [...(part.source ?? '')].entries()) {
      if (character === '(') open.push((part.range?.[0] ?? 0) + i);
      if (character === ')') open.pop();
    }
  return open.at(-1);
}

function isEmpty(pair: Pair): boolean {
  return pair.value === null || (isScalar(pair.value) && pair.value.value === null);
}
