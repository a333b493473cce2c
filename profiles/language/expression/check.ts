import {
  conversion,
  differenceOf,
  isPlace,
  ONE,
  product,
  quotient,
  type Unit,
  unitHint,
  unitNamed,
} from '../units/unit.ts';
import { callOf } from './check-call.ts';
import { asNumber, type Checking, seconds } from './operands.ts';
import { problem, type Span } from './problem.ts';
import type { Syntax } from './syntax.ts';
import { Slots, type Tree } from './tree.ts';
import { ANY_NAME, inOneUnit, inUnit, type Names, quantity, quote, type Typed, typeText } from './typed.ts';

/** Checks what an expression is measured in and folds the factors of its units into the tree. Pure. */

/** What is expected of a whole expression. */
export type Expected =
  | { readonly kind: 'condition' }
  | { readonly kind: 'quantity'; readonly unit: Unit }
  | { readonly kind: 'list'; readonly unit: Unit };

/** A checked expression: numbers in the unit expected, names in slots. */
export interface CheckedExpression {
  readonly tree: Tree;
  readonly slots: Slots;
}

/**
 * Checks a parsed expression against what is expected of it. `slots`: of the expressions that share their values.
 * @throws ExpressionError with the place of the first problem
 */
export function checkExpression(
  text: string,
  syntax: Syntax,
  expected: Expected,
  { names = ANY_NAME, slots = new Slots() }: { readonly names?: Names; readonly slots?: Slots } = {},
): CheckedExpression {
  const checking: Checking = { text, names, slots, typed: node => typedOf(node, checking) };
  if (expected.kind === 'list') return { tree: listOf(syntax, expected.unit, checking), slots };
  const whole = checking.typed(syntax);
  if (expected.kind === 'quantity') return { tree: inUnit(whole, expected.unit, text).tree, slots };
  if (whole.type.kind !== 'on') {
    const is = `${quote(text, whole.at)} is ${typeText(whole.type)}`;
    throw problem(whole.at, `${is}, expected a condition: cell.voltage_V < 2.5`);
  }
  return { tree: whole.tree, slots };
}

/** What a part of an expression is measured in, and its tree. @throws ExpressionError */
export function checkPart(
  text: string,
  syntax: Syntax,
  { names = ANY_NAME, slots = new Slots() }: { readonly names?: Names; readonly slots?: Slots } = {},
): Typed {
  const checking: Checking = { text, names, slots, typed: node => typedOf(node, checking) };
  return checking.typed(syntax);
}

/** The list that `each` goes through: a name, or reverse(name). In the unit of the name that it fills. */
function listOf(syntax: Syntax, unit: Unit, checking: Checking): Tree {
  const isReversed = syntax.kind === 'call' && syntax.name === 'reverse' && syntax.args.length === 1;
  const part = checking.typed(isReversed ? syntax.args[0] : syntax);
  const { type, tree, at } = part;
  const isNamed = tree.op === 'slot' && (type.kind === 'list' || type.kind === 'quantity');
  if (!isNamed) {
    const is = `${quote(checking.text, at)} is ${typeText(type)}`;
    throw problem(at, `${is}, expected a list, the name of one, or reverse(name)`);
  }
  const single: Typed = {
    tree: { op: 'value', value: 0 },
    type: { ...type, kind: 'quantity', written: undefined },
    at,
  };
  inUnit(single, unit, checking.text);
  const { num, den, plus } = conversion(type.unit, unit);
  return { op: 'list', slot: tree.slot, isReversed, num, den, plus };
}

