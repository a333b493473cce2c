import { crc32, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, encodeBlock, openBlock } from '../../../../control/record/blocks/block-codec.ts';
import { opened, PIECE_BYTES, packedPieces } from '../../../../control/record/blocks/packing.ts';

/** A block is cut into pieces at the borders of its columns; whatever is read of it is what was written. */

const CHANNELS = 60;
const ROWS = 1500;
/** Figures that take more than a byte each, so that a block has several pieces. */
const figure = (row: number, channel: number): number =>
  Math.round(1e6 * Math.sin(row * (channel + 1))) / 1e6;

function wide(): Block {
  const width = CHANNELS + 1;
  const values = new Float64Array(ROWS * width);
  for (let r = 0; r < ROWS; r++) {
    values[r * width] = r;
    for (let c = 0; c < CHANNELS; c++) values[r * width + c + 1] = figure(r, c);
  }
  return encodeBlock({ values, quality: new Uint8Array(ROWS * CHANNELS) }, 0, ROWS, CHANNELS, [[7, 'late']]);
}

describe('a block of several pieces', () => {
  const block = wide();
  it('has more than one', () => {
    expect(block.packed).toBe(2);
    expect(new DataView(Uint8Array.from(block.data).buffer).getUint32(0, true)).toBeGreaterThan(3);
  });

  it('gives every column, alone or after another, qualities and texts', () => {
    for (const place of [60, 1, 30, 0, 59]) {
      const column = openBlock(block, CHANNELS).column(place);
      const expected = Array.from({ length: ROWS }, (_, r) => (place === 0 ? r : figure(r, place - 1)));
      expect([...column]).toEqual(expected);
    }
    const open = openBlock(block, CHANNELS);
    expect(open.texts()).toEqual(new Map([[7, 'late']]));
    expect(open.quality()).toEqual([{ from: 0, to: ROWS, bytes: Uint8Array.of(0) }]);
  });
});

it('a block of one piece, as it was written before there were pieces, is read', () => {
  const block = wide();
  const { readerAt } = opened(block);
  // Put together again from its pieces.
  const list = new DataView(Uint8Array.from(block.data).buffer);
  const ends = Array.from({ length: list.getUint32(0, true) }, (_, i) => list.getUint32(4 + 8 * i, true));
  const bytes = Buffer.concat(ends.map((_, i) => readerAt(i === 0 ? 0 : ends[i - 1]).bytes));
  const data = zstdCompressSync(bytes);
  const old: Block = { ...block, packed: 1, data, crc32: crc32(data, crc32(block.stats)) };
  expect([...openBlock(old, CHANNELS).column(17)]).toEqual([...openBlock(block, CHANNELS).column(17)]);
});

it('whatever the bytes and the cuts, every place is read up to the end of its piece', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 3000 }),
      fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 6 }),
      fc.boolean(),
      (some, at, isLong) => {
        const bytes = isLong
          ? Uint8Array.from({ length: 4 * PIECE_BYTES }, (_, i) => some[i % some.length])
          : some;
        const cuts = [...new Set(at.map(cut => Math.min(cut, bytes.length)))].sort((a, b) => a - b);
        const { readerAt, bytes: held } = opened(packedPieces(bytes, cuts));
        expect(held).toBeGreaterThanOrEqual(bytes.length);
        for (const place of [0, bytes.length - 1, ...cuts.filter(cut => cut < bytes.length)])
          expect(readerAt(place).byte()).toBe(bytes[place]);
      },
    ),
    { numRuns: 200 },
  );
});

it('a way of packing that is not known is refused', () => {
  expect(() => opened({ packed: 3, data: new Uint8Array(8) })).toThrow(/packed in way 3/);
});
