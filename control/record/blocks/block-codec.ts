import { crc32 } from 'node:zlib';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { FrameRows } from '../journal-messages.ts';
import { type ByteReader, ByteWriter } from './byte-writer.ts';
import { readColumn, writeColumn } from './column-codec.ts';
import { opened, PIECE_BYTES, packedPieces } from './packing.ts';

/**
 * A finished stretch of one instrument's rows as one block of bytes, column by column, and what it says of each column
 * without being opened.
 *
 * Data, before it is packed: places (u32) of each column (t_s, then the channels), of the qualities and of the texts;
 * then these, times, qualities and texts first. Qualities: runs of rows that have the same (count, then one byte for all
 * channels or 255 and a byte each). Texts: how many; for each its number (row of a reason), length, UTF-8.
 */

const EACH_ITS_OWN = 255;

/** A block as it stands in the file. */
export interface Block {
  readonly rows: number;
  /** Earliest and latest time in it, s. */
  readonly from_s: number;
  readonly to_s: number;
  readonly packed: number;
  /** Over stats and data. */
  readonly crc32: number;
  readonly stats: Uint8Array;
  readonly data: Uint8Array;
}

/** What is known of a column without opening its block; of the usable values, NaN where there are none. */
export interface ColumnStats {
  readonly first: number;
  readonly last: number;
  readonly min: number;
  readonly max: number;
  /** Usable values. */
  readonly count: number;
}

