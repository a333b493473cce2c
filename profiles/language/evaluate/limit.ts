import { partsOf, slotsOf, type Tree } from '../expression/tree.ts';

const WINDOWS = ['span', 'slope', 'average'];
const COMPARISONS = ['<', '<=', '>', '>=', '==', '!='];

/**
 * The condition of a limit: what cannot be told, because a reading is bad or stale, counts as exceeded. Under `not`
 * the other way round, so that the whole is exceeded. A window that is not yet full stays unknown.
 */
export function asLimit(tree: Tree): Tree {
  return settled(tree, 1);
}

function settled(tree: Tree, as: 0 | 1): Tree {
  if (tree.op === 'and' || tree.op === 'or')
    return { ...tree, a: settled(tree.a, as), b: settled(tree.b, as) };
  if (tree.op === 'held') return { ...tree, a: settled(tree.a, as) };
  if (tree.op === 'not') return { ...tree, a: settled(tree.a, as === 1 ? 0 : 1) };
  const isLeaf = COMPARISONS.includes(tree.op) || tree.op === 'switch';
  return isLeaf ? { op: 'settle', a: tree, as, slots: slotsOf(tree) } : tree;
}

/** True of a tree with a window in it: its value may be unknown although every reading is good. */
export function hasWindow(tree: Tree): boolean {
  return WINDOWS.includes(tree.op) || tree.op === 'change' || partsOf(tree).some(hasWindow);
}

/** A condition without its `for`: whether it holds at all. */
export function bareOf(tree: Tree): Tree {
  if (tree.op === 'held') return bareOf(tree.a);
  if (tree.op === 'and' || tree.op === 'or') return { ...tree, a: bareOf(tree.a), b: bareOf(tree.b) };
  if (tree.op === 'not') return { ...tree, a: bareOf(tree.a) };
  return tree;
}
