import { namesIn } from '../../file/names-of-file.ts';
import { allSteps, type LanguageFile, topLists } from '../../file/nodes.ts';

/**
 * Where a name may be what a step has counted and a role of the bench, nobody can tell which is meant. `isRole`: whether the
 * bench measures it. @throws LanguageError at the id
 */
export function refuseRoleIds(file: LanguageFile, isRole: (name: string) => boolean): void {
  const named = new Set([...file.expressions.values()].flatMap(({ syntax }) => [...namesIn(syntax)]));
  for (const { id, place } of topLists(file).flatMap(list => [...allSteps(list)])) {
    if (id === undefined) continue;
    const role = [...named].find(name => name.startsWith(`${id}.`) && isRole(name));
    if (role === undefined) continue;
    const text = `"${role}" is a role of the bench, but a step has the id ${id}: expected another id`;
    throw file.errors.valueError([...place, 'id'], text);
  }
}
