import { isNoCount } from '../bench/borders.ts';
import { MOST_VALUES, rangeOf } from '../bench/constants.ts';
import type { ResolvedExpression } from '../bench/on-bench.ts';
import { whyUndefined } from '../evaluate/undefined.ts';
import { partsOf, type Tree } from '../expression/tree.ts';
import type { Assignment, Program, Seconds, Value, Values } from '../layout/instruction.ts';
import { SameFigure } from './beside/same-figure.ts';
import { StandingReadings } from './beside/standing-readings.ts';
import { type Mark, Totals } from './counts/totals.ts';
import type { LanguageEnv } from './env.ts';
import { allExpressions } from './expressions.ts';
import { type Count, LiveExpression } from './live-expression.ts';
import { LetCounts } from './rounds/round-values.ts';
import { ValueTable } from './values.ts';

const NO_COUNT: Count = () => Number.NaN;

/** The run cannot go on from here. */
export class Stuck extends Error {}

/** Something unknown stands where a number is needed. */
export class UnknownValue extends Stuck {
  /** `why`: what is wrong with it; undefined: something that it reads has no value. */
  constructor(text: string, why = 'a reading or a name in it has no value') {
    super(`"${text}" is not usable, it cannot be worked out now: ${why}`);
    this.name = 'UnknownValue';
  }
}

/** A procedure is called with a value beyond the `min` and `max` of its parameter. */
export class BeyondBorders extends Stuck {
  constructor(name: string, value: number, border: string) {
    super(`${name} is ${Number(value.toPrecision(6))}, expected ${border}`);
    this.name = 'BeyondBorders';
  }
}

/** What all lanes of a running method share: its values, its counts, its clock. */
export class Core {
  readonly program: Program;
  readonly env: LanguageEnv;
  readonly table: ValueTable;
  readonly totals: Totals;
  /** The counts of a run that has not begun. */
  readonly zero: Mark;
  /** Method seconds in a second. */
  readonly speed: number;
  /** Method time without holds, s. */
  running_s = 0;
  /** Method time in holds, s: it counts for no step, but limits go on in it. */
  held_s = 0;
  /** Run time of the newest change of the output's set points, s: readings from before are not those of the step. */
  changed_s = -Infinity;
  /** Lists by name, and where the state of charge was set. */
  readonly lists = new Map<string, readonly number[]>();
  readonly names = new Map<string, number>();
  /** Words that a name stands for: `circuit_text`. */
  readonly texts = new Map<string, string>();
  /** How often each `let` in a loop has been come to. */
  readonly lets = new LetCounts();
  readonly stepFigures = new Map<string, number>();
  /** Why means of a step have no value, by its id. */
  readonly noMeans = new Map<string, string>();
  soc: { readonly pct: number; readonly mark: Mark } | undefined;
  readonly #live = new Map<ResolvedExpression, LiveExpression>();
  readonly #limits = new Map<ResolvedExpression, LiveExpression>();
  readonly #same = new SameFigure();
  readonly #standing = new StandingReadings();
  /** Those in which something counts from a round or a phase. */
  readonly #scoped: LiveExpression[] = [];

  /** Told when nothing that was read is of now any more. */
  onChanged: () => void = () => {};
  /** Told when the set points of a step are applied. */
  onCounting: (kind: string, took_s: number) => void = () => {};

  constructor(program: Program, env: LanguageEnv) {
    this.program = program;
    this.env = env;
    this.speed = env.timeFactor;
    this.table = new ValueTable(allExpressions(program), env);
    this.totals = new Totals(env.output?.subject ?? 'cell');
    this.zero = this.totals.mark();
  }

  /** The time of limits and of what a method works out of other roles, s: no hold stops them. */
  get judged_s(): number {
    return this.running_s + this.held_s;
  }

  /** The one running form of an expression. */
  live(expression: ResolvedExpression): LiveExpression {
    return this.#formOf(this.#live, expression, false);
  }

  /** The same of a limit. */
  limit(expression: ResolvedExpression): LiveExpression {
    return this.#formOf(this.#limits, expression, true);
  }

