import fc from 'fast-check';
import { expect, it } from 'vitest';
import { extentsOf } from '../../../control/record/series/extents.ts';

/** What the members of an array role come to is what a look at each row by itself says. */
it('lowest, highest and mean of each row; nothing where one member is not usable', () => {
  // A record has no minus zero.
  const figure = fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map(v => v + 0);
  const value = fc.oneof(figure, fc.constant(Number.NaN));
  const table = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 20 }))
    .chain(([width, rows]) =>
      fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: rows, maxLength: rows }),
    );
  fc.assert(
    fc.property(table, fc.nat(3), (rows, first) => {
      const count = rows[0]?.length ?? 1;
      const stretch = {
        rows: rows.length,
        usable: (place: number) => Float64Array.from(rows, row => row[place - first]),
      };
      const { low, high, mean } = extentsOf(stretch, { first, count });
      rows.forEach((row, r) => {
        const isUsable = row.every(v => !Number.isNaN(v));
        expect(low[r]).toBe(isUsable ? Math.min(...row) : Number.NaN);
        expect(high[r]).toBe(isUsable ? Math.max(...row) : Number.NaN);
        expect(mean[r]).toBe(isUsable ? row.reduce((sum, v) => sum + v, 0) / count : Number.NaN);
      });
    }),
  );
});

it('of a block that is kept each group of members is worked out once', () => {
  const asked: number[] = [];
  const stretch = {
    rows: 2,
    block: {},
    usable: (place: number) => {
      asked.push(place);
      return Float64Array.of(place, 10 * place);
    },
  };
  const again = { ...stretch };
  expect([...extentsOf(stretch, { first: 1, count: 2 }).high]).toEqual([2, 20]);
  expect([...extentsOf(again, { first: 1, count: 2 }).high]).toEqual([2, 20]);
  expect(asked).toEqual([1, 2]);
  expect([...extentsOf(again, { first: 1, count: 3 }).high]).toEqual([3, 30]);
  expect([...extentsOf({ ...stretch, block: {} }, { first: 1, count: 2 }).low]).toEqual([1, 10]);
  expect(asked).toEqual([1, 2, 1, 2, 3, 1, 2]);
});
