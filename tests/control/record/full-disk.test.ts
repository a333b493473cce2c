import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, type JournalOptions } from '../../../control/record/journal.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { openRows } from '../../support/plain-rows.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'full-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const CHANNELS = 50;
const TABLES = [
  { device: 'rack', channels: Array.from({ length: CHANNELS }, (_, i) => `cell[${i + 1}].voltage_V`) },
];
const THREAD = new URL('../../support/troubled-journal-thread.ts', import.meta.url);
const wall = realClock();

/** A journal whose disk can be filled (`full`), and whose thread can be killed (`dead`) or hung (`stuck`). */
async function troubled(options: JournalOptions = {}) {
  const path = join(mkdtempSync(join(dir, 'run-')), 'run.sqlite');
  const journal = await Journal.open(path, TABLES, {}, { thread: THREAD, rescueTo: dir, ...options });
  let frames = 0;
  let events = 0;
  return {
    path,
    journal,
    become: (what: 'full' | 'dead' | 'stuck') => writeFileSync(`${path}.${what}`, ''),
    hasRoomAgain: () => rmSync(`${path}.full`, { force: true }),
    frames(count: number) {
      for (let i = 0; i < count; i++) {
        const t_s = frames++;
        const values = new Float64Array(CHANNELS).fill(t_s);
        journal.frame({ device: 'rack', t_s, values, quality: new Uint8Array(CHANNELS) });
      }
    },
    event: () => journal.event({ t_s: frames, kind: 'clear', text: `event ${events++}`, data: { id: 'a' } }),
    /** Waits for a try to write all, however it ends. */
    tryToWrite: () => journal.flush().then(() => 'written', String),
    counts: () => ({ frames, events }),
    rows<T>(sql: string): T[] {
      const db = openRows(path);
      const rows = db.prepare(sql).all() as T[];
      db.close();
      return rows;
    },
  };
}

type Troubled = Awaited<ReturnType<typeof troubled>>;

/** Every frame and event exactly once, in order. */
function expectWhole(t: Troubled): void {
  const { frames, events } = t.counts();
  const times = t.rows<{ t_s: number }>('SELECT t_s FROM frames_rack ORDER BY rowid').map(r => r.t_s);
  expect(times).toEqual(Array.from({ length: frames }, (_, i) => i));
  const texts = t.rows<{ text: string }>("SELECT text FROM events WHERE kind = 'clear' ORDER BY rowid");
  expect(texts.map(r => r.text)).toEqual(Array.from({ length: events }, (_, i) => `event ${i}`));
}

const rescued = (path: string | undefined): Record<string, unknown>[] =>
  readFileSync(path ?? '', 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);

