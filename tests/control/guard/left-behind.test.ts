import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Acted, GuardMark } from '../../../control/guard/guard-log.ts';
import { guardOfRun } from '../../../control/program/guard/guard-of-run.ts';
import { leftBehind, markOf, removeMark, writeMark } from '../../../control/program/guard/left-behind.ts';

/** What the next start is told of a run that ended without a word, and what its record is. */

const dir = mkdtempSync(join(tmpdir(), 'guard-mark-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const path = join(dir, 'bench.guard.json');

const ACTED: Acted = {
  utc: '2026-02-01T03:04:05.000Z',
  because: 'silence',
  silent_s: 3.02,
  off_s: 3.44,
  watchdog_s: 5,
  proved_s: 613.2,
  unproven: [],
  isReleased: false,
};
const MARK: GuardMark = {
  startedUtc: '2026-02-01T00:00:00.000Z',
  // No system has processes of these numbers.
  controller: 4_999_998,
  guard: 4_999_999,
  dir: '/runs/night',
  acted: ACTED,
};

describe('the mark of a bench', () => {
  it('stands beside its file, one for each subject', () => {
    expect(markOf({ path: '/b/my.bench.yaml', baseDir: '/b' })).toBe('/b/my.bench.guard.json');
    expect(markOf({ path: '/b/bench.yml', baseDir: '/b', subject: 'iron' })).toBe('/b/bench.iron.guard.json');
  });

  it.each<[string, Partial<Acted> | null, RegExp]>([
    [
      'a guard that acted',
      {},
      /the guard acted at 2026-02-01T03:04:05.000Z in the run \/runs\/night: the controller was silent for 3.0 s; .*off 3.4 s after the last beat \(by the guard\); .*proved 613.2 s after it/,
    ],
    [
      'a watchdog that was quicker',
      { off_s: 7.5 },
      /off 7.5 s after .*the instrument's own watchdog had its 5 s before/,
    ],
    [
      'a guard that could not prove it',
      { proved_s: null, off_s: null, unproven: [{ what: 'supply safe', otherwise: 'open the contactor' }] },
      /could not switch the output off; NOT proved: supply safe: open the contactor/,
    ],
    [
      'a guard that is at it',
      { proved_s: null, off_s: null, unproven: [] },
      /had not seen the output off yet .* not proved so far: it had not come to an end/,
    ],
    [
      'a guard that vents',
      { proved_s: null, unproven: [] },
      /had the output off 3.4 s after .* not proved so far/,
    ],
    ['both killed', null, /controller \(process 4999998\) and guard \(4999999\) .* ended without a word/],
  ])('of %s refuses the next start, until a person has acknowledged it', (_, acted, says) => {
    writeMark(path, { ...MARK, acted: acted === null ? null : { ...ACTED, ...acted } });
    expect(() => leftBehind(path, undefined)).toThrow(says);
    expect(() => leftBehind(path, undefined)).toThrow(/start with --acknowledge "YOUR NAME"/);
    const said = leftBehind(path, 'M. Curie');
    expect(said).toMatch(says);
    expect(said).toContain('M. Curie has.');
  });

  it.each<[string, Partial<GuardMark>, RegExp]>([
    ['its controller goes on', { controller: process.pid }, /controller .* goes on without its guard/],
    ['both are there', { controller: process.pid, guard: process.ppid }, /goes on: it is there/],
    [
      'its guard alone is there',
      { guard: process.pid },
      /ended without a word, and its guard .* has not acted yet/,
    ],
    ['its guard is at it', { guard: process.pid, acted: ACTED }, /Its guard .* is still at it/],
  ])('says so where %s', (_, who, says) => {
    writeMark(path, { ...MARK, acted: null, ...who });
    expect(() => leftBehind(path, undefined)).toThrow(says);
  });

  it('that nobody can read refuses the start, too; without one there is nothing to acknowledge', () => {
    writeFileSync(path, '{"acted":');
    expect(() => leftBehind(path, undefined)).toThrow(/nobody knows how the last run ended/);
    removeMark(path);
    expect(leftBehind(path, undefined)).toBeUndefined();
    // A word where nothing waits for one is taken.
    expect(leftBehind(path, 'M. Curie')).toBeUndefined();
  });
});

it('the log of a guard are events of the record, at the run time of each; a line that was cut off is none', () => {
  expect(guardOfRun(dir, () => 0)).toBeUndefined();
  const line = (since_s: number, more: object): string =>
    JSON.stringify({ utc: '2026-02-01T03:04:05.000Z', ok: true, since_s, text: 'supply safe', ...more });
  writeFileSync(join(dir, 'guard.jsonl'), [line(3.4, {}), line(613.2, { acted: ACTED }), '{"utc'].join('\n'));
  const began_ms = Date.parse('2026-02-01T03:00:00.000Z');
  const found = guardOfRun(dir, utc_ms => (utc_ms - began_ms) / 1000);
  expect(found?.acted).toEqual(ACTED);
  expect(found?.events).toMatchObject([
    { t_s: 245, kind: 'guard', text: 'supply safe', data: { what: 'step' } },
    { t_s: 245, kind: 'guard', text: expect.stringContaining('613.2 s'), data: { what: 'acted' } },
  ]);
});
