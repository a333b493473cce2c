import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { bench, spec } from '../../support/interlock-bench.ts';

/** Interlocks that are a condition over several roles, in the language of methods. */

const lock = (when: string, more: object = {}) => spec({ kind: 'expression', when, ...more });

describe('an interlock that is an expression', () => {
  it('fires where the condition is true, in words with every role in it', () => {
    const { raised, one, two } = bench(lock('a.value_V > 2 and b.pressure_barg < 5'));
    two(0, 10);
    one(1, 3);
    expect(raised).toEqual([]);
    two(2, 4);
    expect(raised.map(({ t_s, text, isUnusable }) => ({ t_s, text, isUnusable }))).toEqual([
      {
        t_s: 2,
        text: 'a.value_V > 2 and b.pressure_barg < 5: a.value_V = 3 V, b.pressure_barg = 4 barg',
        isUnusable: false,
      },
    ]);
  });

  it('names in any unit of the quantity, arrays as in a method', () => {
    const { raised, one } = bench(lock('max(cell.voltage_V) - min(cell.voltage_V) > 100 mV'));
    one(0, 0, [1.7, 1.75, 1.79]);
    expect(raised).toHaveLength(0);
    one(1, 0, [1.7, 1.75, 1.81]);
    expect(raised[0].text).toBe(
      'max(cell.voltage_V) - min(cell.voltage_V) > 100 mV: cell.voltage_V[] = 1.7 .. 1.81 V',
    );
  });

  it.each([
    // What cannot be told counts as exceeded, unless the rest alone decides.
    ['a.value_V > 2', 0, true],
    ['not a.value_V > 2', 0, true],
    ['a.value_V > 2 and b.pressure_barg > 5', 4, false],
    ['a.value_V > 2 and b.pressure_barg > 5', 6, true],
    ['a.value_V > 2 or b.pressure_barg > 5', 4, true],
    ['b.pressure_barg > 5 and a.value_V > 1', 4, false],
  ])('a bad reading: %s at %s barg', (when, b, isExceeded) => {
    const { raised, one, two } = bench(lock(when));
    two(0, b);
    one(1, 0, [1, 1, 1], QUALITY.bad);
    expect(raised.map(({ isUnusable }) => isUnusable)).toEqual(isExceeded ? [true] : []);
    if (isExceeded) expect(raised[0].text).toBe('not usable: a.value_V (one) is bad');
  });

  it('a division by zero is not good either, and is said to be one', () => {
    const { raised, one, two } = bench(lock('a.value_V / max(cell.voltage_V) > 2 and b.pressure_barg > 5'));
    one(0, 1, [0, 0, 0]);
    two(1, 4);
    expect(raised).toEqual([]);
    two(2, 6);
    expect(raised[0].text).toMatch(
      /^not usable: .* cannot be worked out: .*cell\.voltage_V\[\] = 0 \.\. 0 V/,
    );
  });

  it('an instrument that is silent trips, whatever the rest says', () => {
    const { locks, raised, one, two } = bench(lock('a.value_V > 2 and b.pressure_barg > 5'));
    one(0, 0);
    two(0, 0);
    for (let t = 1; t <= 3; t++) {
      two(t, 0);
      locks.tick(t);
    }
    expect(raised).toEqual([]);
    two(3.5, 0);
    locks.tick(3.5);
    expect(raised[0].text).toContain('a.value_V: no reading from one for 3.50 s (limit 3 s)');
  });

  it('waits for its delay; for inside of it waits, too', () => {
    const fired = (one: ReturnType<typeof lock>): number | undefined => {
      const at = bench(one);
      for (let t = 0; t <= 10 && at.raised.length === 0; t++) at.one(t, t >= 2 ? 3 : 1);
      return at.raised[0]?.t_s;
    };
    expect(fired(lock('a.value_V > 2', { delay_s: 3 }))).toBe(5);
    expect(fired(lock('a.value_V > 2 for 3 s'))).toBe(5);
    expect(fired(lock('a.value_V > 2 for 3 s', { delay_s: 2 }))).toBe(7);
  });

  it('with `clear` it is gone only where that is known to be true', () => {
    const { raised, cleared, one, two } = bench(
      lock('a.value_V > 2 and b.pressure_barg > 5', {
        clear: 'a.value_V < 1 and b.pressure_barg < 4',
        reaction: 'warn',
      }),
    );
    two(0, 6);
    one(1, 3);
    expect(raised).toHaveLength(1);
    one(2, 1.5);
    two(3, 3);
    one(4, 0.5, [1, 1, 1], QUALITY.bad);
    expect(cleared).toEqual([]);
    one(5, 0.5);
    expect(cleared).toEqual(['x: a.value_V = 0.5 V, b.pressure_barg = 3 barg']);
  });

  it('a window says nothing until it is full', () => {
    const { raised, one } = bench(lock('average(a.value_V, 3 s) > 2'));
    for (let t = 0; t < 3; t++) one(t, 5);
    expect(raised).toEqual([]);
    one(3, 5);
    expect(raised.map(r => r.t_s)).toEqual([3]);
  });
});

