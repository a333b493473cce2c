import type { ResolvedExpression } from '../bench/on-bench.ts';
import { expressionsIn } from '../layout/expressions-in.ts';
import type { Program } from '../layout/instruction.ts';

/** Every expression of a program, wherever it stands in it. */
export function allExpressions({
  parameters,
  limits,
  record,
  derived,
  instructions,
}: Program): Generator<ResolvedExpression> {
  return expressionsIn([parameters, limits, record, derived, instructions]);
}
