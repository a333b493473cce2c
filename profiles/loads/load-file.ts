import { type DataEntry, PLAIN_ENTRY } from '../data-file/entry.ts';
import { readDataFile } from '../data-file/read-data-file.ts';
import type { LoadProfile } from './load-profile.ts';

/** A load file of a method of version 1 as a profile at 1 s, `needed_s` long; 0: the whole file. @throws FileError */
export function readLoadFile(
  file: { readonly name: string; readonly path: string; readonly bytes: Uint8Array },
  entry: DataEntry = PLAIN_ENTRY,
  needed_s = 0,
): LoadProfile {
  const { name, path } = file;
  const { columns, whole_s, source, done } = readDataFile(path, file.bytes, entry, needed_s);
  const [{ part = () => Number.NaN }] = columns;
  const seconds = needed_s > 0 ? Math.ceil(needed_s) : whole_s;
  return {
    name,
    path,
    dt_s: 1,
    power_frac: Float64Array.from({ length: seconds }, (_, second) => part(second)),
    source,
    done,
    basis: 'sourced',
  };
}