describe('a full disk', () => {
  it('is named as the cause, and everything is there once it has room again', async () => {
    const t = await troubled();
    const causes: string[] = [];
    t.journal.onFailure(error => causes.push(error.message));
    t.frames(300);
    expect(await t.tryToWrite()).toBe('written');
    t.become('full');
    t.frames(300);
    t.event();
    expect(await t.tryToWrite()).toMatch(/database or disk is full/);
    t.frames(300);
    t.event();
    expect(await t.tryToWrite()).toMatch(/database or disk is full/);
    expect(causes).toEqual(['journal: database or disk is full']);
    t.hasRoomAgain();
    t.event();
    expect(await t.tryToWrite()).toBe('written');
    expect(await t.journal.close()).toEqual({ complete: true, cause: '', rescued: undefined, lostRows: 0 });
    expectWhole(t);
    const said = t.rows<{ data: string }>("SELECT data FROM events WHERE kind = 'record' ORDER BY rowid");
    expect(said.map(r => JSON.parse(r.data).what)).toEqual(['failing', 'goes-on']);
  });

  it('that has room again just at the end: what waited is written by close', async () => {
    const t = await troubled();
    t.become('full');
    t.frames(500);
    t.event();
    expect(await t.tryToWrite()).toMatch(/full/);
    t.event();
    t.hasRoomAgain();
    expect(await t.journal.close()).toMatchObject({ complete: true });
    expectWhole(t);
  });

  it('to the end: close says so in bounded time, and what is missing is in a file beside', async () => {
    const t = await troubled();
    t.frames(200);
    await t.journal.flush();
    t.become('full');
    t.frames(200);
    t.event();
    t.journal.setpoint({ t_s: 7, role: 'r', asked: 1, applied: 2, source: 's', outcome: 'applied' });
    t.journal.checkpoint(8, { version: 1 });
    await t.tryToWrite();
    t.event();
    const start_s = wall.now_s();
    const end = await t.journal.close();
    expect(wall.now_s() - start_s).toBeLessThan(10);
    expect(end).toMatchObject({ complete: false, cause: 'journal: database or disk is full', lostRows: 0 });
    expect(basename(end.rescued ?? '')).toMatch(/^cellbench-rescue-run-\w+\.jsonl$/);
    const lines = rescued(end.rescued);
    const frames = lines.filter(l => l['table'] === 'frames_rack');
    expect(frames.map(l => l['t_s'])).toEqual(Array.from({ length: 200 }, (_, i) => 200 + i));
    expect(frames[0]['values']).toEqual(new Array(CHANNELS).fill(200));
    expect(lines.filter(l => l['kind'] === 'clear').map(l => l['text'])).toEqual(['event 0', 'event 1']);
    expect(lines).toContainEqual(
      expect.objectContaining({ table: 'setpoints', role: 'r', asked: 1, applied: 2, outcome: 'applied' }),
    );
    expect(lines).toContainEqual({ table: 'checkpoints', t_s: 8, state: '{"version":1}' });
    expect(t.rows('SELECT count(*) AS n FROM frames_rack')).toEqual([{ n: 200 }]);
    expect(t.rows('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    expect(await t.journal.close()).toEqual(end);
  });

  it('and no room for a rescue either: every row that is lost is counted', async () => {
    const t = await troubled({ rescueTo: join(dir, 'not', 'there') });
    t.become('full');
    t.frames(100);
    t.event();
    const end = await t.journal.close();
    // 100 frames and the event.
    expect(end).toMatchObject({ complete: false, rescued: undefined, lostRows: 101 });
    expect(end.cause).toMatch(/disk is full; it could not be saved in .*not.there either/);
  });

  it('for long: the oldest frames are given up and counted, no event ever is', async () => {
    const most_bytes = 100_000;
    const t = await troubled({ most_bytes });
    t.become('full');
    for (let i = 0; i < 40; i++) {
      t.frames(20);
      t.event();
      await t.tryToWrite();
    }
    t.hasRoomAgain();
    expect(await t.tryToWrite()).toBe('written');
    expect(await t.journal.close()).toMatchObject({ complete: false, rescued: undefined });
    const there = t.rows<{ t_s: number }>('SELECT t_s FROM frames_rack ORDER BY rowid').map(r => r.t_s);
    const dropped = t
      .rows<{ data: string }>("SELECT data FROM events WHERE kind = 'record'")
      .map(r => JSON.parse(r.data))
      .filter(data => data.what === 'dropped')
      .reduce((sum, data) => sum + data.frames, 0);
    expect(dropped).toBe(800 - there.length);
    expect(dropped).toBeGreaterThan(0);
    // The newest are kept.
    expect(there.slice(-20)).toEqual(Array.from({ length: 20 }, (_, i) => 780 + i));
    expect(there.length * (CHANNELS * 9 + 8)).toBeLessThan(2 * most_bytes);
    expect(t.rows("SELECT count(*) AS n FROM events WHERE kind = 'clear'")).toEqual([{ n: 40 }]);
  });

  it('at any moments: no row is lost or doubled once room came back', async () => {
    const op = fc.oneof(
      fc.record({ do: fc.constant('frames' as const), count: fc.integer({ min: 1, max: 150 }) }),
      fc.record({
        do: fc.constantFrom(
          'event' as const,
          'full' as const,
          'room' as const,
          'write' as const,
          'hand' as const,
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 5, maxLength: 40 }), async ops => {
        const t = await troubled();
        for (const o of ops) {
          if (o.do === 'frames') t.frames(o.count);
          else if (o.do === 'event') t.event();
          else if (o.do === 'full') t.become('full');
          else if (o.do === 'room') t.hasRoomAgain();
          else if (o.do === 'write') await t.tryToWrite();
          else void t.tryToWrite();
        }
        t.hasRoomAgain();
        expect(await t.journal.close()).toMatchObject({ complete: true, lostRows: 0 });
        expectWhole(t);
      }),
      { numRuns: 12, seed: 6, endOnFailure: true },
    );
  });
});

describe('the writing thread', () => {
  it('that dies settles everybody who waits, at once, and what was not handed over is rescued', async () => {
    const t = await troubled();
    const failures: string[] = [];
    t.journal.onFailure(error => failures.push(error.message));
    t.frames(10);
    await t.journal.flush();
    t.become('dead');
    const waiting: Promise<string>[] = [];
    for (let i = 0; i < 3; i++) {
      t.frames(10);
      waiting.push(t.tryToWrite());
    }
    const caughtUp = t.journal.catchUp().then(() => 'caught up');
    const settled = await Promise.all([...waiting, caughtUp]);
    expect(settled).toEqual([
      ...new Array(3).fill('Error: journal: the writing thread ended (7)'),
      'caught up',
    ]);
    expect(failures).toHaveLength(1);
    t.event();
    t.frames(5);
    expect(await t.tryToWrite()).toMatch(/ended \(7\)/);
    const end = await t.journal.close();
    // The thread had 30 frames in its hands.
    expect(end).toMatchObject({ complete: false, lostRows: 30, cause: expect.stringMatching(/ended \(7\)/) });
    const lines = rescued(end.rescued);
    expect(lines.filter(l => l['table'] === 'frames_rack')).toHaveLength(5);
    expect(lines.filter(l => l['kind'] === 'clear')).toHaveLength(1);
    expect(t.rows('SELECT count(*) AS n FROM frames_rack')).toEqual([{ n: 10 }]);
  });

  it('that hangs on its disk does not hold up close', async () => {
    const t = await troubled({ close_s: 0.5 });
    t.become('stuck');
    t.frames(10);
    void t.tryToWrite();
    t.event();
    const start_s = wall.now_s();
    const end = await t.journal.close();
    expect(wall.now_s() - start_s).toBeLessThan(5);
    expect(end).toMatchObject({ complete: false, lostRows: 10 });
    expect(end.cause).toMatch(/did not answer within 0.5 s/);
    expect(rescued(end.rescued).filter(l => l['kind'] === 'clear')).toHaveLength(1);
  });
});
