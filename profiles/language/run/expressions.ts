import type { ResolvedExpression } from '../bench/on-bench.ts';
import { expressionsIn } from '../layout/expressions-in.ts';
import type { Program } from '../layout/instruction.ts';

/** Every expression of a program, wherever it stands in it. */
export function* allExpressions(program: Program): Generator<ResolvedExpression> {
  const { parameters, limits, record, derived, returns, instructions } = program;
  yield* expressionsIn([parameters, limits, record, derived, returns, instructions]);
}
