import { closeSync, openSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Batch, JournalTable } from './journal-messages.ts';

/** What the journal could not write, dumped as JSON lines into another place. */

const MOST_FILES_OF_ONE_NAME = 100;
const CHUNK_CHARS = 1 << 20;

/**
 * Writes the batches into `<folder>/cellbench-rescue-<name of the run's folder>.jsonl`, one row a line: `table`, and
 * the table's columns (frames: `t_s`, `values` in the order of the first line's `channels`, `quality`, `reason`).
 * Returns the file's path. @throws where there is no room either
 */
export function rescue(
  batches: readonly Batch[],
  tables: readonly JournalTable[],
  journalPath: string,
  folder: string,
): string {
  const { path, fd } = openNew(folder, basename(dirname(resolve(journalPath))));
  try {
    let chunk = '';
    const put = (row: object): void => {
      chunk += `${JSON.stringify(row)}\n`;
      if (chunk.length < CHUNK_CHARS) return;
      writeAll(fd, chunk);
      chunk = '';
    };
    put({ rescuedFrom: resolve(journalPath), tables });
    for (const batch of batches) putBatch(batch, tables, put);
    writeAll(fd, chunk);
  } finally {
    closeSync(fd);
  }
  return path;
}

function openNew(folder: string, name: string): { path: string; fd: number } {
  for (let n = 1; ; n++) {
    const path = join(folder, `cellbench-rescue-${name}${n === 1 ? '' : `-${n}`}.jsonl`);
    try {
      return { path, fd: openSync(path, 'wx') };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || n === MOST_FILES_OF_ONE_NAME) throw error;
    }
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

function putBatch(batch: Batch, tables: readonly JournalTable[], put: (row: object) => void): void {
  for (const { table, rows, values, quality, reasons } of batch.frames) {
    const { device, channels } = tables[table];
    const count = channels.length;
    for (let r = 0; r < rows; r++) {
      const at = r * (count + 1);
      put({
        table: `frames_${device}`,
        t_s: values[at],
        values: Array.from(values.subarray(at + 1, at + 1 + count)),
        quality: Array.from(quality.subarray(r * count, (r + 1) * count)),
        ...(reasons.has(r) && { reason: reasons.get(r) }),
      });
    }
  }
  for (const event of batch.events) put({ table: 'events', ...event });
  const { rows, figures, words, names } = batch.setpoints;
  for (let at = 0; at < 3 * rows; at += 3) {
    const [t_s, asked, applied] = figures.subarray(at, at + 3);
    const [role, source, outcome] = Array.from(words.subarray(at, at + 3), place => names[place]);
    put({ table: 'setpoints', t_s, role, asked, applied, source, outcome });
  }
  for (const dataset of batch.datasets ?? []) put({ table: 'datasets', ...dataset });
  for (const { dataset, rows, values, quality } of batch.datasetRows ?? [])
    put({ table: `dataset_${dataset}`, rows, values: Array.from(values), quality: Array.from(quality) });
  for (const conclusion of batch.conclusions ?? []) put({ table: 'results', ...conclusion });
  for (const checkpoint of batch.checkpoints) put({ table: 'checkpoints', ...checkpoint });
}
