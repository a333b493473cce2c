import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { JournalFile } from '../../control/record/file/journal-file.ts';
import { RowWriter } from '../../control/record/file/row-writer.ts';
import type { FrameRows } from '../../control/record/journal-messages.ts';
import { openReadOnly } from '../../control/record/read-only.ts';
import { NO_SETPOINTS } from '../../control/record/setpoint-buffer.ts';
import { FrameReader } from '../../control/record/stretches.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { seededRandom } from '../../drivers/contract/random.ts';

/**
 * What a sample of the record takes, in bytes and in time: a day of 40 cells at 1 Hz, read to 0.1 mV, and the same cells
 * for a while at 10 Hz with noise, read to 0.1 mV and as single precision. `npm run measure:store`; last line: JSON.
 * `samples_per_s`: long stretches, as a rehearsal gives them; `live_samples_per_s`: one second's rows a transaction, so
 * that each is a row first; `rows_samples_per_s`: as many plain rows and nothing else, in the same process, for
 * comparison. `day_channel_ms`: one channel of the day read for a picture, the median of 31 reads, and the fastest.
 */

const CELLS = 40;
const DAY_ROWS = 86_400;
const SHORT_ROWS = 36_000;
const AT_ONCE = 4096;
const wall = realClock();
const channels = Array.from({ length: CELLS }, (_, i) => `cell[${i + 1}].voltage_V`);
const dir = mkdtempSync(join(tmpdir(), 'cellbench-store-'));

/** A slow wave a cell, noise, and what the instrument makes of it. */
function cells(count: number, rate_Hz: number, noise_V: number, read: (volts: number) => number): FrameRows {
  const random = seededRandom(5);
  const width = CELLS + 1;
  const values = new Float64Array(count * width);
  for (let r = 0; r < count; r++) {
    values[r * width] = r / rate_Hz;
    for (let c = 1; c < width; c++) {
      const volts = 1.85 + 0.002 * c + 0.05 * Math.sin(r / rate_Hz / 600 + c);
      values[r * width + c] = read(volts + noise_V * random.gauss());
    }
  }
  return {
    rows: count,
    values,
    quality: new Uint8Array(count * CELLS).fill(QUALITY.good),
    reasons: new Map(),
  };
}

function part({ values, quality }: FrameRows, from: number, rows: number): FrameRows {
  const width = CELLS + 1;
  return {
    rows,
    values: values.subarray(from * width, (from + rows) * width),
    quality: quality.subarray(from * CELLS, (from + rows) * CELLS),
    reasons: new Map(),
  };
}

interface Written {
  readonly path: string;
  readonly bytes_per_sample: number;
  readonly samples_per_s: number;
}

function timed(path: string, all: FrameRows, write: () => void): Written {
  const start_s = wall.now_s();
  write();
  const took_s = wall.now_s() - start_s;
  const samples = all.rows * CELLS;
  return { path, bytes_per_sample: statSync(path).size / samples, samples_per_s: samples / took_s };
}

function journal(name: string, all: FrameRows, atOnce: number): Written {
  const path = join(dir, `${name}.sqlite`);
  return timed(path, all, () => {
    const file = new JournalFile(path, [{ device: 'rack', channels }], {});
    for (let n = 0; n * atOnce < all.rows; n++) {
      const rows = Math.min(atOnce, all.rows - n * atOnce);
      const frames = [{ table: 0, ...part(all, n * atOnce, rows) }];
      file.write({ n, frames, events: [], setpoints: NO_SETPOINTS, checkpoints: [] });
    }
    file.close();
  });
}

function plainRows(name: string, all: FrameRows, atOnce: number): Written {
  const path = join(dir, `${name}.sqlite`);
  return timed(path, all, () => {
    const db = new DatabaseSync(path);
    const columns = channels.map(channel => `"${channel}" REAL, `).join('');
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    db.exec(`CREATE TABLE frames_rack (t_s REAL NOT NULL, ${columns}quality BLOB NOT NULL, reason TEXT)`);
    const writer = new RowWriter(db, 'frames_rack', channels);
    for (let from = 0; from < all.rows; from += atOnce) {
      db.exec('BEGIN');
      writer.insert(part(all, from, Math.min(atOnce, all.rows - from)), from + 1);
      db.exec('COMMIT');
    }
    db.close();
  });
}

/** Least and most of one channel in 1000 intervals. */
function readForPicture(path: string): number {
  const start_s = wall.now_s();
  const db = openReadOnly(path);
  const low = new Float64Array(1000).fill(Infinity);
  const high = new Float64Array(1000).fill(-Infinity);
  for (const stretch of new FrameReader(db, 'rack').stretches({ channels: [17] })) {
    const values = stretch.usable(17);
    for (let r = 0; r < stretch.rows; r++) {
      const at = Math.floor(((stretch.row + r - 1) * 1000) / DAY_ROWS);
      if (values[r] < low[at]) low[at] = values[r];
      if (values[r] > high[at]) high[at] = values[r];
    }
  }
  db.close();
  if (!low.every((least, i) => least <= high[i])) throw new Error('an interval of the day is empty');
  return 1000 * (wall.now_s() - start_s);
}

try {
  const tenthOfMillivolt = (volts: number): number => Math.round(volts * 1e4) / 1e4;
  const day = cells(DAY_ROWS, 1, 0.0003, tenthOfMillivolt);
  const sealed = journal('day', day, AT_ONCE);
  const rows = plainRows('rows', day, AT_ONCE);
  readForPicture(sealed.path);
  const reads_ms = Array.from({ length: 31 }, () => readForPicture(sealed.path)).sort((a, b) => a - b);
  const [day_channel_fastest_ms, day_channel_ms] = [reads_ms[0], reads_ms[15]];
  const fast = cells(SHORT_ROWS, 10, 0.001, tenthOfMillivolt);
  const live = journal('live', fast, 10);
  const single = journal('single', cells(SHORT_ROWS, 10, 0.001, Math.fround), AT_ONCE);
  const decimals = (value: number): number => Number(value.toFixed(3));
  console.log(
    JSON.stringify({
      journal_bytes_per_sample: decimals(sealed.bytes_per_sample),
      rows_bytes_per_sample: decimals(rows.bytes_per_sample),
      bytes_per_sample_10Hz: decimals(live.bytes_per_sample),
      bytes_per_sample_float32: decimals(single.bytes_per_sample),
      samples_per_s: Math.round(sealed.samples_per_s),
      rows_samples_per_s: Math.round(rows.samples_per_s),
      live_samples_per_s: Math.round(live.samples_per_s),
      day_channel_ms: decimals(day_channel_ms),
      day_channel_fastest_ms: decimals(day_channel_fastest_ms),
    }),
  );
} finally {
  rmSync(dir, { recursive: true, force: true });
}
