import { describe, expect, it } from 'vitest';
import { Evaluator } from '../../../profiles/language/evaluate/evaluator.ts';
import { hydrogenAmount_mol, hydrogenCompressibility } from '../../../profiles/language/evaluate/hydrogen.ts';
import { asLimit } from '../../../profiles/language/evaluate/limit.ts';
import { checkExpression } from '../../../profiles/language/expression/check.ts';
import { parseExpression } from '../../../profiles/language/expression/parse.ts';
import { Slots } from '../../../profiles/language/expression/tree.ts';
import { unitNamed } from '../../../profiles/language/units/unit.ts';

const NaNs = Number.NaN;

/** An expression over `x_V` and `y_V` (slots 0 and 1). */
function evaluator(
  text: string,
  options: { readonly isLimit?: boolean; readonly unit?: string } = {},
): Evaluator {
  const slots = new Slots();
  for (const name of ['x_V', 'y_V']) slots.of(name);
  const unit = options.unit === undefined ? undefined : unitNamed(options.unit);
  const expected = unit === undefined ? { kind: 'condition' as const } : { kind: 'quantity' as const, unit };
  const { tree } = checkExpression(text, parseExpression(text), expected, { slots });
  const places = slots.names.map((_, first) => ({ first, count: 1 }));
  return new Evaluator(options.isLimit ? asLimit(tree) : tree, places);
}

/** Results at t = 0, 1, 2 ... s for values of x, or of x and y. */
function row(of: Evaluator, xs: readonly (number | readonly [number, number])[]): number[] {
  return xs.map((x, t_s) => {
    of.run(Float64Array.from(typeof x === 'number' ? [x, 0] : x), Float64Array.of(t_s));
    return of.result;
  });
}

const span3 = 'span(x_V, 3 s) < 2';
describe('in time', () => {
  const cases: readonly (readonly [string, string, readonly number[], readonly number[]])[] = [
    ['for: from the third second on', 'x_V > 1 for 3 s', [2, 2, 2, 2, 2], [NaNs, NaNs, NaNs, 1, 1]],
    ['for: false for as long as it was false', 'x_V > 1 for 2 s', [2, 0, 2, 2, 2, 2], [NaNs, 0, 0, 0, 1, 1]],
    ['for: a bad reading is no break', 'x_V > 1 for 2 s', [0, 2, NaNs, 2, 2, 2], [0, 0, 0, NaNs, NaNs, 1]],
    ['not for', 'not (x_V > 1 for 2 s)', [2, 2, 2, 0], [NaNs, NaNs, 0, 1]],
    ['span: full after 3 s', span3, [0, 5, 5, 5, 5, 5], [NaNs, NaNs, NaNs, 0, 1, 1]],
    ['span: anew after a bad reading', span3, [5, NaNs, 5, 5, 5, 5], [NaNs, NaNs, NaNs, NaNs, NaNs, 1]],
    ['change: from the first known', 'change(x_V) > 1', [NaNs, 3, 4, 5], [NaNs, 0, 0, 1]],
    ['known', 'known(x_V)', [NaNs, 3, Number.POSITIVE_INFINITY], [0, 1, 0]],
    ['division by zero', '1 V * 1 V / x_V > 0', [0, 1, -1], [NaNs, 1, 0]],
  ];
  it.each(cases)('%s', (_, text, xs, expected) => {
    expect(row(evaluator(text), xs)).toEqual(expected);
  });

  const limits: readonly (readonly [string, string, readonly number[], readonly number[]])[] = [
    ['a bad reading is too high', 'x_V > 5', [1, NaNs, 6], [0, 1, 1]],
    ['and too low', 'x_V < 5', [6, NaNs], [0, 1]],
    ['also behind not', 'not (x_V < 5)', [1, NaNs], [0, 1]],
    ['for as long as a limit lasts', 'x_V > 5 for 2 s', [1, NaNs, NaNs, NaNs, 1], [0, 0, 0, 1, 0]],
    ['a window that is not full is not exceeded', 'span(x_V, 2 s) > 5', [0, 9, 9, 9], [NaNs, NaNs, 1, 0]],
    ['a window of a bad reading is', 'span(x_V, 2 s) > 5', [0, 0, 0, NaNs], [NaNs, NaNs, 0, 1]],
    ['both sides of and', 'x_V > 5 and x_V < 7', [6, NaNs, 9], [1, 1, 0]],
    ['known asks', 'known(x_V) and x_V > 5', [6, NaNs], [1, 0]],
  ];
  it.each(limits)('limit: %s', (_, text, xs, expected) => {
    expect(row(evaluator(text, { isLimit: true }), xs)).toEqual(expected);
  });

  it('begins change(x, run) anew only with the run', () => {
    const of = evaluator('change(x_V, run) - change(x_V)', { unit: 'V' });
    expect(row(of, [1, 5])).toEqual([0, 0]);
    of.restart();
    expect(row(of, [5, 7])).toEqual([4, 4]);
    of.restart('run');
    expect(row(of, [5])).toEqual([0]);
  });

  it('refuses the state of another expression', () => {
    expect(() => evaluator('x_V > 1').restore({ held_s: [[1, 1]], from: [] }, 0)).toThrow(RangeError);
  });
});

