import { nearest, type Place } from '../../../../drivers/contract/explain.ts';
import { KEPT_NAMES } from '../names-of-file.ts';
import { allSteps, type LanguageFile, listsOf, type StepNode, topLists } from '../nodes.ts';
import type { Source } from '../source.ts';
import { checkLanes } from './lanes.ts';

/** Where steps lead: forward and outward only, and what stands side by side never drives the same. */

type Parts = Pick<LanguageFile, 'phases' | 'finally'>;

/** Lists around a step, the innermost first, each with the step's place in it. */
interface Around {
  readonly list: readonly StepNode[];
  readonly at: number;
  /** The step that holds the list; undefined: the file or a phase. */
  readonly holder: StepNode | undefined;
}

/** @throws LanguageError with the first id, target or lane that is wrong */
export function checkWays(source: Source, file: Parts, dataNames: readonly string[]): void {
  const ids = checkIds(source, file, dataNames);
  const hasPhases = file.phases.some(phase => phase.name !== '');
  for (const list of topLists(file)) visit(list, [], undefined);

  function visit(list: readonly StepNode[], outer: readonly Around[], holder: StepNode | undefined): void {
    list.forEach((step, at) => {
      const around = [{ list, at, holder }, ...outer];
      for (const [place, target] of targetsOf(step)) checkTarget(place, target, around);
      for (const inside of listsOf(step)) visit(inside, around, step);
      if (step.lanes.length > 0) checkLanes(source, step);
    });
  }

  function checkTarget(place: Place, target: string, around: readonly Around[]): void {
    if (target === 'next-phase' && !hasPhases) throw source.valueError(place, 'the file has no phases');
    if (
      target === 'leave' &&
      !around.some(({ holder }) => holder !== undefined && holder.kind.key !== 'if')
    ) {
      throw source.valueError(
        place,
        'there is no loop and no group around it that could be left (an exit of the loop itself leaves it already: next)',
      );
    }
    if (!target.startsWith('goto ')) return;
    const id = target.slice('goto '.length);
    if (!ids.includes(id)) {
      const ahead = around.flatMap(({ list, at }) => list.slice(at + 1).flatMap(step => step.id ?? []));
      const near = nearest(id, ahead);
      throw source.valueError(
        place,
        `no step has the id "${id}"${near === undefined ? '' : ` (did you mean ${near}?)`}`,
      );
    }
    for (const { list, at } of around) {
      const found = list.findIndex(step => step.id === id);
      if (found > at) return;
      if (found >= 0)
        throw source.valueError(place, `"${id}" lies behind: goto leads forward only (use repeat)`);
    }
    throw source.valueError(
      place,
      `"${id}" lies inside another block: goto leads to a step of the same or an outer list`,
    );
  }
}

function checkIds(source: Source, file: Parts, dataNames: readonly string[]): readonly string[] {
  const ids: string[] = [];
  for (const step of topLists(file).flatMap(list => [...allSteps(list)])) {
    const { id, place } = step;
    if (id === undefined) continue;
    const at = [...place, 'id'];
    if (KEPT_NAMES.includes(id))
      throw source.valueError(at, `"${id}" is a word of the language, expected another name`);
    if (dataNames.includes(id))
      throw source.valueError(at, `"${id}" is the name of a data file, expected another`);
    if (ids.includes(id)) throw source.valueError(at, `"${id}" stands twice, expected each id once`);
    ids.push(id);
  }
  return ids;
}

/** Every target of a step with its place. */
export function targetsOf({ keys, place }: StepNode): readonly (readonly [Place, string])[] {
  const exits = Array.isArray(keys['exits']) ? keys['exits'] : [];
  const found: (readonly [Place, unknown])[] = [
    [[...place, 'otherwise'], keys['otherwise']],
    [[...place, 'then'], keys['then']],
    [[...place, 'else'], keys['else']],
    ...exits.map((exit, i) => [[...place, 'exits', i, 'then'], exit.then] as const),
  ];
  return found.flatMap(([at, target]) => (typeof target === 'string' ? [[at, target] as const] : []));
}
