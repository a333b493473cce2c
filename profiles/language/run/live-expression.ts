import type { ResolvedExpression } from '../bench/on-bench.ts';
import { Evaluator, type ExpressionState } from '../evaluate/evaluator.ts';
import type { Scope } from '../expression/functions.ts';
import type { Tree } from '../expression/tree.ts';
import type { DerivedRole } from '../layout/derived.ts';
import type { Conversion } from '../units/unit.ts';
import { type FilledInStep, filledInStep } from './beside/filled-in-step.ts';
import { limitOf } from './beside/limit-over-derived.ts';
import type { LanguageEnv } from './env.ts';
import type { ValueTable } from './values.ts';

/** A slot that counts: over which part of the run, what, in which unit. */
interface Counted {
  readonly at: number;
  readonly part: string;
  readonly counted: string;
  readonly to: Conversion;
}

/** Looks up what a part of the run has counted so far. */
export type Count = (part: string, counted: string) => number;
/** A column of a data file at the time of the step that looks. */
export type Column = (data: string, column: string) => number;

/** What a whole method sees of data files: nothing. */
export const NO_COLUMN: Column = () => Number.NaN;

/** An expression of a method that is looked at while the method runs. */
export class LiveExpression {
  readonly text: string;
  readonly tree: Tree;
  readonly #evaluator: Evaluator;
  readonly #counted: readonly Counted[];
  readonly #columns: readonly {
    readonly at: number;
    readonly data: string;
    readonly column: string;
    readonly to: Conversion;
  }[];
  readonly #filling: readonly FilledInStep[];
  readonly #roles: readonly string[];
  readonly #now = new Float64Array(1);

  /** `derived`: the roles that the method works out of others; `isLimit`: what cannot be told counts as exceeded. */
  constructor(
    expression: ResolvedExpression,
    table: ValueTable,
    derived: readonly DerivedRole[],
    isLimit: boolean,
  ) {
    const { tree, slots } = isLimit ? limitOf(expression, derived) : expression;
    this.#filling = isLimit ? [] : filledInStep(expression, table, derived);
    this.text = expression.text;
    this.tree = tree;
    this.#roles = [...new Set(slots.flatMap(slot => (slot.from === 'role' ? [slot.role] : [])))];
    const places = slots.map(slot => table.placeOf(slot));
    this.#evaluator = new Evaluator(tree, places);
    this.#counted = slots.flatMap((slot, i) => {
      const at = places[i].first;
      if (slot.from === 'part of the run') return { at, part: slot.part, counted: slot.counted, to: slot.to };
      if (slot.from !== 'state of charge') return [];
      return { at, part: 'run', counted: 'soc', to: { num: 1, den: 1, plus: 0 } };
    });
    this.#columns = slots.flatMap((slot, i) =>
      slot.from === 'data' ? { at: places[i].first, data: slot.data, column: slot.column, to: slot.to } : [],
    );
  }

  /** Begins anew what counts from the step or block, or, with a scope, what counts from there. */
  restart(scope?: Scope): void {
    this.#evaluator.restart(scope);
    if (scope === undefined) for (const one of this.#filling) one.forget();
  }

  /** Nobody has looked for a while: windows and times begin anew. */
  forget(): void {
    this.#evaluator.forget();
    for (const one of this.#filling) one.forget();
  }

  /** Looks at method time `t_s`: a number in the unit of the expression; 1, 0 or NaN of a condition. */
  look(values: Float64Array, t_s: number, count: Count, column: Column): number {
    for (const { at, part, counted, to } of this.#counted)
      values[at] = (count(part, counted) * to.num) / to.den + to.plus;
    for (const { at, data, column: name, to } of this.#columns)
      values[at] = (column(data, name) * to.num) / to.den + to.plus;
    this.#now[0] = t_s;
    for (let i = 0; i < this.#filling.length; i++) this.#filling[i].hide(values, t_s);
    this.#evaluator.run(values, this.#now);
    for (let i = 0; i < this.#filling.length; i++) this.#filling[i].giveBack(values);
    return this.#evaluator.result;
  }

  /** Roles that it reads and that have no usable value now. */
  unusable(env: Pick<LanguageEnv, 'value'>): readonly string[] {
    return this.#roles.filter(role => Number.isNaN(env.value(role)));
  }

  /** Whether it is the same as another one. */
  isAs({ text, tree }: LiveExpression): boolean {
    return text === this.text && JSON.stringify(tree) === JSON.stringify(this.tree);
  }

  /** Goes on with the windows of the same expression in another program; that one is not looked at any more. */
  takeOver(before: LiveExpression): void {
    this.#evaluator.takeWindows(before.#evaluator);
  }

  /** What it remembers, JSON. */
  state(t_s: number): ExpressionState {
    return this.#evaluator.state(t_s);
  }

  /** Goes on from there. */
  restore(saved: ExpressionState, t_s: number): void {
    this.#evaluator.restore(saved, t_s);
  }
}
