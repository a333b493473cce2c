import type { Instruction, Program } from '../layout/instruction.ts';
import type { LetCount } from '../run/rounds/round-values.ts';
import { Renaming } from './renaming.ts';
import { comparable, isSame } from './same.ts';

type Let = Extract<Instruction, { op: 'let' }>;

/**
 * What each `let` has been come to goes on where the edited method has the same one: those that say the same, in their order,
 * where there are as many of them as before. Any other is counted anew, under a line of its own.
 */
export function carriedLets(
  counts: readonly LetCount[],
  then: Program,
  now: Program,
  names: Renaming,
): readonly LetCount[] {
  // Within the method as it was nothing is called otherwise.
  const own = new Renaming(then.path, then.path);
  const [before, after] = [letsOf(then), letsOf(now)];
  return counts.map(count => {
    const old = before.find(({ where }) => where === count.where);
    if (old === undefined) return { ...count, where: null };
    const same = before.filter(one => saysSame(old, one, own));
    const found = after.filter(one => saysSame(old, one, names));
    const isKnown = same.length === found.length;
    return { ...count, where: isKnown ? (found[same.indexOf(old)]?.where ?? null) : null };
  });
}

const letsOf = ({ instructions }: Program): readonly Let[] =>
  instructions.flatMap(one => (one.op === 'let' ? [one] : []));

const saysSame = (a: Let, b: Let, names: Renaming): boolean =>
  isSame(comparable(a, 0, 'whole'), comparable(b, 0, 'whole'), names);
