import type { Program } from '../layout/instruction.ts';
import { ACTIONS } from './actions/index.ts';

/** The first step that cannot be run at all; undefined: all can. */
export function cannotRun({
  instructions,
}: Program): { readonly place: string; readonly kind: string } | undefined {
  for (const at of instructions) if (at.op === 'run' && ACTIONS[at.kind] === undefined) return at;
  return undefined;
}
