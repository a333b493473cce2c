import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { isList } from '../file/names-of-file.ts';
import { allSteps, type LanguageFile, type StepNode, topLists } from '../file/nodes.ts';
import { MOST_ROUNDS } from '../steps/repeat.ts';
import { beyondBorders, outOfOrder, quantityOf } from './borders.ts';
import { constantAt, type Known, listAt, MOST_VALUES } from './constants.ts';
import type { Keys, Looking } from './looking.ts';
import type { OnBench, ResolvedExpression } from './on-bench.ts';

/** What is known in each round of a loop, and of the parameters. */

/** Of each round of `each`, what is known in it. @throws LanguageError of lists that are not known or not equally long */
export function roundsOf(step: StepNode, { on, known, file }: Looking): readonly Known[] {
  const lists = Object.entries(step.keys['each'] as Keys).map(([name, raw]) => {
    return [name, listAt([...step.place, 'each', name], raw, on, known)] as const;
  });
  for (const [name, list] of lists) {
    if (list === undefined)
      throw file.errors.error(
        [...step.place, 'each', name],
        whyNoList([...step.place, 'each', name], (step.keys['each'] as Keys)[name], { on, known }),
      );
  }
  const length = lists[0][1]?.length ?? 0;
  for (const [name, list] of lists) {
    if (list?.length !== length)
      throw file.errors.error(
        [...step.place, 'each', name],
        `${list?.length} values, but ${lists[0][0]} has ${length}: lists go in step`,
      );
  }
  return Array.from({ length }, (_, i) => {
    const values = lists.map(([name, list]) => [name, list?.[i] ?? Number.NaN] as const);
    return { ...known, round: i + 1, values: new Map([...known.values, ...values]) };
  });
}

/** So many rounds tell what there is to tell. */
export const MOST_VISITS = 200;

/** Of the rounds of `repeat` what is known in each, where the steps in it ask for `round.count`; undefined: all are alike. */
export function countedRounds(
  step: StepNode,
  rounds: number,
  { on, known }: Looking,
): readonly Known[] | undefined {
  const at = dotted([...step.place, 'steps']);
  const counts = ({ slots }: ResolvedExpression): boolean =>
    slots.some(slot => slot.from === 'part of the run' && slot.counted === 'count');
  if (!(rounds >= 1 && rounds <= MOST_VISITS)) return undefined;
  if (![...on.expressions].some(([key, expression]) => key.startsWith(at) && counts(expression)))
    return undefined;
  return Array.from({ length: rounds }, (_, i) => ({ ...known, round: i + 1 }));
}

/** What a loop itself says of `round.count` is of its own rounds; `times` and the lists are worked out before them. */
export function besideRounds(step: StepNode, looking: Looking): Looking {
  const isLoop = step.kind.key === 'repeat' || step.kind.key === 'each';
  return isLoop ? { ...looking, known: { ...looking.known, round: undefined } } : looking;
}

/** Why nobody knows the values of a list before the run. */
function whyNoList(at: Place, raw: unknown, { on, known }: Pick<Looking, 'on' | 'known'>): string {
  const block = typeof raw === 'object' && raw !== null ? (raw as Keys) : {};
  const [from, to, by] = ['from', 'to', 'by'].map(key => constantAt([...at, key], block[key], on, known));
  const steps = (to - from) / by;
  if (steps < 0) return `from ${from} to ${to} by ${by} never comes there, expected the other sign of by`;
  if (steps >= MOST_VALUES) return `has ${Math.floor(steps) + 1} values, expected ${MOST_VALUES} at most`;
  return 'the list is not known before the run, expected one that is';
}

/** Why a loop cannot go round so often; undefined: it can, or nobody knows yet (NaN). */
export function wrongCount(rounds: number): string | undefined {
  if (Number.isNaN(rounds)) return undefined;
  const isWhole = Math.abs(rounds - Math.round(rounds)) < 1e-6;
  if (isWhole && rounds >= 0 && rounds <= MOST_ROUNDS) return undefined;
  return `${Number(rounds.toPrecision(6))} rounds, expected a whole number up to ${MOST_ROUNDS} (every loop is counted)`;
}

/** What is given for parameters, each in the unit of its name. */
export type Given = ReadonlyMap<string, number | readonly number[]>;

function refuseBeyond(file: LanguageFile, name: string, value: number, at: Place, on: OnBench): void {
  const broken = beyondBorders(name, value, file, on);
  if (broken !== undefined) throw file.errors.error(at, `${quantityOf(name, value)}, ${broken}`);
}

/** Parameters as given, or their defaults. @throws LanguageError of a default beyond its own `min` and `max` on this bench */
export function parametersOf(file: LanguageFile, on: OnBench, given: Given): Known {
  const values = new Map<string, number>();
  const lists = new Map<string, readonly number[]>();
  const steps = topLists(file).flatMap(list => [...allSteps(list)]);
  const lets = steps.flatMap(({ place, keys }) =>
    Object.entries((keys['let'] as Keys | undefined) ?? {}).map(([name, raw]) => ({ place, name, raw })),
  );
  const assigned = new Set(lets.map(({ name }) => name));
  for (const [name, raw] of Object.entries({ ...(file.head['parameters'] as Keys | undefined) })) {
    // What a step changes is known only in the run.
    if (assigned.has(name)) continue;
    const isBlock = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
    const at: Place = isBlock ? ['parameters', name, 'default'] : ['parameters', name];
    const value = isBlock ? (raw as Keys)['default'] : raw;
    const found = given.get(name);
    if (isList(raw)) {
      const list = typeof found === 'object' ? found : listAt(at, value, on, { values, lists });
      for (const one of list ?? []) refuseBeyond(file, name, one, at, on);
      const disorder = outOfOrder(name, list ?? [], file);
      if (disorder !== undefined) throw file.errors.error(at, disorder);
      lists.set(name, list ?? []);
    } else {
      const one = typeof found === 'number' ? found : constantAt(at, value, on, { values, lists });
      refuseBeyond(file, name, one, at, on);
      values.set(name, one);
    }
  }
  // What is assigned once, out of what is known, is the same wherever it is read.
  const others = [file.head['parameters'], ...steps.map(({ keys }) => keys['each'])];
  for (const { place, name, raw } of lets) {
    const isOnce = lets.filter(one => one.name === name).length === 1;
    if (!isOnce || others.some(block => Object.hasOwn((block as Keys | undefined) ?? {}, name))) continue;
    const value = constantAt([...place, 'let', name], raw, on, { values, lists });
    if (Number.isFinite(value)) values.set(name, value);
  }
  return { values, lists };
}
