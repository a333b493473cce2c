import { FileError } from '../../drivers/contract/file-error.ts';
import { sha256Of } from '../../drivers/contract/sha256.ts';
import { decodeText } from '../../drivers/contract/text-file.ts';
import { quoted } from './file/cells.ts';
import { conversionOf } from './file/conversion.ts';
import { headOf, nameOf } from './file/dialect.ts';
import { doubtStep, doubtValues, partText } from './file/doubts.ts';
import { type DataEntry, PLAIN_ENTRY } from './file/entry.ts';
import { headerOf } from './file/header.ts';
import { atBegin } from './file/interval-end.ts';
import { checkLostPoints } from './file/lost-points.ts';
import { checkRange, counted, inOrder } from './file/mend.ts';
import { resample } from './file/resample.ts';
import { readSeries } from './file/series.ts';
import { VALUE_UNITS } from './file/units.ts';
import type { LoadProfile } from './load-profile.ts';

/**
 * Reads a load file as it is in the wild into a profile at 1 s: whatever its dialect, times and units are, as far as the
 * file itself or the method's `data:` entry says them. Nothing is mended without a declared rule, and all that was done
 * stands in `done`. Pure: bytes in, profile out. `needed_s`: so long does the method follow it; 0: the whole file.
 * `path` for messages and for the result. @throws FileError that names the line and what was expected
 */
export function readLoadFile(
  file: { readonly name: string; readonly path: string; readonly bytes: Uint8Array },
  entry: DataEntry = PLAIN_ENTRY,
  needed_s = 0,
): LoadProfile {
  const { path } = file;
  const { text, encoding } = decodeText(path, file.bytes);
  const plain = text.replace(/^\uFEFF/, '');
  const head = headOf(path, plain, entry.separator);
  const header = headerOf(path, head, entry);
  const { key, heading } = header.columns.value;
  const { quantity, shown } = VALUE_UNITS[key];
  const series = readSeries(path, plain, head, header, entry);
  const rows = series.lines.length;
  const done: string[] = [];
  const dialect = [
    encoding ?? 'UTF-8',
    `columns parted by ${nameOf(head.separator)}`,
    `decimal mark "${series.decimal}"`,
    ...(header.above > 0 ? [`${counted(header.above, 'line')} above the header left out`] : []),
    ...(series.below > 0 ? [`${counted(series.below, 'line')} below the data left out`] : []),
  ];
  done.push(dialect.join(', '));
  done.push(
    `time: ${series.timeText}; ${rows} rows from ${series.showTime(series.time_s[0])} to ${series.showTime(series.time_s[rows - 1])}`,
  );
  const draft = atBegin(inOrder({ path, heading, series, entry, done }));
  doubtStep(draft, header.columns.time);
  const conversion = conversionOf(draft, quantity, Math.max(1, header.dataLine - 1));
  done.push(`values: column ${quoted(heading)} in ${shown}, ${conversion.text}`);
  checkLostPoints(draft);
  checkRange(draft, quantity, conversion.scale);
  doubtValues(draft, key);
  const place = done.length;
  const { values, length_s } = resample(draft, needed_s);
  const long_s = values.length;
  const power_frac = conversion.convert(values);
  done.splice(place, 0, partText(power_frac));
  const isShort = needed_s > long_s;
  if (isShort && !entry.repeat) {
    throw new FileError(
      path,
      0,
      `${long_s} s in it${entry.from === undefined ? '' : ` after "from"`}, expected at least ${needed_s} s: so long does the method follow it (repeat: true under data: begins again at its end)`,
    );
  }
  if (entry.from !== undefined) done.push(`second 0 is ${entry.from}`);
  if (isShort) done.push(`after ${length_s} s it begins again`);
  const sha256 = sha256Of(file.bytes);
  return {
    name: file.name,
    path,
    dt_s: 1,
    power_frac: isShort ? repeated(power_frac, Math.ceil(needed_s)) : power_frac,
    source: `${path} (${rows} rows of ${heading}, sha256 ${sha256})`,
    done,
    basis: 'sourced',
  };
}

function repeated(once: Float64Array, length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => once[i % once.length]);
}
