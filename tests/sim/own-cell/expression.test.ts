import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError, readExpression } from '../../../sim/own-cell/expression.ts';

describe('functions as Python reads them', () => {
  it.each([
    ['2', 0, 2],
    ['.5e-3', 0, 5e-4],
    ['x', 3, 3],
    ['1 + 2 * x', 3, 7],
    ['10 - 4 - 3', 0, 3],
    ['16 / 4 / 2', 0, 2],
    ['2 ** 3 ** 2', 0, 512],
    ['-x ** 2', 3, -9],
    ['(-x) ** 2', 3, 9],
    ['2 ** -1', 0, 0.5],
    ['2 * -x', 3, -6],
    ['- - x', 3, 3],
    ['exp(log(x)) + sqrt(x * x)', 3, 6],
    ['tanh(0) + cosh(0) + abs(-2) + log10(100)', 0, 5],
    ['8.794e-11 * (x / 1000) ** 2 - 3.972e-10 * (x / 1000) + 4.862e-10', 1000, 1.7694e-10],
    ['2 * pi', 0, 2 * Math.PI],
  ])('%s at %d is %d', (text, x, value) => {
    expect(readExpression(text)(x)).toBeCloseTo(value, 12);
  });

  it.each([
    ['', 1],
    ['1 +', 4],
    ['(x', 3],
    ['x)', 2],
    ['2 x', 3],
    ['import os', 1],
    ['__import__("os")', 12],
    ['x.constructor', 2],
    ['constructor(x)', 1],
    ['exp', 4],
    ['x ^ 2', 3],
    ['1 if x else 2', 3],
    ['exp(x, 1)', 6],
  ])('%j is refused at character %d', (text, column) => {
    const refused = (): unknown => readExpression(text);
    expect(refused).toThrow(ExpressionError);
    expect(refused).toThrow(/expected/);
    try {
      refused();
    } catch (error) {
      expect((error as ExpressionError).column).toBe(column);
    }
  });

  it('brackets and powers without end are refused, not followed', () => {
    expect(() => readExpression('('.repeat(5000))).toThrow(ExpressionError);
    expect(() => readExpression(`x${' ** x'.repeat(3000)}`)).toThrow(ExpressionError);
    expect(() => readExpression('1'.repeat(30_000))).toThrow(ExpressionError);
  });

  it('whatever is written with its brackets has the value of its parts', () => {
    interface Node {
      readonly text: string;
      of(x: number): number;
    }
    const leaf = fc.oneof(
      fc.constant<Node>({ text: 'x', of: x => x }),
      fc.integer({ min: 0, max: 9 }).map((n): Node => ({ text: String(n), of: () => n })),
    );
    const { tree } = fc.letrec<{ tree: Node }>(tie => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        fc.tuple(fc.constantFrom('+', '-', '*', '/'), tie('tree'), tie('tree')).map(([sign, a, b]): Node => {
          const of = {
            '+': (x: number) => a.of(x) + b.of(x),
            '-': (x: number) => a.of(x) - b.of(x),
            '*': (x: number) => a.of(x) * b.of(x),
            '/': (x: number) => a.of(x) / b.of(x),
          }[sign];
          return { text: `(${a.text} ${sign} ${b.text})`, of };
        }),
        tie('tree').map((a): Node => ({ text: `tanh(${a.text})`, of: x => Math.tanh(a.of(x)) })),
        tie('tree').map((a): Node => ({ text: `(-${a.text})`, of: x => -a.of(x) })),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.double({ min: -3, max: 3, noNaN: true }), (node, x) => {
        expect(readExpression(node.text)(x)).toBe(node.of(x));
      }),
      { seed: 5 },
    );
  });

  it('any text is read or refused with a place inside it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), text => {
        try {
          expect(typeof readExpression(text)(0.5)).toBe('number');
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
          const { column } = error as ExpressionError;
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual(text.length + 1);
        }
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});
