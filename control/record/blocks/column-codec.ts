import { type ByteReader, type ByteWriter, putVarint, VARINT_BYTES } from './byte-writer.ts';

/**
 * One channel's values in few bytes, each bit of them coming back. What instruments give are decimal numbers: as whole
 * steps of their last digit, from one to the next, most fit into a byte. Values that are no decimals stay as they are.
 * Nothing but these is changed: a value that is not finite is NaN ("missing"), minus zero is zero, as in a row of SQLite.
 */

/** How a column is written down, by number in the file. */
const AS = {
  /** One value for all rows. */
  constant: 0,
  /** Whole numbers over 10^e: what a decimal text reads as. */
  decimal: 1,
  /** Whole numbers times 10^-e: what a register times a scale gives. */
  scaled: 2,
  /** Single and double precision: byte 0 of all, then byte 1 of all and so on. */
  float32: 3,
  float64: 4,
} as const;

const MOST_DIGITS = 10;
const POWER = Array.from({ length: MOST_DIGITS + 1 }, (_, e) => 10 ** e);
const INVERSE = Array.from({ length: MOST_DIGITS + 1 }, (_, e) => Number(`1e-${e}`));
/** Differences of two such whole numbers, doubled, are exact. */
const MOST_STEPS = 2 ** 51;

/** Ways to make whole numbers of values, in the order tried: over 1, 10, 100 ..., then times 0.1, 0.01 ... */
const WAYS = 2 * MOST_DIGITS + 1;

function wayHolds(way: number, value: number): boolean {
  const e = way <= MOST_DIGITS ? way : way - MOST_DIGITS;
  const steps = Math.floor(value * POWER[e] + 0.5);
  if (!(steps <= MOST_STEPS && steps >= -MOST_STEPS)) return false;
  return (way <= MOST_DIGITS ? steps / POWER[e] : steps * INVERSE[e]) === value;
}

/** The first way from `from` on that holds for this value; `WAYS` if none does. */
function wayFor(value: number, from: number): number {
  let way = from;
  while (way < WAYS && !wayHolds(way, value)) way++;
  return way;
}

/** Writes the first `rows` values of a column. */
export function writeColumn(to: ByteWriter, column: Float64Array, rows: number): void {
  if (isConstant(column, rows)) {
    to.byte(AS.constant);
    to.f64(column[0]);
    return;
  }
  const start = to.at;
  let way = 0;
  while (way < WAYS) {
    const failedAt = writeSteps(to, column, rows, way);
    if (failedAt === rows) return;
    to.at = start;
    way = wayFor(column[failedAt], way + 1);
  }
  writeFloats(to, column, rows);
}

function isConstant(column: Float64Array, rows: number): boolean {
  const first = column[0];
  for (let i = 1; i < rows; i++) if (column[i] !== first) return false;
  return true;
}

/** Steps from value to value, then runs of missing ones. Returns the row whose value is none of these steps, or `rows`. */
function writeSteps(to: ByteWriter, column: Float64Array, rows: number, way: number): number {
  const isDecimal = way <= MOST_DIGITS;
  const e = isDecimal ? way : way - MOST_DIGITS;
  const power = POWER[e];
  const inverse = INVERSE[e];
  to.reserve(rows * VARINT_BYTES + 2);
  const { bytes } = to;
  let at = to.at;
  bytes[at++] = isDecimal ? AS.decimal : AS.scaled;
  bytes[at++] = e;
  let previous = 0;
  let missing = 0;
  for (let i = 0; i < rows; i++) {
    const value = column[i];
    const steps = Math.floor(value * power + 0.5);
    const back = isDecimal ? steps / power : steps * inverse;
    if (back !== value || steps > MOST_STEPS || steps < -MOST_STEPS) {
      if (!Number.isNaN(value)) return i;
      missing++;
      bytes[at++] = 0;
      continue;
    }
    const step = steps - previous;
    previous = steps;
    // Most steps are short: they are put down as whole numbers of the machine.
    if (step < 64 && step >= -64) {
      const short = step | 0;
      bytes[at++] = (short << 1) ^ (short >> 31);
    } else at = putVarint(bytes, at, step >= 0 ? 2 * step : -2 * step - 1);
  }
  to.at = at;
  writeMissing(to, column, rows, missing);
  return rows;
}

