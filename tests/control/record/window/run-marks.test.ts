import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../../control/record/events.ts';
import { JournalFile } from '../../../../control/record/file/journal-file.ts';
import { NO_SETPOINTS } from '../../../../control/record/setpoint-buffer.ts';
import { Windows } from '../../../../control/record/window/windows.ts';

/** Phases and alarms read by the window thread while the record is open for writing. */

const phase = (t_s: number, name: string): JournalEvent => ({
  t_s,
  kind: 'phase',
  text: `phase ${name}`,
  data: { name, method: 'steps' },
});
const alarm = (t_s: number, id: string, reaction: 'warn' | 'trip'): JournalEvent => ({
  t_s,
  kind: 'alarm',
  text: id,
  data: { id, reaction },
});
const EVENTS: readonly JournalEvent[] = [
  phase(0, 'start'),
  phase(100, 'wind'),
  { t_s: 150, kind: 'clear', text: 'x', data: { id: 'x', peak: null } } as unknown as JournalEvent,
  alarm(160, 'h2-in-o2-warn', 'warn'),
  phase(200, 'pressure'),
  alarm(210, 'pressure-high', 'trip'),
];

let dir: string;
let windows: Windows;
let file: JournalFile;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cellbench-marks-'));
  const path = join(dir, 'run.sqlite');
  file = new JournalFile(path, [{ device: 'rack', channels: ['current_A'] }], {});
  file.write({ n: 0, frames: [], events: [...EVENTS], setpoints: NO_SETPOINTS, checkpoints: [] });
  windows = new Windows(path, { measured: new Map(), settable: new Map() });
});
afterEach(async () => {
  await windows.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('marks of a stretch of a run', () => {
  it.each([
    ['all of it', 0, 300, ['start', 'wind', 'h2-in-o2-warn', 'pressure', 'pressure-high']],
    ['with the phase under way at its begin', 120, 205, ['wind', 'h2-in-o2-warn', 'pressure']],
    ['both ends belong to it', 100, 160, ['start', 'wind', 'h2-in-o2-warn']],
    ['where nothing begins', 120, 130, ['wind']],
    ['before everything', -10, -5, []],
  ])('%s', async (_, from_s, to_s, names) => {
    expect((await windows.marks(from_s, to_s)).map(mark => mark.name)).toEqual(names);
  });

  it('say what kind they are and what an alarm does', async () => {
    expect(await windows.marks(205, 300)).toEqual([
      { t_s: 200, kind: 'phase', name: 'pressure' },
      { t_s: 210, kind: 'alarm', name: 'pressure-high', reaction: 'trip' },
    ]);
  });

  it('of more than a picture can show: the gravest of each part with their count, from end to end, and all phases', async () => {
    const events = Array.from({ length: 1000 }, (_, i) =>
      alarm(1000 + i, `a${i}`, i === 501 ? 'trip' : 'warn'),
    );
    events.push(phase(2000, 'late'), alarm(5000, 'last', 'warn'));
    file.write({ n: 1, frames: [], events, setpoints: NO_SETPOINTS, checkpoints: [] });
    const found = await windows.marks(1000, 6000);
    const alarms = found.filter(mark => mark.kind === 'alarm');
    expect(alarms.length).toBeLessThanOrEqual(300);
    expect(alarms.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(1001);
    expect([alarms[0].t_s, alarms.at(-1)?.name, alarms.at(-1)?.count]).toEqual([1000, 'last', undefined]);
    expect(alarms.filter(({ reaction }) => reaction === 'trip').map(({ name }) => name)).toEqual(['a501']);
    expect(found.flatMap(mark => (mark.kind === 'phase' ? [mark.name] : []))).toEqual(['pressure', 'late']);
    expect(found.slice(1).map(({ t_s }) => t_s)).toEqual(
      found
        .slice(1)
        .map(({ t_s }) => t_s)
        .sort((a, b) => a - b),
    );
  });

  it('of which many came at once are one', async () => {
    const events = Array.from({ length: 400 }, (_, i) => alarm(1000, `a${i}`, 'warn'));
    file.write({ n: 1, frames: [], events, setpoints: NO_SETPOINTS, checkpoints: [] });
    expect(await windows.marks(900, 2000)).toMatchObject([{ name: 'pressure' }, { name: 'a0', count: 400 }]);
  });

  it('are refused while the record is being closed', async () => {
    await windows.hold();
    await expect(windows.marks(0, 300)).rejects.toThrow('the record is being closed');
  });
});
