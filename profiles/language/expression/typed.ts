import { noUnit, splitName, type WordUnit } from '../units/names.ts';
import { isRelativeTo } from '../units/relative.ts';
import {
  conversion,
  converted,
  isNumber,
  isPlace,
  ONE,
  sameDimension,
  type Unit,
  unitNamed,
} from '../units/unit.ts';
import { cellHint, pctHint, rateHint } from './hints.ts';
import { problem, type Span } from './problem.ts';
import type { Tree } from './tree.ts';

/** What the parts of an expression are measured in, and how two of them come into one unit. */

/**
 * `bare`: a plain number whose unit nobody has written, it takes that of the other side. `written`: the one unit that
 * a person wrote for a quantity; undefined where several came together.
 */
export type Type =
  | { readonly kind: 'bare' }
  | { readonly kind: 'on' }
  | { readonly kind: 'quantity'; readonly unit: Unit; readonly written: string | undefined }
  | { readonly kind: 'list'; readonly unit: Unit };

/** A part that has been checked. */
export interface Typed {
  readonly tree: Tree;
  readonly type: Type;
  readonly at: Span;
}

/** What a name stands for. `isArray` undefined: nobody knows yet, as long as no bench is at hand. */
export interface NamedValue {
  readonly unit: Unit | WordUnit;
  readonly isArray?: boolean;
  /** Why no function of an array role takes it; undefined: it may be one. */
  readonly noArray?: string;
}

/** The names that an expression may use. */
export interface Names {
  /** What a name is, or why it cannot be used. */
  find(name: string): NamedValue | { readonly wrong: string };
}

/** Takes every name that says its unit, for files that are looked at without a bench. */
export const ANY_NAME: Names = {
  find(name) {
    const unit = unitOfName(name);
    return unit === undefined ? { wrong: noUnit(name) } : { unit };
  },
};

/** The unit of a name by its ending; `round.count` and the like are counts. */
export function unitOfName(name: string): Unit | WordUnit | undefined {
  return /\.count$/.test(name) ? unitNamed('count') : splitName(name)?.unit;
}

/** A number with its unit. */
export function quantity(tree: Tree, unit: Unit, written: string | undefined, at: Span): Typed {
  return { tree, type: { kind: 'quantity', unit, written }, at };
}

/** In words: `V`, `a plain number`, `a condition`. */
export function typeText(type: Type): string {
  if (type.kind === 'bare') return 'a plain number';
  if (type.kind === 'on') return 'a condition';
  if (type.kind === 'list') return `a list in ${type.unit.text}`;
  if (type.unit.text === ONE.text) return 'a ratio';
  return `in ${type.unit.text}`;
}

/** The same value in another unit. @throws ExpressionError where it is of another kind */
export function inUnit(part: Typed, unit: Unit, text: string): Typed {
  const { type } = part;
  const said = quote(text, part.at);
  if (type.kind === 'bare') return { ...part, type: { kind: 'quantity', unit, written: unit.text } };
  if (type.kind === 'on') throw problem(part.at, `${said} is a condition, expected a value in ${unit.text}`);
  if (type.kind === 'list')
    throw problem(
      part.at,
      `${said} is a list, expected one value in ${unit.text}: ${oneOutOf(unit, text.slice(...part.at))}`,
    );
  const misfit = misfitOf(type.unit, unit, part, text);
  if (misfit !== undefined) throw problem(part.at, misfit);
  return { ...quantity(rescaled(part.tree, type.unit, unit), unit, type.written, part.at) };
}

/** What makes one value of a list of the file; of an array role, which has no rounds. */
function oneOutOf(unit: Unit, list: string): string {
  return list.includes('.') ? 'use min, max or mean of it' : goThrough(unit.text, list);
}

/** How one value after the other is taken out of a list that is written so. */
export function goThrough(unit: string, list: string): string {
  return `for one after the other write - each: { x_${unit}: ${list} } with steps: [ ... ] around it, and x_${unit} here`;
}

function misfitOf(found: Unit, expected: Unit, part: Typed, text: string): string | undefined {
  const said = quote(text, part.at);
  const is = `${said} is ${typeText(part.type)}, expected ${expected.text === '1' ? 'a ratio' : expected.text}`;
  if (!sameDimension(found, expected)) {
    if (isNumber(found) && expected.text === 'pct') return `${is}${pctHint(text.slice(...part.at), found)}`;
    if (found.text === 'pct' && isNumber(expected)) return `${is}: divide by 100 pct`;
    const hint = rateHint(text, found, expected) || cellHint(text, found, expected);
    if (hint !== '') return `${is}${hint}`;
    if (!isRelativeTo(found, expected)) return is;
    // The name that it is given to may as well be one in the other unit.
    const or =
      unitNamed(found.text) === undefined ? '' : `, or end the name that it is for in _${found.text}`;
    return `${is}: ask for the name in ${expected.text}${or}`;
  }
  if (isPlace(found) === isPlace(expected)) return undefined;
  return isPlace(found) ? `${is}: subtract another reading` : `${is}: a difference is no reading`;
}

