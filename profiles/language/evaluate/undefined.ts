import { hangsOnTime, partsOf, type Tree } from '../expression/tree.ts';
import { Evaluator } from './evaluator.ts';

/** What makes an expression nothing at all although what it reads is known: a division by zero, a root below nothing. */

const NOW = Float64Array.of(0);

/**
 * Why it has no value, for people: `division by zero`; undefined: nothing of the kind, as far as the slots are known (NaN:
 * not known). `known()` asks for just that and is passed over, and so is what hangs on time.
 */
export function whyUndefined(tree: Tree, values: readonly number[]): string | undefined {
  if (tree.op === 'known') return undefined;
  for (const part of partsOf(tree)) {
    const found = whyUndefined(part, values);
    if (found !== undefined) return found;
  }
  if (tree.op === '/' && amountOf(tree.b, values) === 0) return 'division by zero';
  if (tree.op !== 'sqrt' && tree.op !== 'ln') return undefined;
  const of = amountOf(tree.a, values);
  if (tree.op === 'sqrt' && of < 0) return `square root of ${Number(of.toPrecision(6))}, which is below zero`;
  if (tree.op === 'ln' && of <= 0)
    return `logarithm of ${Number(of.toPrecision(6))}, which is not above zero`;
  return undefined;
}

/** True of an expression that may be undefined at all. */
export function mayBeUndefined(tree: Tree): boolean {
  return ['/', 'sqrt', 'ln'].includes(tree.op) || partsOf(tree).some(mayBeUndefined);
}

function amountOf(tree: Tree, values: readonly number[]): number {
  if (hangsOnTime(tree)) return Number.NaN;
  const evaluator = new Evaluator(
    tree,
    values.map((_, first) => ({ first, count: 1 })),
  );
  evaluator.run(Float64Array.from(values), NOW);
  return evaluator.result;
}
