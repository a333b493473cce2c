import type { Scope } from '../expression/functions.ts';
import type { Tree } from '../expression/tree.ts';
import { type Code, codeOf, type Settling, type SlotPlace } from './code.ts';
import { hydrogenAmount_mol } from './hydrogen.ts';
import { finite, overArray } from './over-array.ts';
import { EARLY_S } from './window.ts';

/** What an expression remembers between two looks, as JSON; windows are not in it, they fill anew. */
export interface ExpressionState {
  /** Of each `for`: how long it has been true, and how long not false, s; null: it is not; -1: since the start. */
  readonly held_s: readonly (readonly [isTrue_s: number | null, notFalse_s: number | null])[];
  /** Of each `change` what it counts from; null: nothing yet. */
  readonly from: readonly (number | null)[];
}

const UNKNOWN = Number.NaN;

/**
 * A checked expression that is looked at again and again. Conditions are 1, 0 or NaN: unknown stays unknown until one
 * side alone decides (Kleene, Introduction to metamathematics 1952, strong tables). A number that cannot be
 * worked out (a reading without a value, a division by zero) is NaN. Allocates nothing in `run`; no clock, no chance.
 */
export class Evaluator {
  readonly #code: Code;
  readonly #stack: Float64Array;
  /** Two figures of each `for`: since when it is true, and since when it is not false, s; NaN: it is not. */
  readonly #since: Float64Array;
  readonly #from: Float64Array;

  /** `places`: where the values of each slot stand in the array that `run` is given. */
  constructor(tree: Tree, places: readonly SlotPlace[]) {
    this.#code = codeOf(tree, places);
    // A window reads its length beside its value.
    this.#stack = new Float64Array(this.#code.depth + 1);
    this.#since = new Float64Array(2 * this.#code.holds);
    this.#from = new Float64Array(this.#code.changes.length).fill(UNKNOWN);
    this.restart();
  }

