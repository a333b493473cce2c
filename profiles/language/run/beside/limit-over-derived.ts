import type { ResolvedExpression } from '../../bench/on-bench.ts';
import type { Reference } from '../../bench/reference.ts';
import { asLimit, hasWindow } from '../../evaluate/limit.ts';
import type { Tree } from '../../expression/tree.ts';
import type { DerivedRole } from '../../layout/derived.ts';

/** Everything that an expression is worked out of in the end: in place of a derived role what that is worked out of. */
export function sourcesOf(
  { slots }: Pick<ResolvedExpression, 'slots'>,
  derived: readonly DerivedRole[],
): readonly Reference[] {
  return slots.flatMap(slot => {
    const own = derivedAt(slot, derived);
    return own === undefined ? [slot] : sourcesOf(own.expression, derived);
  });
}

/**
 * The condition of a limit. A derived role without a value counts as exceeded where a reading behind it is bad or stale;
 * one whose window is not yet full stays unknown, as the window would that is written out in the limit.
 */
export function limitOf(
  expression: ResolvedExpression,
  derived: readonly DerivedRole[],
): { readonly tree: Tree; readonly slots: readonly Reference[] } {
  const slots = [...expression.slots];
  const behind = expression.slots.map((slot, i): readonly number[] => {
    if (derivedAt(slot, derived) === undefined) return [i];
    const sources = sourcesOf({ slots: [slot] }, derived);
    return sources.map(source => slots.push(source) - 1);
  });
  const isSlow = expression.slots.map(slot => fills(slot, derived));
  const rewritten = (tree: Tree): Tree => {
    switch (tree.op) {
      case 'and':
      case 'or':
        return { ...tree, a: rewritten(tree.a), b: rewritten(tree.b) };
      case 'held':
      case 'not':
        return { ...tree, a: rewritten(tree.a) };
      case 'settle': {
        const mayFill = tree.slots.some(i => isSlow[i]) || hasWindow(tree.a);
        return { ...tree, slots: tree.slots.flatMap(i => behind[i]), mayFill };
      }
      default:
        return tree;
    }
  };
  return { tree: rewritten(asLimit(expression.tree)), slots };
}

/** The derived role that stands in a slot. */
export function derivedAt(slot: Reference, derived: readonly DerivedRole[]): DerivedRole | undefined {
  return slot.from === 'own name' ? derived.find(({ name }) => name === slot.name) : undefined;
}

/** True of a derived role with a window in it, or in one that it is worked out of. */
function fills(slot: Reference, derived: readonly DerivedRole[]): boolean {
  const own = derivedAt(slot, derived);
  if (own === undefined) return false;
  return hasWindow(own.expression.tree) || own.expression.slots.some(one => fills(one, derived));
}