  #formOf(
    known: Map<ResolvedExpression, LiveExpression>,
    expression: ResolvedExpression,
    isLimit: boolean,
  ): LiveExpression {
    const found =
      known.get(expression) ?? new LiveExpression(expression, this.table, this.program.derived, isLimit);
    if (!known.has(expression) && hasScope(found.tree)) this.#scoped.push(found);
    known.set(expression, found);
    return found;
  }

  /** Set points have changed: what was read before is no longer fresh. */
  changed(t_s: number): void {
    this.changed_s = t_s;
    this.table.refresh(this.env, t_s);
    this.onChanged();
  }

  /** Begins anew what counts from here: a round, a phase. */
  restart(scope: 'round' | 'phase'): void {
    // Nearly all expressions count from no scope: a round of a loop must not walk them all.
    for (const live of this.#scoped) live.restart(scope);
  }

  /** A value as it is now, in the unit of its key. @throws UnknownValue */
  valueOf(value: Value, count: Count = NO_COUNT): number {
    if (typeof value === 'number') return value;
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (typeof value === 'string') {
      if (value === 'on' || value === 'true') return 1;
      if (value === 'off' || value === 'false') return 0;
      throw new UnknownValue(value);
    }
    const found = this.once(value, count);
    if (Number.isNaN(found)) throw this.unknown(value);
    return found;
  }

  /** Why an expression has no value now: what it divides by, or which roles of it cannot be used. */
  unknown(expression: ResolvedExpression): UnknownValue {
    const { tree, slots, text } = expression;
    const values = slots.map(slot => this.table.raw[this.table.placeOf(slot).first]);
    const roles = this.live(expression).unusable(this.env);
    const why = whyUndefined(tree, values) ?? this.#whyNoMean(slots);
    return new UnknownValue(text, why ?? (roles.length > 0 ? `${roles.join(', ')} has no value` : undefined));
  }

  #whyNoMean(slots: ResolvedExpression['slots']): string | undefined {
    for (const slot of slots) {
      if (slot.from !== 'step' || !Number.isNaN(this.stepFigures.get(`${slot.id}.${slot.name}`) ?? 0))
        continue;
      const why = this.noMeans.get(slot.id);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  /** A figure as it is now; NaN where it is not known. */
  figureOf(value: Value, count: Count): number {
    return typeof value === 'object' ? this.once(value, count) : this.valueOf(value, count);
  }

  /** An expression as it is now, NaN where it is not known. */
  once(expression: ResolvedExpression, count: Count = NO_COUNT, at_s = 0): number {
    return this.live(expression).look(this.table.raw, this.running_s, count, (data, column) =>
      this.column(data, column, at_s),
    );
  }

  /** A column of a data file, NaN where there is none. */
  column(data: string, column: string, at_s: number): number {
    return this.env.data(data, column)?.(at_s) ?? Number.NaN;
  }

  /** A time in s. @throws UnknownValue */
  secondsOf(time: Seconds, count: Count = NO_COUNT): number {
    if (typeof time === 'number') return time;
    const found_s = this.valueOf(time.expression, count) * time.factor;
    if (found_s >= 0 && found_s < Infinity) return found_s;
    throw new UnknownValue(
      time.expression.text,
      `it comes to ${Number(found_s.toPrecision(6))} s, expected 0 or more`,
    );
  }

  /** The members of a list; undefined of a single value. @throws UnknownValue */
  listOf(values: Values, count: Count = NO_COUNT): readonly number[] | undefined {
    if (Array.isArray(values)) return (values as readonly Value[]).map(value => this.valueOf(value, count));
    if (typeof values !== 'object') return undefined;
    if ('from' in values) {
      const [from, to, by] = [values.from, values.to, values.by].map(value => this.valueOf(value, count));
      const range = rangeOf(from, to, by);
      const length = Math.floor((to - from) / by) + 1;
      if (length > MOST_VALUES)
        throw new Stuck(
          `a list of ${length} values (from ${from} to ${to} by ${by}), expected ${MOST_VALUES} at most`,
        );
      if (range === undefined) throw new UnknownValue(`from ${from} to ${to} by ${by}`);
      return range;
    }
    const { tree, slots, text } = values as ResolvedExpression;
    if (tree.op !== 'list') return undefined;
    return this.#named(tree, slots, text);
  }

  #named(
    { slot, isReversed, num, den, plus }: Extract<Tree, { op: 'list' }>,
    slots: ResolvedExpression['slots'],
    text: string,
  ): readonly number[] {
    const from = slots[slot];
    const list = from?.from === 'own name' ? this.lists.get(from.name) : undefined;
    if (list === undefined) throw new UnknownValue(text);
    const turned = list.map(value => (value * num) / den + plus);
    return isReversed ? turned.toReversed() : turned;
  }

  /** Gives a name its value or its list. @throws UnknownValue */
  assign(name: string, values: Values, count: Count = NO_COUNT): void {
    if (typeof values === 'string' && /_(text|file)$/.test(name)) {
      this.texts.set(name, values);
      return;
    }
    const list = this.listOf(values, count);
    if (list === undefined) this.set(name, this.valueOf(values as Value, count));
    else this.lists.set(name, list);
  }

  /** Gives a parameter of a call its value or its list. @throws UnknownValue, BeyondBorders */
  give({ name, value, borders }: Assignment, count: Count): void {
    this.assign(name, value, count);
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = borders ?? {};
    const [least, most] = [this.valueOf(min, count), this.valueOf(max, count)];
    const own = name.slice(name.lastIndexOf('#') + 1);
    for (const one of this.lists.get(name) ?? [this.names.get(name) ?? Number.NaN]) {
      if (isNoCount(own, one)) throw new BeyondBorders(own, one, 'a whole number');
      if (one < least) throw new BeyondBorders(own, one, `at least ${least}`);
      if (one > most) throw new BeyondBorders(own, one, `at most ${most}`);
    }
  }

  /** Gives a name a number. */
  set(name: string, value: number): void {
    this.names.set(name, value);
    this.table.assign(name, value);
  }

  /** Keeps what is asked of a step after its end. */
  keep(id: string, name: string, value: number): void {
    this.stepFigures.set(`${id}.${name}`, value);
    this.table.figure(id, name, value);
  }

  /** State of charge, %: NaN before it was set. */
  socNow_pct(): number {
    const { soc, env } = this;
    if (soc === undefined) return Number.NaN;
    const charge_Ah = this.totals.since(soc.mark, 'charge', env.cells_count);
    return soc.pct + (100 * charge_Ah) / env.capacity_Ah;
  }

  /** Time goes on to run time `t_s`, running or held, and what is read with it. */
  take(t_s: number, running_s: number, held_s: number): void {
    this.#same.look(this.env, t_s);
    this.#standing.look(this.env, t_s);
    this.running_s += running_s;
    this.held_s += held_s;
    // What flows in a hold is not the method's, but the charge of a cell does not ask.
    const isCell = this.env.output?.subject === 'cell';
    this.totals.take(running_s, this.env, this.changed_s, running_s + (isCell ? held_s : 0));
    this.table.refresh(this.env, this.changed_s);
  }
}

/** `change(x, round)` somewhere in it. */
function hasScope(tree: Tree): boolean {
  return (tree.op === 'change' && tree.scope !== undefined) || partsOf(tree).some(hasScope);
}
