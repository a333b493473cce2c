import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { listAt } from '../bench/constants.ts';
import type { Context, PlannedStep } from '../bench/plan.ts';
import type { Named, Spoken } from '../file/define-step.ts';
import { isRole, stemOf, unitWord } from '../file/keys.ts';
import { splitName } from '../units/names.ts';
import { differenceOf } from '../units/unit.ts';
import { expressionWords } from './condition.ts';
import { valueText } from './values.ts';
import { nameWords, numbersText, unitWords } from './words.ts';

/** Turns what stands in a step into words for the sentence of its kind. */

type Keys = Readonly<Record<string, unknown>>;

const TARGET_WORDS: Readonly<Record<string, string>> = {
  next: 'go on with the next step',
  leave: 'leave the loop or group',
  'next-phase': 'go to the next phase',
  finish: 'go to the end (finally); counts as completed',
  hold: 'hold (no step goes on, limits do; a stack keeps its set points, a cell rests)',
  stop: 'stop',
  trip: 'trip into the safe state',
};

/** Where a run goes, in words. */
export function targetWords(target: string): string {
  return TARGET_WORDS[target] ?? target.replace(/^goto /, 'go to step ');
}

/** A condition in words; as it is written where it is not there as an expression. */
export function conditionWords(planned: Context, place: Place, raw: unknown): string {
  const expression = planned.file.expressions.get(dotted(place));
  if (expression === undefined) return String(raw);
  const rounds = planned.visits.map(visit => visit.known);
  return expressionWords(expression.syntax, { text: expression.text, names: planned.names, rounds });
}

/** What a step says of itself. */
export function spokenOf(planned: PlannedStep): Spoken {
  const { step } = planned;
  const { kind, keys, place } = step;
  const rules = typeof kind.own === 'object' ? kind.own : {};
  const at: Place = [...place, kind.key];
  const own: Keys = typeof kind.own === 'object' ? { ...(keys[kind.key] as Keys) } : {};
  const keyOf = (stem: string): string | undefined => Object.keys(own).find(key => stemOf(key) === stem);
  const isPlain = (key: string): boolean => Object.hasOwn(rules.plain ?? {}, key);
  const isMain = (key: string): boolean => isRole(key) || rules.oneOf?.some(s => s === stemOf(key)) === true;
  const mainKey = Object.keys(own).find(key => !isPlain(key) && isMain(key));
  const mainUnit = mainKey === undefined ? undefined : splitName(mainKey)?.unit;
  const partUnit = typeof mainUnit === 'object' ? differenceOf(mainUnit).text : '';

  const named = (block: Keys, around: Place): readonly Named[] =>
    Object.entries(block).map(([key, raw]) => ({
      name: isRole(key) ? nameWords(key) : key,
      value:
        kind.key === 'each' || isListByName(planned, [...around, key])
          ? listText(planned, [...around, key], key, raw)
          : valueText(planned, [...around, key], raw),
    }));
  const blockText = (block: Keys, around: Place): string =>
    named(block, around)
      .map(one => `${one.name} to ${one.value}`)
      .join(', ');

  return {
    value(stem) {
      const key = keyOf(stem);
      if (key === undefined) return undefined;
      if (stem === 'per')
        return `${valueText(planned, [...at, key], own[key], partUnit)} per ${unitWord(key)}`;
      return valueText(planned, [...at, key], own[key]);
    },
    plain(key) {
      const raw = own[key];
      if (raw === undefined) return undefined;
      if (key === 'while') return conditionWords(planned, [...at, key], raw);
      if (key === 'dc' && typeof raw === 'object' && raw !== null)
        return named(raw as Keys, [...at, key])
          .map(one => `${nameWords(one.name)} ${one.value}`)
          .join(', ');
      if (typeof raw === 'object' && raw !== null) return blockText(raw as Keys, [...at, key]);
      return valueText(planned, [...at, key], raw, key === 'pause_every' ? partUnit : '');
    },
    main: {
      name: mainKey === undefined ? '' : nameWords(mainKey),
      value: mainKey === undefined ? '' : valueText(planned, [...at, mainKey], own[mainKey]),
    },
    named:
      'with' in keys
        ? named(keys['with'] as Keys, [...place, 'with'])
        : named(Object.fromEntries(Object.entries(own).filter(([key]) => !isPlain(key))), at),
    whole: kind.own === 'condition' ? conditionWords(planned, at, keys[kind.key]) : String(keys[kind.key]),
    target(key) {
      const target = keys[key];
      return typeof target === 'string' ? targetWords(target) : undefined;
    },
  };
}

/** A list that is given to a procedure by its name. */
function isListByName({ file }: PlannedStep, place: Place): boolean {
  return file.expressions.get(dotted(place))?.expected.kind === 'list';
}

/** A list of `each`: written out, a range, a name; worked out where it is known. */
function listText(planned: PlannedStep, place: Place, key: string, raw: unknown): string {
  const known = planned.visits[0]?.known ?? { values: new Map(), lists: new Map() };
  const list = listAt(place, raw, planned.on, known);
  const written = typeof raw === 'string' ? ` (${raw})` : '';
  if (list === undefined || list.some(Number.isNaN))
    return typeof raw === 'string' ? raw : 'values of the run';
  if (splitName(key)?.unit === 'on') return list.map(value => (value === 0 ? 'off' : 'on')).join(', ');
  return `${numbersText(list)} ${unitWords(unitWord(key))}`.trimEnd() + written;
}
