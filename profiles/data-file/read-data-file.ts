import { FileError } from '../../drivers/contract/file-error.ts';
import { sha256Of } from '../../drivers/contract/sha256.ts';
import { decodeText } from '../../drivers/contract/text-file.ts';
import { splitName, unitText } from '../language/units/names.ts';
import { quoted } from './cells.ts';
import type { ValueColumn } from './columns.ts';
import { conversionOf } from './conversion.ts';
import { headOf, nameOf } from './dialect.ts';
import { doubtStep, doubtValues, partText } from './doubts.ts';
import { type DataEntry, PLAIN_ENTRY } from './entry.ts';
import { type Header, headerOf } from './header.ts';
import { atBegin } from './interval-end.ts';
import { checkLostPoints } from './lost-points.ts';
import { checkRange, counted, inOrder } from './mend.ts';
import { type FileRows, type Resampled, resample, stepsOf } from './resample.ts';
import { readSeries, type Series } from './series.ts';
import type { Rows } from './timeline.ts';
import { VALUE_UNITS } from './units.ts';

/** A data file that has been read and checked. */
export interface DataFile {
  readonly path: string;
  readonly sha256: string;
  readonly rows: number;
  /** Usual time from row to row, s. */
  readonly step_s: number;
  /** Whole seconds in it from second 0 on. */
  readonly whole_s: number;
  readonly columns: readonly DataColumn[];
  /** Where it ends, s from its second 0; Infinity where it begins again. */
  readonly end_s: number;
  /** Its rows that have a value in the first column. */
  readonly lines: FileRows;
  /** What it was made from, with the hash. */
  readonly source: string;
  /** What was read and what was done to it, one line each, for the terminal and the record. */
  readonly done: readonly string[];
}

/** A column over the time of its file. */
export interface DataColumn {
  /** As the method calls it: `current_A`, `power_MW`. */
  readonly name: string;
  /** Its value at s seconds from second 0, in the unit of its name; NaN outside. */
  readonly value: (at_s: number) => number;
  /** Of power, wind and sun: the power offered as a part of rated, 0..1. */
  readonly part?: (at_s: number) => number;
  /** What it is made from, where it is read as it stands: with it another thread can do the same. */
  readonly plain?: Rows;
}

/** A load shorter than a minute is a mistake rather than something to follow, s. */
const SHORTEST_LOAD_S = 60;

/** A file that ends before the method has followed it to its end. */
export class TooShortError extends FileError {
  /** The same without the name of the file, for a message at the line of the method that names it. */
  readonly said: string;

  constructor(
    path: string,
    of: {
      readonly whole_s: number;
      readonly needed_s: number;
      /** Its last row counts for so long. */
      readonly step_s: number;
      readonly isFrom: boolean;
    },
  ) {
    const last = `its last row stands for ${Number(of.step_s.toPrecision(4))} s of them`;
    const said = `${of.whole_s} s in it${of.isFrom ? ' after "from"' : ''} (${last}), expected at least ${of.needed_s} s: so long does the method follow it (repeat: on under data: begins again at its end)`;
    super(path, 0, said);
    this.name = 'TooShortError';
    this.said = said;
  }
}

/**
 * Reads a data file as it is in the wild: whatever its dialect, times and units are, as far as the file itself or the
 * method's `data:` entry says them. Nothing is mended without a declared rule, and all that was done stands in `done`.
 * Pure. `needed_s`: so long does the method follow it; 0: the whole file. `path` for messages and for the result.
 * @throws FileError that names the line and what was expected
 */
