import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import type { OnBench, ResolvedExpression, SetTarget } from '../bench/on-bench.ts';
import type { Given } from '../bench/rounds.ts';
import { numberUnit, stemOf } from '../file/keys.ts';
import { allSteps, type LanguageFile, letsOf, topLists } from '../file/nodes.ts';
import { splitName } from '../units/names.ts';
import { conversion, unitNamed } from '../units/unit.ts';
import type {
  Assignment,
  Borders,
  Limit,
  Program,
  RecoverRule,
  Seconds,
  Value,
  Values,
} from './instruction.ts';
import { ownName } from './own-names.ts';

/** Turns what stands in a file into values of instructions: expressions by their place, times in s. */

type Keys = Readonly<Record<string, unknown>>;

/** A block with every expression in it worked out. */
export function resolved(raw: unknown, place: Place, on: OnBench): unknown {
  const expression = on.expressions.get(dotted(place));
  if (expression !== undefined) return expression;
  if (Array.isArray(raw)) return raw.map((member, i) => resolved(member, [...place, i], on));
  if (typeof raw !== 'object' || raw === null) return raw;
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [key, resolved(value, [...place, key], on)]),
  );
}

/** One value. */
export function valueAt(raw: unknown, place: Place, on: OnBench): Value {
  const found = on.expressions.get(dotted(place));
  if (found !== undefined) return found;
  return typeof raw === 'number' || typeof raw === 'boolean' ? raw : String(raw);
}

/** A condition; undefined where the key is not there. */
export function conditionAt(place: Place, on: OnBench): ResolvedExpression | undefined {
  return on.expressions.get(dotted(place));
}

/** The time behind `for_`, `within_`, `every_` among the keys at a place, in s. */
export function secondsOf(keys: Keys, place: Place, stem: string, on: OnBench): Seconds | undefined {
  const key = Object.keys(keys).find(k => stemOf(k) === stem);
  const unit = key === undefined ? undefined : numberUnit(key);
  const second = unitNamed('s');
  if (key === undefined || unit === undefined || second === undefined) return undefined;
  const { num, den } = conversion(unit, second);
  const raw = keys[key];
  if (typeof raw === 'number') return (raw * num) / den;
  const expression = conditionAt([...place, key], on);
  return expression === undefined ? undefined : { expression, factor: num / den };
}

/** Values as they are written: one, a list, a range. */
export function valuesAt(raw: unknown, place: Place, on: OnBench): Values {
  if (Array.isArray(raw)) return raw.map((member, i) => valueAt(member, [...place, i], on));
  if (typeof raw !== 'object' || raw === null) return valueAt(raw, place, on);
  const [from, to, by] = ['from', 'to', 'by'].map(key => valueAt((raw as Keys)[key], [...place, key], on));
  return { from, to, by };
}

/** The role behind each key of a block; of a block in it as `standby.n2.anodeValve_on`. */
export function setsIn(block: Keys, place: Place, on: OnBench): Readonly<Record<string, SetTarget>> {
  const found = Object.entries(block).flatMap(([key, raw]) => {
    const target = on.sets.get(dotted([...place, key]));
    if (target !== undefined) return [[key, target] as const];
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return [];
    const inside = setsIn(raw as Keys, [...place, key], on);
    return Object.entries(inside).map(([role, to]) => [`${key}.${role}`, to] as const);
  });
  return Object.fromEntries(found);
}

/** Texts and files are no values of a run: they say which data are read, before it begins. */
function isNoValue(name: string): boolean {
  const unit = splitName(name)?.unit;
  return unit === 'text' || unit === 'file';
}

/** Names of a block, each with what it is given. `path`: the file whose names they are. */
export function assignmentsAt(block: unknown, place: Place, on: OnBench, path: string): Assignment[] {
  return Object.entries({ ...(block as Keys | undefined) }).flatMap(([name, raw]) => {
    if (isNoValue(name)) return [];
    return { name: ownName(path, name), value: valuesAt(raw, [...place, name], on) };
  });
}

