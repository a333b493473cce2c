import { dotted, type Place } from '../../../../drivers/contract/explain.ts';
import { findName } from '../../bench/find-name.ts';
import type { BenchNames } from '../../bench/reference.ts';
import { Evaluator } from '../../evaluate/evaluator.ts';
import { checkExpression, type Expected } from '../../expression/check.ts';
import { parseExpression } from '../../expression/parse.ts';
import { ExpressionError } from '../../expression/problem.ts';
import type { Syntax } from '../../expression/syntax.ts';
import { print } from '../../expression/syntax.ts';
import { hangsOnTime, Slots, type Tree } from '../../expression/tree.ts';
import { numberUnit, stemOf } from '../../file/keys.ts';
import { type DeclaredNames, declaredNames, namesOf } from '../../file/names-of-file.ts';
import type { LanguageFile } from '../../file/nodes.ts';
import { resolveRelative, type SubjectFigures } from '../../units/relative.ts';
import { conversion, converted, sameDimension, type Unit, unitNamed } from '../../units/unit.ts';
import type { At } from '../ledger.ts';
import { type Amount, tidy } from '../plain-step.ts';

/** What an expression of a method is worth before any run: parameters, names of `each`, figures of the subject. */

/** Values of a file's own names, each in the unit of the name. */
export interface Known {
  readonly values: ReadonlyMap<string, number>;
  readonly lists: ReadonlyMap<string, readonly number[]>;
}

const NOW = Float64Array.of(0);

/** Works out the values of one file. */
export class Worth {
  readonly file: LanguageFile;
  readonly #bench: BenchNames;
  readonly #declared: DeclaredNames;

  constructor(file: LanguageFile, figures: Pick<BenchNames, 'subject' | 'bench'>) {
    this.file = file;
    const { subject, bench } = figures;
    this.#bench = { subjectKind: 'cell', measured: new Map(), settable: [], subject, bench };
    this.#declared = declaredNames(file);
  }

  get subject(): SubjectFigures {
    return this.#bench.subject;
  }

  /** A value as it is written, in the unit of its key. @throws LanguageError of what only a run knows */
  number(place: Place, raw: unknown, known: Known): number {
    if (typeof raw === 'number') return raw;
    const found = this.file.expressions.get(dotted(place));
    if (found === undefined) throw this.file.errors.valueError(place, 'expected a number');
    return this.part({ file: this.file, place }, found.syntax, found.expected, known);
  }

  /** Whether a condition holds, as far as that is known before a run: parameters and figures decide it. @throws LanguageError */
  holds(place: Place, raw: unknown, known: Known): boolean | undefined {
    if (typeof raw === 'boolean') return raw;
    const found = this.file.expressions.get(dotted(place));
    if (found === undefined) return undefined;
    const at = { file: this.file, place };
    const { tree, slots } = this.#checked(at, found.syntax, found.expected);
    if (hangsOnTime(tree)) return undefined;
    const values = slots.names.map(name =>
      this.#isOfRun(name, known) ? Number.NaN : this.#valueOf(name, at, known),
    );
    const evaluator = new Evaluator(
      tree,
      values.map((_, first) => ({ first, count: 1 })),
    );
    evaluator.run(Float64Array.from(values), NOW);
    return Number.isNaN(evaluator.result) ? undefined : evaluator.result === 1;
  }

  /** True of a name that has a value only in a run: a role, what a step counted, a name of a `let`. */
  #isOfRun(name: string, known: Known): boolean {
    const found = findName(name, this.#bench, this.#declared, []);
    if ('wrong' in found) return !name.startsWith('subject.') && !name.startsWith('bench.');
    return found.from === 'own name' ? !known.values.has(found.name) : found.from !== 'figure of the bench';
  }

