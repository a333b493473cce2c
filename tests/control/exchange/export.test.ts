import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExportOptions, exportRun } from '../../../control/exchange/export-run.ts';
import { readMarks } from '../../../control/exchange/marks.ts';
import { signingKey } from '../../../control/exchange/pack/signing-key.ts';
import { openRunSource } from '../../../control/exchange/recorded-run.ts';
import { Journal } from '../../../control/record/journal.ts';
import { verifyRecord } from '../../../control/record/seal/verify.ts';
import { QUALITY, QUALITY_NAMES } from '../../../drivers/contract/frame.ts';
import { CELL_BENCH, CELL_CHANNELS, cellRow, knownRun, put } from '../../support/exported-run.ts';
import { sha256Hex } from '../../support/sha256.ts';

const ROWS = 3000;
const NOW_MS = Date.parse('2026-06-01T08:00:00Z');
let dir: string;
let run: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'export-'));
  run = knownRun(join(dir, 'night'), ROWS);
});
afterAll(() => rmSync(dir, { recursive: true }));

async function exported(to: string, options: Partial<ExportOptions> = {}, of = run): Promise<string> {
  const source = openRunSource(of);
  try {
    const out = join(dir, to);
    await exportRun(source, {
      format: 'csv',
      to: out,
      decimal: 'point',
      institution: 'Lab',
      licence: '',
      now_ms: NOW_MS,
      picture: undefined,
      key: signingKey(join(dir, 'config', 'signing-key.pem')),
      progress: async () => {},
      ...options,
    });
    return out;
  } finally {
    source.close();
  }
}

/** Records of a CSV file by column name, as texts. */
function records(path: string, delimiter = ','): Record<string, string>[] {
  return parse(readFileSync(path, 'utf8'), { columns: true, delimiter });
}

/** What a row of the known run must look like in a table, whatever the number format. */
function expectRow(row: Record<string, string>, i: number, asNumber: (text: string) => number): void {
  const { t_s, values, quality, reason } = cellRow(i);
  expect(asNumber(row['t_s'])).toBe(t_s);
  const marks = readMarks(row['marks']);
  CELL_CHANNELS.forEach((channel, c) => {
    const mark = marks.get(channel);
    expect(mark?.quality ?? row['quality'], `row ${i}, ${channel}`).toBe(QUALITY_NAMES[quality[c]]);
    const isUsable = quality[c] <= QUALITY.uncertain;
    // What must not be used is no number of its column, and is not lost.
    if (!isUsable) expect(row[channel]).toBe('');
    const read = isUsable ? asNumber(row[channel]) : (mark?.value ?? Number.NaN);
    expect(read, `row ${i}, ${channel}`).toBe(values[c]);
  });
  expect(row['reason']).toBe(reason ?? '');
}

describe('a record that somebody has changed', () => {
  it('is not exported, or only as what it is', async () => {
    const changed = knownRun(join(dir, 'changed'), 3000);
    const db = new DatabaseSync(join(changed, 'run.sqlite'));
    db.exec("UPDATE events SET text = 'all was well' WHERE rowid = 1");
    db.close();
    await expect(exported('of-changed', {}, changed)).rejects.toThrow(
      /run\.sqlite: is not as it was sealed: .*event.*--unverified/,
    );
    expect(existsSync(join(dir, 'of-changed'))).toBe(false);
    const out = await exported('of-changed', { unverified: true }, changed);
    expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')).changed).toHaveLength(1);
    expect(readFileSync(join(out, 'README.txt'), 'utf8')).toMatch(/NOT AS IT WAS SEALED/);
    const whole = JSON.parse(readFileSync(join(await exported('of-whole'), 'run.json'), 'utf8'));
    expect(whole.changed).toEqual([]);
  });
});

describe('a run under way', () => {
  it('is exported as it was at one moment, and says as many rows as there are', async () => {
    const folder = join(dir, 'under-way');
    mkdirSync(folder);
    const tables = [{ device: 'cycler', channels: CELL_CHANNELS }];
    const meta = { bench: 'one-cell', benchFile: CELL_BENCH, startedUtc: '2026-05-01T20:00:00Z' };
    const journal = await Journal.open(join(folder, 'run.sqlite'), tables, meta);
    let n = 0;
    const go = async (rows: number): Promise<void> => {
      for (const until = n + rows; n < until; n++) {
        const { t_s, values, quality } = cellRow(n);
        journal.frame({
          device: 'cycler',
          t_s,
          values: Float64Array.from(values),
          quality: Uint8Array.from(quality),
        });
        journal.event({ t_s, kind: 'alarm', text: 'x', data: { id: 'y', reaction: 'warn' } });
      }
      await journal.flush();
    };
    await go(500);
    const out = await exported('of-under-way', { progress: () => go(300) }, folder);
    const { rows } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
    expect(n).toBeGreaterThan(500);
    expect(rows).toBe(500);
    expect(records(join(out, 'data/cycler.csv'))).toHaveLength(500);
    expect(records(join(out, 'data/events.csv'))).toHaveLength(500);
    await journal.close();
  });
});

