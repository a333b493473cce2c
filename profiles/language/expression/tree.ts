import type { Scope } from './functions.ts';
import type { Arithmetic, Comparison } from './syntax.ts';

/**
 * A checked expression as JSON: unit factors are folded in, names are slots, nothing is left to look up. Conditions
 * are 1 (true), 0 (false) or NaN (unknown); numbers are in the unit that the checker says, NaN where unknown.
 */
export type Tree =
  | { readonly op: 'value'; readonly value: number }
  | { readonly op: 'slot'; readonly slot: number }
  /** A slot that is on (1) or off (0); anything else is unknown. */
  | { readonly op: 'switch'; readonly slot: number }
  | {
      readonly op: Arithmetic | Comparison | 'and' | 'or' | 'min' | 'max';
      readonly a: Tree;
      readonly b: Tree;
    }
  | { readonly op: 'negate' | 'abs' | 'sqrt' | 'exp' | 'ln' | 'not' | 'known'; readonly a: Tree }
  /** Over all members of an array slot. */
  | { readonly op: 'lowest' | 'highest' | 'mean' | 'spread'; readonly slot: number }
  /** True once `a` has been true without a break for `time`, a value or a slot in s. */
  | { readonly op: 'held'; readonly a: Tree; readonly time: Tree }
  /** Over the last `time`, a value or a slot in s; slope per second. */
  | { readonly op: 'span' | 'slope' | 'average'; readonly a: Tree; readonly time: Tree }
  /** Without a scope: since the step or block that the expression stands in. */
  | { readonly op: 'change'; readonly a: Tree; readonly scope?: Scope }
  /** Shapes over the time of the step, which stands in the slot `clock`; period in s. */
  | {
      readonly op: 'triangle' | 'square' | 'sine';
      readonly low: Tree;
      readonly high: Tree;
      readonly period: Tree;
      readonly clock: number;
    }
  | { readonly op: 'clamp'; readonly a: Tree; readonly low: Tree; readonly high: Tree }
  /** Amount of hydrogen, mol: bara, degC, L. */
  | { readonly op: 'h2_mol'; readonly pressure: Tree; readonly temperature: Tree; readonly volume: Tree }
  /** Every member of a list, for `each`, times num / den plus `plus`; the last one first if reversed. */
  | {
      readonly op: 'list';
      readonly slot: number;
      readonly isReversed: boolean;
      readonly num: number;
      readonly den: number;
      readonly plus: number;
    }
  /** In a limit: an unknown `a` counts as `as`, unless only a window is not yet full. */
  | {
      readonly op: 'settle';
      readonly a: Tree;
      readonly as: 0 | 1;
      readonly slots: readonly number[];
      /** It may be unknown although every reading is good; left out: where there is a window in `a`. */
      readonly mayFill?: boolean;
    };

/** The parts of a tree, in the order in which they are worked out. */
export function partsOf(tree: Tree): readonly Tree[] {
  switch (tree.op) {
    case 'value':
    case 'slot':
    case 'switch':
    case 'lowest':
    case 'highest':
    case 'mean':
    case 'spread':
    case 'list':
      return [];
    case 'negate':
    case 'abs':
    case 'sqrt':
    case 'exp':
    case 'ln':
    case 'not':
    case 'known':
    case 'change':
    case 'settle':
      return [tree.a];
    case 'held':
    case 'span':
    case 'slope':
    case 'average':
      return [tree.a, tree.time];
    case 'triangle':
    case 'square':
    case 'sine':
      return [tree.low, tree.high, tree.period];
    case 'clamp':
      return [tree.a, tree.low, tree.high];
    case 'h2_mol':
      return [tree.pressure, tree.temperature, tree.volume];
    default:
      return [tree.a, tree.b];
  }
}

const OVER_TIME: readonly Tree['op'][] = [
  'held',
  'span',
  'slope',
  'average',
  'change',
  'triangle',
  'square',
  'sine',
];

/** True of an expression whose value changes while all that it reads stands still, or that needs readings over a time. */
export function hangsOnTime(tree: Tree): boolean {
  return OVER_TIME.includes(tree.op) || partsOf(tree).some(hangsOnTime);
}

/** Every slot that a tree reads. */
export function slotsOf(tree: Tree): readonly number[] {
  const own = 'slot' in tree ? [tree.slot] : 'clock' in tree ? [tree.clock] : [];
  return [...new Set([...own, ...partsOf(tree).flatMap(slotsOf)])];
}

/** Names of slots, each once, in the order in which they were met. Several expressions may share one. */
export class Slots {
  readonly #places = new Map<string, number>();

  /** The slot of a name, a new one where it has none yet. */
  of(name: string): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    this.#places.set(name, this.#places.size);
    return this.#places.size - 1;
  }

  /** Names by slot. */
  get names(): readonly string[] {
    return [...this.#places.keys()];
  }
}
