import { isRole, unitWord } from '../../file/keys.ts';
import type { StepNode } from '../../file/nodes.ts';
import { isNoCount } from '../borders.ts';
import { constantAt } from '../constants.ts';
import type { Keys, Looking } from '../looking.ts';

/** A mode or a program has a whole number. @throws LanguageError at a role in `count` that is set to a part of one */
export function refuseHalfCount({ kind, keys, place }: StepNode, { file, on, known }: Looking): void {
  const own = keys[kind.key];
  if (typeof own !== 'object' || own === null) return;
  for (const [name, raw] of Object.entries(own as Keys)) {
    if (!isRole(name) || unitWord(name) !== 'count') continue;
    const at = [...place, kind.key, name];
    const value = constantAt(at, raw, on, known);
    if (Number.isNaN(value) || !isNoCount(name, value)) continue;
    throw file.errors.valueError(at, `found ${Number(value.toPrecision(6))}, expected a whole number`);
  }
}
