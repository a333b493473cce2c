import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KEPT_ALARMS } from '../../../../control/record/alarms/alarm-history.ts';
import type { JournalEvent } from '../../../../control/record/events.ts';
import { JournalFile } from '../../../../control/record/file/journal-file.ts';
import { NO_SETPOINTS } from '../../../../control/record/setpoint-buffer.ts';
import { Windows } from '../../../../control/record/window/windows.ts';

/** The history of alarms, read page by page by the window thread while the record is open for writing. */

type Data<K extends JournalEvent['kind']> = Extract<JournalEvent, { kind: K }>['data'];
const event = <K extends JournalEvent['kind']>(kind: K, t_s: number, data: Data<K>): JournalEvent =>
  ({ t_s, kind, text: `${kind} at ${t_s}`, data }) as JournalEvent;
const warn = (t_s: number, id: string, more: Partial<Data<'alarm'>> = {}): JournalEvent =>
  event('alarm', t_s, { id, reaction: 'warn', ...more });
const clear = (t_s: number, id: string, more: Partial<Data<'clear'>> = {}): JournalEvent =>
  event('clear', t_s, { id, ...more });
const acknowledge = (t_s: number, alarm?: string): JournalEvent =>
  event('command', t_s, {
    ...{ command: 'acknowledge', by: 'A. Miller (page)', accepted: true },
    ...(alarm === undefined ? {} : { alarm }),
  });
const shelve = (t_s: number, id: string, what: 'shelved' | 'unshelved'): JournalEvent =>
  event('shelve', t_s, { id, what, by: 'B. Sato (page)', reason: 'span gas', for_s: 60, isStanding: true });

let dir: string;
let windows: Windows;
let file: JournalFile;
let n: number;
const write = (...events: JournalEvent[]): void =>
  file.write({ n: n++, frames: [], events, setpoints: NO_SETPOINTS, checkpoints: [] });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cellbench-alarms-'));
  const path = join(dir, 'run.sqlite');
  file = new JournalFile(path, [{ device: 'rack', channels: ['current_A'] }], {});
  windows = new Windows(path, { measured: new Map(), settable: new Map() });
  n = 0;
});
afterEach(async () => {
  await windows.close();
  file.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('the history of alarms', () => {
  it('a warning that came, went and was acknowledged stays in it, with all that is known of it', async () => {
    write(
      event('phase', 0, { name: 'wind', method: 'steps' }),
      warn(10, 'h2', { value: 1.1, limit: 1, unit: 'vol_pct', step: 'follow the wind' }),
      event('chatter', 15, { id: 'h2', count: 3, over_s: 5 }),
      clear(20, 'h2', { peak: 1.4 }),
      acknowledge(30, 'h2'),
    );
    expect(await windows.alarms({ which: 'all', most: 10 })).toEqual({
      alarms: [
        {
          ...{ n: 1, id: 'h2', reaction: 'warn', priority: 'low', state: 'normal', text: 'alarm at 10' },
          ...{ raised_s: 10, cleared_s: 20, isFirstOut: false, count: 4 },
          ...{ value: 1.1, peak: 1.4, limit: 1, unit: 'vol_pct' },
          ...{ acknowledged_s: 30, acknowledgedBy: 'A. Miller (page)', shelved: null },
          ...{ phase: 'wind', step: 'follow the wind' },
        },
      ],
      ...{ all: 1, standing: 0, open: 0, next: null, left: 0 },
    });
  });

  it.each([
    ['stands, nobody has seen it', [], 'unacknowledged', 1, 1],
    ['stands, somebody has', [acknowledge(2)], 'acknowledged', 1, 0],
    ['has gone, nobody has seen it', [clear(2, 'a')], 'returned', 0, 1],
    ['has gone, somebody has', [clear(2, 'a'), acknowledge(3)], 'normal', 0, 0],
    ['is put aside', [shelve(2, 'a', 'shelved')], 'shelved', 1, 0],
    ['has come back', [shelve(2, 'a', 'shelved'), shelve(3, 'a', 'unshelved')], 'unacknowledged', 1, 1],
    [
      'has gone while it was put aside',
      [shelve(2, 'a', 'shelved'), clear(3, 'a', { isShelved: true })],
      'normal',
      0,
      0,
    ],
  ] as const)('one that %s', async (_, more, state, standing, open) => {
    write(warn(1, 'a'), ...more);
    const found = await windows.alarms({ which: 'all', most: 10 });
    expect(found).toMatchObject({ all: 1, standing, open });
    expect(found.alarms[0].state).toBe(state);
    for (const [which, count] of [
      ['standing', standing],
      ['open', open],
    ] as const)
      expect((await windows.alarms({ which, most: 10 })).alarms).toHaveLength(count);
  });

  it('a trip that nobody has acknowledged is latched; a flood tells how many came', async () => {
    write(
      event('alarm', 1, { id: 'over', reaction: 'trip', isFirstOut: true }),
      clear(2, 'over'),
      warn(3, 'alarm-flood', { flood: { limit: 10, within_s: 600, count: 11 } }),
    );
    const { alarms } = await windows.alarms({ which: 'all', most: 10 });
    expect(alarms.map(({ id, state, limit, value, unit }) => [id, state, limit, value, unit])).toEqual([
      ['alarm-flood', 'unacknowledged', 10, 11, 'alarms'],
      ['over', 'latched', null, null, ''],
    ]);
  });

  it('is given page by page, the newest first, and each question sees what has come since', async () => {
    write(...Array.from({ length: 25 }, (_, i) => warn(i, `a${i + 1}`)));
    const first = await windows.alarms({ which: 'all', most: 10 });
    expect(first.alarms.map(({ n }) => n)).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
    write(warn(99, 'new'), clear(100, 'a3'));
    const second = await windows.alarms({ which: 'all', before: first.next ?? 0, most: 10 });
    expect(second.alarms.map(({ id }) => id).slice(0, 2)).toEqual(['a15', 'a14']);
    const last = await windows.alarms({ which: 'all', before: second.next ?? 0, most: 10 });
    expect(last).toMatchObject({ all: 26, next: null });
    expect(last.alarms.at(-3)).toMatchObject({ id: 'a3', cleared_s: 100 });
    expect((await windows.alarms({ which: 'standing', most: 100 })).alarms).toHaveLength(25);
  });

  it('of a record with more than are kept says how many older ones there are', async () => {
    write(...Array.from({ length: KEPT_ALARMS + 5 }, (_, i) => warn(i, 'a')));
    const { all, left, alarms } = await windows.alarms({ which: 'all', most: 1 });
    expect([all, left, alarms[0].n]).toEqual([KEPT_ALARMS + 5, 5, KEPT_ALARMS + 5]);
    expect(await windows.alarms({ which: 'all', before: 7, most: 10 })).toMatchObject({
      alarms: [{ n: 6 }],
      next: null,
    });
  });
});
