import { findName } from '../../../profiles/language/bench/find-name.ts';
import { COUNTED_ROLES, namesOn } from '../../../profiles/language/bench/on-bench.ts';
import type { BenchNames, Reference } from '../../../profiles/language/bench/reference.ts';
import { checkExpression, checkPart, type Expected } from '../../../profiles/language/expression/check.ts';
import { fitsIn } from '../../../profiles/language/expression/instead.ts';
import { parseExpression } from '../../../profiles/language/expression/parse.ts';
import { ExpressionError, problem } from '../../../profiles/language/expression/problem.ts';
import type { Syntax } from '../../../profiles/language/expression/syntax.ts';
import { partsOf, Slots, type Tree } from '../../../profiles/language/expression/tree.ts';
import type { Names } from '../../../profiles/language/expression/typed.ts';
import { namesIn, SCOPE_NAMES } from '../../../profiles/language/file/names-of-file.ts';
import { splitName } from '../../../profiles/language/units/names.ts';
import { differenceOf } from '../../../profiles/language/units/unit.ts';
import type { BenchFigures, RoleTable } from '../../contract/role-table.ts';

/**
 * Conditions of a bench file in the language of methods: roles, figures of the bench, no step and no run, for a bench is
 * watched without them, too.
 */

/** What such a condition may name. Arrays without their [], as in a method. */
export type ConditionNames = Pick<BenchNames, 'measured' | 'subject' | 'bench'>;

/** Where the value of a slot comes from. */
export type ConditionSlot = Extract<Reference, { readonly from: 'role' | 'figure of the bench' }>;

/** A condition whose names are found. */
export interface Condition {
  readonly text: string;
  readonly tree: Tree;
  readonly slots: readonly ConditionSlot[];
}

const CONDITION: Expected = { kind: 'condition' };
const NOTHING_DECLARED = { own: new Map<string, boolean>(), derived: [], data: new Map<string, string[]>() };
/** What counts from the beginning of a step. */
const OF_A_STEP = ['change', 'triangle', 'square', 'sine'];

/** The names of a bench whose measured roles are these, with [] where they are arrays. */
export function conditionNames(roles: Iterable<string>, figures: BenchFigures): ConditionNames {
  const measured = new Map<string, { readonly isArray: boolean }>();
  for (const role of roles) {
    const isArray = role.endsWith('[]');
    measured.set(isArray ? role.slice(0, -'[]'.length) : role, { isArray });
  }
  return { measured, ...figures };
}

/** The same of a bench whose roles are known by their place. */
export function namesOfTable({ measured, figures }: RoleTable): ConditionNames {
  return conditionNames(measured.keys(), figures ?? { subject: {}, bench: {} });
}

/** Reads one: true or false, of names of this bench. @throws ExpressionError */
export function conditionOf(text: string, of: ConditionNames): Condition {
  const bench: BenchNames = { subjectKind: 'vessel', settable: [], ...of };
  const syntax = parseExpression(text);
  const own = callOfAStep(syntax);
  if (own !== undefined)
    throw problem(
      own.at,
      `${own.name} counts from the start of a step, and a bench has none: expected another function`,
    );
  const names = namesOf(bench, text);
  const slots = new Slots();
  const { tree } = checkExpression(text, syntax, CONDITION, { names, slots });
  const found = slots.names.map(name => findName(name, bench, NOTHING_DECLARED, []));
  // The checker has refused what is wrong.
  return { text, tree, slots: found.flatMap(one => ('from' in one && isOfBench(one) ? [one] : [])) };
}

function isOfBench(found: Reference): found is ConditionSlot {
  return found.from === 'role' || found.from === 'figure of the bench';
}

function namesOf(bench: BenchNames, text: string): Names {
  const plain = bounded(namesOn(bench, NOTHING_DECLARED, []), bench);
  return bounded(namesOn(bench, NOTHING_DECLARED, [], fitsIn(text, CONDITION, plain)), bench);
}

