import { differenceOf, isNumber, ONE, quotient, rootOf, type Unit, unitNamed } from '../units/unit.ts';

import { FUNCTIONS, type FunctionName, isFunctionName, SCOPES } from './functions.ts';
import { cellHint, rateHint } from './hints.ts';
import { asNumber, type Checking, seconds } from './operands.ts';
import { problem } from './problem.ts';
import type { Syntax } from './syntax.ts';
import type { Tree } from './tree.ts';
import { inOneUnit, inUnit, quantity, quote, type Typed, typeText } from './typed.ts';

/** What each function takes and what its value is measured in. */

type Call = Syntax & { kind: 'call' };

/** Time of the running step, for the shapes. */
const CLOCK = 'step.time_s';

/** Checks a call. @throws ExpressionError */
export function callOf(node: Call, checking: Checking): Typed {
  const { name, args, at } = node;
  if (!isFunctionName(name)) throw problem(at, `"${name}" is no function`);
  const [least, most] = FUNCTIONS[name].takes;
  if (args.length < least || args.length > most) {
    const found = args.length === 1 ? '1 value' : `${args.length} values`;
    throw problem(at, `${name} has ${found}, expected ${FUNCTIONS[name].call}`);
  }
  return RULES[name](node, checking);
}

const RULES: Readonly<Record<FunctionName, (node: Call, checking: Checking) => Typed>> = {
  abs(node, checking) {
    const part = number(node.args[0], checking, 'no size of its own');
    return { ...part, tree: { op: 'abs', a: part.tree }, at: node.at };
  },
  sqrt(node, checking) {
    const part = number(node.args[0], checking, 'no root');
    const tree: Tree = { op: 'sqrt', a: part.tree };
    if (part.type.kind !== 'quantity') return { ...part, tree, at: node.at };
    const unit = rootOf(part.type.unit);
    if (unit === undefined) {
      const said = `${quote(checking.text, part.at)} is ${typeText(part.type)}`;
      throw problem(part.at, `${said}, its root has no unit`);
    }
    return quantity(tree, unit, undefined, node.at);
  },
  exp: (node, checking) => ofRatio('exp', node, checking),
  ln: (node, checking) => ofRatio('ln', node, checking),
  min: (node, checking) => extreme(node, checking, { op: 'min', over: 'lowest' }),
  max: (node, checking) => extreme(node, checking, { op: 'max', over: 'highest' }),
  mean(node, checking) {
    const { slot, unit } = array(node, checking);
    return quantity({ op: 'mean', slot }, unit, unit.text, node.at);
  },
  spread(node, checking) {
    const { slot, unit } = array(node, checking);
    const difference = differenceOf(unit);
    return quantity({ op: 'spread', slot }, difference, difference.text, node.at);
  },
  change(node, checking) {
    const part = measured(node.args[0], checking);
    const scope = node.args[1];
    const found =
      scope === undefined ? undefined : SCOPES.find(s => scope.kind === 'name' && scope.name === s);
    if (scope !== undefined && found === undefined) {
      const said = quote(checking.text, scope.at);
      throw problem(scope.at, `${said} is no part of a run, expected one of ${SCOPES.join(', ')}`);
    }
    const tree: Tree = { op: 'change', a: part.tree, ...(found === undefined ? {} : { scope: found }) };
    return quantity(tree, differenceOf(part.unit), differenceText(part), node.at);
  },
  span(node, checking) {
    const part = measured(node.args[0], checking);
    const tree: Tree = { op: 'span', a: part.tree, time: window(node, checking) };
    return quantity(tree, differenceOf(part.unit), differenceText(part), node.at);
  },
  slope(node, checking) {
    const part = measured(node.args[0], checking);
    const tree: Tree = { op: 'slope', a: part.tree, time: window(node, checking) };
    const unit = quotient(differenceOf(part.unit), unitNamed('s') ?? ONE);
    return quantity(tree, unit, undefined, node.at);
  },
  average(node, checking) {
    const part = measured(node.args[0], checking);
    return quantity(
      { op: 'average', a: part.tree, time: window(node, checking) },
      part.unit,
      part.written,
      node.at,
    );
  },
  triangle: (node, checking) => shape('triangle', node, checking),
  square: (node, checking) => shape('square', node, checking),
  sine: (node, checking) => shape('sine', node, checking),
  clamp(node, checking) {
    const [a, low, high] = inOneUnit(node.args.map(checking.typed), 'compared', checking.text);
    if (low.tree.op === 'value' && high.tree.op === 'value' && low.tree.value > high.tree.value) {
      throw problem(
        [low.at[0], high.at[1]],
        'the low end is above the high end, expected clamp(x, low, high)',
      );
    }
    return { ...a, tree: { op: 'clamp', a: a.tree, low: low.tree, high: high.tree }, at: node.at };
  },
  pct(node, checking) {
    const part = number(node.args[0], checking, 'no part of anything');
    const said = quote(checking.text, part.at);
    if (part.type.kind === 'quantity' && part.type.unit.text === 'pct')
      throw problem(part.at, `${said} is in per cent already`);
    if (part.type.kind === 'quantity' && !isNumber(part.type.unit))
      throw problem(
        part.at,
        `${said} is ${typeText(part.type)}, expected a ratio of two of the same kind${cellHint(checking.text, part.type.unit, ONE) || rateHint(checking.text, part.type.unit, ONE)}`,
      );
    const ratio = inUnit(part, ONE, checking.text).tree;
    const hundred: Tree = { op: 'value', value: 100 };
    const tree: Tree =
      ratio.op === 'value' ? { op: 'value', value: ratio.value * 100 } : { op: '*', a: ratio, b: hundred };
    return quantity(tree, unitNamed('pct') ?? ONE, 'pct', node.at);
  },
  known(node, checking) {
    const part = checking.typed(node.args[0]);
    if (part.tree.op === 'value' || part.type.kind === 'list')
      throw problem(part.at, `${quote(checking.text, part.at)} is ${typeText(part.type)}, expected a name`);
    return { tree: { op: 'known', a: part.tree }, type: { kind: 'on' }, at: node.at };
  },
  reverse(node) {
    throw problem(node.at, 'reverse(list) stands only as the whole list of each: { x_A: reverse(loads_A) }');
  },
  h2_mol(node, checking) {
    const [pressure, temperature, volume] = (['bara', 'degC', 'L'] as const).map((text, i) => {
      const part = checking.typed(node.args[i]);
      if (part.type.kind === 'bare')
        throw problem(part.at, `${quote(checking.text, part.at)} has no unit: write it, for example ${text}`);
      return inUnit(part, unitNamed(text) ?? ONE, checking.text).tree;
    });
    return quantity({ op: 'h2_mol', pressure, temperature, volume }, unitNamed('mol') ?? ONE, 'mol', node.at);
  },
};