function writeMissing(to: ByteWriter, column: Float64Array, rows: number, missing: number): void {
  if (missing === 0) {
    to.varint(0);
    return;
  }
  const runs: number[] = [];
  let behind = 0;
  for (let i = 0; i < rows; ) {
    if (!Number.isNaN(column[i])) {
      i++;
      continue;
    }
    const from = i;
    while (i < rows && Number.isNaN(column[i])) i++;
    runs.push(from - behind, i - from);
    behind = i;
  }
  to.varint(runs.length / 2);
  for (const n of runs) to.varint(n);
}

function writeFloats(to: ByteWriter, column: Float64Array, rows: number): void {
  const values = column.subarray(0, rows);
  const single = Float32Array.from(values);
  const isSingle = values.every((v, i) => v === single[i] || Number.isNaN(v));
  const flat = isSingle ? single : Float64Array.from(values);
  const { BYTES_PER_ELEMENT: width, buffer } = flat;
  to.byte(isSingle ? AS.float32 : AS.float64);
  to.reserve(rows * width);
  const from = new Uint8Array(buffer);
  for (let b = 0; b < width; b++) for (let i = b; i < from.length; i += width) to.bytes[to.at++] = from[i];
}

/** Reads a column of so many rows. @throws RangeError where the bytes are not what `writeColumn` writes */
export function readColumn(from: ByteReader, rows: number): Float64Array {
  const as = from.byte();
  switch (as) {
    case AS.constant:
      return new Float64Array(rows).fill(from.f64());
    case AS.decimal:
    case AS.scaled:
      return readSteps(from, rows, as === AS.decimal);
    case AS.float32:
      return Float64Array.from(new Float32Array(readPlanes(from, rows, 4)));
    case AS.float64:
      return new Float64Array(readPlanes(from, rows, 8));
    default:
      throw new RangeError(`a column is written in way ${as}, which this version does not know`);
  }
}

function readSteps(from: ByteReader, rows: number, isDecimal: boolean): Float64Array {
  const e = from.byte();
  if (e > MOST_DIGITS) throw new RangeError(`a column has ${e} digits, expected ${MOST_DIGITS} at most`);
  const factor = isDecimal ? POWER[e] : INVERSE[e];
  const column = new Float64Array(rows);
  const { bytes } = from;
  let at = from.at;
  let steps = 0;
  for (let i = 0; i < rows; i++) {
    const short = bytes[at];
    // An odd code is a step down; most are a byte or two, whole numbers of the machine.
    if (short < 128) {
      at++;
      steps += (short >> 1) ^ -(short & 1);
    } else if (bytes[at + 1] < 128) {
      const code = (short & 127) | (bytes[at + 1] << 7);
      at += 2;
      steps += (code >> 1) ^ -(code & 1);
    } else {
      from.at = at;
      const code = from.varint();
      at = from.at;
      const half = Math.floor(code / 2);
      steps += half * 2 === code ? half : -half - 1;
    }
    column[i] = isDecimal ? steps / factor : steps * factor;
  }
  from.at = at;
  if (at > bytes.length) throw new RangeError('a column ends too early');
  let to = 0;
  for (let runs = from.varint(); runs > 0; runs--) {
    const begin = to + from.varint();
    to = begin + from.varint();
    column.fill(Number.NaN, begin, to);
  }
  return column;
}

function readPlanes(from: ByteReader, rows: number, width: number): ArrayBuffer {
  const planes = from.take(rows * width);
  const flat = new Uint8Array(rows * width);
  let at = 0;
  for (let b = 0; b < width; b++) for (let i = b; i < flat.length; i += width) flat[i] = planes[at++];
  return flat.buffer;
}