function typedOf(node: Syntax, checking: Checking): Typed {
  const { text } = checking;
  switch (node.kind) {
    case 'number':
      return numberOf(node.value, node.unit, node.at);
    case 'switch':
      return condition({ op: 'value', value: node.value ? 1 : 0 }, node.at);
    case 'name':
      return nameOf(node.name, node.at, checking);
    case 'call':
      return callOf(node, checking);
    case 'negate':
      return negated(node, checking);
    case 'arithmetic': {
      const [a, b] = [checking.typed(node.a), checking.typed(node.b)];
      const isSum = node.op === '+' || node.op === '-';
      return folded(isSum ? sum(node.op, a, b, text) : scaled(node.op, a, b, text), text);
    }
    case 'compare':
      return compared(node, checking);
    case 'logic': {
      const [a, b] = [node.a, node.b].map(part => asCondition(checking.typed(part), node.op, text));
      return condition({ op: node.op, a, b }, node.at);
    }
    case 'not':
      return condition({ op: 'not', a: asCondition(checking.typed(node.of), 'not', text) }, node.at);
    case 'held': {
      const a = asCondition(checking.typed(node.of), 'for', text);
      return condition({ op: 'held', a, time: seconds(node.time, checking, 'for') }, node.at);
    }
  }
}

function condition(tree: Tree, at: Span): Typed {
  return { tree, type: { kind: 'on' }, at };
}

function asCondition(part: Typed, word: string, text: string): Tree {
  if (part.type.kind === 'on') return part.tree;
  const is = `${quote(text, part.at)} is ${typeText(part.type)}`;
  throw problem(part.at, `${is}, expected a condition beside ${word}: cell.voltage_V < 2.5`);
}

function numberOf(value: number, unit: string | undefined, at: Span): Typed {
  const tree: Tree = { op: 'value', value };
  if (unit === undefined) return { tree, type: { kind: 'bare' }, at };
  const found = unitNamed(unit);
  if (found === undefined) {
    const start = at[1] - unit.length;
    throw problem(
      [start, at[1]],
      `"${unit}" is no unit${unitHint(unit)}, expected one like V, A_per_cm2, min`,
    );
  }
  return quantity(tree, found, unit, at);
}

function nameOf(name: string, at: Span, { names, slots, text }: Checking): Typed {
  const found = names.find(name);
  if ('wrong' in found) throw problem(at, found.wrong);
  const { unit } = found;
  if (unit === 'text' || unit === 'file') {
    throw problem(at, `${quote(text, at)} is a ${unit}, expected a number or a switch`);
  }
  if (unit === 'on') return condition({ op: 'switch', slot: slots.of(name) }, at);
  const tree: Tree = { op: 'slot', slot: slots.of(name) };
  if (found.isArray === true) return { tree, type: { kind: 'list', unit }, at };
  return quantity(tree, unit, unit.text, at);
}

/** A sign in front belongs to the number: -5 degC is a reading, the negative of a reading is none. */
function negated(node: Syntax & { kind: 'negate' }, checking: Checking): Typed {
  if (node.of.kind === 'number') return numberOf(-node.of.value, node.of.unit, node.at);
  const part = asNumber(checking.typed(node.of), 'has no negative', checking.text);
  if (part.tree.op === 'value')
    return { ...part, tree: { op: 'value', value: -part.tree.value }, at: node.at };
  return { ...part, tree: { op: 'negate', a: part.tree }, at: node.at };
}

function sum(op: '+' | '-', a: Typed, b: Typed, text: string): Typed {
  const at: Span = [a.at[0], b.at[1]];
  const verb = op === '+' ? 'added' : 'subtracted';
  const unitOf = ({ type }: Typed): Unit | undefined => (type.kind === 'quantity' ? type.unit : undefined);
  const [ua, ub] = [unitOf(a), unitOf(b)];
  // A reading moved by a difference stays a reading: 25 degC + 5 K.
  if (ua !== undefined && ub !== undefined && isPlace(ua) !== isPlace(ub)) {
    const [place, other] = isPlace(ua) ? [a, b] : [b, a];
    if (place === b && op === '-') {
      const said = `${quote(text, b.at)} is a reading in ${ub.text}`;
      throw problem(at, `${said} and cannot be taken from a difference`);
    }
    const moved = inUnit(other, differenceOf(isPlace(ua) ? ua : ub), text);
    const [first, second] = place === a ? [a, moved] : [moved, b];
    return { ...place, tree: { op, a: first.tree, b: second.tree }, at };
  }
  const [first, second] = inOneUnit([a, b], verb, text);
  const tree: Tree = { op, a: first.tree, b: second.tree };
  if (first.type.kind !== 'quantity') return { tree, type: first.type, at };
  const { unit, written } = first.type;
  if (unit.scale === 'point' && op === '+') {
    const said = b.type.kind === 'bare' ? text.slice(...b.at) : 'the difference';
    const instead = `${said === 'the difference' ? said : `${said} ${differenceOf(unit).text}`}`;
    throw problem(at, `two readings in ${unit.text} cannot be added: write ${instead}`);
  }
  if (op === '+' || !isPlace(unit)) return quantity(tree, unit, written, at);
  const difference = differenceOf(unit);
  return quantity(tree, difference, difference.text, at);
}

