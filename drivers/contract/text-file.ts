import { readFileSync, statSync } from 'node:fs';
import { plainReason } from './errors.ts';
import { FileError } from './file-error.ts';

/**
 * The one reader of every text file that a person writes: bench, method, load series, maps, faults, parameters.
 * UTF-8 only: in any other encoding a name would reach the record spoilt, or the terminal would fill with NULs. Files of
 * data, which instruments and spreadsheets write, may be in more: `decodeText`.
 */

/** What the first bytes of a file say of its encoding; the longer ones first. */
const MARKS: readonly (readonly [bytes: readonly number[], name: string])[] = [
  [[0xff, 0xfe, 0x00, 0x00], 'UTF-32'],
  [[0x00, 0x00, 0xfe, 0xff], 'UTF-32'],
  [[0xff, 0xfe], 'UTF-16'],
  [[0xfe, 0xff], 'UTF-16'],
];
/** So much of a file is looked at for NULs. */
const LOOKED_AT = 4096;
const NUL = 0;
/** From here on Latin-1 has letters, before it control characters. */
const FIRST_LETTER = 0xa0;
const LINE_FEED = 0x0a;
/** Control characters of text: tab, line feed, form feed, carriage return. */
const IN_TEXT = [0x09, 0x0a, 0x0c, 0x0d];

/**
 * Text of a file, without its byte order mark. `what` is what the reader hoped for, e.g. `a file of faults`.
 * @throws FileError where it cannot be opened or is no UTF-8 text, with the line of the first wrong byte
 */
export function readTextFile(path: string, what = 'a readable file'): string {
  return textOf(path, bytesOf(path, what));
}

/** Bytes of a file, whatever is in it. @throws FileError where it cannot be opened or is a device */
export function bytesOf(path: string, what = 'a readable file'): Buffer {
  try {
    const found = statSync(path);
    // Such a "file" may have no end (/dev/zero).
    if (found.isCharacterDevice() || found.isBlockDevice()) {
      throw new FileError(path, 0, `cannot be opened: it is a device, expected ${what}`);
    }
    // Opening it would wait until somebody writes.
    if (found.isFIFO() || found.isSocket()) {
      throw new FileError(path, 0, `cannot be opened: it is a pipe, expected ${what}`);
    }
    return readFileSync(path);
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(path, 0, `cannot be opened: ${plainReason(error)}, expected ${what}`);
  }
}

/** As `readTextFile`, of bytes that have been read. @throws FileError */
export function textOf(path: string, bytes: Uint8Array): string {
  const fail = (line: number, found: string): FileError =>
    new FileError(path, line, `${found}, expected text in UTF-8 (save it as UTF-8 in your editor)`);
  const mark = MARKS.find(([head]) => head.every((byte, i) => bytes[i] === byte));
  if (mark !== undefined) throw fail(1, `the file is in ${mark[1]}`);
  const head = bytes.subarray(0, LOOKED_AT);
  const nuls = head.reduce((sum, byte) => sum + (byte === NUL ? 1 : 0), 0);
  // Western text in UTF-16 has a NUL in every second byte.
  if (nuls > 0.4 * head.length) throw fail(1, 'the file looks like UTF-16 without its byte order mark');
  const control = bytes.findIndex(byte => byte < 0x20 && !IN_TEXT.includes(byte));
  if (control >= 0) {
    const code = `0x${bytes[control].toString(16).padStart(2, '0')}`;
    throw fail(lineAt(bytes, control), `the file is binary (byte ${code})`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const at = firstWrongByte(bytes);
    const letter = bytes[at] >= FIRST_LETTER ? ` ("${String.fromCharCode(bytes[at])}")` : '';
    const text = `byte 0x${bytes[at].toString(16)} is no UTF-8, it looks like Latin-1 or Windows-1252${letter}`;
    throw fail(lineAt(bytes, at), text);
  }
}

function lineAt(bytes: Uint8Array, at: number): number {
  let line = 1;
  for (let i = 0; i < at; i++) if (bytes[i] === LINE_FEED) line++;
  return line;
}

/**
 * Index of the first byte that belongs to no UTF-8 character. The longest prefix that decodes may end in the begin of one:
 * then it is the byte that began it which has no right follower.
 */
function firstWrongByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodes(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  while (good > 0 && !decodes(bytes.subarray(0, good), false)) good--;
  return good;
}

/** Whether these bytes are a UTF-8 text, or begin one: then a character may be cut off at the end. */
function decodes(bytes: Uint8Array, isBegin = true): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isBegin });
    return true;
  } catch {
    return false;
  }
}

/** A decoded file. */
export interface DecodedText {
  readonly text: string;
  /** What it was in, where that is not plain UTF-8. */
  readonly encoding: string | undefined;
}

/** Control characters of a data file: those of text, vertical tabs, and 0x1a, which once ended files. */
const IN_DATA = [...IN_TEXT, 0x0b, 0x1a];
/** What a file is that is no text, by its first bytes. */
const NO_TEXT: readonly (readonly [head: readonly number[], what: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a workbook or a zip archive'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook'],
  [[0x1f, 0x8b], 'compressed (gzip)'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file'],
  [[0x89, 0x48, 0x44, 0x46], 'an HDF5 or NetCDF file'],
  [[0xff, 0xfe, 0x00, 0x00], 'in UTF-32'],
  [[0x00, 0x00, 0xfe, 0xff], 'in UTF-32'],
];
const EXPECTED = 'expected text in CSV (UTF-8, UTF-16 or Windows-1252)';
/**
 * Decodes UTF-8, UTF-16 of either order with its byte order mark or without, and what is neither as Windows-1252 (that is
 * Latin-1 with a few more letters). @throws FileError where the file is no text at all
 */
export function decodeText(path: string, bytes: Uint8Array): DecodedText {
  const found = NO_TEXT.find(([head]) => head.every((byte, i) => bytes[i] === byte));
  if (found !== undefined) throw new FileError(path, 0, `the file is ${found[1]}, ${EXPECTED}`);
  const wide = utf16Of(bytes);
  if (wide !== undefined) {
    const text = new TextDecoder(wide).decode(bytes);
    // A picture does not become text by its first two bytes.
    for (let i = 0, line = 1; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 0x0a) line++;
      if (code < 0x20 && !IN_DATA.includes(code))
        throw new FileError(path, line, `the file is binary (byte ${hex(code)}), ${EXPECTED}`);
    }
    return { text, encoding: wide.toUpperCase() };
  }
  const control = bytes.findIndex(byte => byte < 0x20 && !IN_DATA.includes(byte));
  if (control >= 0) {
    throw new FileError(
      path,
      lineAt(bytes, control),
      `the file is binary (byte ${hex(bytes[control])}), ${EXPECTED}`,
    );
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: undefined };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' };
  }
}

/** The order of bytes of UTF-16, by its mark, or by where Western text has its NULs; undefined: it is none. */
function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const head = bytes.subarray(0, LOOKED_AT);
  const nulsAt = (parity: number): number => head.filter((byte, i) => byte === 0 && i % 2 === parity).length;
  const [even, odd] = [nulsAt(0), nulsAt(1)];
  if (even + odd < 0.4 * head.length) return undefined;
  if (odd > 20 * even) return 'utf-16le';
  return even > 20 * odd ? 'utf-16be' : undefined;
}

const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`;
