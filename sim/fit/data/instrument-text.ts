import { bytesOf, textOf } from '../../../drivers/contract/text-file.ts';

/** Text of a file as instruments write it: UTF-8, UTF-16 with or without its mark, else Windows-1252 (Latin-1). */

/** So many bytes tell an encoding without a mark. */
const LOOKED_AT = 4096;
/** Text of western letters in UTF-16 has so many NULs in one half of its bytes, and hardly one in the other. */
const MANY_FRAC = 0.8;
const FEW_FRAC = 0.05;

/** Reads a file of an instrument. @throws FileError where it cannot be opened or is no text */
export function readInstrumentText(path: string): string {
  return instrumentText(path, bytesOf(path));
}

/** As `readInstrumentText`, of bytes that have been read. @throws FileError where they are no text, with the line */
export function instrumentText(path: string, bytes: Uint8Array): string {
  const wide = wideEncoding(bytes);
  // What was wide is looked through as what it says: a picture does not become text by its first two bytes.
  if (wide !== undefined) return textOf(path, new TextEncoder().encode(new TextDecoder(wide).decode(bytes)));
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return textOf(path, bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return textOf(path, new TextEncoder().encode(new TextDecoder('windows-1252').decode(bytes)));
  }
}

function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe && !(bytes[2] === 0 && bytes[3] === 0)) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const head = bytes.subarray(0, LOOKED_AT);
  const nuls = [0, 0];
  head.forEach((byte, i) => {
    if (byte === 0) nuls[i % 2]++;
  });
  const [even, odd] = nuls.map(n => n / (head.length / 2));
  if (odd > MANY_FRAC && even < FEW_FRAC) return 'utf-16le';
  return even > MANY_FRAC && odd < FEW_FRAC ? 'utf-16be' : undefined;
}
