import { isAlias, isCollection, isMap, isPair, isScalar, type Pair } from 'yaml';
import type { Source } from './source.ts';

/**
 * What YAML allows and the language does not, because editors and people read it in two ways: merge keys, tags, numbers
 * that are not decimal, and a comma that cut an expression in two.
 */

/** @throws LanguageError with the first one */
export function refuseSlips(source: Source): void {
  look(source, source.root);
}

function look(source: Source, node: unknown): void {
  if (isAlias(node)) return;
  if (isScalar(node) || isCollection(node)) {
    if (node.tag !== undefined && !isSilent(node.tag))
      throw source.nodeError(node, `${node.tag} is a tag, expected the plain value`);
  }
  if (isScalar(node)) {
    const written = node.source ?? '';
    const isPlain = node.type === 'PLAIN';
    if (isPlain && /^[-+]?0[xo]/i.test(written) && typeof node.value === 'number')
      throw source.nodeError(node, `${written} is no decimal number, expected ${node.value}`);
    if (typeof node.value === 'number' && !Number.isFinite(node.value))
      throw source.nodeError(node, `${written} is no number to work with, expected a finite one`);
    return;
  }
  if (!isCollection(node)) return;
  const isFlow = isMap(node) && node.flow === true;
  node.items.forEach((item, i) => {
    if (!isPair(item)) return look(source, item);
    if (isMap(node)) lookAtKey(source, item, isFlow ? node.items[i - 1] : undefined);
    look(source, item.value);
  });
}

/** Tags that the parser itself gives. */
function isSilent(tag: string): boolean {
  return tag === '' || tag === '?' || tag === '!';
}

function lookAtKey(source: Source, pair: Pair, before: Pair | undefined): void {
  if (!isScalar(pair.key)) throw source.nodeError([0, 1], 'a key is a block, expected a name');
  const key = String(pair.key.value);
  if (key === '<<')
    throw source.nodeError(pair.key, '<< is a merge key (not in YAML 1.2), expected the keys written out');
  const isEmpty = pair.value === null || (isScalar(pair.value) && pair.value.value === null);
  if (!isEmpty || before === undefined || !isScalar(before.value)) return;
  const isCut = typeof before.value.value === 'string' && before.value.type === 'PLAIN';
  if (!isCut || !isScalar(before.key)) return;
  const whole = `${String(before.value.value)}, ${key}`;
  throw source.nodeError(
    pair.key,
    `the comma ends the value of ${String(before.key.value)} inside { }: quote it, ${String(before.key.value)}: "${whole}"`,
  );
}