/** Nothing that only a run knows. */
function bounded(names: Names, bench: BenchNames): Names {
  return {
    find(name) {
      const first = name.split('.')[0];
      if (!name.includes('.'))
        return { wrong: `"${name}" is no role, expected one of the bench: stack.current_A` };
      if (SCOPE_NAMES.some(scope => scope === first) || COUNTED_ROLES.includes(name))
        return {
          wrong: `"${name}" is counted in a run, and a bench is watched without one: expected a role`,
        };
      const found = names.find(name);
      const isFigure = first === 'subject' || first === 'bench';
      if (isFigure && 'wrong' in found && !bench.measured.has(name))
        return { wrong: `the bench file has no figure ${name}` };
      return found;
    },
  };
}

/** Names in a text that may be a condition, as they are written; none where it is no sentence, which its check tells. */
export function roleNames(text: string): readonly string[] {
  try {
    return [...namesIn(parseExpression(text))];
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}

function callOfAStep(node: Syntax): (Syntax & { readonly kind: 'call' }) | undefined {
  if (node.kind === 'call' && OF_A_STEP.includes(node.name)) return node;
  for (const part of inside(node)) {
    const found = callOfAStep(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inside(node: Syntax): readonly Syntax[] {
  return [
    ...('args' in node ? node.args : []),
    ...('of' in node ? [node.of] : []),
    ...('a' in node ? [node.a, node.b] : []),
    ...('time' in node ? [node.time] : []),
  ];
}

/** Roles of the bench in a condition, each once, with [] where they are arrays. */
export function rolesIn({ slots }: Condition): readonly string[] {
  const roles = slots.flatMap(slot =>
    slot.from === 'role' ? [slot.isArray ? `${slot.role}[]` : slot.role] : [],
  );
  return [...new Set(roles)];
}

/**
 * How far beyond its limit a condition is that is one comparison, above 0 where it is true; undefined of one of several
 * parts, and of one that waits: it is true or it is not.
 */
export function marginOf(tree: Tree): Tree | undefined {
  if (tree.op === '>' || tree.op === '>=') return { op: '-', a: tree.a, b: tree.b };
  if (tree.op === '<' || tree.op === '<=') return { op: '-', a: tree.b, b: tree.a };
  return undefined;
}

/** Unit of the margin of a condition, from its text alone; undefined where it has none. */
export function marginUnit(text: string): string | undefined {
  const syntax = parseExpression(text);
  if (syntax.kind !== 'compare' || syntax.op === '==' || syntax.op === '!=') return undefined;
  const sides = [syntax.a, syntax.b].map(side => checkPart(text, side));
  // As the checker does: a written number gives way to what is read.
  const measured = sides.filter(({ type }) => type.kind === 'quantity');
  const lead = measured.find(({ tree }) => tree.op !== 'value') ?? measured[0];
  return lead?.type.kind === 'quantity' ? differenceOf(lead.type.unit).text : '';
}

/** Which end of an array a condition looks at: of the role of this name, by the first function over it. */
export function lookedAt(text: string, role: string): 'lowest' | 'highest' | 'farthest' | undefined {
  const slots = new Slots();
  const { tree } = checkExpression(text, parseExpression(text), CONDITION, { slots });
  const stem = stemOf(role.endsWith('[]') ? role.slice(0, -'[]'.length) : role);
  const at = slots.names.findIndex(name => stemOf(name) === stem);
  const op = arrayOp(tree, at);
  return op === 'lowest' || op === 'highest' ? op : op === undefined ? undefined : 'farthest';
}

function arrayOp(tree: Tree, slot: number): Tree['op'] | undefined {
  const isOver = tree.op === 'lowest' || tree.op === 'highest' || tree.op === 'mean' || tree.op === 'spread';
  if (isOver) return tree.slot === slot ? tree.op : undefined;
  for (const part of partsOf(tree)) {
    const found = arrayOp(part, slot);
    if (found !== undefined) return found;
  }
  return undefined;
}

const stemOf = (name: string): string => splitName(name)?.stem ?? name;
