import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Guards } from '../../../../control/program/lab/silent/guards-of.ts';
import { noCommandsText } from '../../../../control/program/lab/silent/no-commands.ts';
import type { LabRun } from '../../../../dashboards/door/lab.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'no-commands-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const ENDED: LabRun = {
  ...{ id: 'x', bench: 'b', method: 'm', mode: 'wire', startedUtc: '', state: 'over', criteria: '' },
  ...{ verdict: 'stopped by a person', duration_s: 3, rows: 30, bytes: 0, campaign: null },
  ...{ started: null, silent: null, cutOff: null },
};
const CUT: LabRun = { ...ENDED, verdict: 'cut off: no result', duration_s: null, rows: null };
const UTC = '2026-01-01T00:00:00.000Z';
const ACTED = {
  ...{ utc: UTC, because: 'gone', silent_s: 0.5, off_s: 0.8, watchdog_s: null, proved_s: 4 },
  ...{ unproven: [], isReleased: false },
};

it.each([
  [{ ...CUT, state: 'going' as const }, 'none', 'takes no commands now: it is about to begin or to end'],
  [ENDED, 'none', 'is over: stopped by a person'],
  [{ ...CUT, mode: 'rehearsal' }, 'none', 'was cut off: its process is gone'],
  [CUT, 'none', 'was cut off: its process is gone; no guard was there'],
  [
    CUT,
    'watches',
    'its guard begins with the safe state within 2.5 s of its last word, and has not said yet',
  ],
  [
    CUT,
    'acted',
    'was cut off: the controller was gone without a word; its guard ended it, had the output off',
  ],
] as const)('a run that takes no commands says why (%#)', async (run, guard, expected) => {
  if (guard === 'acted')
    writeFileSync(
      join(dir, 'guard.jsonl'),
      `${JSON.stringify({ utc: UTC, ok: true, since_s: 4, text: 'done', acted: ACTED })}\n`,
    );
  const what = guard === 'watches' ? 'watches' : 'none';
  const guards = async (): Promise<Guards> => ({ guard: { what, timeout_s: 2.5 }, watchdogs: [] });
  expect(await noCommandsText(run, dir, guards)).toContain(expected);
});
