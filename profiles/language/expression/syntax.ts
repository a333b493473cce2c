import type { Span } from './problem.ts';

/** An expression as it is written: what the parser makes of the text, before names and units are looked at. */

export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type Arithmetic = '+' | '-' | '*' | '/';

/** `at`: where it stands in the text, brackets around it not counted. */
export type Syntax =
  | { readonly kind: 'number'; readonly value: number; readonly unit?: string; readonly at: Span }
  | { readonly kind: 'switch'; readonly value: boolean; readonly at: Span }
  | { readonly kind: 'name'; readonly name: string; readonly at: Span }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Syntax[]; readonly at: Span }
  | { readonly kind: 'negate'; readonly of: Syntax; readonly at: Span }
  | {
      readonly kind: 'arithmetic';
      readonly op: Arithmetic;
      readonly a: Syntax;
      readonly b: Syntax;
      readonly at: Span;
    }
  | {
      readonly kind: 'compare';
      readonly op: Comparison;
      readonly a: Syntax;
      readonly b: Syntax;
      readonly at: Span;
    }
  | {
      readonly kind: 'logic';
      readonly op: 'and' | 'or';
      readonly a: Syntax;
      readonly b: Syntax;
      readonly at: Span;
    }
  | { readonly kind: 'not'; readonly of: Syntax; readonly at: Span }
  | { readonly kind: 'held'; readonly of: Syntax; readonly time: Syntax; readonly at: Span };

/** How tightly a kind binds; the larger, the tighter. */
export function binding(node: Syntax): number {
  switch (node.kind) {
    case 'logic':
      return node.op === 'or' ? 1 : 2;
    case 'not':
      return 3;
    case 'held':
      return 4;
    case 'compare':
      return 5;
    case 'arithmetic':
      return node.op === '+' || node.op === '-' ? 6 : 7;
    case 'negate':
      return 8;
    default:
      return 9;
  }
}

/** The expression as text: parsed again it gives the same tree. Brackets only where they are needed. */
export function print(node: Syntax): string {
  switch (node.kind) {
    case 'number':
      return node.unit === undefined ? String(node.value) : `${node.value} ${node.unit}`;
    case 'switch':
      return node.value ? 'on' : 'off';
    case 'name':
      return node.name;
    case 'call':
      return `${node.name}(${node.args.map(print).join(', ')})`;
    case 'negate':
      return `-${bracketed(node.of, 8)}`;
    case 'not':
      return `not ${bracketed(node.of, 3)}`;
    case 'held':
      return `${bracketed(node.of, 5)} for ${print(node.time)}`;
    case 'compare':
      return `${bracketed(node.a, 6)} ${node.op} ${bracketed(node.b, 6)}`;
    default: {
      // Left to right: the right-hand side of the same rank needs its brackets.
      const rank = binding(node);
      return `${bracketed(node.a, rank)} ${node.op} ${bracketed(node.b, rank + 1)}`;
    }
  }
}

function bracketed(node: Syntax, least: number): string {
  return binding(node) >= least ? print(node) : `(${print(node)})`;
}