export function readDataFile(
  path: string,
  bytes: Uint8Array,
  entry: DataEntry = PLAIN_ENTRY,
  needed_s = 0,
): DataFile {
  const { text, encoding } = decodeText(path, bytes);
  const plain = text.replace(/^\uFEFF/, '');
  const head = headOf(path, plain, entry.separator);
  const header = headerOf(path, head, entry);
  const { values } = header.columns;
  const all = readSeries(path, plain, head, header, entry);
  const [first] = all;
  const rows = first.lines.length;
  const dialect = [
    encoding ?? 'UTF-8',
    `columns parted by ${nameOf(head.separator)}`,
    `decimal mark "${first.decimal}"`,
    ...(header.above > 0 ? [`${counted(header.above, 'line')} above the header left out`] : []),
    ...(first.below > 0 ? [`${counted(first.below, 'line')} below the data left out`] : []),
  ];
  const span = `${rows} rows from ${first.showTime(first.time_s[0])} to ${first.showTime(first.time_s[rows - 1])}`;
  const read = values.map((column, k) => readColumn(path, header, column, all[k], entry, needed_s));
  const [{ whole_s }] = read;
  if (needed_s > whole_s && !entry.repeat) {
    throw new TooShortError(path, {
      whole_s,
      needed_s,
      step_s: stepsOf(first.time_s).usual_s,
      isFrom: entry.from !== undefined,
    });
  }
  const sha256 = sha256Of(bytes);
  const headings = [...new Set(values.map(({ heading }) => heading))].join(', ');
  return {
    path,
    sha256,
    rows,
    step_s: stepsOf(first.time_s).usual_s,
    whole_s,
    columns: read.map(({ column }) => column),
    end_s: read[0].end_s,
    lines: read[0].rows,
    source: `${path} (${rows} rows of ${headings}, sha256 ${sha256})`,
    done: [
      dialect.join(', '),
      `time: ${first.timeText}; ${span}`,
      ...linesOf(read.map(({ done }, k) => ({ done, heading: values[k].heading }))),
      ...(entry.from === undefined ? [] : [`second 0 is ${entry.from}`]),
      ...(needed_s > whole_s ? [`after ${whole_s} s it begins again`] : []),
    ],
  };
}

interface ReadColumn {
  readonly column: DataColumn;
  readonly done: readonly string[];
  readonly whole_s: number;
  readonly end_s: number;
  readonly rows: FileRows;
}

/** One column, through all rules. */
function readColumn(
  path: string,
  header: Header,
  { name, key, heading }: ValueColumn,
  series: Series,
  entry: DataEntry,
  needed_s: number,
): ReadColumn {
  const done: string[] = [];
  const draft = atBegin(inOrder({ path, heading, series, entry, done }));
  doubtStep(draft, header.columns.time);
  if (key === undefined) {
    const unit = splitName(name)?.unit;
    done.push(
      `values: column ${quoted(heading)} in ${unit === undefined ? '' : unitText(unit)}, as it stands`,
    );
    checkLostPoints(draft);
    const { timeline, whole_s, rows } = resample(draft, needed_s, 0);
    const { end_s } = timeline;
    const column = { name, value: (t_s: number) => timeline.value(t_s), plain: timeline.rows };
    return { column, done, whole_s, end_s, rows };
  }
  const { quantity, shown, factor } = VALUE_UNITS[key];
  const conversion = conversionOf(draft, quantity, Math.max(1, header.dataLine - 1));
  done.push(`values: column ${quoted(heading)} in ${shown}, ${conversion.text}`);
  checkLostPoints(draft);
  checkRange(draft, quantity, conversion.scale);
  doubtValues(draft, key);
  const place = done.length;
  const resampled = resample(draft, needed_s, SHORTEST_LOAD_S);
  const { timeline, whole_s, used_s, rows } = resampled;
  const part = partOf(resampled, conversion, entry.repeat);
  done.splice(place, 0, partText(part, used_s));
  const value = (t_s: number): number => timeline.value(t_s) / factor;
  return { column: { name, value, part }, done, whole_s, end_s: timeline.end_s, rows };
}

/** Offered power over time as a part of rated. What takes the past into account is worked out second by second. */
function partOf(
  { timeline, used_s }: Resampled,
  { part, overTime }: ReturnType<typeof conversionOf>,
  isRepeated: boolean,
): (at_s: number) => number {
  if (overTime === undefined) return t_s => part?.(timeline.value(t_s)) ?? Number.NaN;
  const each = overTime(Float64Array.from({ length: used_s }, (_, second) => timeline.value(second)));
  return t_s => {
    const second = Math.floor(t_s + 1e-6);
    return each[isRepeated ? second % each.length : Math.min(second, each.length - 1)] ?? Number.NaN;
  };
}

/** What was done to all columns alike is said once, what was done to one of several with its heading. */
function linesOf(
  columns: readonly { readonly done: readonly string[]; readonly heading: string }[],
): readonly string[] {
  const isOfAll = (line: string): boolean => columns.every(({ done }) => done.includes(line));
  const said = new Set<string>();
  for (const { done, heading } of columns) {
    for (const line of done) {
      const isPlain = isOfAll(line) || line.startsWith('values: column');
      said.add(isPlain ? line : `${quoted(heading)}: ${line}`);
    }
  }
  return [...said];
}
