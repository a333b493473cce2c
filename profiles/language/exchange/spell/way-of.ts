import type { StepNode } from '../../file/nodes.ts';
import type { At } from '../ledger.ts';
import type { Around } from './spell-step.ts';

/**
 * The steps of an `if` that are written. Parameters and figures of the bench may decide it: then those of its way, as if it
 * were not there. Where only the run does, its steps are a difference if it has one way alone: they are done always, so that
 * none is left out. @throws LanguageError of two ways that only the run decides, and of one that leads elsewhere
 */
export function wayOf(step: StepNode, { worth, known, ledger }: Around): readonly StepNode[] {
  const { keys, place, blocks } = step;
  const at: At = { file: worth.file, place: [...place, 'if'] };
  const holds = worth.holds(at.place, keys['if'], known);
  const isTarget = (key: string): boolean => typeof keys[key] === 'string' && keys[key] !== 'next';
  if (holds !== undefined) {
    const key = holds ? 'then' : 'else';
    if (isTarget(key))
      ledger.row('logic', { ...at, place: [...place, key] }, `"${key}: ${String(keys[key])}"`);
    return blocks.get(key) ?? [];
  }
  const [first, second] = ['then', 'else'].map(key => blocks.get(key) ?? []);
  const isTwoWays = (first.length > 0 && second.length > 0) || isTarget('then') || isTarget('else');
  if (isTwoWays) ledger.row('logic', at, '"if" that only the run decides');
  ledger.differ(at, 'is decided only in the run: there its steps are always done');
  return first.length > 0 ? first : second;
}
