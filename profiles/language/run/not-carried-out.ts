import type { LanguageFiles } from '../file/calls.ts';
import type { Program } from '../layout/instruction.ts';
import { ACTIONS } from './actions/index.ts';

/** What a method says and this version reads, but does not carry out: it is told, never passed over. */

/** The first step that cannot be run at all; undefined: all can. */
export function cannotRun({
  instructions,
}: Program): { readonly place: string; readonly kind: string } | undefined {
  for (const at of instructions) if (at.op === 'run' && ACTIONS[at.kind] === undefined) return at;
  return undefined;
}

/** One line each, for the terminal and the record. */
export function notCarriedOut(
  { main, procedures }: LanguageFiles,
  { instructions }: Program,
): readonly string[] {
  const files = [main, ...procedures.values()];
  const heads = files.flatMap(({ path, phases }) => [
    ...phases.flatMap(phase => (phase.reentry.length === 0 ? [] : [`${path}: phase ${phase.name}: reentry`])),
  ]);
  const steps = instructions.flatMap(at => {
    if (!('limits' in at)) return [];
    return at.resume === undefined ? [] : [`${at.place}: resume`];
  });
  return [...heads, ...steps].map(where => `not carried out yet: ${where}`);
}
