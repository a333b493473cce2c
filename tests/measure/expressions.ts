import { Evaluator } from '../../profiles/language/evaluate/evaluator.ts';
import { checkExpression } from '../../profiles/language/expression/check.ts';
import { parseExpression } from '../../profiles/language/expression/parse.ts';
import { unitNamed } from '../../profiles/language/units/unit.ts';
import { CONDITIONS, VALUES } from '../profiles/language/corpus.ts';

/**
 * What an expression costs each tick: all conditions and values of the example files, windows and arrays of five cells
 * with them, over an hour at 10 Hz. `npm run measure:expressions`; last line: JSON, ns an expression and tick as the
 * mean over the expressions, and bytes of heap a tick of all of them.
 */

const ARRAY = 5;
const TICKS = 36_000;
const ROUNDS = 20;
const WARM_ROUNDS = 3;

const texts: readonly (readonly [unit: string | undefined, text: string])[] = [
  ...CONDITIONS.map(text => [undefined, text] as const),
  ...VALUES,
];
const readings = new Float64Array(64);
const now = new Float64Array(1);

function evaluatorOf(unitText: string | undefined, text: string): Evaluator {
  const unit = unitNamed(unitText ?? 's');
  if (unit === undefined) throw new Error(`no unit ${unitText}`);
  const expected =
    unitText === undefined ? { kind: 'condition' as const } : { kind: 'quantity' as const, unit };
  const { tree, slots } = checkExpression(text, parseExpression(text), expected);
  return new Evaluator(
    tree,
    slots.names.map((_, i) => ({ first: i * ARRAY, count: ARRAY })),
  );
}

function nsPerTick(evaluator: Evaluator, ticks: number): number {
  const begin_ms = performance.now();
  for (let i = 0; i < ticks; i++) {
    now[0] += 0.1;
    readings[i % readings.length] += i % 2 === 0 ? 1e-4 : -1e-4;
    evaluator.run(readings, now);
  }
  return ((performance.now() - begin_ms) * 1e6) / ticks;
}

const evaluators = texts.map(([unit, text]) => evaluatorOf(unit, text));
const best = evaluators.map(() => Number.POSITIVE_INFINITY);
for (let i = 0; i < readings.length; i++) readings[i] = 3.5 + 0.01 * i;
for (let round = 0; round < ROUNDS + WARM_ROUNDS; round++) {
  evaluators.forEach((evaluator, i) => {
    const ns = nsPerTick(evaluator, TICKS / 10);
    if (round >= WARM_ROUNDS) best[i] = Math.min(best[i], ns);
  });
}
const before = process.memoryUsage().heapUsed;
for (const evaluator of evaluators) nsPerTick(evaluator, TICKS);
const heap_bytes_per_tick = Math.max(0, process.memoryUsage().heapUsed - before) / TICKS;
texts.forEach(([, text], i) => {
  console.log(`${best[i].toFixed(0).padStart(6)} ns  ${text}`);
});
const mean_ns = best.reduce((a, b) => a + b, 0) / best.length;
console.log(
  JSON.stringify({
    expressions: texts.length,
    mean_ns: Math.round(mean_ns),
    worst_ns: Math.round(Math.max(...best)),
    heap_bytes_per_tick: Number(heap_bytes_per_tick.toFixed(2)),
    target_ns: 200,
  }),
);
process.exitCode = mean_ns < 200 ? 0 : 1;
