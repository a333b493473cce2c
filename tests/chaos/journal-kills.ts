import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { JournalFile } from '../../control/record/file/journal-file.ts';
import { openReadOnly } from '../../control/record/read-only.ts';
import { verifyRecord } from '../../control/record/seal/verify.ts';
import { NO_SETPOINTS } from '../../control/record/setpoint-buffer.ts';
import { FrameReader } from '../../control/record/stretches.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import { type Frame, QUALITY } from '../../drivers/contract/frame.ts';
import type { Random } from '../../drivers/contract/random.ts';

/** A journal whose writer is killed at any moment: what was acknowledged is there, once, and nothing else is. */

export const KILLED_TABLES = [
  { device: 'supply', channels: ['voltage_V', 'current_A', 'output_on'] },
  { device: 'rack', channels: ['cell[1].voltage_V', 'cell[2].voltage_V'] },
] as const;

/** Row `i` of a table, the same whenever it is asked for: decimals, thirds, missing values, reasons. */
export function killedRow(device: string, i: number): Frame {
  const isBad = i % 97 === 0;
  const third = isBad ? Number.NaN : i / 3;
  const values =
    device === 'supply'
      ? Float64Array.of((2000 + (i % 313)) / 1000, third, i % 1500 < 700 ? 1 : 0)
      : Float64Array.of((18_000 + ((i * i) % 71)) / 10_000, third);
  const quality = new Uint8Array(values.length).fill(QUALITY.good);
  if (isBad) quality[1] = QUALITY.bad;
  return { device, t_s: i, values, quality, ...(isBad && { reason: `no answer ${i}` }) };
}

/** What a kill left. `fault`: what is wrong with it, empty if nothing is. */
export interface Kill {
  readonly acknowledged: number;
  readonly rows: number;
  readonly sealed: number;
  readonly fault: string;
}

const MORE_ROWS = 300;
const wall = realClock();
const WRITER = new URL('./journal-writer.ts', import.meta.url).pathname;

/** When a writer is killed: so many s after so many acknowledgements. */
export interface KillTime {
  readonly batches: number;
  readonly after_s: number;
}

/** A moment by chance: the first blocks are there after some batches, a batch takes some ms. */
export function anyTime(random: Random): KillTime {
  return { batches: 1 + Math.floor(12 * random.uniform()), after_s: 0.02 * random.uniform() };
}

/** Starts a writer in a folder, kills it, and looks at what it left. */
export async function killWriter(dir: string, seed: number, at: KillTime): Promise<Kill> {
  const path = join(dir, `killed-${seed}.sqlite`);
  const acknowledged = await writtenUntilKilled(path, seed, at);
  try {
    return { acknowledged, ...lookAt(path, acknowledged) };
  } finally {
    for (const tail of ['', '-wal', '-shm']) rmSync(`${path}${tail}`, { force: true });
  }
}

function writtenUntilKilled(path: string, seed: number, at: KillTime): Promise<number> {
  const args = ['--disable-warning=ExperimentalWarning', WRITER, path, String(seed)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  let isDoomed = false;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (isDoomed || text.split('\n').length <= at.batches) return;
    isDoomed = true;
    wall.schedule(at.after_s, () => child.kill('SIGKILL'));
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`the writer of seed ${seed} ended by itself (${code})`));
      // A line that was cut short is no acknowledgement.
      else resolve(Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1)));
    });
  });
}

function lookAt(path: string, acknowledged: number): Omit<Kill, 'acknowledged'> {
  let rows = 0;
  let sealed = 0;
  try {
    const db = openReadOnly(path);
    try {
      const [whole] = db.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
      if (whole.integrity_check !== 'ok') return { rows, sealed, fault: whole.integrity_check };
      for (const { device } of KILLED_TABLES) {
        const reader = new FrameReader(db, device);
        ({ rows, sealed } = reader);
        if (rows < acknowledged)
          return { rows, sealed, fault: `${acknowledged - rows} rows of ${device} lost` };
        const twice = db.prepare(`SELECT count(*) AS n FROM frames_${device} WHERE rowid <= ?`).get(sealed);
        if (Number(twice?.['n']) > 0)
          return { rows, sealed, fault: `${twice?.['n']} rows of ${device} twice` };
        const wrong = firstWrong(reader);
        if (wrong !== '') return { rows, sealed, fault: `${device}: ${wrong}` };
      }
      const events = db.prepare('SELECT max(t_s) AS t_s FROM events').get();
      if (Number(events?.['t_s']) < acknowledged) return { rows, sealed, fault: 'an event is lost' };
      const review = verifyRecord(path);
      const unlike = review?.found ?? ['a record without seals'];
      if (unlike.length > 0) return { rows, sealed, fault: unlike.join('; ') };
    } finally {
      db.close();
    }
    return { rows, sealed, fault: goneOn(path) };
  } catch (error) {
    return { rows, sealed, fault: messageOf(error) };
  }
}

/** A later process goes on with what the kill has left, and closes it: what is wrong then. */
function goneOn(path: string): string {
  const session = { pid: 2, host: 'later', software: 'later', utc: '2026-05-02T00:00:00.000Z', t_s: 0 };
  const file = new JournalFile(path, KILLED_TABLES, {}, { session, goesOn: true });
  const frames = KILLED_TABLES.map(({ device }, table) => {
    const from = new FrameReader(file.db, device).rows;
    const all = Array.from({ length: MORE_ROWS }, (_, i) => killedRow(device, from + i));
    return {
      table,
      rows: MORE_ROWS,
      values: Float64Array.from(all.flatMap(({ t_s, values }) => [t_s, ...values])),
      quality: Uint8Array.from(all.flatMap(({ quality }) => [...quality])),
      reasons: new Map(all.flatMap(({ reason }, i) => (reason === undefined ? [] : [[i, reason] as const]))),
    };
  });
  file.write({ n: 0, frames, events: [], setpoints: NO_SETPOINTS, checkpoints: [] });
  file.close({ t_s: 1, utc: session.utc, reason: 'closed' });
  const db = openReadOnly(path);
  try {
    for (const { device } of KILLED_TABLES) {
      const wrong = firstWrong(new FrameReader(db, device));
      if (wrong !== '') return `${device}, gone on with: ${wrong}`;
    }
  } finally {
    db.close();
  }
  const review = verifyRecord(path);
  return review?.hasEnded === true ? review.found.join('; ') : 'gone on with, and not ended';
}

/** The first row that is not as it was written, in words; empty if all are. */
function firstWrong(reader: FrameReader): string {
  let next = 0;
  const channels = reader.channels.map((_, place) => place);
  for (const stretch of reader.stretches({ channels })) {
    if (stretch.row !== next + 1) return `row ${stretch.row} follows row ${next}`;
    const columns = channels.map(channel => stretch.values(channel));
    const usable = stretch.usable(1);
    for (let r = 0; r < stretch.rows; r++, next++) {
      const { t_s, values, reason } = killedRow(reader.device, next);
      const isSame =
        stretch.t_s[r] === t_s &&
        values.every((value, c) => Object.is(columns[c][r], value)) &&
        stretch.reasons.get(r) === reason &&
        Number.isNaN(usable[r]) === Number.isNaN(values[1]);
      if (!isSame) return `row ${next + 1} is not as it was written`;
    }
  }
  return next === reader.rows ? '' : `${next} rows of ${reader.rows}`;
}
