import type { Scope } from '../expression/functions.ts';
import type { Tree } from '../expression/tree.ts';
import { hasWindow } from './limit.ts';
import { Window } from './window.ts';

/** A tree laid out as a row of small steps for a stack of numbers, with the memory that its parts need. */

/** Where the values of a slot stand, and how many: more than one of an array role. */
export interface SlotPlace {
  readonly first: number;
  readonly count: number;
}

/** Numbers of the steps: `run` in evaluator.ts has one case for each. */
export const STEP = {
  value: 0,
  slot: 1,
  '+': 2,
  '-': 3,
  '*': 4,
  '/': 5,
  '<': 6,
  '<=': 7,
  '>': 8,
  '>=': 9,
  '==': 10,
  '!=': 11,
  and: 12,
  or: 13,
  not: 14,
  negate: 15,
  abs: 16,
  sqrt: 17,
  exp: 18,
  ln: 19,
  min: 20,
  max: 21,
  lowest: 22,
  highest: 23,
  mean: 24,
  spread: 25,
  held: 26,
  window: 27,
  change: 28,
  triangle: 29,
  square: 30,
  sine: 31,
  clamp: 32,
  known: 33,
  h2_mol: 34,
  settle: 35,
  switch: 36,
} as const;

/** What a limit makes of an unknown. */
export interface Settling {
  readonly as: 0 | 1;
  /** Places of all readings that matter. */
  readonly places: readonly SlotPlace[];
  readonly hasWindow: boolean;
}

/** The laid-out expression. */
export interface Code {
  /** Step and its argument, in turn. */
  readonly steps: Int32Array;
  readonly values: Float64Array;
  readonly arrays: readonly SlotPlace[];
  /** Those of another evaluator of the same tree may take their place. */
  readonly windows: Window[];
  /** Of each `change` what it counts from; undefined: the step or block it stands in. */
  readonly changes: readonly (Scope | undefined)[];
  readonly holds: number;
  readonly settlings: readonly Settling[];
  /** So many numbers lie on the stack at most. */
  readonly depth: number;
}

/** Lays out a tree. `places`: of each slot. @throws RangeError of a slot without a place */
export function codeOf(tree: Tree, places: readonly SlotPlace[]): Code {
  const steps: number[] = [];
  const values: number[] = [];
  const arrays: SlotPlace[] = [];
  const windows: Window[] = [];
  const changes: (Scope | undefined)[] = [];
  const settlings: Settling[] = [];
  let holds = 0;
  let depth = 0;
  let height = 0;

  const place = (slot: number): SlotPlace => {
    const found = places[slot];
    if (found === undefined)
      throw new RangeError(`slot ${slot} has no place, expected ${places.length} or fewer`);
    return found;
  };
  /** A step that takes `takes` numbers from the stack and leaves one. */
  const emit = (step: number, takes: number, argument = 0): void => {
    steps.push(step, argument);
    height += 1 - takes;
    depth = Math.max(depth, height);
  };
  const lay = (node: Tree): void => {
    switch (node.op) {
      case 'value':
        emit(STEP.value, 0, values.push(node.value) - 1);
        break;
      case 'slot':
      case 'switch':
        emit(STEP[node.op], 0, place(node.slot).first);
        break;
      case 'lowest':
      case 'highest':
      case 'mean':
      case 'spread':
        emit(STEP[node.op], 0, arrays.push(place(node.slot)) - 1);
        break;
      case 'list':
        throw new RangeError('a list has no single value');
      case 'negate':
      case 'abs':
      case 'sqrt':
      case 'exp':
      case 'ln':
      case 'not':
      case 'known':
        lay(node.a);
        emit(STEP[node.op], 1);
        break;
      case 'held':
        lay(node.a);
        lay(node.time);
        emit(STEP.held, 2, holds++);
        break;
      case 'span':
      case 'slope':
      case 'average':
        lay(node.a);
        lay(node.time);
        emit(STEP.window, 2, windows.push(new Window(node.op)) - 1);
        break;
      case 'change':
        lay(node.a);
        emit(STEP.change, 1, changes.push(node.scope) - 1);
        break;
      case 'triangle':
      case 'square':
      case 'sine':
        for (const part of [node.low, node.high, node.period]) lay(part);
        emit(STEP[node.op], 3, place(node.clock).first);
        break;
      case 'clamp':
        for (const part of [node.a, node.low, node.high]) lay(part);
        emit(STEP.clamp, 3);
        break;
      case 'h2_mol':
        for (const part of [node.pressure, node.temperature, node.volume]) lay(part);
        emit(STEP.h2_mol, 3);
        break;
      case 'settle': {
        lay(node.a);
        const settling = {
          as: node.as,
          places: node.slots.map(place),
          hasWindow: node.mayFill ?? hasWindow(node.a),
        };
        emit(STEP.settle, 1, settlings.push(settling) - 1);
        break;
      }
      default:
        lay(node.a);
        lay(node.b);
        emit(STEP[node.op], 2);
        break;
    }
  };
  lay(tree);
  return {
    steps: Int32Array.from(steps),
    values: Float64Array.from(values),
    arrays,
    windows,
    changes,
    holds,
    settlings,
    depth,
  };
}