/** Rows from `from` up to `to` that have the same quality: one byte for all channels, or a byte for each. */
export interface QualityRun {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

const FIGURES = 5;
const writer = new ByteWriter();
let columns = new Float64Array(0);

/** Makes a block of the rows from `from` up to `to` of a table with so many channels, and of its texts by number. */
export function encodeBlock(
  of: Pick<FrameRows, 'values' | 'quality'>,
  from: number,
  to: number,
  channels: number,
  texts: readonly (readonly [number, string])[],
): Block {
  const rows = to - from;
  const width = channels + 1;
  takeColumns(of.values, from * width, width, rows);
  const stats = new Float64Array(FIGURES * width);
  const runs = qualityRuns(of.quality, from, to, channels);
  writer.at = 0;
  writer.reserve(4 * (width + 2));
  writer.at = 4 * (width + 2);
  const cuts: number[] = [];
  for (let c = 0; c < width; c++) {
    const column = columns.subarray(c * rows, (c + 1) * rows);
    writer.u32At(4 * c, writer.at);
    writeColumn(writer, column, rows);
    putStats(stats, FIGURES * c, column, runs, c - 1);
    if (c === 0) {
      writer.u32At(4 * width, writer.at);
      writeQuality(runs);
      writer.u32At(4 * width + 4, writer.at);
      writeTexts(texts);
      cuts.push(writer.at);
    } else if (writer.at - cuts[cuts.length - 1] >= PIECE_BYTES) cuts.push(writer.at);
  }
  const { packed, data } = packedPieces(writer.written, cuts);
  const bytes = new Uint8Array(stats.buffer);
  return {
    rows,
    from_s: stats[2],
    to_s: stats[3],
    packed,
    crc32: crc32(data, crc32(bytes)),
    stats: bytes,
    data,
  };
}

/** Rows turned at a time: what is read of them stays near. */
const TURNED_ROWS = 8;

/**
 * Rows into columns, one behind the other. Every value that SQLite has a number for as it is; the others are NaN, minus
 * zero is zero.
 */
function takeColumns(values: Float64Array, first: number, width: number, rows: number): void {
  if (columns.length < width * rows) columns = new Float64Array(width * rows);
  const to = columns;
  for (let row = 0; row < rows; row += TURNED_ROWS) {
    const end = Math.min(rows, row + TURNED_ROWS);
    for (let c = 0; c < width; c++) {
      for (let i = row, at = first + row * width + c; i < end; i++, at += width) {
        const value = values[at];
        to[c * rows + i] = value - value === 0 ? value + 0 : Number.NaN;
      }
    }
  }
}

/** Stats of a column. `channel` -1: the times. */
function putStats(
  stats: Float64Array,
  at: number,
  values: Float64Array,
  runs: readonly QualityRun[],
  channel: number,
): void {
  let first = Number.NaN;
  let last = Number.NaN;
  let min = Infinity;
  let max = -Infinity;
  let count = 0;
  for (const { from, to, bytes } of runs) {
    if (channel >= 0 && !isUsable(bytes, channel)) continue;
    for (let i = from; i < to; i++) {
      const value = values[i];
      // What is missing (NaN) is neither less nor more.
      if (value < min) min = value;
      if (value > max) max = value;
      if (!Number.isNaN(value)) count++;
    }
    for (let i = from; i < to && Number.isNaN(first); i++) first = values[i];
    let end = to - 1;
    while (end >= from && Number.isNaN(values[end])) end--;
    if (end >= from) last = values[end];
  }
  stats[at] = first;
  stats[at + 1] = last;
  stats[at + 2] = count === 0 ? Number.NaN : min;
  stats[at + 3] = count === 0 ? Number.NaN : max;
  stats[at + 4] = count;
}

/** Whether a channel may be used under these qualities (one for all, or one each). */
export function isUsable(bytes: Uint8Array, channel: number): boolean {
  return bytes[bytes.length === 1 ? 0 : channel] < QUALITY.stale;
}

/** The qualities of rows as runs; places count from the first of them. */
export function qualityRuns(quality: Uint8Array, from: number, to: number, channels: number): QualityRun[] {
  const runs: QualityRun[] = [];
  for (let row = from; row < to; ) {
    const begin = row;
    const first = begin * channels;
    row++;
    while (row < to && isSame(quality, first, row * channels, channels)) row++;
    const isUniform = isSame(quality, first, first + 1, channels - 1);
    const bytes = quality.slice(first, first + (isUniform ? Math.min(1, channels) : channels));
    runs.push({ from: begin - from, to: row - from, bytes });
  }
  return runs;
}

function isSame(bytes: Uint8Array, a: number, b: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
}

function writeQuality(runs: readonly QualityRun[]): void {
  writer.varint(runs.length);
  for (const { from, to, bytes } of runs) {
    writer.varint(to - from);
    if (bytes.length > 1) writer.byte(EACH_ITS_OWN);
    writer.put(bytes);
  }
}

function writeTexts(texts: readonly (readonly [number, string])[]): void {
  writer.varint(texts.length);
  for (const [number, text] of texts) {
    const bytes = Buffer.from(text);
    writer.varint(number);
    writer.varint(bytes.length);
    writer.put(bytes);
  }
}

/** What a block says of its column (0: the times, then the channels). @throws RangeError where there is no such column */
export function statsOf(stats: Uint8Array, place: number): ColumnStats {
  const view = new DataView(stats.buffer, stats.byteOffset, stats.byteLength);
  const figure = (i: number): number => view.getFloat64(8 * (FIGURES * place + i), true);
  return { first: figure(0), last: figure(1), min: figure(2), max: figure(3), count: figure(4) };
}

/** A block that has been unpacked. Each part is read when it is asked for. @throws RangeError where bytes are missing */
export interface OpenBlock {
  /** Memory that it takes at most. */
  readonly bytes: number;
  /** Values of a column: 0 the times, then the channels. */
  column(place: number): Float64Array;
  quality(): QualityRun[];
  /** Texts by number: the reasons of bad rows, which count from the first of the block. */
  texts(): Map<number, string>;
}

/** Unpacks a block of an instrument with so many channels. @throws where it is not what was written, or not known */
export function openBlock(block: Block, channels: number): OpenBlock {
  const { rows } = block;
  if (crc32(block.data, crc32(block.stats)) !== block.crc32)
    throw new RangeError('checksum does not fit: the block was damaged or changed');
  const { readerAt, bytes } = opened(block);
  const places = readerAt(0);
  const partAt = (part: number): ByteReader => {
    places.at = 4 * part;
    return readerAt(places.u32());
  };
  return {
    bytes,
    column: place => readColumn(partAt(place), rows),
    quality: () => readQuality(partAt(channels + 1), channels),
    texts: () => readTexts(partAt(channels + 2)),
  };
}

function readQuality(from: ByteReader, channels: number): QualityRun[] {
  const runs: QualityRun[] = [];
  let row = 0;
  for (let count = from.varint(); count > 0; count--) {
    const begin = row;
    row += from.varint();
    if (channels === 0) {
      runs.push({ from: begin, to: row, bytes: new Uint8Array(0) });
      continue;
    }
    const first = from.byte();
    const bytes = first === EACH_ITS_OWN ? from.take(channels) : Uint8Array.of(first);
    runs.push({ from: begin, to: row, bytes });
  }
  return runs;
}

function readTexts(from: ByteReader): Map<number, string> {
  const texts = new Map<number, string>();
  for (let count = from.varint(); count > 0; count--) {
    const number = from.varint();
    texts.set(number, Buffer.from(from.take(from.varint())).toString());
  }
  return texts;
}
