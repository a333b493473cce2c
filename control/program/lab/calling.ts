import { stringify } from 'yaml';
import type { LanguageFile } from '../../../profiles/language/file/nodes.ts';

type Keys = Readonly<Record<string, unknown>>;

/**
 * The method that does nothing but call a procedure, with the same parameters and figures: a built-in method is a
 * procedure, and only a method can be carried out. `called`: the name of a built-in one, or the path of a file.
 */
export function callingText(procedure: Pick<LanguageFile, 'name' | 'head'>, called: string): string {
  const parameters = { ...(procedure.head['parameters'] as Keys | undefined) };
  const returned = Object.keys({ ...(procedure.head['returns'] as Keys | undefined) });
  const given = Object.fromEntries(Object.keys(parameters).map(name => [name, name]));
  return stringify({
    method: procedure.name,
    version: 2,
    doc: `calls ${procedure.name}`,
    ...(Object.keys(parameters).length === 0 ? {} : { parameters }),
    ...(returned.length === 0
      ? {}
      : { returns: Object.fromEntries(returned.map(name => [name, `called.${name}`])) }),
    steps: [{ call: called, id: 'called', ...(Object.keys(given).length === 0 ? {} : { with: given }) }],
  });
}
