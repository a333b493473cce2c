import { FileError } from '../../../drivers/contract/file-error.ts';
import { dataEntrySchema } from '../../../profiles/data-file/entry.ts';
import { readLoadFile } from '../../../profiles/loads/load-file.ts';
import type { LoadProfile } from '../../../profiles/loads/load-profile.ts';

/** Load files made up for tests. */

/** What stands under `data:` of a method, as a person writes it. */
export type Entry = Parameters<typeof dataEntrySchema.parse>[0] & object;

/** Reads a text or bytes as the file `w.csv`. */
export function read(file: string | Uint8Array, entry: Entry = {}, needed_s = 0): LoadProfile {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  return readLoadFile({ name: 'wind', path: 'w.csv', bytes }, dataEntrySchema.parse(entry), needed_s);
}

/** The message with which a file is refused; fails where it is taken. */
export function refusal(file: string | Uint8Array, entry: Entry = {}, needed_s = 0): string {
  try {
    const { done } = read(file, entry, needed_s);
    return `taken: ${done.join('; ')}`;
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
}

/** Values of a profile as plain numbers, rounded as far as sums of fractions ask for. */
export function values(profile: LoadProfile): number[] {
  return Array.from(profile.power_frac, v => Number(v.toFixed(9)));
}

/** A table: a header, then a row for each of `n` seconds. */
export function table(header: string, n: number, row: (i: number) => string): string {
  return [header, ...Array.from({ length: n }, (_, i) => row(i)), ''].join('\n');
}

/** Bytes of UTF-16 with its byte order mark. */
export function utf16(text: string, order: 'le' | 'be', hasMark = true): Uint8Array {
  const bytes = Buffer.from(hasMark ? `\uFEFF${text}` : text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}
