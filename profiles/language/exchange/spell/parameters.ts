import { dotted, type Place } from '../../../../drivers/contract/explain.ts';
import { rangeOf } from '../../bench/constants.ts';
import type { StepNode } from '../../file/nodes.ts';
import { splitName } from '../../units/names.ts';
import { tidy } from '../plain-step.ts';
import type { Known, Worth } from './worth.ts';

/** Which values the names of a file have where nothing runs: parameters, and the rounds of `each`. */

type Keys = Readonly<Record<string, unknown>>;

/** Parameters of a file: `given` before the defaults. @throws LanguageError of one that has no value */
export function parametersOf(worth: Worth, given: Known): Known {
  const values = new Map<string, number>();
  const lists = new Map<string, readonly number[]>();
  for (const [name, raw] of Object.entries({ ...(worth.file.head['parameters'] as Keys | undefined) })) {
    const isBlock = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
    const at: Place = isBlock ? ['parameters', name, 'default'] : ['parameters', name];
    const value = isBlock ? (raw as Keys)['default'] : raw;
    if (typeof splitName(name)?.unit === 'string') continue;
    const [one, list] = [given.values.get(name), given.lists.get(name)];
    if (list !== undefined) lists.set(name, list);
    else if (one !== undefined) values.set(name, one);
    else if (Array.isArray(value))
      lists.set(
        name,
        value.map((member, i) => worth.number([...at, i], member, { values, lists })),
      );
    else if (value === undefined)
      throw worth.file.errors.error(['parameters', name], 'has no default, so that its value is not known');
    else values.set(name, worth.number(at, value, { values, lists }));
  }
  return { values, lists };
}

/** What a step gives to the procedure that it calls. */
export function givenBy(step: StepNode, worth: Worth, known: Known): Known {
  const values = new Map<string, number>();
  const lists = new Map<string, readonly number[]>();
  for (const [name, raw] of Object.entries({ ...(step.keys['with'] as Keys | undefined) })) {
    const at: Place = [...step.place, 'with', name];
    if (typeof splitName(name)?.unit === 'string') continue;
    const isNamed = worth.file.expressions.get(dotted(at))?.expected.kind === 'list';
    if (isNamed || Array.isArray(raw)) lists.set(name, listOf(at, raw, worth, known));
    else values.set(name, worth.number(at, raw, known));
  }
  return { values, lists };
}

/** What is known in each round of an `each`. @throws LanguageError of lists that only a run knows */
export function roundsOf(step: StepNode, worth: Worth, known: Known): readonly Known[] {
  const lists = Object.entries(step.keys['each'] as Keys).map(([name, raw]) => {
    return [name, listOf([...step.place, 'each', name], raw, worth, known)] as const;
  });
  const length = lists[0]?.[1].length ?? 0;
  for (const [name, list] of lists) {
    if (list.length === length) continue;
    const what = `${list.length} values, but ${lists[0][0]} has ${length}: lists go in step`;
    throw worth.file.errors.error([...step.place, 'each', name], what);
  }
  return Array.from({ length }, (_, i) => ({
    lists: known.lists,
    values: new Map([...known.values, ...lists.map(([name, list]) => [name, list[i]] as const)]),
  }));
}

function listOf(place: Place, raw: unknown, worth: Worth, known: Known): readonly number[] {
  if (typeof raw === 'string') return worth.list(place, known);
  if (Array.isArray(raw)) return raw.map((member, i) => worth.number([...place, i], member, known));
  const block = raw as Keys;
  const [from, to, by] = ['from', 'to', 'by'].map(key => worth.number([...place, key], block[key], known));
  const range = rangeOf(from, to, by);
  if (range === undefined) throw worth.file.errors.error(place, 'the range has no end');
  return range.map(tidy);
}
