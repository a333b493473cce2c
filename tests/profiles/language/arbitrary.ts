import fc from 'fast-check';
import type { Syntax } from '../../../profiles/language/expression/syntax.ts';
import type { Tree } from '../../../profiles/language/expression/tree.ts';

/** Random expressions, as written and as checked. */

const at = [0, 0] as const;
const name = fc.constantFrom(
  'cell.voltage_V',
  'rate_C',
  'x',
  'a.b.c_V_per_cell',
  'android_V',
  'format_s',
  'on_on',
);
const magnitude = fc.oneof(
  fc.nat(1000),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map(v => Math.abs(v)),
);

/** Trees as the parser makes them; whether their units fit does not matter. */
export const syntax: fc.Arbitrary<Syntax> = fc.letrec<{ node: Syntax }>(tie => {
  const node = tie('node');
  const named = name.map((text): Syntax => ({ kind: 'name', name: text, at }));
  const number = fc
    .tuple(magnitude, fc.option(fc.constantFrom('V', 'min', 'mV_per_h', 'android'), { nil: undefined }))
    .map(
      ([value, unit]): Syntax =>
        unit === undefined ? { kind: 'number', value, at } : { kind: 'number', value, unit, at },
    );
  return {
    node: fc.oneof(
      { maxDepth: 7, depthIdentifier: 'syntax' },
      fc.oneof(
        named,
        number,
        fc.boolean().map((value): Syntax => ({ kind: 'switch', value, at })),
      ),
      node.map((of): Syntax => ({ kind: 'negate', of, at })),
      node.map((of): Syntax => ({ kind: 'not', of, at })),
      fc
        .tuple(fc.constantFrom('+', '-', '*', '/'), node, node)
        .map(([op, a, b]): Syntax => ({ kind: 'arithmetic', op, a, b, at })),
      fc
        .tuple(fc.constantFrom('<', '<=', '>', '>=', '==', '!='), node, node)
        .map(([op, a, b]): Syntax => ({ kind: 'compare', op, a, b, at })),
      fc
        .tuple(fc.constantFrom('and', 'or'), node, node)
        .map(([op, a, b]): Syntax => ({ kind: 'logic', op, a, b, at })),
      fc.tuple(node, fc.oneof(named, number)).map(([of, time]): Syntax => ({ kind: 'held', of, time, at })),
      fc
        .tuple(fc.constantFrom('min', 'clamp', 'h2_mol'), fc.array(node, { minLength: 1, maxLength: 3 }))
        .map(([text, args]): Syntax => ({ kind: 'call', name: text, args, at })),
    ),
  };
}).node;

/** Slots of the random trees: four readings, a switch, an array of three, the time of the step. */
export const PLACES = [
  ...[0, 1, 2, 3, 4].map(first => ({ first, count: 1 })),
  { first: 5, count: 3 },
  { first: 8, count: 1 },
];
const SWITCH = 4;
const ARRAY = 5;
const CLOCK = 6;

const value = fc.integer({ min: -30, max: 30 }).map((n): Tree => ({ op: 'value', value: n + 0.123456789 }));
const time = fc.constantFrom(1, 2.5, 4, 10).map((s): Tree => ({ op: 'value', value: s }));

/**
 * Trees as the checker makes them. `exact` is worked out by the same signs in every implementation; what is rounded
 * otherwise (sums over a window, shapes, hydrogen) stands only where a small difference stays small.
 */
const trees = fc.letrec<{ exact: Tree; smooth: Tree; condition: Tree }>(tie => {
  const exact = tie('exact');
  const smooth = tie('smooth');
  const condition = tie('condition');
  return {
    exact: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'tree' },
      fc.oneof(
        value,
        fc.constantFrom(0, 1, 2, 3).map((slot): Tree => ({ op: 'slot', slot })),
        fc.constantFrom('lowest', 'highest', 'mean', 'spread').map((op): Tree => ({ op, slot: ARRAY })),
      ),
      fc
        .tuple(fc.constantFrom('+', '-', '*', '/', 'min', 'max'), exact, exact)
        .map(([op, a, b]): Tree => ({ op, a, b })),
      fc
        .tuple(fc.constantFrom('negate', 'abs', 'sqrt', 'exp', 'ln'), exact)
        .map(([op, a]): Tree => ({ op, a })),
      exact.map((a): Tree => ({ op: 'change', a })),
      fc.tuple(exact, time).map(([a, over]): Tree => ({ op: 'span', a, time: over })),
      fc.tuple(exact, exact, exact).map(([a, low, high]): Tree => ({ op: 'clamp', a, low, high })),
    ),
    smooth: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'tree' },
      exact,
      fc
        .tuple(fc.constantFrom('slope', 'average'), exact, time)
        .map(([op, a, over]): Tree => ({ op, a, time: over })),
      fc
        .tuple(fc.constantFrom('triangle', 'square', 'sine'), exact, exact)
        .map(
          ([op, low, high]): Tree => ({ op, low, high, period: { op: 'value', value: 7.3 }, clock: CLOCK }),
        ),
      fc.tuple(exact, exact).map(([a, volume]): Tree => {
        const pressure: Tree = { op: 'abs', a };
        return { op: 'h2_mol', pressure, temperature: { op: 'value', value: 25 }, volume };
      }),
      fc
        .tuple(fc.constantFrom('+', '-', 'min', 'max'), smooth, smooth)
        .map(([op, a, b]): Tree => ({ op, a, b })),
      fc.tuple(fc.constantFrom('negate', 'abs', 'change'), smooth).map(([op, a]): Tree => ({ op, a })),
    ),
    condition: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'tree' },
      fc.oneof(
        fc.constant<Tree>({ op: 'switch', slot: SWITCH }),
        fc
          .tuple(fc.constantFrom('<', '<=', '>', '>=', '==', '!='), fc.constantFrom(0, 1, 2, 3), value)
          .map(([op, slot, b]): Tree => ({ op, a: { op: 'slot', slot }, b })),
      ),
      fc
        .tuple(fc.constantFrom('<', '<=', '>', '>='), smooth, value)
        .map(([op, a, b]): Tree => ({ op, a, b })),
      fc.tuple(fc.constantFrom('and', 'or'), condition, condition).map(([op, a, b]): Tree => ({ op, a, b })),
      condition.map((a): Tree => ({ op: 'not', a })),
      smooth.map((a): Tree => ({ op: 'known', a })),
      fc.tuple(condition, time).map(([a, over]): Tree => ({ op: 'held', a, time: over })),
    ),
  };
});

export const numberTree = trees.smooth;
export const conditionTree = trees.condition;

/** One look: how long after the last, and what the readings are then; NaN: no usable value. */
export interface Look {
  readonly after_s: number;
  readonly values: readonly number[];
}

const reading = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: -20, max: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
);

/** Some looks at the readings, now and then with one that is bad. */
export const looks: fc.Arbitrary<readonly Look[]> = fc.array(
  fc.record({
    after_s: fc.constantFrom(0.5, 1, 1, 1, 3),
    values: fc
      .tuple(fc.array(reading, { minLength: 8, maxLength: 8 }), fc.constantFrom(0, 1, 1, Number.NaN))
      .map(([readings, on]) => readings.map((r, i) => (i === SWITCH ? on : r))),
  }),
  { minLength: 1, maxLength: 25 },
);
