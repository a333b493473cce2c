import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeAnswer, type FakeStore, fakeStore } from '../../support/fake-store.ts';
import { allLines, senderOf, sentJournal } from '../../support/sent-journal.ts';

/** A sink against a store that answers everything that stores answer: each row arrives, or stands aside with a reason. */

const ROWS = 100;
let dir: string;
let path: string;
let store: FakeStore | undefined;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'send-'));
  path = join(dir, 'run.sqlite');
  await sentJournal(path, ROWS);
});
afterEach(async () => {
  await store?.close();
  store = undefined;
  rmSync(dir, { recursive: true });
});

const isBad = (line: string): boolean => /stack\.current_A=(17|18|60)[, ]/.test(line);
const OK: FakeAnswer = { status: 204 };
const JSON_TYPE = { 'content-type': 'application/json' };

interface Case {
  readonly what: string;
  /** Answer to the nth request. */
  readonly answer: (lines: readonly string[], n: number) => FakeAnswer;
  readonly dead?: number;
  readonly statuses?: readonly number[];
  /** Least time that is waited before the second request, s; 0: none is. */
  readonly wait_s: number;
  /** Of a request; short where no answer comes. */
  readonly timeout_s?: number;
}
const once = (answer: FakeAnswer) => (_lines: readonly string[], n: number) => (n === 1 ? answer : OK);

