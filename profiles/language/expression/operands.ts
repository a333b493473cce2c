import { ONE, unitNamed } from '../units/unit.ts';
import { problem } from './problem.ts';
import type { Syntax } from './syntax.ts';
import type { Slots, Tree } from './tree.ts';
import { inUnit, type Names, quote, type Typed, typeText } from './typed.ts';

/** What signs and functions ask of the values beside them. */

/** What the checker of one expression has at hand. */
export interface Checking {
  readonly text: string;
  readonly names: Names;
  readonly slots: Slots;
  /** Checks a part. */
  typed(node: Syntax): Typed;
}

/** A time of a window or of `for`: written with its unit, or a name. In s. */
export function seconds(node: Syntax, checking: Checking, word: string): Tree {
  const part = checking.typed(node);
  const second = unitNamed('s') ?? ONE;
  if (part.type.kind === 'bare') {
    const said = checking.text.slice(...node.at);
    throw problem(
      node.at,
      `${quote(checking.text, node.at)} has no unit: write ${word} ${said} s, ${said} min or ${said} h`,
    );
  }
  const { tree } = inUnit(part, second, checking.text);
  if (tree.op === 'value' && !(tree.value > 0)) throw problem(node.at, 'expected a time longer than 0 s');
  return tree;
}

/** No condition, no list, no reading on a scale with a zero of its own. */
export function asNumber(part: Typed, what: string, text: string): Typed {
  const { type } = part;
  if (type.kind === 'on' || type.kind === 'list')
    throw problem(part.at, `${quote(text, part.at)} is ${typeText(type)}, expected a number`);
  if (type.kind === 'quantity' && type.unit.scale === 'point') {
    const said = `${quote(text, part.at)} is a reading in ${type.unit.text} and ${what}`;
    throw problem(part.at, `${said}: subtract another reading first`);
  }
  return part;
}