describe("an instrument's own time", () => {
  it('is a column of the devices that have one, with its unit and what it counts from', async () => {
    const folder = join(dir, 'own-time');
    mkdirSync(folder);
    const tables = [
      { device: 'plc', channels: ['flow_L_per_min', 'flowInstrumentTime_s'] },
      { device: 'cycler', channels: CELL_CHANNELS },
    ];
    const meta = { bench: 'one-cell', benchFile: CELL_BENCH, startedUtc: '2026-05-01T20:00:00Z' };
    const journal = await Journal.open(join(folder, 'run.sqlite'), tables, meta);
    for (let n = 0; n < 10; n++)
      // A clock that is set back in between: rows stay as they came.
      journal.frame({
        device: 'plc',
        t_s: n,
        values: Float64Array.of(2, n < 5 ? -0.125 : -3600.25),
        quality: new Uint8Array(2),
      });
    await journal.close();
    const out = await exported('of-own-time', {}, folder);
    const rows = records(join(out, 'data/plc.csv'));
    expect(rows.map(row => row['t_s'])).toEqual(rows.map((_, n) => String(n)));
    expect(rows.map(row => row['flowInstrumentTime_s'])).toEqual(
      rows.map((_, n) => (n < 5 ? '-0.125' : '-3600.25')),
    );
    const columns = records(join(out, 'columns.csv'));
    const times = columns.filter(({ meaning }) =>
      /own time of its values less that of arrival/.test(meaning),
    );
    expect(times).toEqual([
      expect.objectContaining({ file: 'data/plc.csv', column: 'flowInstrumentTime_s', unit: 's' }),
    ]);
  });
});

