import type { DatabaseSync } from 'node:sqlite';
import { QUALITY_NAMES } from '../../../drivers/contract/frame.ts';
import { devicesOf, FrameReader } from '../../record/stretches.ts';
import { UtcTable } from '../../record/utc.ts';
import { marked } from '../marks.ts';
import { CsvLines } from '../tables/csv-lines.ts';
import type { ColumnValues, TableColumn } from '../tables/table.ts';

/** What of a record is taken away as a file: all rows of one instrument in a stretch of run time, s, both ends with it. */
export interface RowsAsked {
  readonly device: string;
  readonly from_s: number;
  readonly to_s: number;
  /** Stand at the end of each row: whose it is, and whether it is simulated, emulated or real. */
  readonly run: string;
  readonly mode: string;
}

const CRLF = '\r\n';

/**
 * The rows as CSV (RFC 4180), page by page; they are those of `cellbench export --to csv`, with run and mode behind them. Between
 * two pages nothing of the file is held, so that who is slow to take them holds up neither its writer nor its log.
 */
export class RowPages {
  readonly #reader: FrameReader;
  readonly #utc: UtcTable;
  readonly #lines: CsvLines;
  readonly #asked: RowsAsked;
  /** The next row, from 1; undefined: nothing more. */
  #row: number | undefined = 1;

  /** @throws RangeError where the record has no such instrument */
  constructor(db: DatabaseSync, asked: RowsAsked) {
    if (!devicesOf(db).includes(asked.device))
      throw new RangeError(`no readings of "${asked.device}", expected one of ${devicesOf(db).join(', ')}`);
    this.#asked = asked;
    this.#reader = new FrameReader(db, asked.device);
    this.#utc = new UtcTable(db);
    const number = (name: string): TableColumn => ({ name, kind: 'number' });
    const text = (name: string): TableColumn => ({ name, kind: 'text' });
    const columns: TableColumn[] = [
      number('t_s'),
      { name: 'utc', kind: 'utc' },
      ...this.#reader.channels.map(number),
      { name: 'quality', kind: 'text', words: QUALITY_NAMES },
      ...['marks', 'reason', 'run', 'mode'].map(text),
    ];
    this.#lines = new CsvLines(columns, 'point');
  }

  /** The line of names. */
  head(): string {
    return this.#lines.head() + CRLF;
  }

  /** The next rows, some of them or none; undefined: there are no more. @throws FileError where the record is damaged there */
  next(): string | undefined {
    if (this.#row === undefined) return undefined;
    const { from_s, to_s } = this.#asked;
    const { channels } = this.#reader;
    const places = channels.map((_, place) => place);
    const wanted = { channels: places, from: this.#row, within: { from_s, to_s } };
    for (const stretch of this.#reader.stretches(wanted)) {
      if (stretch.t_s[0] > to_s) break;
      this.#row = stretch.row + stretch.rows;
      const { t_s, values, quality, marks, reason } = marked(stretch, places, channels);
      return this.#text([t_s, this.#utc.microseconds(t_s), ...values, quality, marks, reason], t_s);
    }
    this.#row = undefined;
    return undefined;
  }

  #text(columns: readonly ColumnValues[], t_s: Float64Array): string {
    const { from_s, to_s, run, mode } = this.#asked;
    const rows = t_s.length;
    const all = [...columns, new Array<string>(rows).fill(run), new Array<string>(rows).fill(mode)];
    let text = '';
    for (let r = 0; r < rows; r++)
      if (t_s[r] >= from_s && t_s[r] <= to_s) text += this.#lines.line(all, r) + CRLF;
    return text;
  }
}