const CASES: readonly Case[] = [
  { what: '204', answer: () => OK, wait_s: 0 },
  {
    what: '400 that names a line, nothing stored',
    answer: lines =>
      lines.some(isBad)
        ? { status: 400, headers: JSON_TYPE, body: '{"code":"invalid","line":3}', keep: () => false }
        : OK,
    dead: 3,
    statuses: [400],
    wait_s: 0,
  },
  {
    what: '422, the others stored',
    answer: lines =>
      lines.some(isBad)
        ? {
            status: 422,
            headers: JSON_TYPE,
            body: '{"code":"unprocessable entity"}',
            keep: line => !isBad(line),
          }
        : OK,
    dead: 3,
    statuses: [422],
    wait_s: 0,
  },
  {
    what: '413 for more than 10 lines',
    answer: lines => (lines.length > 10 ? { status: 413, keep: () => false } : OK),
    wait_s: 0,
  },
  {
    what: '413 for a single line',
    answer: lines => (lines.some(isBad) ? { status: 413, keep: () => false } : OK),
    dead: 3,
    statuses: [413],
    wait_s: 0,
  },
  {
    what: '429 with Retry-After in seconds',
    answer: once({ status: 429, headers: { 'retry-after': '77' } }),
    wait_s: 77,
  },
  {
    what: '503 with Retry-After as a date',
    answer: once({ status: 503, headers: { 'retry-after': new Date(Date.now() + 3_000_000).toUTCString() } }),
    wait_s: 2000,
  },
  { what: '503 without', answer: once({ status: 503 }), wait_s: 0.5 },
  { what: '500', answer: once({ status: 500 }), wait_s: 0.5 },
  {
    what: '404: the bucket is not there yet',
    answer: once({ status: 404, headers: JSON_TYPE, body: '{}' }),
    wait_s: 0.5,
  },
  { what: 'no answer', answer: once({ hang: true }), timeout_s: 1, wait_s: 0.5 },
  {
    what: 'no answer, but stored',
    answer: once({ hang: true, keep: () => true }),
    timeout_s: 1,
    wait_s: 0.5,
  },
  { what: 'a connection that ends in the middle', answer: once({ raw: 'HTTP/1.1 20' }), wait_s: 0.5 },
  {
    what: '204 that names an error in a header',
    answer: once({ status: 204, headers: { 'x-influxdb-error': 'dropped' } }),
    wait_s: 0.5,
  },
  {
    what: '204 with an error as its body',
    answer: once({ raw: 'HTTP/1.1 204 No Content\r\ncontent-length: 16\r\n\r\n{"code":"error"}' }),
    wait_s: 0.5,
  },
  {
    what: '200 with the page of a captive portal',
    answer: once({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Log in' }),
    wait_s: 0.5,
  },
  {
    what: '302 to the page of a captive portal',
    answer: once({ status: 302, headers: { location: 'http://127.0.0.1:9/' } }),
    wait_s: 0.5,
  },
  {
    what: '400 with the page of a proxy',
    answer: once({ status: 400, headers: { 'content-type': 'text/html' }, body: '<html>Bad' }),
    wait_s: 0.5,
  },
];

describe('a store that answers', () => {
  it.each(CASES)(
    '$what: every row is one point or a dead letter',
    async ({ answer, dead = 0, statuses = [], wait_s, timeout_s }) => {
      store = await fakeStore(answer);
      const all = allLines(path);
      expect(all).toHaveLength(ROWS + 3);
      const { sender, waits, file, target } = senderOf(
        path,
        store.url,
        timeout_s === undefined ? {} : { timeout_s },
      );
      await sender.run(new AbortController().signal);
      expect(sender.status()).toMatchObject({
        state: 'done',
        reason: '',
        sent: all.length - dead,
        dead,
        lag_rows: 0,
      });
      const letters = file.letters(1000);
      expect(letters.map(letter => letter.line)).toEqual(all.filter(line => dead > 0 && isBad(line)));
      expect([...new Set(letters.map(letter => letter.status))]).toEqual(statuses);
      for (const { reason, source, sink } of letters) {
        expect(reason).toMatch(/^status 4\d\d/);
        expect(source).toBe('frames_supply');
        expect(JSON.parse(sink)).toEqual([target.name, target.url, target.org, target.bucket]);
      }
      const stored = all.filter(line => !letters.some(letter => letter.line === line));
      expect([...store.points.values()].sort()).toEqual(stored.toSorted());
      expect(waits.length === 0 ? 0 : waits[0]).toBeGreaterThanOrEqual(wait_s);
      if (wait_s === 0) expect(waits).toEqual([]);
      expect(new Set(store.requests.map(request => request.token))).toEqual(new Set(['Token secret']));
      file.close();
    },
  );

  it.each([401, 403])(
    '%i: stops with a word, loses nothing, and goes on with the next start',
    async status => {
      let isOpen = false;
      store = await fakeStore(() =>
        isOpen ? OK : { status, headers: JSON_TYPE, body: '{"code":"unauthorized"}' },
      );
      const first = senderOf(path, store.url);
      await first.sender.run(new AbortController().signal);
      const stopped = { state: 'stopped', sent: 0, dead: 0, lag_rows: ROWS + 3 };
      expect(first.sender.status()).toMatchObject(stopped);
      expect(first.sender.status().reason).toContain(`status ${status}`);
      // Not even once more in the same program.
      await first.sender.run(new AbortController().signal);
      expect(store.requests).toHaveLength(1);
      first.file.close();
      isOpen = true;
      const second = senderOf(path, store.url);
      await second.sender.run(new AbortController().signal);
      expect(second.sender.status()).toMatchObject({ state: 'done', sent: ROWS + 3, dead: 0 });
      expect(store.points.size).toBe(ROWS + 3);
      second.file.close();
    },
  );

  it('waits longer each time, by chance, five minutes at most', async () => {
    store = await fakeStore((_lines, n) => (n <= 14 ? { status: 503 } : OK));
    const { sender, waits, file } = senderOf(path, store.url);
    await sender.run(new AbortController().signal);
    expect(waits).toHaveLength(14);
    waits.forEach((wait_s, i) => {
      const longest_s = Math.min(300, 2 ** i);
      expect(wait_s).toBeGreaterThanOrEqual(longest_s / 2);
      expect(wait_s).toBeLessThanOrEqual(longest_s);
    });
    expect(new Set(waits.slice(-4)).size).toBe(4);
    file.close();
  });

  it.each(['999999999', '9'.repeat(400), 'Fri, 01 Jan 2100 00:00:00 GMT'])(
    'is asked again after an hour, whatever it asks for (%s), and the status says so',
    async asked => {
      let said = '';
      store = await fakeStore((_lines, n) => {
        if (n === 2) said = sender.status().reason;
        return n === 1 ? { status: 429, headers: { 'retry-after': asked } } : OK;
      });
      const { sender, waits, file } = senderOf(path, store.url);
      await sender.run(new AbortController().signal);
      expect(waits).toEqual([3600]);
      expect(said).toMatch(/^status 429.*; the store asks for .* s, it is asked again after 3600 s$/);
      expect(sender.status()).toMatchObject({ state: 'done', reason: '', sent: ROWS + 3, dead: 0 });
      file.close();
    },
  );

  it('a store that takes nothing at all and refuses every line is no reason for dead letters', async () => {
    store = await fakeStore((_lines, n) => (n < 60 ? { status: 400, headers: JSON_TYPE, body: '{}' } : OK));
    const { sender, waits, file } = senderOf(path, store.url);
    await sender.run(new AbortController().signal);
    expect(waits.length).toBeGreaterThan(1);
    expect(sender.status()).toMatchObject({ state: 'done', sent: ROWS + 3, dead: 0 });
    expect(store.points.size).toBe(ROWS + 3);
    file.close();
  });

  it('several sinks have each its own cursor', async () => {
    store = await fakeStore((_lines, n) => (n === 1 ? OK : { status: 401 }));
    const good = senderOf(path, store.url);
    await good.sender.run(new AbortController().signal);
    const shut = senderOf(path, store.url, { name: 'other' });
    await shut.sender.run(new AbortController().signal);
    expect(good.sender.status()).toMatchObject({ state: 'done', lag_rows: 0 });
    expect(shut.sender.status()).toMatchObject({ state: 'stopped', lag_rows: ROWS + 3 });
    good.file.close();
    shut.file.close();
  });

  it('given up in the middle and begun again, no row is missing and none is two points', async () => {
    const small = { limits: { lines: 7, chars: 1e6 } };
    const stop = new AbortController();
    store = await fakeStore((_lines, n) => {
      // Stored, but nobody hears of it.
      if (n !== 5) return OK;
      stop.abort();
      return { hang: true, keep: () => true };
    });
    const first = senderOf(path, store.url, small);
    await first.sender.run(stop.signal);
    first.file.close();
    expect(store.points.size).toBe(35);
    const second = senderOf(path, store.url, small);
    expect(second.sender.status()).toMatchObject({ sent: 28, lag_rows: ROWS + 3 - 28 });
    await second.sender.run(new AbortController().signal);
    expect([...store.points.values()].sort()).toEqual(allLines(path).toSorted());
    second.file.close();
  });
});
