import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { whole } from '../../../drivers/contract/code/threads.ts';
import { ByteReader } from './byte-writer.ts';

/**
 * How the data of a block become small: cut at column boundaries into pieces that are packed one by one, so that whoever
 * wants one channel unpacks the first piece (places, times, qualities, texts) and the one with its channel.
 *
 * Pieces: how many (u32), for each where it ends before and after it was packed (u32 each), then the packed pieces.
 */

/** By number in the file. `zstd`: all in one piece, as it was written before there were pieces. */
const PACKED = { plain: 0, zstd: 1, pieces: 2 } as const;
/** A higher level makes these data hardly smaller. */
const PACK = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };
/** Where nobody wrote down how long it becomes: unpacked at once, not by and by. */
const UNPACK = { chunkSize: 1 << 18 };
/** The least that zlib takes, and room beyond what is known: it asks for more as soon as there is none. */
const LEAST_ROOM = 64;
/** A piece ends with the column that makes it so long. */
export const PIECE_BYTES = 24576;
/** Of the list of pieces: how many, and two ends for each. */
const LIST_BYTES = (pieces: number): number => 4 + 8 * pieces;

/** Packed bytes, and by number how. */
interface Packed {
  readonly packed: number;
  readonly data: Uint8Array;
}

/** Packs bytes, cut at these places, if that makes them smaller. */
export function packedPieces(bytes: Uint8Array, cuts: readonly number[]): Packed {
  const ends = cuts.at(-1) === bytes.length ? cuts : [...cuts, bytes.length];
  const pieces = ends.map((end, i) => {
    const piece = bytes.subarray(i === 0 ? 0 : ends[i - 1], end);
    return whole(() => zstdCompressSync(piece, PACK));
  });
  const list = Buffer.alloc(LIST_BYTES(ends.length));
  list.writeUInt32LE(ends.length);
  let to = 0;
  for (const [i, piece] of pieces.entries()) {
    to += piece.length;
    list.writeUInt32LE(ends[i], 4 + 8 * i);
    list.writeUInt32LE(to, 8 + 8 * i);
  }
  const data = Buffer.concat([list, ...pieces]);
  return data.length < bytes.length
    ? { packed: PACKED.pieces, data }
    : { packed: PACKED.plain, data: bytes.slice() };
}

/** Bytes of a block that has been opened: `bytes` of memory when all of it is unpacked. */
interface Opened {
  readonly bytes: number;
  /** Reads from a place on, up to the end of its piece. */
  readerAt(place: number): ByteReader;
}

/**
 * Opens a block's bytes; pieces are unpacked when they are asked for.
 * @throws RangeError where the block is packed in a way that is not known, or bytes are missing
 */
export function opened({ packed, data }: Packed): Opened {
  if (packed === PACKED.pieces) return openedPieces(data);
  if (packed !== PACKED.plain && packed !== PACKED.zstd)
    throw new RangeError(`packed in way ${packed}, which this version does not know`);
  const bytes = packed === PACKED.plain ? data : whole(() => zstdDecompressSync(data, UNPACK));
  return { bytes: bytes.length, readerAt: place => new ByteReader(bytes, place) };
}

/** A damaged list must not make anybody reserve what it says. */
function roomFor(bytes: number): number {
  return bytes >= 0 && bytes <= UNPACK.chunkSize ? bytes + LEAST_ROOM : UNPACK.chunkSize;
}

function openedPieces(data: Uint8Array): Opened {
  const list = new ByteReader(data);
  const count = list.u32();
  const ends = Array.from({ length: count }, () => ({ plain: list.u32(), packed: list.u32() }));
  const first = LIST_BYTES(count);
  const unpacked: (Uint8Array | undefined)[] = [];
  const readerAt = (place: number): ByteReader => {
    const piece = ends.findIndex(end => place < end.plain);
    if (piece < 0) throw new RangeError(`place ${place} lies behind the last piece`);
    const before = piece === 0 ? { plain: 0, packed: 0 } : ends[piece - 1];
    unpacked[piece] ??= whole(() =>
      zstdDecompressSync(data.subarray(first + before.packed, first + ends[piece].packed), {
        chunkSize: roomFor(ends[piece].plain - before.plain),
      }),
    );
    return new ByteReader(unpacked[piece], place - before.plain);
  };
  return { bytes: data.length + (ends.at(-1)?.plain ?? 0), readerAt };
}