/**
 * All parts in one unit: that of the first that has one, and plain numbers take it. All plain: they stay so.
 * `verb` says what is done with them: compared, added. @throws ExpressionError
 */
export function inOneUnit(parts: readonly Typed[], verb: string, text: string): readonly Typed[] {
  const measured = parts.filter(part => part.type.kind === 'quantity');
  for (const part of parts) {
    if (part.type.kind === 'on' || part.type.kind === 'list') {
      const is = `${quote(text, part.at)} is ${typeText(part.type)} and cannot be ${verb}`;
      const hint =
        part.type.kind === 'list'
          ? ': use min, max, mean or spread'
          : verb !== 'compared'
            ? ''
            : parts.every(other => other.type.kind === 'on')
              ? ': write == or !='
              : ' with a number: write on or off';
      throw problem(part.at, `${is}${hint}`);
    }
  }
  // A number that is written out gives way, so that readings are compared as they come.
  const lead = measured.find(part => part.tree.op !== 'value') ?? measured[0];
  if (lead === undefined || lead.type.kind !== 'quantity') return parts;
  const { unit } = lead.type;
  const units = new Set(measured.map(p => (p.type.kind === 'quantity' ? p.type.written : undefined)));
  const written = units.size === 1 ? lead.type.written : undefined;
  return parts.map(part => {
    if (part.type.kind === 'bare') {
      // Nothing is nothing in every unit.
      const isZero = part.tree.op === 'value' && part.tree.value === 0 && !isPlace(unit);
      if (written === undefined && !isNumber(unit) && !isZero)
        throw problem(part.at, needsUnit(part, lead, units, text));
      return { ...part, type: { kind: 'quantity', unit, written } };
    }
    if (part.type.kind !== 'quantity') return part;
    const { unit: own } = part.type;
    if (!sameDimension(own, unit) || isPlace(own) !== isPlace(unit)) throw apart(part, lead, verb, text);
    return { ...quantity(rescaled(part.tree, own, unit), unit, written, part.at) };
  });
}

function apart(part: Typed, lead: Typed, verb: string, text: string): Error {
  const [first, second] = part.at[0] < lead.at[0] ? [part, lead] : [lead, part];
  const both = `${quote(text, first.at)} is ${typeText(first.type)}, ${quote(text, second.at)} is ${typeText(second.type)}`;
  const [a, b] = [first, second].map(p => (p.type.kind === 'quantity' ? p.type.unit : ONE));
  let hint = '';
  if (isNumber(a) && b.text === 'pct') hint = pctHint(text.slice(...first.at), a, 'ratio');
  else if (isNumber(b) && a.text === 'pct') hint = pctHint(text.slice(...second.at), b, 'ratio');
  else if (cellHint(text, a, b) !== '') hint = cellHint(text, a, b);
  else if (!sameDimension(a, b) && isRelativeTo(a, b)) hint = ': ask for the name in the other unit';
  else if (sameDimension(a, b)) hint = ': one is a reading, the other a difference';
  return problem([first.at[0], second.at[1]], `${both}, they cannot be ${verb}${hint}`);
}

function needsUnit(part: Typed, lead: Typed, units: ReadonlySet<string | undefined>, text: string): string {
  const several = [...units].filter(u => u !== undefined);
  const example = unitNamed(lead.type.kind === 'quantity' ? lead.type.unit.text.replace('/', '_per_') : '');
  const said = part.tree.op === 'value' ? `${part.tree.value} ` : '';
  const one = example === undefined ? '' : `for example ${said}${example.text}`;
  const how = several.length > 1 ? several.join(' or ') : one;
  const beside = `${quote(text, lead.at)} ${several.length > 1 ? 'has several' : `is ${typeText(lead.type)}`}`;
  return `${quote(text, part.at)} has no unit and ${beside}: write the unit${how === '' ? '' : `, ${how}`}`;
}

/** value * num / den + plus, folded where the value is written out. */
function rescaled(tree: Tree, from: Unit, to: Unit): Tree {
  const { num, den, plus } = conversion(from, to);
  if (tree.op === 'value') return { op: 'value', value: converted(tree.value, { num, den, plus }) };
  let result = tree;
  if (num !== 1) result = { op: '*', a: result, b: { op: 'value', value: num } };
  if (den !== 1) result = { op: '/', a: result, b: { op: 'value', value: den } };
  return plus === 0 ? result : { op: '+', a: result, b: { op: 'value', value: plus } };
}

const LONGEST_QUOTE = 60;

/** A part as it is written, in quotes, cut where it is long. */
export function quote(text: string, at: Span): string {
  const part = text.slice(...at).replace(/\s+/g, ' ');
  return part.length <= LONGEST_QUOTE ? `"${part}"` : `"${part.slice(0, LONGEST_QUOTE)} ..."`;
}
