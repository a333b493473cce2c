import { dotted } from '../../../drivers/contract/explain.ts';
import { namesIn } from './names-of-file.ts';
import type { LanguageFile } from './nodes.ts';

/** Names whose figures a bench file may lack. */
const FIGURES = /^(subject|bench)\./;

/**
 * A procedure without the defaults that nobody ever takes: where each of its calls gives the parameter, the bench need
 * not have the figure behind its default. `isGiven`: by that call, in whatever unit.
 */
export function withoutUnusedDefaults(
  procedure: LanguageFile,
  calls: readonly Readonly<Record<string, unknown>>[],
  isGiven: (name: string, given: Readonly<Record<string, unknown>>) => boolean,
): LanguageFile {
  const unused = Object.keys({ ...(procedure.head['parameters'] as object | undefined) })
    .filter(name => calls.every(given => isGiven(name, given)))
    .flatMap(name => [dotted(['parameters', name]), dotted(['parameters', name, 'default'])]);
  const expressions = new Map(
    [...procedure.expressions].filter(
      ([key, { syntax }]) => !unused.includes(key) || ![...namesIn(syntax)].some(name => FIGURES.test(name)),
    ),
  );
  return expressions.size === procedure.expressions.size ? procedure : { ...procedure, expressions };
}
