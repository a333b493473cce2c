import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Journal } from '../../../control/record/journal.ts';
import { openRows } from '../../support/plain-rows.ts';

const CHANNELS = 50;
const TABLES = [
  { device: 'rack', channels: Array.from({ length: CHANNELS }, (_, i) => `cell[${i + 1}].voltage_V`) },
];

/** A small disk of its own; only root may mount one. */
function smallDisk(): string | undefined {
  const at = mkdtempSync(join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', at], { stdio: 'ignore' });
    return at;
  } catch {
    // Not allowed here: the test says so as skipped.
    rmSync(at, { recursive: true });
    return undefined;
  }
}

it('a real disk that is full, and has room again: no row is lost', async context => {
  const at = smallDisk();
  if (at === undefined) return context.skip('needs a tmpfs of its own, which may not be mounted here');
  try {
    mkdirSync(join(at, 'run'));
    mkdirSync(join(at, 'rescue'));
    const ballast = join(at, 'ballast');
    writeFileSync(ballast, Buffer.alloc(300_000));
    const path = join(at, 'run', 'run.sqlite');
    const journal = await Journal.open(path, TABLES, {}, { rescueTo: join(at, 'rescue') });
    const failures: string[] = [];
    journal.onFailure(error => failures.push(error.message));
    let t_s = 0;
    const more = (): void => {
      for (let i = 0; i < 40; i++) {
        const values = new Float64Array(CHANNELS).fill(t_s + 0.1);
        journal.frame({ device: 'rack', t_s: t_s++, values, quality: new Uint8Array(CHANNELS) });
      }
    };
    while (failures.length === 0 && t_s < 10_000) {
      more();
      await journal.flush().catch(() => {
        // The disk is full; the loop ends.
      });
    }
    expect(failures).toEqual(['journal: database or disk is full']);
    more();
    unlinkSync(ballast);
    expect(await journal.close()).toMatchObject({ complete: true, lostRows: 0 });
    const db = openRows(path);
    const times = db
      .prepare('SELECT t_s FROM frames_rack ORDER BY rowid')
      .all()
      .map(row => row['t_s']);
    db.close();
    expect(times).toEqual(Array.from({ length: t_s }, (_, i) => i));
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect(readdirSync(join(at, 'rescue'))).toEqual([]);
  } finally {
    execFileSync('umount', [at]);
    rmSync(at, { recursive: true });
  }
});