  /** A part of an expression, in the unit that is expected of it. @throws LanguageError of what only a run knows */
  part(at: At, syntax: Syntax, expected: Expected, known: Known): number {
    const { tree, slots } = this.#checked(at, syntax, expected);
    const values = slots.names.map(name => this.#valueOf(name, at, known));
    const evaluator = new Evaluator(
      tree,
      values.map((_, first) => ({ first, count: 1 })),
    );
    evaluator.run(Float64Array.from(values), NOW);
    if (Number.isFinite(evaluator.result)) return tidy(evaluator.result);
    throw this.file.errors.valueError(at.place, `${print(syntax)} is no number before a run`);
  }

  /** The list of an `each` that is a name or reverse(name). */
  list(place: Place, known: Known): readonly number[] {
    const found = this.file.expressions.get(dotted(place));
    const at = { file: this.file, place };
    if (found?.expected.kind !== 'list') throw this.file.errors.valueError(place, 'expected a list');
    const { tree, slots } = this.#checked(at, found.syntax, found.expected);
    if (tree.op !== 'list') throw this.file.errors.valueError(place, 'expected the name of a list');
    const reference = findName(slots.names[tree.slot] ?? '', this.#bench, this.#declared, []);
    const own = 'wrong' in reference || reference.from !== 'own name' ? undefined : reference.name;
    const values = own === undefined ? undefined : known.lists.get(own);
    if (values === undefined)
      throw this.file.errors.valueError(place, `${found.text} is known only in a run`);
    const turned = values.map(value => tidy((value * tree.num) / tree.den + tree.plus));
    return tree.isReversed ? turned.toReversed() : turned;
  }

  /**
   * A value under a key like `current_C` or `voltage_V_per_cell`, in `plain` or, for currents, in C where it is written
   * so; what is relative to the subject is turned by its figures. @throws LanguageError of a figure that is missing
   */
  amount(place: Place, key: string, value: number, plain: string): Amount {
    const unit = numberUnit(key);
    const target = unitNamed(plain);
    if (unit === undefined || target === undefined)
      throw this.file.errors.error(place, `${key} is no number`);
    return this.turned({ file: this.file, place }, { value, unit, stem: lastStem(key) }, target);
  }

  /** As `amount`, of a value in any unit of a quantity. */
  turned(at: At, of: { value: number; unit: Unit; stem: string }, target: Unit): Amount {
    const { value, unit, stem } = of;
    if (stem === 'current' && unit.text === 'C') return { value, unit: 'C' };
    if (sameDimension(unit, target))
      return { value: tidy(converted(value, conversion(unit, target))), unit: target.text };
    const relative = resolveRelative(stem, unit, this.subject);
    if (relative !== undefined && 'missing' in relative)
      throw this.file.errors.error(
        at.place,
        `${unit.text} needs ${relative.missing}, expected ${relative.missing === 'subject.capacity_Ah' ? '--capacity AH or ' : ''}--bench BENCH`,
      );
    const plain = relative === undefined ? undefined : unitNamed(relative.unit);
    if (relative === undefined || plain === undefined || !sameDimension(plain, target))
      throw this.file.errors.error(at.place, `is in ${unit.text}, expected a value in ${target.text}`);
    return {
      value: tidy(converted(value * relative.factor, conversion(plain, target))),
      unit: target.text,
    };
  }

  #checked(at: At, syntax: Syntax, expected: Expected): { tree: Tree; slots: Slots } {
    const text = print(syntax);
    const slots = new Slots();
    try {
      const again = parseExpression(text);
      return checkExpression(text, again, expected, { names: namesOf(this.#declared), slots });
    } catch (error) {
      if (error instanceof ExpressionError) throw this.file.errors.valueError(at.place, error.message);
      throw error;
    }
  }

  #valueOf(name: string, at: At, known: Known): number {
    const found = findName(name, this.#bench, this.#declared, []);
    if ('wrong' in found) {
      const isFigure = name.startsWith('subject.') || name.startsWith('bench.');
      const why = isFigure
        ? `${name} is not known, expected --bench BENCH with it`
        : `${name} is known only in a run`;
      throw this.file.errors.valueError(at.place, why);
    }
    if (found.from === 'figure of the bench') return found.value;
    const value = found.from === 'own name' ? known.values.get(found.name) : undefined;
    if (found.from !== 'own name' || value === undefined)
      throw this.file.errors.valueError(at.place, `${name} is known only in a run`);
    return (value * found.to.num) / found.to.den + found.to.plus;
  }
}

/** `current` of `cell.current_A` and of `current_C`. */
export function lastStem(key: string): string {
  const stem = stemOf(key) ?? key;
  return stem.slice(stem.lastIndexOf('.') + 1);
}