describe('a long window', () => {
  const DAYS_S = 30 * 86_400;
  it('of ten million readings keeps 256 stretches and is right to 1/254 of its length', () => {
    const of = evaluator('span(x_V, 30 d)', { unit: 'V' });
    const values = new Float64Array(2);
    const now = new Float64Array(1);
    // One peak at the 10th day; the window has let go of it at the 40th, at the latest 1/254 of 30 d later.
    let seen_s = 0;
    for (now[0] = 0; now[0] <= 2 * DAYS_S; now[0] += 5) {
      values[0] = now[0] === DAYS_S / 3 ? 1 : 0;
      of.run(values, now);
      if (of.result === 1) seen_s = now[0];
    }
    const let_s = seen_s - DAYS_S / 3;
    expect(let_s).toBeGreaterThanOrEqual(DAYS_S - 5);
    expect(let_s).toBeLessThanOrEqual(DAYS_S * (1 + 2 / 254));
  });

  it('has the slope of the readings after a million of them', () => {
    const of = evaluator('slope(x_V, 1 h)', { unit: 'mV_per_h' });
    const values = new Float64Array(2);
    const now = new Float64Array(1);
    for (let i = 0; i < 1_000_000; i++) {
      now[0] = 1e7 + 0.1 * i;
      // 1 mV/h on 3.7 V, under a ripple of 5 mV.
      values[0] = 3.7 + (1e-3 * 0.1 * i) / 3600 + 0.005 * Math.sin(i);
      of.run(values, now);
    }
    expect(of.result).toBeCloseTo(1, 2);
  });
});

describe('hydrogen', () => {
  // Lemmon, Huber, Leachman 2008, check values of the equation.
  it.each([
    [200, 1, 1.0067545],
    [300, 10, 1.0598528],
    [400, 50, 1.2430476],
    [500, 200, 1.7446163],
  ])('Z at %d K and %d MPa is %d', (t_K, p_MPa, z) => {
    expect(hydrogenCompressibility(t_K, p_MPa)).toBeCloseTo(z, 6);
  });

  it('of 1 L at 1.01325 bar and 0 degC is a little less than a normal litre', () => {
    expect(hydrogenAmount_mol(1.01325, 0, 1) * 22.41397).toBeCloseTo(0.99938, 4);
  });

  it.each([
    [-1, 25],
    [5, -150],
    [3000, 25],
  ])('is unknown outside the equation: %d bar, %d degC', (bara, degC) => {
    expect(hydrogenAmount_mol(bara, degC, 1)).toBeNaN();
  });
});
