import { nearest, type Place } from '../../../../drivers/contract/explain.ts';
import { splitName } from '../../units/names.ts';
import { isRole } from '../keys.ts';
import { KEPT_NAMES } from '../names-of-file.ts';
import { allSteps, type LanguageFile, listsOf, type StepNode, topLists } from '../nodes.ts';
import type { Source } from '../source.ts';

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
      const near = nearest(id, ids);
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

/** Set points of what is under test, however they are named: whoever sets one of them drives the output. */
const OF_OUTPUT =
  /^(cell|stack)\.(output|mode|current|voltage|power|resistance|voltageMax|voltageMin)(Set)?$/;

/** What a step sets: its roles, and "the output" of a supply. */
function drivenBy(step: StepNode): readonly (readonly [what: string, key: string])[] {
  const { kind, keys } = step;
  const own = Object.keys(typeof kind.own === 'object' ? (keys[kind.key] ?? {}) : {});
  const roles = kind.key === 'set' || kind.key === 'ramp' || kind.key === 'follow' ? own.filter(isRole) : [];
  const isLoad =
    kind.isElectrical === true ||
    own.some(key => ['current', 'voltage', 'power'].includes(splitName(key)?.stem ?? ''));
  const drivesOutput = isLoad && roles.length === 0;
  return [
    ...roles.map(role => {
      const stem = splitName(role)?.stem ?? role;
      return [OF_OUTPUT.test(stem) ? 'the output' : stem, role] as const;
    }),
    ...(drivesOutput ? [['the output', ''] as const] : []),
  ];
}

function checkLanes(source: Source, together: StepNode): void {
  const taken = new Map<string, number>();
  together.lanes.forEach((lane, i) => {
    for (const step of allSteps(lane)) {
      for (const [what, key] of drivenBy(step)) {
        const other = taken.get(what) ?? i;
        if (other !== i) {
          const at = [...step.place, step.kind.key, ...(key === '' ? [] : [key])];
          throw source.error(
            at,
            `list ${other + 1} of together drives ${what} already, expected it in one list`,
          );
        }
        taken.set(what, i);
      }
    }
  });
}
