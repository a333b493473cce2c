import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OpenBlock } from '../../../../control/record/blocks/block-codec.ts';
import { OpenBlocks } from '../../../../control/record/blocks/open-blocks.ts';

/** A block that knows where it comes from: its one column is its first row. */
function block(row: number, bytes: number): OpenBlock {
  return { bytes, column: () => Float64Array.of(row), quality: () => [], texts: () => new Map() };
}

it('whatever is asked for in whatever order, the block of that row comes, and no more than the most is kept', () => {
  const asked = fc.array(fc.tuple(fc.constantFrom('frames_a', 'frames_b'), fc.integer({ min: 1, max: 9 })));
  fc.assert(
    fc.property(asked, fc.integer({ min: 1, max: 60 }), (order, most_bytes) => {
      const kept = new OpenBlocks(most_bytes);
      let last: string[] = [];
      for (const [source, row] of order) {
        const name = `${source} ${row}`;
        let isOpened = false;
        const found = kept.get(source, row, () => {
          isOpened = true;
          return block(row + (source === 'frames_b' ? 100 : 0), 10);
        });
        expect(found.column(0)[0]).toBe(row + (source === 'frames_b' ? 100 : 0));
        const most = Math.max(1, Math.floor(most_bytes / 10));
        expect(isOpened).toBe(!last.includes(name));
        last = [...last.filter(other => other !== name), name].slice(-most);
      }
    }),
  );
});

it('a block that cannot be opened is no block the next time either', () => {
  const kept = new OpenBlocks();
  const damaged = (): OpenBlock => {
    throw new RangeError('checksum does not fit');
  };
  expect(() => kept.get('frames_a', 1, damaged)).toThrow('checksum');
  expect(() => kept.get('frames_a', 1, damaged)).toThrow('checksum');
});
