import { FileError } from '../../../drivers/contract/file-error.ts';

/** Bytes of a data file as text: instruments and spreadsheets write in more encodings than people do. */

/** A decoded file. */
export interface DecodedText {
  readonly text: string;
  /** What it was in, where that is not plain UTF-8. */
  readonly encoding: string | undefined;
}

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
/** So many bytes are looked at for NULs. */
const LOOKED_AT = 4096;
/** Control characters that text has: tab, line feed, vertical tab, form feed, carriage return; 0x1a once ended files. */
const IN_TEXT = [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1a];

/**
 * Decodes UTF-8, UTF-16 of either order with its byte order mark or without, and what is neither as Windows-1252 (that is
 * Latin-1 with a few more letters). @throws FileError where the file is no text at all
 */
export function decodeText(path: string, bytes: Uint8Array): DecodedText {
  const found = NO_TEXT.find(([head]) => head.every((byte, i) => bytes[i] === byte));
  if (found !== undefined) throw new FileError(path, 0, `the file is ${found[1]}, ${EXPECTED}`);
  const wide = utf16Of(bytes);
  if (wide !== undefined) {
    return { text: new TextDecoder(wide).decode(bytes), encoding: wide.toUpperCase() };
  }
  const control = bytes.findIndex(byte => byte < 0x20 && !IN_TEXT.includes(byte));
  if (control >= 0) {
    const code = `0x${bytes[control].toString(16).padStart(2, '0')}`;
    throw new FileError(path, lineAt(bytes, control), `the file is binary (byte ${code}), ${EXPECTED}`);
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

function lineAt(bytes: Uint8Array, at: number): number {
  return bytes.subarray(0, at).reduce((line, byte) => line + (byte === 0x0a ? 1 : 0), 1);
}
