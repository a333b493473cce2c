import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walDamageOf, walDamageText } from '../../../../control/record/damage/wal.ts';

/** A write-ahead log as a kill leaves it, whole and with a bit turned over. */

const dir = mkdtempSync(join(tmpdir(), 'wal-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const from = join(dir, 'from.sqlite');
const path = join(dir, 'run.sqlite');
let wal: Buffer;

/** Twenty writes, as they lie there while the file is open; before them as many that were taken over into it. */
beforeAll(() => {
  const db = new DatabaseSync(from);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE rows (n, text)');
  const write = (n: number): void => {
    db.prepare('INSERT INTO rows VALUES (?, ?)').run(n, 'x'.repeat(3000));
  };
  for (let n = 0; n < 60; n++) write(n);
  db.exec('PRAGMA wal_checkpoint(RESTART)');
  for (let n = 60; n < 80; n++) write(n);
  copyFileSync(from, path);
  wal = readFileSync(`${from}-wal`);
  db.close();
});

/** How many rows SQLite reads, and what the look says, with the log like that. */
function withLog(bytes: Uint8Array): {
  readonly rows: number;
  readonly damage: ReturnType<typeof walDamageOf>;
} {
  writeFileSync(`${path}-wal`, bytes);
  rmSync(`${path}-shm`, { force: true });
  const damage = walDamageOf(path);
  const db = new DatabaseSync(path, { readOnly: true });
  const { n } = db.prepare('SELECT count(*) AS n FROM rows').get() as { n: number };
  db.close();
  return { rows: n, damage };
}

function turned(at: number): Buffer {
  const bytes = Buffer.from(wal);
  bytes[at] ^= 0x40;
  return bytes;
}

/** Frames of the newest writing. */
function live(): number {
  let frames = 0;
  for (let at = 32; at + 4120 <= wal.length && wal.compare(wal, 16, 24, at + 8, at + 16) === 0; at += 4120)
    frames++;
  return frames;
}

describe('a log as it was written', () => {
  it('is whole, also with older frames behind it', () => {
    expect(live()).toBeGreaterThan(25);
    expect(wal.length).toBeGreaterThan(32 + live() * 4120);
    expect(withLog(wal)).toEqual({ rows: 80, damage: undefined });
  });

  it('is whole up to where a kill came into the last write', () => {
    for (const cut of [1, 24, 100, 4119, 4120 * 3]) {
      const end = 32 + live() * 4120 - cut;
      expect(withLog(wal.subarray(0, end)).damage, `${cut} bytes less`).toBeUndefined();
    }
    expect(withLog(turned(32 + live() * 4120 - 500)).damage).toBeUndefined();
  });

  it('is none where there is none, and where it is empty', () => {
    rmSync(`${path}-wal`, { force: true });
    expect(walDamageOf(path)).toBeUndefined();
    expect(withLog(new Uint8Array(0)).damage).toBeUndefined();
  });
});

describe('a bit turned over in it', () => {
  it('is told wherever rows are lost by it, and nowhere else', () => {
    const last = 32 + (live() - 1) * 4120;
    for (let at = 0; at < wal.length; at = at < 60 ? at + 1 : at + 997) {
      const { rows, damage } = withLog(turned(at));
      if (at >= last) continue;
      expect(damage === undefined, `byte ${at}: ${rows} rows`).toBe(rows === 80);
    }
  });

  it('in a frame: which one, and what lies behind it', () => {
    const { damage } = withLog(turned(32 + 4 * 4120 + 700));
    expect(damage).toMatchObject({ frame: 5, lost: live() - 4 });
    expect(damage?.commits).toBeGreaterThan(10);
    expect(damage && walDamageText(damage)).toMatch(
      /^run\.sqlite-wal is damaged: the checksum of frame 5 is wrong, .* \(\d+ pages, \d+ writes\)/,
    );
  });

  it('in its head: all of it', () => {
    expect(withLog(turned(18))).toMatchObject({ rows: 60, damage: { frame: 0, lost: live() } });
  });
});
