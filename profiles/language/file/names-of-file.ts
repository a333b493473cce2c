import { nearest } from '../../../drivers/contract/explain.ts';
import { ANY_FITS, type Fits } from '../expression/instead.ts';
import type { Syntax } from '../expression/syntax.ts';
import { type Names, unitOfName } from '../expression/typed.ts';
import { noUnit, splitName, unitText } from '../units/names.ts';
import { namesOfEntry } from './data-entry.ts';
import { allSteps, type LanguageFile, topLists } from './nodes.ts';

/**
 * Which names the expressions of a file may use, as far as the file alone can tell: its own names, its data, the parts
 * of a run. Roles, the subject and the bench are known only on a bench.
 */

/** What a part of a run counts; h2 is the hydrogen that Faraday's law makes of the charge. */
export const SCOPE_STEMS = [
  'time',
  'charge',
  'chargeIn',
  'chargeOut',
  'energy',
  'energyIn',
  'energyOut',
  'h2',
] as const;
export const SCOPE_NAMES = ['step', 'block', 'round', 'phase', 'run'] as const;
/** First parts of a name that no step and no data may be called. */
export const KEPT_NAMES: readonly string[] = [...SCOPE_NAMES, 'subject', 'bench'];

/** Names that a file gives itself. */
export interface DeclaredNames {
  /** Parameters, `let`, `each`, `derived`. True of lists. */
  readonly own: ReadonlyMap<string, boolean>;
  /** What the file works out of other roles. */
  readonly derived: readonly string[];
  /** Columns of each data file. */
  readonly data: ReadonlyMap<string, readonly string[]>;
}

/** True of a parameter that is a list, however it is written. */
export function isList(parameter: unknown): boolean {
  const isBlock = typeof parameter === 'object' && parameter !== null && !Array.isArray(parameter);
  return Array.isArray(isBlock && 'default' in parameter ? parameter.default : parameter);
}

/** Parameters, names of let and each, columns of the data. */
export function declaredNames(file: Pick<LanguageFile, 'head' | 'phases' | 'finally'>): DeclaredNames {
  const blockOf = (value: unknown): Readonly<Record<string, unknown>> => ({ ...(value ?? {}) });
  const parameters = Object.entries(blockOf(file.head['parameters']));
  const derived = Object.keys(blockOf(file.head['derived']));
  const own = new Map(parameters.map(([name, value]) => [name, isList(value)]));
  for (const name of derived) own.set(name, false);
  for (const { kind, keys } of topLists(file).flatMap(list => [...allSteps(list)])) {
    if (kind.key !== 'let' && kind.key !== 'each') continue;
    for (const name of Object.keys(blockOf(keys[kind.key]))) own.set(name, false);
  }
  const columns = Object.entries(blockOf(file.head['data'])).map(([name, entry]) => {
    return [name, namesOfEntry(blockOf(entry))] as const;
  });
  return { own, derived, data: new Map(columns) };
}

/** The names of a file, for the checker of expressions; `fits` says which of them a message may propose. */
export function namesOf(declared: DeclaredNames, fits: Fits = ANY_FITS): Names {
  const stems = new Map([...declared.own].map(([name, isList]) => [splitName(name)?.stem ?? name, isList]));
  const columns = [...declared.data].flatMap(([data, own]) => own.map(column => `${data}.${column}`));
  return {
    find(name) {
      const unit = unitOfName(name);
      if (unit === undefined) return { wrong: noUnit(name) };
      const split = splitName(name);
      const dot = name.indexOf('.');
      if (dot < 0) {
        const isList = stems.get(split?.stem ?? name);
        if (isList !== undefined) return isList ? { unit, isArray: true } : { unit };
        const what = 'no parameter and no name of let or each';
        const column = columns.find(
          one => splitName(one)?.stem.endsWith(`.${split?.stem ?? name}`) && fits(name, one),
        );
        if (column !== undefined) return { wrong: `"${name}" is ${what} (did you mean ${column}?)` };
        return { wrong: unknown(name, [...declared.own.keys(), ...columns], what, fits) };
      }
      if (stems.has(split?.stem ?? name)) return { unit };
      const first = name.slice(0, dot);
      const stem = (split?.stem ?? name).slice(dot + 1);
      const own = declared.data.get(first);
      if (own !== undefined && !own.some(c => splitName(c)?.stem === stem)) {
        return {
          wrong: unknown(
            name,
            own.map(c => `${first}.${c}`),
            `no column of ${first}`,
            fits,
          ),
        };
      }
      if (SCOPE_NAMES.some(scope => scope === first)) {
        const isCount = first === 'round' && name === 'round.count';
        if (!isCount && !SCOPE_STEMS.some(s => s === stem)) {
          const known = SCOPE_STEMS.map(s => `${first}.${s}_${unitText(unit)}`);
          return { wrong: unknown(name, known, `not counted: ${SCOPE_STEMS.join(', ')} are`, fits) };
        }
      }
      return { unit };
    },
  };
}

function unknown(name: string, known: readonly string[], what: string, fits: Fits): string {
  const near = nearest(
    name,
    known.filter(other => fits(name, other)),
    Math.max(2, Math.ceil(name.length / 3)),
  );
  return `"${name}" is ${what}${near === undefined ? '' : ` (did you mean ${near}?)`}`;
}

/** An own name of the same stem in another unit, for a hint beside a unit that does not fit. */
export function otherUnit(syntax: Syntax, declared: DeclaredNames, fits: Fits): string | undefined {
  for (const name of namesIn(syntax)) {
    if (declared.own.has(name) || name.includes('.')) continue;
    const stem = splitName(name)?.stem;
    const other = [...declared.own.keys()].find(own => splitName(own)?.stem === stem && fits(name, own));
    if (other !== undefined) return other;
  }
  return undefined;
}

/** All names in an expression, in the order of the text. */
export function* namesIn(node: Syntax): Generator<string> {
  if (node.kind === 'name') yield node.name;
  if (node.kind === 'call') for (const arg of node.args) yield* namesIn(arg);
  if ('of' in node) yield* namesIn(node.of);
  if ('a' in node) {
    yield* namesIn(node.a);
    yield* namesIn(node.b);
  }
  if (node.kind === 'held') yield* namesIn(node.time);
}