function scaled(op: '*' | '/', first: Typed, second: Typed, text: string): Typed {
  const [a, b] = [first, second].map(part => asNumber(part, 'no factor', text));
  const at: Span = [a.at[0], b.at[1]];
  const tree: Tree = { op, a: a.tree, b: b.tree };
  if (op === '/' && b.tree.op === 'value' && b.tree.value === 0) throw problem(b.at, 'division by zero');
  if (b.type.kind === 'bare') return { ...a, tree, at };
  if (b.type.kind !== 'quantity') return { ...b, tree, at };
  if (a.type.kind !== 'quantity') {
    if (op === '*') return { ...b, tree, at };
    const unit = quotient(ONE, b.type.unit);
    return quantity(tree, unit, undefined, at);
  }
  // Times a count or a ratio of the same units: what is counted stays.
  if (isPlain(b.type.unit)) return quantity(tree, a.type.unit, a.type.written, at);
  if (op === '*' && isPlain(a.type.unit)) return quantity(tree, b.type.unit, b.type.written, at);
  const unit = op === '*' ? product(a.type.unit, b.type.unit) : quotient(a.type.unit, b.type.unit);
  return quantity(tree, unit, undefined, at);
}

function isPlain(unit: Unit): boolean {
  return unit.num === unit.den && unit.dimension.every(e => e === 0);
}

/** Numbers that are written out are worked out once, here. */
function folded(part: Typed, text: string): Typed {
  const { tree } = part;
  if (!('b' in tree) || tree.a.op !== 'value' || tree.b.op !== 'value') return part;
  const [a, b] = [tree.a.value, tree.b.value];
  const value = tree.op === '+' ? a + b : tree.op === '-' ? a - b : tree.op === '*' ? a * b : a / b;
  if (!Number.isFinite(value)) throw problem(part.at, `${quote(text, part.at)} is too large to count with`);
  return { ...part, tree: { op: 'value', value } };
}

function compared(node: Syntax & { kind: 'compare' }, checking: Checking): Typed {
  const { text } = checking;
  const { op, at } = node;
  const [a, b] = [checking.typed(node.a), checking.typed(node.b)];
  const isEquality = op === '==' || op === '!=';
  if (a.type.kind === 'on' && b.type.kind === 'on' && isEquality)
    return condition({ op, a: a.tree, b: b.tree }, at);
  const [first, second] = inOneUnit([a, b], 'compared', text);
  if (first.tree.op === 'value' && second.tree.op === 'value') {
    throw problem(at, `${quote(text, at)} compares two numbers, expected a name on one side`);
  }
  if (isEquality) {
    const isCount = [a, b].some(({ type }) => type.kind === 'quantity' && type.unit.text === 'count');
    if (!isCount) {
      const instead = 'only _on and _count are ever equal: write <= or >=';
      throw problem(at, `${op} compares ${quote(text, a.at)} ${typeText(first.type)}, ${instead}`);
    }
    const part = [first, second].find(p => p.tree.op === 'value' && !Number.isInteger(p.tree.value));
    if (part !== undefined)
      throw problem(part.at, `${quote(text, part.at)} is no whole number, a count is one`);
  }
  return condition({ op, a: first.tree, b: second.tree }, at);
}
