import { Evaluator } from '../../profiles/language/evaluate/evaluator.ts';
import { checkExpression } from '../../profiles/language/expression/check.ts';
import { parseExpression } from '../../profiles/language/expression/parse.ts';
import { hangsOnTime } from '../../profiles/language/expression/tree.ts';
import { type NamedValue, type Names, unitOfName } from '../../profiles/language/expression/typed.ts';

/** Conditions over what runs returned: `last.capacity_Ah < 0.8 * first.capacity_Ah`. */

/** Names that every run has: whether it completed, and whether all that its method asks of its figures was met. */
export const OF_EVERY_RUN = ['completed_on', 'passed_on'] as const;

/** Values by full name, `first.capacity_Ah`; on is 1, off 0; NaN where it is not known. */
export type RuleValues = ReadonlyMap<string, number>;

/** A condition that can be looked at. */
export interface Rule {
  readonly text: string;
  /** Every value that it reads. */
  readonly names: readonly string[];
  /** True, false; undefined: a value is missing that would decide. */
  holds(values: RuleValues): boolean | undefined;
}

/**
 * Checks a condition. `returned`: of each run the names that its method returns.
 * @throws ExpressionError, RangeError with what is wrong where
 */
export function ruleOf(text: string, returned: ReadonlyMap<string, readonly string[]>): Rule {
  const names: Names = { find: full => valueNamed(full, returned) };
  const { tree, slots } = checkExpression(text, parseExpression(text), { kind: 'condition' }, { names });
  if (hangsOnTime(tree))
    throw new RangeError(`"${text}": a result has no course, expected a condition without times or means`);
  const evaluator = new Evaluator(
    tree,
    slots.names.map((_, first) => ({ first, count: 1 })),
  );
  const now = new Float64Array(1);
  return {
    text,
    names: slots.names,
    holds(values) {
      evaluator.run(
        Float64Array.from(slots.names, one => values.get(one) ?? Number.NaN),
        now,
      );
      return Number.isNaN(evaluator.result) ? undefined : evaluator.result === 1;
    },
  };
}

function valueNamed(
  full: string,
  returned: ReadonlyMap<string, readonly string[]>,
): NamedValue | { readonly wrong: string } {
  const cut = full.indexOf('.');
  const run = full.slice(0, Math.max(0, cut));
  const own = returned.get(run);
  if (own === undefined)
    return {
      wrong: `"${full}" is of no run, expected RUN.NAME with a run: ${[...returned.keys()].join(', ')}`,
    };
  const all = [...own, ...OF_EVERY_RUN];
  const unit = all.includes(full.slice(cut + 1)) ? unitOfName(full) : undefined;
  return unit === undefined
    ? { wrong: `"${full}": run ${run} gives no such value, expected one of ${all.join(', ')}` }
    : { unit, isArray: false };
}