describe('an export as CSV', () => {
  it('holds every value to the last digit, and no bad one among the numbers', async () => {
    const rows = records(join(await exported('plain'), 'data/cycler.csv'));
    expect(rows).toHaveLength(ROWS);
    for (const [i, row] of rows.entries())
      expectRow(row, i, text => (text === '' ? Number.NaN : Number(text)));
    expect(rows[0]['utc']).toBe('2026-05-01T20:00:01.250000Z');
    expect(rows.filter(row => row['marks'] !== '').length).toBeGreaterThan(100);
  });

  it('has decimal commas where somebody wants them', async () => {
    const rows = records(join(await exported('comma', { decimal: 'comma' }), 'data/cycler.csv'), ';');
    expect(rows).toHaveLength(ROWS);
    expect(rows[1]['voltage_V']).toMatch(/^3,6\d+$/);
    for (const [i, row] of rows.entries())
      expectRow(row, i, text => (text === '' ? Number.NaN : Number(text.replace(',', '.'))));
  });

  it('has set points, events, the files that made the run, and says what is missing', async () => {
    const out = join(dir, 'plain');
    const setpoints = records(join(out, 'data/setpoints.csv'));
    expect(setpoints.map(row => [row['asked'], row['applied'], row['unit'], row['outcome']])).toEqual([
      ['2.5', '2.5', 'A', 'applied'],
      ['99', '', 'A', 'refused'],
    ]);
    // A spreadsheet must not take it for a formula.
    expect(records(join(out, 'data/events.csv'))[0]['text']).toBe('\'=HYPERLINK("x"), "quoted"\nsecond line');
    const about = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as {
      journal: { sha256: string; chain: string };
      inputs: { file: string | null; sha256: string }[];
      missing: string[];
    };
    expect(about.journal.sha256).toBe(sha256Hex(readFileSync(join(run, 'run.sqlite'))));
    // What `verify` says of the record can be held against the export.
    expect(verifyRecord(join(run, 'run.sqlite'))).toMatchObject({ head: about.journal.chain });
    const [bench, load] = about.inputs;
    expect(sha256Hex(readFileSync(join(out, String(bench.file))))).toBe(bench.sha256);
    expect(load.file).toBeNull();
    expect(about.missing.join('\n')).toMatch(/result\.json.*\n.*report\.html.*\nlab\/gone\.csv \(gone/s);
    const voltage = records(join(out, 'columns.csv')).find(row => row['column'] === 'voltage_V');
    expect(voltage).toMatchObject({ file: 'data/cycler.csv', unit: 'V', role: 'cell.voltage_V' });
  });
});

describe('the folder of an export', () => {
  it('is proved by sha256sum, and one changed byte is found', async () => {
    const out = await exported('sums');
    const check = (): { status: number | null; stdout: string } =>
      spawnSync('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], { cwd: out, encoding: 'utf8' });
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter(e => e.isFile());
    const listed = readFileSync(join(out, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
    // All but the sums themselves, their signature, and the key.
    expect(listed).toHaveLength(files.length - 3);
    expect(check()).toMatchObject({ status: 0, stdout: '' });
    put(
      join(out, 'data'),
      'cycler.csv',
      readFileSync(join(out, 'data/cycler.csv'), 'utf8').replace('3', '4'),
    );
    expect(check()).toMatchObject({ status: 1, stdout: 'data/cycler.csv: FAILED\n' });
  });

  it('is signed by a key that only its user can read', async () => {
    const out = join(dir, 'plain');
    const sums = readFileSync(join(out, 'SHA256SUMS'));
    const signature = readFileSync(join(out, 'SHA256SUMS.sig'));
    const key = createPublicKey(readFileSync(join(out, 'public-key.pem')));
    expect(verify(null, sums, key, signature)).toBe(true);
    expect(verify(null, Buffer.concat([sums, Buffer.from('\n')]), key, signature)).toBe(false);
    const path = join(dir, 'config', 'signing-key.pem');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(signingKey(path).publicKey).toBe(readFileSync(join(out, 'public-key.pem'), 'utf8'));
  });

  it.runIf(hasOpenssl())('is proved by openssl, as its README says', () => {
    const out = join(dir, 'plain');
    const command = /openssl pkeyutl.*/.exec(readFileSync(join(out, 'README.txt'), 'utf8'))?.[0] ?? '';
    expect(execFileSync('sh', ['-c', command], { cwd: out }).toString()).toMatch(/Verified Successfully/);
  });

  it('refuses a key that others can read', () => {
    const path = put(join(dir, 'open'), 'signing-key.pem', 'x');
    expect(() => signingKey(path)).toThrow(/mode 644\), expected mode 600/);
  });

  it('is there whole or not at all, and overwrites nothing', async () => {
    await exported('once');
    await expect(exported('once')).rejects.toThrow(
      /once: is there already, expected the name of a new folder/,
    );
    let seen = 0;
    const breaks = exported('broken', {
      progress: async () => {
        seen++;
        if (seen > 1) throw new Error('pulled the plug');
      },
    });
    await expect(breaks).rejects.toThrow('pulled the plug');
    expect(readdirSync(dir).filter(name => name.startsWith('broken'))).toEqual([]);
    // What a killed export left behind goes with the next one.
    mkdirSync(join(dir, 'later.part-999999999'));
    await exported('later');
    expect(existsSync(join(dir, 'later.part-999999999'))).toBe(false);
  });
});

describe('an export that cannot be made', () => {
  it('of a damaged record names the rows, and leaves nothing behind', async () => {
    const damaged = knownRun(join(dir, 'damaged'), ROWS);
    const db = new DatabaseSync(join(damaged, 'run.sqlite'));
    db.exec("UPDATE blocks SET data = zeroblob(length(data)) WHERE source = 'frames_cycler'");
    db.close();
    await expect(exported('of-damaged', { unverified: true }, damaged)).rejects.toThrow(
      /run\.sqlite: frames_cycler: rows 1 to 2000: checksum does not fit/,
    );
    expect(readdirSync(dir).filter(name => name.startsWith('of-damaged'))).toEqual([]);
  });

  it('where nothing can be written is one message', async () => {
    await expect(exported('nowhere', { to: '/proc/nowhere/out' })).rejects.toThrow(
      /cannot be written: .*expected room/,
    );
  });

  it('of a stack as BDF says what is there instead', async () => {
    const stack = knownRun(join(dir, 'stack'), 10, {
      benchFile: CELL_BENCH.replace(/^cell: .*$/m, 'stack: { name: S, type: pem }'),
    });
    await expect(exported('stack-bdf', { format: 'bdf' }, stack)).rejects.toThrow(
      /a stack is under test, expected a cell: BDF is for cells/,
    );
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
