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