function number(node: Syntax, checking: Checking, what: string): Typed {
  return asNumber(checking.typed(node), `has ${what}`, checking.text);
}

interface Measured extends Typed {
  readonly unit: Unit;
  readonly written: string | undefined;
}

/** Something that can change: it has a unit and a name in it. */
function measured(node: Syntax, checking: Checking): Measured {
  const part = checking.typed(node);
  if (part.type.kind !== 'quantity' || part.tree.op === 'value') {
    const said = `${quote(checking.text, part.at)} is ${typeText(part.type)}`;
    const what = part.tree.op === 'value' ? 'a written number, which never changes' : 'expected one value';
    throw problem(
      part.at,
      part.tree.op === 'value' ? `${quote(checking.text, part.at)} is ${what}` : `${said}, ${what}`,
    );
  }
  return { ...part, unit: part.type.unit, written: part.type.written };
}

function differenceText(part: Measured): string | undefined {
  return part.written === part.unit.text ? differenceOf(part.unit).text : part.written;
}

function window(node: Call, checking: Checking): Tree {
  return seconds(node.args[1], checking, 'the time,');
}

function ofRatio(op: 'exp' | 'ln', node: Call, checking: Checking): Typed {
  const part = number(node.args[0], checking, op === 'exp' ? 'no power' : 'no logarithm');
  if (part.type.kind === 'bare') return { ...part, tree: { op, a: part.tree }, at: node.at };
  return quantity({ op, a: inUnit(part, ONE, checking.text).tree }, ONE, ONE.text, node.at);
}

function shape(op: 'triangle' | 'square' | 'sine', node: Call, checking: Checking): Typed {
  const [low, high] = inOneUnit(node.args.slice(0, 2).map(checking.typed), 'compared', checking.text);
  const period = seconds(node.args[2], checking, 'the period,');
  const tree: Tree = { op, low: low.tree, high: high.tree, period, clock: checking.slots.of(CLOCK) };
  return { ...low, tree, at: node.at };
}

function extreme(
  node: Call,
  checking: Checking,
  ops: { readonly op: 'min' | 'max'; readonly over: 'lowest' | 'highest' },
): Typed {
  if (node.args.length === 1) {
    const { slot, unit } = array(node, checking);
    return quantity({ op: ops.over, slot }, unit, unit.text, node.at);
  }
  const [a, b] = inOneUnit(node.args.map(checking.typed), 'compared', checking.text);
  return { ...a, tree: { op: ops.op, a: a.tree, b: b.tree }, at: node.at };
}

/** The one name of an array role or of a list. */
function array(node: Call, checking: Checking): { readonly slot: number; readonly unit: Unit } {
  const part = checking.typed(node.args[0]);
  const [only] = node.args;
  const isNamed = only.kind === 'name' && part.tree.op === 'slot';
  const found = only.kind === 'name' ? checking.names.find(only.name) : undefined;
  if (found !== undefined && 'noArray' in found)
    throw problem(
      part.at,
      `${quote(checking.text, part.at)} is ${found.noArray}, expected an array role: ${FUNCTIONS[node.name as FunctionName].call}`,
    );
  if (!isNamed || (part.type.kind !== 'list' && part.type.kind !== 'quantity') || part.tree.op !== 'slot') {
    const said = `${quote(checking.text, part.at)} is ${typeText(part.type)}`;
    throw problem(
      part.at,
      `${said}, expected the name of an array role: ${FUNCTIONS[node.name as FunctionName].call}`,
    );
  }
  return { slot: part.tree.slot, unit: part.type.unit };
}
