import type { ResolvedExpression } from '../bench/on-bench.ts';
import type { Program } from '../layout/instruction.ts';

/** Every expression of a program, wherever it stands in it. */
export function* allExpressions(program: Program): Generator<ResolvedExpression> {
  const { parameters, limits, record, derived, returns, instructions } = program;
  yield* within([parameters, limits, record, derived, returns, instructions]);
}

function* within(found: unknown): Generator<ResolvedExpression> {
  if (typeof found !== 'object' || found === null) return;
  if ('tree' in found && 'slots' in found) {
    yield found as ResolvedExpression;
    return;
  }
  for (const part of Object.values(found)) yield* within(part);
}
