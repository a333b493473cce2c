import {
  copyFileSync,
  cpSync,
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
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { EXPORT_FORMATS } from '../../../control/exchange/layout.ts';
import { compareCommand } from '../../../control/program/commands/compare.ts';
import { concludeCommand } from '../../../control/program/commands/conclude.ts';
import { exportCommand } from '../../../control/program/commands/export.ts';
import { reportCommand } from '../../../control/program/commands/report.ts';
import { rowsCommand } from '../../../control/program/commands/rows.ts';
import { verifyCommand } from '../../../control/program/commands/verify.ts';
import { loadNight, rehearseOnce } from '../../../control/program/rehearse/rehearse-once.ts';
import { whyNotExported } from '../../../control/program/runs/drop-record.ts';
import { resultOfRun, runsIn } from '../../../control/program/runs/run-list.ts';
import type { RunResult } from '../../../control/review/result.ts';

/** Every command on a damaged record: it refuses, or with `--damaged mark` it gives the rest and says what is left out. */

const METHOD = `method: long
version: 2
phases:
- name: work
  steps:
  - set: { chamber.temperature_degC: 25 }
  - cc: { current_A: 2 }
    for_s: 4000
finally:
- rest: {}
  for_s: 1
`;
let dir: string;
let whole: string;
let result: RunResult;
let said: string[] = [];
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'damaged-'));
  process.env['XDG_CONFIG_HOME'] = join(dir, 'config');
  const method = join(dir, 'long.yaml');
  writeFileSync(method, METHOD);
  const night = loadNight({ bench: 'examples/cell-cycling/bench.yaml', method, seed: 1 });
  whole = join(dir, 'whole');
  mkdirSync(whole);
  const rehearsed = await rehearseOnce(night, whole, 1);
  await rehearsed.record.close();
  result = rehearsed.result;
  vi.spyOn(console, 'log').mockImplementation((text: string) => {
    said.push(text);
  });
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    said.push(String(text));
    return true;
  });
}, 60_000);
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
});
afterEach(() => {
  said = [];
});

const DAMAGES: readonly (readonly [what: string, sql: string])[] = [
  [
    'a changed block',
    "UPDATE blocks SET data = zeroblob(length(data)) WHERE rowid = (SELECT min(rowid) FROM blocks WHERE source = 'frames_cycler')",
  ],
  [
    'half a block',
    "UPDATE blocks SET data = substr(data, 1, length(data) / 2) WHERE rowid = (SELECT min(rowid) FROM blocks WHERE source = 'frames_cycler')",
  ],
  [
    'a missing block',
    "DELETE FROM blocks WHERE rowid = (SELECT min(rowid) FROM blocks WHERE source = 'frames_cycler')",
  ],
  ['all blocks', 'UPDATE blocks SET data = zeroblob(10)'],
  [
    'a block that opens and is not what was sealed',
    "UPDATE blocks SET to_s = to_s + 0.5 WHERE rowid = (SELECT min(rowid) FROM blocks WHERE source = 'frames_cycler')",
  ],
  ['an event', "UPDATE events SET text = 'other' WHERE rowid = 2"],
];

let n = 0;
function damagedRun(sql: string): string {
  const run = join(dir, 'runs', `run-${n++}`);
  mkdirSync(run, { recursive: true });
  for (const file of ['run.sqlite', 'result.json', 'report.html'])
    if (existsSync(join(whole, file))) copyFileSync(join(whole, file), join(run, file));
  const db = new DatabaseSync(join(run, 'run.sqlite'));
  db.exec(sql);
  db.close();
  return run;
}

const figure = (of: RunResult, wanted: string) => of.kpis.find(({ id }) => id === wanted);

