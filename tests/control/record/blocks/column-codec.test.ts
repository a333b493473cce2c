import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../../../../control/record/blocks/byte-writer.ts';
import { readColumn, writeColumn } from '../../../../control/record/blocks/column-codec.ts';
import { seededRandom } from '../../../../drivers/contract/random.ts';

/** One channel's values in few bytes, each bit of them coming back. */

function written(values: readonly number[]): Uint8Array {
  const to = new ByteWriter();
  writeColumn(to, Float64Array.from(values), values.length);
  return to.written.slice();
}

function back(values: readonly number[]): number[] {
  const bytes = written(values);
  const from = new ByteReader(bytes);
  const column = Array.from(readColumn(from, values.length));
  expect(from.at).toBe(bytes.length);
  return column;
}

const random = seededRandom(7);
const noisy = (count: number, digits: number, scale: number): number[] =>
  Array.from({ length: count }, () => Number((scale * random.uniform()).toFixed(digits)));

const CASES: readonly [what: string, values: readonly number[], mostBytes: number][] = [
  ['one value', [1.867], 9],
  ['a valve that stays open', new Array(1000).fill(1), 9],
  ['nothing ever read', new Array(1000).fill(Number.NaN), 1010],
  ['cells read to 0.1 mV', noisy(1000, 4, 0.005).map(v => Number((1.8 + v).toFixed(4))), 1200],
  ['a scale of 0.1 as registers give it', Array.from({ length: 1000 }, (_, i) => (i % 17) * 0.1), 1100],
  ['seconds', Array.from({ length: 1000 }, (_, i) => 3_600_000 + i), 1010],
  ['gaps', Array.from({ length: 1000 }, (_, i) => (i % 100 < 10 ? Number.NaN : i / 8)), 2100],
  ['below zero and through it', Array.from({ length: 1000 }, (_, i) => (i - 500) / 1000), 1010],
  ['a register that counts to 2^32', [0, 4_294_967_295, 1, 4_294_967_294], 40],
  ['sentinels of the instruments', [9.9e37, -9.9e37, 1.5, 2 ** 53, -(2 ** 53), 2 ** 60], 60],
  ['smallest and largest', [Number.MIN_VALUE, Number.MAX_VALUE, 0, -Number.MAX_VALUE], 40],
  ['thirds', Array.from({ length: 100 }, (_, i) => i / 3), 900],
];

describe('a column', () => {
  it.each(CASES)('%s: every bit comes back', (_, values, mostBytes) => {
    expect(back(values)).toEqual(values);
    expect(written(values).length).toBeLessThanOrEqual(mostBytes);
  });

  it('single precision takes four bytes', () => {
    const values = Array.from({ length: 1000 }, () => Math.fround(1.8 + random.uniform() / 1000));
    expect(back(values)).toEqual(values);
    expect(written(values).length).toBe(4001);
  });

  it('whatever the values, every bit comes back', () => {
    const decimal = fc
      .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 12 }))
      .map(([n, e]) => Number(`${n}e-${e}`) + 0);
    const scaled = fc
      .tuple(fc.integer({ min: -65_536, max: 65_535 }), fc.constantFrom(0.1, 0.01, 0.001, 0.5, 0.05))
      .map(([n, scale]) => n * scale + 0);
    const any = fc.double({ noDefaultInfinity: true }).map(v => v + 0);
    const value = fc.oneof(decimal, scaled, any, fc.constant(Number.NaN), fc.constant(2 ** 51));
    const column = fc.oneof(
      fc.array(decimal, { minLength: 1, maxLength: 80 }),
      fc.array(scaled, { minLength: 1, maxLength: 80 }),
      fc.array(value, { minLength: 1, maxLength: 80 }),
    );
    fc.assert(
      fc.property(column, values => {
        const read = back(values);
        expect(read.every((v, i) => Object.is(v, values[i]))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('bytes that end too early or are of a way not known are refused', () => {
    const values = noisy(100, 3, 10);
    const bytes = written(values);
    expect(() => readColumn(new ByteReader(bytes.subarray(0, 60)), 100)).toThrow(RangeError);
    expect(() => readColumn(new ByteReader(Uint8Array.of(9, 0, 0)), 3)).toThrow(/way 9/);
    expect(() => readColumn(new ByteReader(Uint8Array.of(1, 99, 0)), 3)).toThrow(/99 digits/);
  });
});