/** What is read: a value, or something bad. */
const reading = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -5, max: 5 }) },
  { weight: 1, arbitrary: fc.constant(null) },
);
type Reading = number | null;

/** Three values by hand: true, false, and null for what nobody knows. */
type Three = boolean | null;
const greater = (x: Reading, limit: number): Three => (x === null ? null : x > limit);
const both = (a: Three, b: Three): Three =>
  a === false || b === false ? false : a === null || b === null ? null : true;
const either = (a: Three, b: Three): Three =>
  a === true || b === true ? true : a === null || b === null ? null : false;
const opposite = (a: Three): Three => (a === null ? null : !a);

interface Written {
  readonly text: string;
  of(a: Reading, b: Reading): Three;
}
const leaf: fc.Arbitrary<Written> = fc
  .tuple(fc.boolean(), fc.integer({ min: -4, max: 4 }))
  .map(([isA, limit]) => ({
    text: isA ? `a.value_V > ${limit}` : `b.pressure_barg > ${limit}`,
    of: (a, b) => greater(isA ? a : b, limit),
  }));
const { written } = fc.letrec<{ written: Written }>(tie => ({
  written: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(tie('written'), tie('written'), fc.boolean()).map(([x, y, isAnd]) => ({
      text: `(${x.text}) ${isAnd ? 'and' : 'or'} (${y.text})`,
      of: (a: Reading, b: Reading) => (isAnd ? both : either)(x.of(a, b), y.of(a, b)),
    })),
    tie('written').map(x => ({
      text: `not (${x.text})`,
      of: (a: Reading, b: Reading) => opposite(x.of(a, b)),
    })),
  ),
}));

describe('an interlock that is an expression, against a reckoning by hand', () => {
  it('property: it stands exactly where the condition is true or cannot be told, for as long as its delay', () => {
    let known = 0;
    let unknown = 0;
    fc.assert(
      fc.property(
        written,
        fc.array(fc.tuple(fc.boolean(), reading), { minLength: 4, maxLength: 60 }),
        fc.constantFrom(0, 2),
        ({ text, of }, readings, delay_s) => {
          const at = bench(lock(text, { delay_s, reaction: 'warn' }));
          const last: { a?: Reading; b?: Reading } = {};
          let since_s = Number.NaN;
          let kept_s = 0;
          let left_s = Number.NaN;
          let stands = false;
          readings.forEach(([isA, value], t_s) => {
            const quality = value === null ? QUALITY.bad : QUALITY.good;
            if (isA) {
              last.a = value;
              at.one(t_s, value ?? 0, [1, 1, 1], quality);
            } else {
              last.b = value;
              at.locks.check({
                device: 'two',
                t_s,
                values: Float64Array.of(value ?? 0),
                quality: Uint8Array.of(quality),
              });
            }
            // An expression of one role never looks at the other instrument.
            const looksAtA = text.includes('a.value_V');
            const looksAtB = text.includes('b.pressure_barg');
            if (isA ? !looksAtA : !looksAtB) return;
            const isRead = (!looksAtA || last.a !== undefined) && (!looksAtB || last.b !== undefined);
            const found = isRead ? of(last.a ?? null, last.b ?? null) : false;
            if (found === false) {
              // Decision 0010: what was there leaks out with a quarter of the time.
              if (!Number.isNaN(since_s)) [kept_s, left_s] = [kept_s + t_s - since_s, t_s];
              since_s = Number.NaN;
              if (stands) [kept_s, left_s] = [0, Number.NaN];
              stands = false;
            } else {
              if (Number.isNaN(since_s)) {
                if (kept_s > 0) kept_s = Math.max(0, kept_s - 0.25 * (t_s - left_s));
                since_s = t_s;
              }
              if (kept_s + t_s - since_s >= delay_s) stands = true;
              if (found === null) unknown++;
              else known++;
            }
            expect([text, t_s, at.locks.isActive('x')]).toEqual([text, t_s, stands]);
          });
        },
      ),
      { numRuns: 400 },
    );
    expect(Math.min(known, unknown)).toBeGreaterThan(100);
  });
});
