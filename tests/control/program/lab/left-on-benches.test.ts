import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuardMark } from '../../../../control/guard/guard-log.ts';
import { type CutFacts, cutFactsOf, cutOffOf } from '../../../../control/program/lab/silent/cut-off.ts';
import { LeftOnBenches } from '../../../../control/program/lab/silent/left-on-benches.ts';
import type { CutOff } from '../../../../dashboards/door/lab/cut-off.ts';
import type { LabRun } from '../../../../dashboards/door/lab.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'left-on-benches-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const UTC = '2026-01-01T00:00:00.000Z';
const LAST_MS = Date.parse(UTC);
const FUSE = { what: 'output_on reads NaN', otherwise: 'pull the fuse' };
const acted = (proved_s: number | null) => ({
  ...{ utc: UTC, because: 'gone' as const, silent_s: 0.1, off_s: null, watchdog_s: 5, isReleased: false },
  ...{ proved_s, unproven: proved_s === null ? [FUSE] : [] },
});
const NOBODY_ELSE = 2 ** 30;

describe('a run that ended without a word', () => {
  const facts = (more: Partial<CutFacts>): CutFacts => ({
    ...{ last_ms: LAST_MS, said: null, acted: undefined, guard: null, watchdogs: [] },
    ...more,
  });
  const watches = { what: 'watches', timeout_s: 5 } as const;
  const said = { utc: UTC, text: 'chamber: opening the line' };
  it.each([
    ['rehearsal', {}, 1, 'simulated'],
    ['wire', {}, 1, 'unknown'],
    ['bench', { guard: { what: 'none', timeout_s: null } }, 1, 'none'],
    ['bench', { guard: { what: 'lost', timeout_s: null } }, 1, 'lost'],
    ['wire', { guard: watches }, 20, 'waits'],
    ['wire', { guard: watches }, 40, 'unheard'],
    ['wire', { guard: watches, said }, 40, 'under way'],
    ['wire', { guard: watches, said, acted: acted(4) }, 40, 'proved'],
    ['bench', { guard: watches, said, acted: acted(null) }, 40, 'not proved'],
  ] as const)('in mode %s with %j is after %s s: %s', (mode, more, later_s, guard) => {
    expect(cutOffOf(mode, facts(more), LAST_MS + later_s * 1000).guard).toBe(guard);
  });

  it('is read out of its folder: what the guard wrote last, and how it ended', () => {
    writeFileSync(join(dir, 'run.sqlite'), '');
    expect(cutFactsOf(dir)).toMatchObject({ guard: null, said: null, acted: undefined });
    const line = (text: string, more: object = {}): string =>
      `${JSON.stringify({ utc: UTC, ok: false, since_s: 1, text, ...more })}\n`;
    writeFileSync(join(dir, 'guard.jsonl'), line('driving') + line('not proved yet'));
    expect(cutFactsOf(dir)).toMatchObject({ said: { utc: UTC, text: 'not proved yet' }, acted: undefined });
    writeFileSync(join(dir, 'guard.jsonl'), line('driving') + line('NOT', { acted: acted(null) }));
    expect(cutFactsOf(dir)).toMatchObject({ said: { text: 'driving' }, acted: { unproven: [FUSE] } });
  });
});

describe('what was left on a bench', () => {
  const CUT: CutOff = {
    ...{ sinceUtc: UTC, guard: 'not proved', timeout_s: 5, guardSaid: null, unproven: [FUSE], watchdogs: [] },
  };
  const run = (id: string, more: Partial<LabRun> = {}): LabRun => ({
    ...{ id, bench: 'Bench', method: 'm', mode: 'wire', startedUtc: UTC, state: 'over', criteria: '' },
    ...{ verdict: '', duration_s: null, rows: null, bytes: 0, campaign: null, started: null, silent: null },
    cutOff: CUT,
    ...more,
  });
  const whole = { duration_s: 3, cutOff: null };
  const on = (runs: readonly LabRun[], subjects: readonly string[] = [], benchName?: string) =>
    new LeftOnBenches(runs, join(dir, 'runs'), () => benchName)
      .of({ name: 'a/bench', title: 'Bench', path: join(dir, 'bench.yaml') }, subjects)
      .map(({ run, subject, needsLook, cutOff }) => ({ run, subject, needsLook, guard: cutOff.guard }));

  const LEFT = { run: 'a', subject: null, needsLook: false, guard: 'not proved' };
  it.each([
    ['the last run on it', [run('a')], [LEFT]],
    ['one after which another came to its end', [run('a'), run('b', whole)], []],
    ['one that goes on again', [run('a', { state: 'going', cutOff: null })], []],
    ['a twin after it changes nothing', [run('a'), run('b', { mode: 'rehearsal', ...whole })], [LEFT]],
    ['one that its guard led to its safe state', [run('a', { cutOff: { ...CUT, guard: 'proved' } })], []],
    ['one on another bench', [run('a', { bench: 'Other' })], []],
  ] as const)('%s', (_what, runs, expected) => {
    expect(on(runs)).toEqual(expected);
  });

  it('knows a run that was started here by the name of its bench', () => {
    expect(on([run('a')], [], 'another/bench')).toEqual([]);
    expect(on([run('a', { bench: '' })], [], 'a/bench')).toEqual([LEFT]);
  });

  it('tells channels apart', () => {
    const started = (subject: string) => ({ by: 'x', method: 'm', set: {}, order: null, subject });
    const runs = [run('a', { started: started('iron') }), run('b', { started: started('nickel'), ...whole })];
    expect(on(runs, ['iron', 'nickel'])).toEqual([{ ...LEFT, subject: 'iron' }]);
  });

  const mark = (more: Partial<GuardMark>): void =>
    writeFileSync(
      join(dir, 'bench.guard.json'),
      JSON.stringify({
        ...{ startedUtc: UTC, controller: NOBODY_ELSE, guard: NOBODY_ELSE, acted: acted(null) },
        ...{ dir: join(dir, 'runs', 'a'), ...more },
      }),
    );
  it('says what keeps the next start on the instruments, also of one that was concluded', () => {
    const real = { mode: 'bench' };
    mark({});
    expect(on([run('a', real)])).toEqual([{ ...LEFT, needsLook: true }]);
    expect(on([run('a', { ...real, ...whole })])).toEqual([{ ...LEFT, needsLook: true }]);
    expect(on([])).toEqual([{ ...LEFT, run: join(dir, 'runs', 'a'), needsLook: true }]);
    mark({ acted: null });
    expect(on([])[0].guard).toBe('unheard');
    // It goes on, and holds the bench.
    mark({ controller: process.pid });
    expect(on([])).toEqual([]);
  });
});
