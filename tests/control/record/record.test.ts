import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { subjectOf } from '../../../control/bench/bench.ts';
import type { MeasuredRole } from '../../../control/contract/role-table.ts';
import { OpenBlocks } from '../../../control/record/blocks/open-blocks.ts';
import { Journal } from '../../../control/record/journal.ts';
import { openRecord } from '../../../control/record/record.ts';
import { SeriesReader } from '../../../control/record/series/role-series.ts';
import { compileRoles } from '../../../control/tick/roles.ts';
import { VirtualClock } from '../../../drivers/contract/clock.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { heldAt, partsOf, windowOf } from '../../../profiles/series-parts.ts';
import { memoryDevice } from '../../support/memory-device.ts';
import { MINI_BENCH } from '../../support/mini-bench.ts';

it('reads a role back: what was bad or stale is NaN, whether one channel of the frame or all of it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'record-'));
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const supply = memoryDevice(
    'supply',
    clock,
    ['voltage_V', 'current_A', 'power_W'],
    ['currentSet_A', 'outputSet_on'],
  );
  const plc = memoryDevice(
    'plc',
    clock,
    ['pressure_barg', 'vent_on', 'h2InO2_vol_pct'],
    ['pressureSet_barg', 'ventSet_on'],
  );
  const roles = compileRoles(
    MINI_BENCH,
    new Map([
      ['supply', supply],
      ['plc', plc],
    ]),
  );
  const table = { device: 'supply', channels: supply.channels.map(c => c.name) };
  const journal = await Journal.open(join(dir, 'run.sqlite'), [table], { timeFactor: '2' });
  const { good, simulated, uncertain, stale, bad } = QUALITY;
  const frames: [voltage: number, current: number, quality: number[]][] = [
    [1, 10, [good, good, good]],
    [2, 20, [simulated, simulated, simulated]],
    [3, 30, [stale, stale, stale]],
    [4, 40, [good, bad, good]],
    [5, 50, [bad, uncertain, good]],
    [Number.NaN, 60, [bad, good, good]],
  ];
  frames.forEach(([voltage, current, quality], i) => {
    const values = Float64Array.of(voltage, current, 0);
    journal.frame({ device: 'supply', t_s: i, values, quality: Uint8Array.from(quality) });
  });
  await journal.close();
  const record = openRecord(join(dir, 'run.sqlite'), roles, subjectOf(MINI_BENCH));
  expect([...record.series('stack.voltage_V').value]).toEqual([1, 2, Number.NaN, 4, Number.NaN, Number.NaN]);
  expect([...record.series('stack.current_A').value]).toEqual([10, 20, Number.NaN, Number.NaN, 50, 60]);
  expect([...record.series('stack.current_A').t_s]).toEqual([0, 1, 2, 3, 4, 5]);
  expect(record.series('no.such_A').t_s).toHaveLength(0);
  expect(record.timeFactor).toBe(2);
  expect(record.rows).toBe(6);
  record.close();
  rmSync(dir, { recursive: true });
});

it('reads a role part by part or whole, over many blocks, the rows behind them and all qualities', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'record-'));
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const supply = memoryDevice('supply', clock, ['voltage_V', 'current_A', 'power_W'], []);
  const plc = memoryDevice('plc', clock, ['pressure_barg', 'vent_on', 'h2InO2_vol_pct'], []);
  const devices = new Map([supply, plc].map(d => [d.id, d]));
  const measuredOnly = Object.entries(MINI_BENCH.roles).filter(([role]) => !/Set_/.test(role));
  const roles = compileRoles({ ...MINI_BENCH, roles: Object.fromEntries(measuredOnly) }, devices);
  const tables = [...devices.values()].map(d => ({ device: d.id, channels: d.channels.map(c => c.name) }));
  const path = join(dir, 'run.sqlite');
  const journal = await Journal.open(path, tables, {});
  const random = seededRandom(3);
  const expected: number[] = [];
  for (let i = 0; i < 12_500; i++) {
    const quality = Uint8Array.from({ length: 3 }, () =>
      random.uniform() < 0.05 ? QUALITY.bad : QUALITY.good,
    );
    const values = Float64Array.from({ length: 3 }, () => random.gauss());
    journal.frame({ device: 'supply', t_s: i, values, quality });
    if (i % 60 === 0) journal.frame({ device: 'plc', t_s: i + 0.5, values, quality });
    journal.setpoint({
      t_s: i,
      role: 'stack.currentSet_A',
      asked: i,
      applied: i % 2 === 0 ? i / 2 : Number.NaN,
      source: 'test',
      outcome: i % 2 === 0 ? 'applied' : 'refused',
    });
    expected.push(quality[1] === QUALITY.good ? values[1] : Number.NaN);
  }
  await journal.close();
  const record = openRecord(path, roles, subjectOf(MINI_BENCH));
  const current = record.series('stack.current_A');
  expect(current.parts?.count).toBeGreaterThan(2);
  expect([...partsOf(current)].flatMap(part => [...part.value])).toEqual(expected);
  for (const [from, to] of [
    [0, 3],
    [4000, 4200],
    [100, 12_300],
    [12_490, 20_000],
  ]) {
    const { t_s, value } = windowOf(current, from, to);
    expect([t_s[0], t_s.at(-1)]).toEqual([from, Math.min(to, 12_499)]);
    expect([...value]).toEqual(expected.slice(from, to + 1));
  }
  expect([...current.value]).toEqual(expected);
  expect(record.series('o2.h2_vol_pct').t_s).toHaveLength(209);
  expect(record.series('not.there_V')).toEqual({ t_s: new Float64Array(0), value: new Float64Array(0) });
  expect(record.rows).toBe(12_709);
  const asked = record.asked('stack.currentSet_A');
  expect([...asked.value]).toEqual(expected.flatMap((_, i) => (i % 2 === 0 ? [i / 2] : [])));
  record.close();
  rmSync(dir, { recursive: true });
});

it('reads a record without blocks part by part, too, as many readings as there were at first', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'record-'));
  const path = join(dir, 'run.sqlite');
  const rows = 10_000;
  const db = new DatabaseSync(path);
  db.exec('CREATE TABLE frames_supply (t_s REAL, "current_A" REAL, quality BLOB, reason TEXT)');
  const insert = db.prepare('INSERT INTO frames_supply VALUES (?, ?, ?, NULL)');
  db.exec('BEGIN');
  for (let i = 0; i < rows; i++) insert.run(i / 2, i, Uint8Array.of(QUALITY.good));
  db.exec('COMMIT');
  const role = { role: 'stack.current_A', device: 'supply', first: 0, count: 1 } as MeasuredRole;
  const series = new SeriesReader(() => db, new OpenBlocks()).series(role, {});
  expect(series.parts?.readings).toBe(rows);
  expect(series.parts?.count).toBe(3);
  expect(heldAt(series, 2500.25)).toBe(5000);
  insert.run(rows / 2, rows, Uint8Array.of(QUALITY.good));
  expect([...series.value]).toEqual(Array.from({ length: rows }, (_, i) => i));
  expect(series.t_s.at(-1)).toBe(rows / 2 - 0.5);
  db.close();
  rmSync(dir, { recursive: true });
});
