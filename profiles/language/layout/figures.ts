import { nearest } from '../../../drivers/contract/explain.ts';
import { COUNTED, findName } from '../bench/find-name.ts';
import type { BenchNames, Reference } from '../bench/reference.ts';
import { SCOPE_STEMS } from '../file/names-of-file.ts';
import { allSteps, type LanguageFile, type StepNode, topLists } from '../file/nodes.ts';
import { splitName, unitText, type WordUnit } from '../units/names.ts';
import { type Conversion, sameDimension, type Unit, unitNamed } from '../units/unit.ts';
import { ownName } from './own-names.ts';

/** What is asked of a step after its end, `discharge.charge_Ah`, and where it comes from. All JSON. */
export interface StepFigure {
  /** The step, `rate.yaml#discharge`, and what stands behind its dot. */
  readonly id: string;
  readonly name: string;
  readonly from: /** What it counted, in the unit of `to`. */
    | { readonly counted: string; readonly to: Conversion }
    /** Mean of a role over its `average_`. */
    | { readonly role: string; readonly isArray: boolean; readonly to: Conversion }
    /** What its procedure returned, or a figure of its evaluation. */
    | 'returned';
}

const NOTHING = { own: new Map(), derived: [], data: new Map() };

/**
 * What the figure `name` of a step is on a bench. `returned`: what the procedure returns that the step calls: it means what
 * it returns by a name, not what the call has counted under the same one.
 */
export function stepFigure(
  path: string,
  id: string,
  name: string,
  bench: BenchNames,
  returned: readonly string[],
): StepFigure {
  if (returned.some(one => isSameFigure(one, name))) return { id: ownName(path, id), name, from: 'returned' };
  const found: readonly (Reference | { readonly wrong: string })[] = [
    findName(`step.${name}`, bench, NOTHING, []),
    ...(name.includes('.') ? [findName(name, bench, NOTHING, [])] : []),
  ];
  for (const one of found) {
    if ('wrong' in one) continue;
    if (one.from === 'part of the run')
      return { id: ownName(path, id), name, from: { counted: one.counted, to: one.to } };
    if (one.from === 'role')
      return { id: ownName(path, id), name, from: { role: one.role, isArray: one.isArray, to: one.to } };
  }
  return { id: ownName(path, id), name, from: 'returned' };
}

/** True of two names of one figure: the same stem, and units that one value can be had in. */
function isSameFigure(a: string, b: string): boolean {
  const [one, other] = [splitName(a), splitName(b)];
  return a === b || (one?.stem === other?.stem && isInOneUnit(one?.unit, other?.unit));
}

/** Names that the procedure returns that a step of a file calls, by its id; none of any other step. */
export function returnedNames(
  id: string,
  file: LanguageFile,
  called: (step: StepNode, file: LanguageFile) => LanguageFile,
): readonly string[] {
  const step = stepOf(id, file);
  if (step?.kind.key !== 'call') return [];
  return Object.keys({ ...(called(step, file).head['returns'] as object | undefined) });
}

function stepOf(id: string, file: LanguageFile): StepNode | undefined {
  return topLists(file)
    .flatMap(list => [...allSteps(list)])
    .find(one => one.id === id);
}

/** What a part of a run counts, in the unit that is asked for where it can be had in it. */
function countedIn(stem: string, asked: Unit | WordUnit | undefined): string {
  const own = unitNamed(COUNTED[stem]);
  const isAlike = typeof asked === 'object' && own !== undefined && sameDimension(asked, own);
  return `${stem}_${isAlike ? unitText(asked) : COUNTED[stem]}`;
}

/**
 * Why nothing gives a figure that is asked for behind an id, with the nearest one that is given; undefined: its procedure
 * returns it. `returned`: what that returns.
 */
export function wrongFigure(
  { id, name }: { readonly id: string; readonly name: string },
  file: LanguageFile,
  returned: readonly string[],
): string | undefined {
  const step = stepOf(id, file);
  if (step === undefined) return undefined;
  const isCall = step.kind.key === 'call';
  const stem = splitName(name)?.stem ?? name;
  if (returned.some(one => splitName(one)?.stem === stem)) return undefined;
  const unit = splitName(name)?.unit;
  const counted = SCOPE_STEMS.map(one => countedIn(one, unit));
  const kin = counted.find(one => splitName(one)?.stem === stem && one !== name);
  const alike = [...returned, ...counted].filter(one => isInOneUnit(splitName(one)?.unit, unit));
  const near = kin ?? nearest(name, alike, Math.max(2, Math.ceil(name.length / 3)));
  const hint = near === undefined ? '' : ` (did you mean ${id}.${near}?)`;
  const gives = isCall
    ? `${String(step.keys['call'])} returns ${returned.length === 0 ? 'nothing' : returned.join(', ')}`
    : `a ${step.kind.key} step gives what it counts (${SCOPE_STEMS.join(', ')}), and means of roles with average_`;
  return `"${id}.${name}" is no figure: ${gives}${hint}`;
}

/** True where one may stand in the place of the other: both measure the same. */
function isInOneUnit(a: Unit | WordUnit | undefined, b: Unit | WordUnit | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return sameDimension(a, b);
}