/** Parameters of a file that have a default. */
export function defaultsOf(head: Keys, on: OnBench, path: string): Assignment[] {
  return Object.entries({ ...(head['parameters'] as Keys | undefined) }).flatMap(([name, raw]) => {
    const isBlock = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
    if ((isBlock && !('default' in raw)) || isNoValue(name)) return [];
    const place: Place = isBlock ? ['parameters', name, 'default'] : ['parameters', name];
    return {
      name: ownName(path, name),
      value: valuesAt(isBlock ? (raw as Keys)['default'] : raw, place, on),
    };
  });
}

/** Names that only `let` gives a value: a call begins without what the one before has left in them. */
export function namedByLet(file: LanguageFile): readonly string[] {
  const given = Object.keys({ ...(file.head['parameters'] as Keys | undefined) });
  const all = topLists(file).flatMap(list => [...allSteps(list)].flatMap(letsOf));
  return [...new Set(all)].filter(name => !given.includes(name)).map(name => ownName(file.path, name));
}

/** What a file returns, by its names with unit. */
export function returnsOf(head: Keys, on: OnBench): Readonly<Record<string, Value>> {
  const returns = Object.entries({ ...(head['returns'] as Keys | undefined) });
  return Object.fromEntries(returns.map(([key, raw]) => [key, valueAt(raw, ['returns', key], on)]));
}

/** `min` and `max` of a parameter of a file; undefined: it has neither. */
export function bordersOf(head: Keys, name: string, on: OnBench): Borders | undefined {
  const block = (head['parameters'] as Keys | undefined)?.[name];
  if (typeof block !== 'object' || block === null || Array.isArray(block)) return undefined;
  const [min, max] = ['min', 'max'].map(key =>
    key in block ? valueAt((block as Keys)[key], ['parameters', name, key], on) : undefined,
  );
  if (min === undefined && max === undefined) return undefined;
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

/** A program with what a person gives in place of the defaults of its main file, which is at `path`. */
export function withGiven(program: Program, given: Given, path: string): Program {
  const own = new Map([...given].map(([name, value]) => [ownName(path, name), value] as const));
  const defaults = program.parameters;
  const left = [...own.keys()].filter(name => defaults.every(one => one.name !== name));
  // One without a default may be read by the default of another.
  const first = left.map(name => ({ name, value: own.get(name) ?? Number.NaN }));
  const rest = defaults.map(({ name, value }) => ({ name, value: own.get(name) ?? value }));
  return { ...program, parameters: [...first, ...rest] };
}

/** Limits as they are written behind a key; `where` says the line of a place, for people. */
export function limitsAt(raw: unknown, place: Place, on: OnBench, where: (place: Place) => string): Limit[] {
  const written = Array.isArray(raw) ? (raw as readonly Limit[]) : [];
  return written.flatMap(({ then, recover }, i) => {
    const when = conditionAt([...place, i, 'when'], on);
    if (when === undefined) return [];
    const rule = recover === undefined ? undefined : recoverAt(recover, [...place, i, 'recover'], on);
    return {
      when,
      then,
      where: where([...place, i, 'when']),
      ...(rule === undefined ? {} : { recover: rule }),
    };
  });
}

/** What is done in a suspension, as it is written behind `recover`. */
function recoverAt(raw: unknown, place: Place, on: OnBench): RecoverRule {
  const keys = raw as Keys;
  const block = { ...(keys['set'] as Keys | undefined) };
  const back = conditionAt([...place, 'back'], on);
  const sets = Object.entries(setsIn(block, [...place, 'set'], on)).map(([name, target]) => {
    const own = block[name];
    const at = [...place, 'set', name];
    if (typeof own !== 'object' || own === null) return { target, to: valueAt(own, at, on) };
    const to = valueAt((own as Keys)['to'], [...at, 'to'], on);
    const per = Object.keys(own).find(key => stemOf(key) === 'per');
    if (per === undefined) return { target, to };
    const by = valueAt((own as Keys)[per], [...at, per], on);
    const factor = target.to.num / target.to.den / (SECONDS_PER[per] ?? 1);
    return { target, to, per_s: { value: by, factor } };
  });
  return {
    sets,
    ...(back === undefined ? {} : { back }),
    for_s: secondsOf(keys, place, 'for', on) ?? 0,
    within_s: secondsOf(keys, place, 'within', on) ?? 0,
    at_most: Number(keys['at_most']),
  };
}

const SECONDS_PER: Readonly<Record<string, number>> = { per_s: 1, per_min: 60, per_h: 3600 };
