import { QUALITY } from '../../../drivers/contract/frame.ts';
import { type MarkedStretch, marked, qualityName } from '../marks.ts';
import type { Progress } from '../readings.ts';
import type { RunSource } from '../recorded-run.ts';
import type { ColumnValues } from '../tables/table.ts';
import { countsOf } from './counts.ts';
import { HeldReadings } from './held-readings.ts';
import type { SubjectColumn } from './subject-column.ts';

/**
 * A table of one cell or stack piece by piece, at the times of the instrument that reads its first column: time, the
 * columns, clock, cycle (where the result has cycles), step count, step ID, quality, marks, reason.
 */
export async function* subjectRows(
  source: RunSource,
  columns: readonly SubjectColumn[],
  hasCycles: boolean,
  progress: Progress,
): AsyncGenerator<ColumnValues[]> {
  const { device } = columns[0];
  const own = columns.filter(column => column.device === device);
  const others = heldIn(source, columns, device);
  const counts = countsOf(source);
  const reader = source.reader(device);
  const { count: most } = reader;
  const places = own.map(({ channel }) => channel);
  const notations = own.map(({ term }) => term.notation);
  let done = 0;
  for (const stretch of reader.stretches({ channels: places })) {
    if (done >= most) break;
    const read = marked(stretch, places, notations);
    const values = new Map<SubjectColumn, Float64Array>(own.map((column, i) => [column, read.values[i]]));
    const marks = [...read.marks];
    for (const other of others) readHeld(other, read, marks, values);
    const cycle = new Float64Array(read.rows);
    const step = new Float64Array(read.rows);
    const ids: (string | null)[] = [];
    for (let r = 0; r < read.rows; r++) {
      const at = counts.step(read.t_s[r]);
      step[r] = at.count;
      ids.push(at.id);
      cycle[r] = counts.cycle(read.t_s[r]);
    }
    const unix_s = read.t_s.map(t_s => source.utc.at(t_s) / 1000);
    const taken = Math.min(read.rows, most - done);
    const all: ColumnValues[] = [
      read.t_s,
      ...columns.map(column => values.get(column) ?? []),
      unix_s,
      ...(hasCycles ? [cycle] : []),
      step,
      ids,
      read.quality,
      marks,
      read.reason,
    ];
    yield all.map(column => column.slice(0, taken));
    done += taken;
    await progress(device, done, most);
  }
}

/** What another instrument reads. */
interface Held {
  readonly columns: readonly SubjectColumn[];
  readonly readings: HeldReadings;
}

function heldIn(source: RunSource, columns: readonly SubjectColumn[], own: string): Held[] {
  const devices = new Set(columns.map(({ device }) => device));
  devices.delete(own);
  return [...devices].map(device => {
    const its = columns.filter(column => column.device === device);
    const stale_after_s = source.bench.devices[device]?.stale_after_s ?? Infinity;
    const channels = its.map(({ channel }) => channel);
    return { columns: its, readings: new HeldReadings(source.reader(device), channels, stale_after_s) };
  });
}

/** Fills the columns of another instrument, and adds what is to be said of them to the marks. */
function readHeld(
  { columns, readings }: Held,
  { rows, t_s, quality }: MarkedStretch,
  marks: (string | null)[],
  values: Map<SubjectColumn, Float64Array>,
): void {
  const filled = columns.map(() => new Float64Array(rows));
  for (let r = 0; r < rows; r++) {
    readings.seek(t_s[r]);
    for (let c = 0; c < columns.length; c++) {
      const code = readings.quality(c);
      const value = readings.value(c);
      const isUsable = code < QUALITY.stale;
      filled[c][r] = isUsable ? value : Number.NaN;
      const word = qualityName(code);
      const unusable = isUsable || Number.isNaN(value) ? '' : `:${value}`;
      if (word === quality[r] && unusable === '') continue;
      const mark = `${columns[c].term.notation}=${word}${unusable}`;
      marks[r] = marks[r] === null ? mark : `${marks[r]} ${mark}`;
    }
  }
  for (const [c, column] of columns.entries()) values.set(column, filled[c]);
}
