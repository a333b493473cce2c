import type { ResolvedExpression } from '../bench/on-bench.ts';
import { partsOf, type Tree } from '../expression/tree.ts';
import { expressionsIn } from './expressions-in.ts';
import type { Instruction, Program } from './instruction.ts';

/** Where a method reads a state of charge that nothing has set before. */

const STATE = 'cell.soc_pct';

/** The first instruction that waits for or works with a state of charge that is unknown then; undefined: there is none. */
export function unsetCharge({ instructions, end }: Program): { readonly place: string } | undefined {
  for (const one of instructions.slice(0, end)) {
    if (one.op === 'run' && one.kind === 'set' && STATE in one.own) return undefined;
    if ('place' in one && readsCharge(one)) return one;
  }
  return undefined;
}

function readsCharge(instruction: Instruction): boolean {
  // What is a limit, a gate, or thinning does not wait for it.
  const { limits, record, ...rest } = { limits: [], record: undefined, ...instruction };
  return [...expressionsIn(rest)].some(({ tree, slots }) => readsIn(tree, slots));
}

/** Whoever asks whether it is known reads it knowingly. */
function readsIn(tree: Tree, slots: ResolvedExpression['slots']): boolean {
  if (tree.op === 'known') return false;
  if ('slot' in tree && slots[tree.slot]?.from === 'state of charge') return true;
  return partsOf(tree).some(part => readsIn(part, slots));
}
