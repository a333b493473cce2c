import { FileError } from '../../../drivers/contract/file-error.ts';
import { dataEntrySchema } from '../../../profiles/data-file/entry.ts';
import { readDataFile } from '../../../profiles/data-file/read-data-file.ts';

/** Data files made up for tests, with one column of what is offered. */

/** What stands under `data:` of a method, as a person writes it. */
export type Entry = Parameters<typeof dataEntrySchema.parse>[0] & object;

/** A file as it was read: the power offered at each second as a part of rated, and what was done to it. */
export interface Offered {
  readonly power_frac: Float64Array;
  readonly source: string;
  readonly done: readonly string[];
}

/** Reads a text or bytes as the file `w.csv`. */
export function read(file: string | Uint8Array, entry: Entry = {}, needed_s = 0): Offered {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  const found = readDataFile('w.csv', bytes, dataEntrySchema.parse(entry), needed_s);
  const { part } = found.columns[0];
  if (part === undefined) throw new Error('offers no power');
  const length = needed_s > 0 ? Math.ceil(needed_s) : found.whole_s;
  return {
    power_frac: Float64Array.from({ length }, (_, s) => part(s)),
    source: found.source,
    done: found.done,
  };
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
export function values(profile: Offered): number[] {
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