describe.each(DAMAGES)('%s', (_, sql) => {
  it('rows', async () => {
    const run = damagedRun(sql);
    const to = join(run, 'rows.sqlite');
    expect(await rowsCommand([run, '--to', to, '--damaged', 'mark'])).toBe(0);
    expect(said.join('\n')).toMatch(/damaged, left out: (frames_|events|setpoints)/);
    const db = new DatabaseSync(to, { readOnly: true });
    expect(Number(db.prepare('SELECT count(*) AS n FROM damaged').get()?.['n'])).toBeGreaterThan(0);
    db.close();
  });

  it('report', async () => {
    const run = damagedRun(sql);
    const to = join(dir, `report-${n}.html`);
    expect(await reportCommand([run, '--to', to, '--damaged', 'mark'])).toBe(0);
    const html = readFileSync(to, 'utf8');
    expect(html).toContain('The record is damaged, marked');
    expect(html).not.toMatch(/Verdict: completed</);
  });

  it('compare', async () => {
    const run = damagedRun(sql);
    await compareCommand([whole, run, '--damaged', 'mark']);
    expect(said.join('\n')).toMatch(/is damaged, marked: without/);
  });

  it('conclude, of a run that was cut off', async () => {
    const run = damagedRun(
      `${sql}; DELETE FROM results; DELETE FROM sessions WHERE what = 'end'; DELETE FROM events WHERE kind = 'end'; DELETE FROM seals WHERE what IN ('result', 'end') OR what LIKE 'rows of %' OR (what = 'session' AND row = 2)`,
    );
    rmSync(join(run, 'result.json'), { force: true });
    rmSync(join(run, 'report.html'), { force: true });
    const db = new DatabaseSync(join(run, 'run.sqlite'));
    db.exec('UPDATE sessions SET pid = 4194399');
    db.close();
    expect(await concludeCommand([run, '--damaged', 'mark'])).toBe(0);
    const made = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as RunResult;
    expect(made.damaged?.length).toBeGreaterThan(0);
    expect(made.verdict).toMatch(/cut off \(damaged, marked/);
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toContain('The record is damaged, marked');
    expect(await verifyCommand([run])).toBe(1);
  });
});

describe('a -wal of a run that was cut off', () => {
  /** Six writes that lie in the log alone; `at`: a byte of it with a bit turned over. */
  function cutRun(at?: number): string {
    const made = damagedRun(
      "DELETE FROM results; DELETE FROM sessions WHERE what = 'end'; DELETE FROM events WHERE kind = 'end'; DELETE FROM seals WHERE what IN ('result', 'end') OR what LIKE 'rows of %' OR (what = 'session' AND row = 2); UPDATE sessions SET pid = 4194399",
    );
    const run = `${made}-cut`;
    mkdirSync(run);
    const db = new DatabaseSync(join(made, 'run.sqlite'));
    db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
    for (let i = 0; i < 6; i++)
      db.prepare('INSERT INTO checkpoints (t_s, state) VALUES (?, ?)').run(4100 + i, '{}');
    for (const file of ['run.sqlite', 'run.sqlite-wal']) copyFileSync(join(made, file), join(run, file));
    db.close();
    if (at === undefined) return run;
    const log = readFileSync(join(run, 'run.sqlite-wal'));
    log[at] ^= 0x10;
    writeFileSync(join(run, 'run.sqlite-wal'), log);
    return run;
  }
  const DAMAGED = /run\.sqlite-wal is damaged: the checksum of frame 2 is wrong/;
  const inSecond = 32 + 4120 + 1000;

  it('verify says where a part of it cannot be read, and nothing of one that is whole', async () => {
    expect(await verifyCommand([cutRun(inSecond)])).toBe(1);
    expect(said.join('\n')).toMatch(DAMAGED);
    expect(said.join('\n')).not.toContain('nothing was changed');
    said = [];
    expect(await verifyCommand([cutRun()])).toBe(1);
    expect(said.join('\n')).not.toContain('-wal');
  });

  it('conclude says so, in the result and the record, too', async () => {
    const run = cutRun(inSecond);
    expect(await concludeCommand([run])).toBe(0);
    expect(said.join('\n')).toMatch(DAMAGED);
    const made = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as RunResult;
    expect(made.reason).toMatch(DAMAGED);
    const db = new DatabaseSync(join(run, 'run.sqlite'), { readOnly: true });
    const { data } = db.prepare("SELECT data FROM events WHERE kind = 'walDamaged'").get() as {
      data: string;
    };
    db.close();
    expect(JSON.parse(data)).toMatchObject({ frame: 2 });
  });
});

// What is exported of a damaged part is the same whatever has damaged it.
describe.each(DAMAGES.slice(0, 2))('%s, exported', (_, sql) => {
  it('verify says so as before, and prune keeps the record whose only export lacks a part', async () => {
    const run = damagedRun(sql);
    expect(await verifyCommand([run])).toBe(1);
    const out = join(run, 'export-csv');
    await expect(exportCommand([run])).rejects.toThrow(/is not as it was sealed.*--damaged mark/);
    expect(existsSync(out)).toBe(false);
    expect(await exportCommand([run, '--damaged', 'mark'])).toBe(0);
    const head = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    expect(head.record).toBe('damaged, marked');
    expect(head.damaged.length).toBeGreaterThan(0);
    expect(head.damaged[0]).toHaveProperty('from_s');
    expect(readFileSync(join(out, 'README.txt'), 'utf8')).toMatch(/DAMAGED, MARKED/);
    expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')).damaged).toEqual(head.damaged);
    const listed = runsIn(join(dir, 'runs')).find(one => one.dir === run);
    if (listed === undefined) throw new Error('the run is not listed');
    expect(whyNotExported(listed)).toMatch(/lacks what is damaged/);
  });
});

describe('one changed block', () => {
  const [, sql] = DAMAGES[0];
  it('rows refuse it unless asked', async () => {
    await expect(rowsCommand([damagedRun(sql), '--to', join(dir, 'no.sqlite')])).rejects.toThrow(/checksum/);
    expect(existsSync(join(dir, 'no.sqlite'))).toBe(false);
  });

  it.each(EXPORT_FORMATS.filter(format => format !== 'esdf'))('goes out as %s', async format => {
    const run = damagedRun(sql);
    const out = join(dir, `out-${format}`);
    expect(await exportCommand([run, '--to', format, '--out', out, '--damaged', 'mark'])).toBe(0);
    const head = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    expect(head.damaged).toHaveLength(1);
    expect(head.rows).toBe(result.rows - (head.damaged[0].to - head.damaged[0].from + 1));
    expect(await verifyCommand([out])).toBe(0);
  });

  it('is a gap that counts in the figures', async () => {
    const run = damagedRun(sql);
    const out = join(dir, 'figures');
    await exportCommand([run, '--out', out, '--damaged', 'mark']);
    const made = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult;
    // The first block holds what was charged in it: no counter tells that any more, the gap is as wide as it may be.
    for (const id of ['charge-in', 'energy-in']) {
      const [before, after] = [figure(result, id), figure(made, id)];
      expect(before?.u95).toBeGreaterThan(0);
      expect(after?.u95 ?? 0, id).toBeGreaterThan(Math.abs((after?.value ?? 0) - (before?.value ?? 0)));
    }
    // What lies beside the record is as it was.
    expect(resultOfRun(run)).toEqual(JSON.parse(JSON.stringify(result)));
  });

  it('a whole record with the option is as without it', async () => {
    const run = join(dir, 'runs', 'sound');
    cpSync(whole, run, { recursive: true });
    const out = join(dir, 'sound');
    expect(await exportCommand([run, '--out', out, '--damaged', 'mark'])).toBe(0);
    const head = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    expect(head).not.toHaveProperty('damaged');
    expect(head.rows).toBe(result.rows);
  });
});