  /** Begins anew what counts from the step or block, or, with a scope, what counts from there. */
  restart(scope?: Scope): void {
    this.#code.changes.forEach((own, i) => {
      if (own === scope) this.#from[i] = UNKNOWN;
    });
    if (scope === undefined) this.forget();
  }

  /** Nobody has looked for a while: windows and times begin anew, what counts from a moment goes on. */
  forget(): void {
    for (const window of this.#code.windows) window.reset();
    for (let i = 0; i < this.#since.length; i += 2) {
      this.#since[i] = UNKNOWN;
      this.#since[i + 1] = Number.NEGATIVE_INFINITY;
    }
  }

  /** Looks once, at running time `now[0]`, s; `result` says what came out. Times never go back. */
  run(values: Float64Array, now: Float64Array): void {
    const { steps, values: numbers, arrays, windows, settlings } = this.#code;
    const stack = this.#stack;
    let top = -1;
    for (let at = 0; at < steps.length; at += 2) {
      const argument = steps[at + 1];
      // The numbers are those of `STEP`; as literals they make one jump.
      switch (steps[at]) {
        case 0: // value
          stack[++top] = numbers[argument];
          break;
        case 1: // slot
          stack[++top] = finite(values[argument]);
          break;
        case 2: // +
          top--;
          stack[top] = finite(stack[top] + stack[top + 1]);
          break;
        case 3: // -
          top--;
          stack[top] = finite(stack[top] - stack[top + 1]);
          break;
        case 4: // *
          top--;
          stack[top] = finite(stack[top] * stack[top + 1]);
          break;
        case 5: // /
          top--;
          stack[top] = finite(stack[top] / stack[top + 1]);
          break;
        case 6: // <
          top--;
          stack[top] = stack[top] < stack[top + 1] ? 1 : stack[top] >= stack[top + 1] ? 0 : UNKNOWN;
          break;
        case 7: // <=
          top--;
          stack[top] = stack[top] <= stack[top + 1] ? 1 : stack[top] > stack[top + 1] ? 0 : UNKNOWN;
          break;
        case 8: // >
          top--;
          stack[top] = stack[top] > stack[top + 1] ? 1 : stack[top] <= stack[top + 1] ? 0 : UNKNOWN;
          break;
        case 9: // >=
          top--;
          stack[top] = stack[top] >= stack[top + 1] ? 1 : stack[top] < stack[top + 1] ? 0 : UNKNOWN;
          break;
        case 10: // ==
          top--;
          stack[top] = equal(stack[top], stack[top + 1]);
          break;
        case 11: // !=
          top--;
          stack[top] = 1 - equal(stack[top], stack[top + 1]);
          break;
        case 12: // and
          top--;
          stack[top] = stack[top] === 0 || stack[top + 1] === 0 ? 0 : stack[top] * stack[top + 1];
          break;
        case 13: // or
          top--;
          stack[top] = stack[top] === 1 || stack[top + 1] === 1 ? 1 : stack[top] + stack[top + 1];
          break;
        case 14: // not
          stack[top] = 1 - stack[top];
          break;
        case 15: // negate
          stack[top] = -stack[top];
          break;
        case 16: // abs
          stack[top] = Math.abs(stack[top]);
          break;
        case 17: // sqrt
          stack[top] = Math.sqrt(stack[top]);
          break;
        case 18: // exp
          stack[top] = finite(Math.exp(stack[top]));
          break;
        case 19: // ln
          stack[top] = finite(Math.log(stack[top]));
          break;
        case 20: // min
          top--;
          stack[top] = Math.min(stack[top], stack[top + 1]);
          break;
        case 21: // max
          top--;
          stack[top] = Math.max(stack[top], stack[top + 1]);
          break;
        case 22: // lowest
        case 23: // highest
        case 24: // mean
        case 25: // spread
          overArray(steps[at], arrays[argument], values, stack, ++top);
          break;
        case 26: // held
          top--;
          this.#held(top, 2 * argument, now[0]);
          break;
        case 27: // window
          top--;
          windows[argument].take(stack, top, now);
          break;
        case 28: // change
          if (Number.isNaN(this.#from[argument])) this.#from[argument] = stack[top];
          stack[top] = finite(stack[top] - this.#from[argument]);
          break;
        case 29: // triangle
        case 30: // square
        case 31: // sine
          top -= 2;
          shape(steps[at], values[argument], stack, top);
          break;
        case 32: // clamp
          top -= 2;
          clamp(stack, top);
          break;
        case 33: // known
          stack[top] = Number.isNaN(stack[top]) ? 0 : 1;
          break;
        case 34: // h2_mol
          top -= 2;
          stack[top] = finite(hydrogenAmount_mol(stack[top], stack[top + 1], stack[top + 2]));
          break;
        case 35: // settle
          if (Number.isNaN(stack[top])) stack[top] = settle(settlings[argument], values);
          break;
        default: // switch
          stack[++top] = values[argument] === 1 ? 1 : values[argument] === 0 ? 0 : UNKNOWN;
      }
    }
  }

  /** What the last `run` found: a number in the unit of the expression, or 1, 0 and NaN of a condition. */
  get result(): number {
    return this.#stack[0];
  }

  /** `for`: true once true for so long without a break; false if it was false in that time; else unknown. */
  #held(top: number, at: number, t_s: number): void {
    const stack = this.#stack;
    const since = this.#since;
    const over_s = stack[top + 1] - EARLY_S;
    const is = stack[top];
    if (is === 0) {
      since[at] = UNKNOWN;
      since[at + 1] = UNKNOWN;
      return;
    }
    if (is !== 1) since[at] = UNKNOWN;
    else if (Number.isNaN(since[at])) since[at] = t_s;
    if (Number.isNaN(since[at + 1])) since[at + 1] = t_s;
    if (t_s - since[at] >= over_s) stack[top] = 1;
    else stack[top] = t_s - since[at + 1] < over_s ? 0 : UNKNOWN;
  }

  /** Goes on with the windows of an evaluator of the same tree, which is not run any more. */
  takeWindows(before: Evaluator): void {
    before.#code.windows.forEach((window, i) => {
      this.#code.windows[i] = window;
    });
  }

  /** What it remembers at running time `t_s`. */
  state(t_s: number): ExpressionState {
    const for_s = (since_s: number): number | null => {
      if (Number.isNaN(since_s)) return null;
      return since_s === Number.NEGATIVE_INFINITY ? -1 : t_s - since_s;
    };
    const held_s = Array.from({ length: this.#code.holds }, (_, i) => {
      return [for_s(this.#since[2 * i]), for_s(this.#since[2 * i + 1])] as const;
    });
    return { held_s, from: Array.from(this.#from, from => (Number.isNaN(from) ? null : from)) };
  }

  /** Goes on from a state, at running time `t_s`. @throws RangeError where it is not of this expression */
  restore(state: ExpressionState, t_s: number): void {
    if (state.held_s.length !== this.#code.holds || state.from.length !== this.#from.length) {
      throw new RangeError(
        `a state of another expression, expected ${this.#code.holds} and ${this.#from.length}`,
      );
    }
    const since_s = (for_s: number | null): number => {
      if (for_s === null) return UNKNOWN;
      return for_s < 0 ? Number.NEGATIVE_INFINITY : t_s - for_s;
    };
    state.held_s.forEach(([isTrue_s, notFalse_s], i) => {
      this.#since[2 * i] = since_s(isTrue_s);
      this.#since[2 * i + 1] = since_s(notFalse_s);
    });
    state.from.forEach((from, i) => {
      this.#from[i] = from ?? UNKNOWN;
    });
  }
}

function equal(a: number, b: number): number {
  return a === b ? 1 : a - b === 0 || Number.isNaN(a) || Number.isNaN(b) ? UNKNOWN : 0;
}

/** All begin at low; at half a period they are at high. Low, high and period lie on the stack. */
function shape(step: number, time_s: number, stack: Float64Array, top: number): void {
  const low = stack[top];
  const high = stack[top + 1];
  const period_s = stack[top + 2];
  const turns = time_s / period_s;
  const part = turns - Math.floor(turns);
  let share = 1 - Math.abs(1 - 2 * part);
  if (step === 30) share = part < 0.5 ? 0 : part >= 0.5 ? 1 : UNKNOWN;
  if (step === 31) share = (1 - Math.cos(2 * Math.PI * part)) / 2;
  stack[top] = period_s > 0 ? finite(low * (1 - share) + high * share) : UNKNOWN;
}

function clamp(stack: Float64Array, top: number): void {
  const x = stack[top];
  const low = stack[top + 1];
  const high = stack[top + 2];
  stack[top] = low <= high ? Math.max(low, Math.min(high, x)) : UNKNOWN;
}

function settle({ as, places, hasWindow }: Settling, values: Float64Array): number {
  if (!hasWindow) return as;
  for (const { first, count } of places) {
    for (let i = first; i < first + count; i++) if (!(values[i] - values[i] === 0)) return as;
  }
  return UNKNOWN;
}
