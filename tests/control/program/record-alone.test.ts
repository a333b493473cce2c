import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRunSource } from '../../../control/exchange/recorded-run.ts';
import { reportCommand } from '../../../control/program/commands/report.ts';
import { openTwins } from '../../../control/program/open-devices.ts';
import { loadNight, rehearseOnce } from '../../../control/program/rehearse/rehearse-once.ts';
import { openRunRecord } from '../../../control/program/run-record.ts';
import { resultOfRun, runsIn } from '../../../control/program/runs/run-list.ts';
import { Recording } from '../../../control/record/recording.ts';
import { verifyRecord } from '../../../control/record/seal/verify.ts';
import type { RunResult } from '../../../control/review/result.ts';
import { VirtualClock } from '../../../drivers/contract/clock.ts';

/** What is left of a run if only its run.sqlite is: everything that is asked of it. */

const METHOD = `method: short
version: 2
phases:
- name: work
  steps:
  - set: { chamber.temperature_degC: 25 }
  - cc: { current_A: 2 }
    for_s: 60
finally:
- rest: {}
  for_s: 1
`;
let dir: string;
let alone: string;
let result: RunResult;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'alone-'));
  const method = join(dir, 'short.yaml');
  writeFileSync(method, METHOD);
  const night = loadNight({ bench: 'examples/cell-cycling/bench.yaml', method, seed: 1 });
  mkdirSync(join(dir, 'made'));
  const rehearsed = await rehearseOnce(night, join(dir, 'made'), 1);
  rehearsed.record.close();
  result = rehearsed.result;
  alone = join(dir, 'runs', 'moved');
  mkdirSync(alone, { recursive: true });
  copyFileSync(join(dir, 'made', 'run.sqlite'), join(alone, 'run.sqlite'));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('a record alone', () => {
  it('is one file, and holds the whole result', () => {
    expect(existsSync(join(dir, 'made', 'run.sqlite-wal'))).toBe(false);
    const plain = JSON.parse(JSON.stringify(result)) as RunResult;
    expect(resultOfRun(join(alone, 'run.sqlite'))).toEqual(plain);
    expect(resultOfRun(alone)).toEqual(plain);
    expect(result.verdict).toBe('completed');
    expect(result.kpis.length).toBeGreaterThan(3);
  });

  it('is listed with verdict, duration and rows', () => {
    expect(runsIn(join(dir, 'runs'))).toMatchObject([
      {
        name: 'moved',
        verdict: 'completed',
        isOpen: false,
        duration_s: result.simulated_s,
        rows: result.rows,
      },
    ]);
  });

  it('says who wrote it, from when to when', () => {
    const db = new DatabaseSync(join(alone, 'run.sqlite'), { readOnly: true });
    const sessions = db.prepare('SELECT * FROM sessions').all();
    db.close();
    expect(sessions).toMatchObject([
      { session: 1, what: 'begin', t_s: 0, utc: result.startedUtc, pid: process.pid },
      { session: 1, what: 'end', pid: process.pid, reason: 'closed by its program' },
    ]);
    expect(String(sessions[0]['software'])).toContain(result.software.version);
    const end_s = (Date.parse(String(sessions[1]['utc'])) - Date.parse(result.startedUtc)) / 1000;
    expect(sessions[1]['t_s']).toBeCloseTo(end_s, 2);
    expect(end_s).toBeGreaterThanOrEqual(result.simulated_s - 1e-6);
  });

  it('gives its report', async () => {
    const to = join(dir, 'again.html');
    expect(await reportCommand([join(alone, 'run.sqlite'), '--to', to])).toBe(0);
    const html = readFileSync(to, 'utf8');
    expect(html).toContain('Verdict: completed');
    // Pictures out of its readings, not figures only.
    expect(html.match(/<svg/g)?.length ?? 0).toBeGreaterThan(1);
    expect(html).toContain(result.kpis[0].definition.slice(0, 20));
  });

  it('an edited verdict is found', () => {
    const copy = join(dir, 'edited.sqlite');
    copyFileSync(join(alone, 'run.sqlite'), copy);
    const db = new DatabaseSync(copy);
    db.exec("UPDATE results SET json = '\"aborted\"' WHERE part = 'verdict'");
    db.close();
    expect(verifyRecord(copy)?.found.join('\n')).toMatch(/^result \d+: is not what was sealed/);
  });

  it('one without a result says so', () => {
    const copy = join(dir, 'cut.sqlite');
    copyFileSync(join(alone, 'run.sqlite'), copy);
    const db = new DatabaseSync(copy);
    db.exec('DELETE FROM results');
    db.close();
    expect(() => resultOfRun(copy)).toThrow(/cut\.sqlite: holds no result/);
  });
});

it('second 0 of a record is the UTC of the very moment, however long ago its head was made', async () => {
  const clock = new VirtualClock({ utcStart_ms: Date.parse('2026-05-01T20:00:07.250Z') });
  const method = join(dir, 'short.yaml');
  const night = loadNight({ bench: 'examples/cell-cycling/bench.yaml', method, seed: 1 });
  const { loaded } = night;
  const at = join(dir, 'late');
  mkdirSync(at);
  const record = await openRunRecord(at, new Recording(), {
    loaded,
    devices: openTwins(loaded, 1, clock, []),
    clock,
    procedure: night.method.procedure,
    method,
    // Asking git for the commit has taken half a second since then.
    head: {
      seed: 1,
      mode: 'bench',
      startedUtc: '2026-05-01T20:00:06.700Z',
      software: result.software,
      inputs: [],
    },
    timeFactor: 1,
    faults: [],
  });
  expect(record.head.startedUtc).toBe('2026-05-01T20:00:07.250Z');
  await record.close();
  const source = openRunSource(at);
  expect(source.utc.at(0)).toBe(Date.parse('2026-05-01T20:00:07.250Z'));
  expect(source.meta.get('startedUtc')).toBe('2026-05-01T20:00:07.250Z');
  source.close();
});
