import { QUALITY_NAMES } from '../../drivers/contract/frame.ts';
import { isTimeName, unitOf } from '../../drivers/contract/units.ts';
import { unitWord } from '../../profiles/language/file/keys.ts';
import { METHOD_DEVICE } from '../kinds/derived/kind.ts';
import { eventRows } from '../record/recorded-events.ts';
import { setpointStretches } from '../record/setpoint-rows.ts';
import { marked } from './marks.ts';
import { type RunSource, rolesByChannel } from './recorded-run.ts';
import type { OpenTable, TableColumn, TablePlace } from './tables/table.ts';

/** What a run recorded, table by table and stretch by stretch, so that a thousand hours need little memory. */

/** How far an export is. Called often; ends it by throwing. */
export type Progress = (what: string, rows: number, of: number) => Promise<void>;

/** A column of a table that was written, for the list of columns. */
export interface WrittenColumn {
  readonly file: string;
  readonly column: string;
  readonly unit: string;
  readonly role: string;
  readonly meaning: string;
}

const T: TableColumn = { name: 't_s', kind: 'number' };
const UTC: TableColumn = { name: 'utc', kind: 'utc' };
const text = (name: string): TableColumn => ({ name, kind: 'text' });
const number = (name: string): TableColumn => ({ name, kind: 'number' });

const MEANINGS: Readonly<Record<string, string>> = {
  t_s: 'run time: seconds of a clock that is never set, 0 at the begin of the record',
  utc: 'clock of the computer: at the begin of the run, or where it was set since (events of kind clock), plus t_s since then',
  quality: 'quality of every channel of the row that marks does not name',
  marks: 'channel=quality of the others; channel=quality:value where there was a value that must not be used',
  reason: 'why channels are bad or stale',
};
/** Of a column that is an instrument's own time. */
const TIME_MEANING =
  "the instrument's own time of its values less that of arrival (utc); of a clock without a calendar less what that was in the first row; utc plus this is when they were taken";

/** Writes the readings of one instrument; returns its columns. */
export async function writeReadings(
  source: RunSource,
  device: string,
  to: { readonly place: TablePlace; readonly about: Readonly<Record<string, string>> },
  progress: Progress,
): Promise<WrittenColumn[]> {
  const reader = source.reader(device);
  const { channels, count: most } = reader;
  const places = channels.map((_, place) => place);
  const named = readingColumns(channels, device, to.place.where(device), rolesByChannel(source));
  const units = Object.fromEntries(named.map(({ column, unit }) => [column, unit]));
  const columns = named.map(({ column, unit, role, meaning }): TableColumn => {
    const said = { name: column, unit, meaning: meaning || role };
    if (column === 'quality') return { ...said, kind: 'text', words: QUALITY_NAMES };
    if (column === 'marks' || column === 'reason') return { ...said, kind: 'text', isRare: true };
    return { ...said, kind: column === 'utc' ? 'utc' : 'number' };
  });
  const table = to.place.open(device, columns, { ...to.about, units: JSON.stringify(units) }, most);
  await closing(table, async () => {
    let done = 0;
    await progress(device, done, most);
    for (const stretch of reader.stretches({ channels: places })) {
      // A run under way goes on while it is read: what came later is left to the next export.
      if (done >= most) break;
      const { rows, t_s, values, quality, marks, reason } = marked(stretch, places, channels);
      const taken = Math.min(rows, most - done);
      const all = [t_s, source.utc.microseconds(t_s), ...values];
      table.write([
        ...all.map(column => column.subarray(0, taken)),
        ...[quality, marks, reason].map(column => column.slice(0, taken)),
      ]);
      done += taken;
      await progress(device, done, most);
    }
  });
  return named;
}

/** Writes the set points: what was asked, what the gate applied, by whom, and what became of it. */
export async function writeSetpoints({ db, utc }: RunSource, place: TablePlace): Promise<void> {
  const columns = [
    T,
    UTC,
    text('role'),
    number('asked'),
    number('applied'),
    text('unit'),
    text('source'),
    text('outcome'),
  ];
  const table = place.open('setpoints', columns, {});
  await closing(table, async () => {
    for (const { t_s, role, asked, applied, source, outcome } of setpointStretches(db)) {
      const units = role.map(name => unitOf(name) ?? '');
      table.write([t_s, utc.microseconds(t_s), role, asked, applied, units, source, outcome]);
    }
  });
}

/** Writes the events, with their data as JSON. */
export async function writeEvents({ db, utc }: RunSource, place: TablePlace): Promise<void> {
  const table = place.open('events', [T, UTC, text('kind'), text('text'), text('data')], {});
  await closing(table, async () => {
    for (const event of eventRows(db)) {
      const t_s = Float64Array.of(event.t_s);
      table.write([t_s, utc.microseconds(t_s), [event.kind], [event.text], [event.data]]);
    }
  });
}

/** The columns of an instrument's table as `columns.csv` names them. */
function readingColumns(
  channels: readonly string[],
  device: string,
  file: string,
  roles: ReadonlyMap<string, string>,
): WrittenColumn[] {
  return ['t_s', 'utc', ...channels, 'quality', 'marks', 'reason'].map(column => {
    const isTime = isTimeName(column);
    const meaning = MEANINGS[column] ?? (isTime ? TIME_MEANING : '');
    const unit =
      column === 't_s' ? 's' : meaning === '' || isTime ? unitOfColumn(device, memberless(column)) : '';
    return { file, column, unit, role: roles.get(`${device}.${column}`) ?? '', meaning };
  });
}

/** What a method works out may have any unit of the language: `drift_mV_per_h`. */
function unitOfColumn(device: string, column: string): string {
  return device === METHOD_DEVICE ? unitWord(column) : (unitOf(column) ?? '');
}

function memberless(channel: string): string {
  return channel.replace(/\[\d+\]/, '');
}

/** Closes a table, or what holds tables, however the work ends; a failure of the work is the one that is told. */
export async function closing(table: Pick<OpenTable, 'close'>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    try {
      table.close();
    } catch {
      // The disk that stopped the work stops this, too.
    }
    throw error;
  }
  table.close();
}
