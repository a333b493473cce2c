import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Evaluator } from '../../../profiles/language/evaluate/evaluator.ts';
import { parseExpression } from '../../../profiles/language/expression/parse.ts';
import { print, type Syntax } from '../../../profiles/language/expression/syntax.ts';
import type { Tree } from '../../../profiles/language/expression/tree.ts';
import { conditionTree, type Look, looks, numberTree, PLACES, syntax } from './arbitrary.ts';
import { type Sample, worth } from './oracle.ts';

function withoutPlaces(node: Syntax): unknown {
  return JSON.parse(JSON.stringify(node, (key, value) => (key === 'at' ? undefined : value)));
}

function historyOf(all: readonly Look[]): readonly Sample[] {
  let t_s = 0;
  return all.map(({ after_s, values }) => {
    t_s += after_s;
    return { t_s, values: [...values, t_s] };
  });
}

/** Every look through the evaluator; with `cut`, what it remembers goes through JSON into a new one there. */
function evaluated(tree: Tree, history: readonly Sample[], cut = -1): number[] {
  let evaluator = new Evaluator(tree, PLACES);
  return history.map(({ t_s, values }, i) => {
    if (i === cut) {
      const state = JSON.parse(JSON.stringify(evaluator.state(t_s)));
      evaluator = new Evaluator(tree, PLACES);
      evaluator.restore(state, t_s);
    }
    evaluator.run(Float64Array.from(values), Float64Array.of(t_s));
    return evaluator.result;
  });
}

const same = (a: number, b: number): boolean =>
  Number.isNaN(a) ? Number.isNaN(b) : Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

function hasWindow(tree: Tree): boolean {
  return /"(span|slope|average)"/.test(JSON.stringify(tree));
}

describe('printing and parsing', () => {
  it('gives the same tree again', () => {
    fc.assert(
      fc.property(syntax, tree => {
        const text = print(tree);
        fc.pre(text.length <= 2000);
        const again = parseExpression(text);
        expect(withoutPlaces(again)).toEqual(withoutPlaces(tree));
        expect(print(again)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps places inside the text, parts inside their whole', () => {
    const inside = (node: Syntax, from: number, to: number): void => {
      const [start, end] = node.at;
      expect(start >= from && end <= to && start < end).toBe(true);
      for (const part of Object.values(node).flat()) {
        if (typeof part === 'object' && 'kind' in part) inside(part, start, end);
      }
    };
    fc.assert(
      fc.property(syntax, tree => {
        const text = print(tree);
        fc.pre(text.length <= 2000);
        inside(parseExpression(text), 0, text.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('evaluation', () => {
  it.each([
    ['numbers', numberTree],
    ['conditions', conditionTree],
  ])('of %s is what the whole history says', (_, trees) => {
    fc.assert(
      fc.property(trees, looks, (tree, all) => {
        const history = historyOf(all);
        const found = evaluated(tree, history);
        const expected = history.map((__, k) => worth(tree, history, k));
        expect(found.map((v, k) => same(v, expected[k]) || [k, v, expected[k]])).toEqual(
          found.map(() => true),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('goes on from its JSON as if nothing had been, unless a window has to fill anew', () => {
    const withoutWindow = conditionTree.filter(tree => !hasWindow(tree));
    fc.assert(
      fc.property(withoutWindow, looks, fc.nat(24), (tree, all, cut) => {
        const history = historyOf(all);
        expect(evaluated(tree, history, cut)).toEqual(evaluated(tree, history));
      }),
      { numRuns: 1000 },
    );
  });

  it('begins anew with restart', () => {
    fc.assert(
      fc.property(conditionTree, looks, looks, (tree, before, all) => {
        const history = historyOf(all);
        const evaluator = new Evaluator(tree, PLACES);
        for (const { t_s, values } of historyOf(before)) {
          evaluator.run(Float64Array.from(values), Float64Array.of(t_s));
        }
        evaluator.restart();
        const found = history.map(({ t_s, values }) => {
          evaluator.run(Float64Array.from(values), Float64Array.of(t_s + 1000));
          return evaluator.result;
        });
        // Time of the step counts from its own start, so that only the run's clock has gone on.
        const late = history.map(s => ({ t_s: s.t_s + 1000, values: s.values }));
        expect(found.every((v, k) => same(v, worth(tree, late, k)))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('three values', () => {
  const values = [1, 0, Number.NaN];
  const ask = (tree: Tree, ...inputs: readonly number[]): number => {
    const evaluator = new Evaluator(
      tree,
      inputs.map((_, first) => ({ first, count: 1 })),
    );
    evaluator.run(Float64Array.from(inputs), Float64Array.of(0));
    return evaluator.result;
  };
  const [a, b, c] = [0, 1, 2].map((slot): Tree => ({ op: 'switch', slot }));
  const op = (word: 'and' | 'or', x: Tree, y: Tree): Tree => ({ op: word, a: x, b: y });
  const not = (x: Tree): Tree => ({ op: 'not', a: x });

  const laws: readonly (readonly [string, Tree, Tree])[] = [
    ['de Morgan', not(op('and', a, b)), op('or', not(a), not(b))],
    ['de Morgan, or', not(op('or', a, b)), op('and', not(a), not(b))],
    ['order of and', op('and', a, b), op('and', b, a)],
    ['order of or', op('or', a, b), op('or', b, a)],
    ['grouping of and', op('and', a, op('and', b, c)), op('and', op('and', a, b), c)],
    ['grouping of or', op('or', a, op('or', b, c)), op('or', op('or', a, b), c)],
    ['and over or', op('and', a, op('or', b, c)), op('or', op('and', a, b), op('and', a, c))],
    ['or over and', op('or', a, op('and', b, c)), op('and', op('or', a, b), op('or', a, c))],
    ['not twice', not(not(a)), a],
    ['absorption', op('and', a, op('or', a, b)), a],
    ['same twice', op('and', a, a), a],
  ];
  it.each(laws)('%s', (_, left, right) => {
    for (const x of values)
      for (const y of values)
        for (const z of values) expect([x, y, z, ask(left, x, y, z)]).toEqual([x, y, z, ask(right, x, y, z)]);
  });

  it('has the tables of Kleene', () => {
    const table = (word: 'and' | 'or'): number[] =>
      values.flatMap(x => values.map(y => ask(op(word, a, b), x, y)));
    const U = Number.NaN;
    expect(table('and')).toEqual([1, 0, U, 0, 0, 0, U, 0, U]);
    expect(table('or')).toEqual([1, 1, 1, 1, 0, U, 1, U, U]);
    expect(values.map(x => ask(not(a), x))).toEqual([0, 1, U]);
  });
});
