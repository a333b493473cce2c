import type { ResolvedExpression } from '../bench/on-bench.ts';

/** Every expression of a program or a part of it, wherever it stands in it. */
export function* expressionsIn(found: unknown): Generator<ResolvedExpression> {
  if (typeof found !== 'object' || found === null) return;
  if ('tree' in found && 'slots' in found) yield found as ResolvedExpression;
  else for (const part of Object.values(found)) yield* expressionsIn(part);
}
