import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRunSource } from '../../../control/exchange/recorded-run.ts';
import { Journal } from '../../../control/record/journal.ts';
import { openReadOnly } from '../../../control/record/read-only.ts';
import { UtcTable } from '../../../control/record/utc.ts';
import { readBatch } from '../../../control/send/journal-lines.ts';
import { BEGINNING } from '../../../control/send/positions.ts';

/** A night in which the computer's clock is set: whoever wants UTC gets that of the stretch. */

const STARTED = '2026-05-01T20:00:00.000Z';
const at = (utc: string): number => Date.parse(utc);
let path: string;
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'utc-'));
  path = join(dir, 'run.sqlite');
});
afterEach(() => rmSync(dir, { recursive: true }));

async function night(steps: readonly { t_s: number; utc: string }[], rows = 100): Promise<void> {
  const journal = await Journal.open(path, [{ device: 'supply', channels: ['current_A'] }], {
    startedUtc: STARTED,
    bench: 'b',
    mode: 'bench',
  });
  for (let i = 0; i < rows; i++) {
    for (const { t_s, utc } of steps.filter(step => step.t_s === i))
      journal.event({ t_s, kind: 'clock', text: 'set', data: { what: 'step', step_s: 0, utc } });
    // Two readings of one time each tenth row.
    const t_s = i % 10 === 9 ? i - 1 : i;
    journal.frame({
      device: 'supply',
      t_s,
      values: Float64Array.of(i),
      quality: Uint8Array.of(0),
    });
  }
  await journal.close();
}

function utcOf(...t_s: number[]): string[] {
  const db = openReadOnly(path);
  const utc = new UtcTable(db);
  db.close();
  return t_s.map(time => new Date(utc.at(time)).toISOString());
}

it('set back by an hour, and forward again', async () => {
  await night([
    { t_s: 40, utc: '2026-05-01T19:00:40.000Z' },
    { t_s: 80, utc: '2026-05-01T20:01:30.000Z' },
  ]);
  expect(utcOf(-1, 0, 39.999, 40, 79, 80, 99.5)).toEqual([
    '2026-05-01T19:59:59.000Z',
    '2026-05-01T20:00:00.000Z',
    '2026-05-01T20:00:39.999Z',
    '2026-05-01T19:00:40.000Z',
    '2026-05-01T19:01:19.000Z',
    '2026-05-01T20:01:30.000Z',
    '2026-05-01T20:01:49.500Z',
  ]);
  const db = openReadOnly(path);
  expect(new UtcTable(db).stretches.map(({ step_s, cause }) => [step_s, cause])).toEqual([
    [0, 'begin'],
    [-3600, 'step'],
    [3610, 'step'],
  ]);
  db.close();
});

it('exports have the UTC of each stretch', async () => {
  await night([{ t_s: 40, utc: '2026-05-01T19:00:40.000Z' }]);
  const source = openRunSource(path);
  expect([...source.utc.microseconds(Float64Array.of(39.25, 40, 41.5))]).toEqual(
    ['2026-05-01T20:00:39.250Z', '2026-05-01T19:00:40.000Z', '2026-05-01T19:00:41.500Z'].map(
      utc => 1000 * at(utc),
    ),
  );
  source.close();
});

it('lines for InfluxDB: every row has its own stamp, that of its stretch, also sent in pieces', async () => {
  await night([{ t_s: 40, utc: '2026-05-01T19:00:40.000Z' }]);
  const stamps: bigint[] = [];
  let positions = new Map([['frames_supply', BEGINNING]]);
  for (;;) {
    const { lines, to } = readBatch(path, positions, { lines: 7, chars: 1e9 });
    if (lines.length === 0) break;
    stamps.push(...lines.filter(line => line.source === 'frames_supply').map(line => line.ns));
    positions = new Map([...positions, ...to]);
  }
  const expected = Array.from({ length: 100 }, (_, i) => {
    const t_s = i % 10 === 9 ? i - 1 : i;
    const begin = t_s < 40 ? at(STARTED) : at('2026-05-01T19:00:00.000Z');
    return BigInt(begin + 1000 * t_s) * 1_000_000n + (i % 10 === 9 ? 1n : 0n);
  });
  expect(stamps).toEqual(expected);
  expect(new Set(stamps).size).toBe(100);
});

it('a record of an older form has its begin', async () => {
  const journal = await Journal.open(path, [], { startedUtc: STARTED });
  await journal.close();
  const { DatabaseSync } = await import('node:sqlite');
  const db = new DatabaseSync(path);
  db.exec("DROP TABLE clock; UPDATE meta SET value = '3' WHERE key = 'format'");
  db.close();
  expect(utcOf(10)).toEqual(['2026-05-01T20:00:10.000Z']);
});
