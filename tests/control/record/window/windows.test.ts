import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MeasuredRole, RoleTable } from '../../../../control/contract/role-table.ts';
import { JournalFile } from '../../../../control/record/file/journal-file.ts';
import { NO_SETPOINTS } from '../../../../control/record/setpoint-buffer.ts';
import { trendRole } from '../../../../control/record/window/trend-role.ts';
import { Windows } from '../../../../control/record/window/windows.ts';
import { QUALITY } from '../../../../drivers/contract/frame.ts';

/** Windows read by their thread out of a file that another connection is writing. */

const role = (name: string, first: number, count: number): MeasuredRole => ({
  role: name,
  device: 'rack',
  channel: `rack.${name}`,
  first,
  count,
  accuracy: { reading_pct: 0, abs: 0.001, basis: 'default' },
  stale_after_s: 3,
});
const ROLES: RoleTable = {
  measured: new Map(
    [role('stack.current_A', 0, 1), role('cell.voltage_V[]', 1, 2)].map(one => [one.role, one]),
  ),
  settable: new Map(),
};
const channels = ['current_A', 'cell[1].voltage_V', 'cell[2].voltage_V'];

let dir: string;
let file: JournalFile;
let windows: Windows;
let n: number;

function write(from: number, rows: number): void {
  const values = Float64Array.from(
    Array.from({ length: rows }, (_, r) => [from + r, 100, 1.8, 1.9 + (from + r) / 1e4]).flat(),
  );
  const quality = new Uint8Array(rows * channels.length).fill(QUALITY.good);
  const frames = [{ table: 0, rows, values, quality, reasons: new Map() }];
  file.write({ n: n++, frames, events: [], setpoints: NO_SETPOINTS, checkpoints: [] });
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cellbench-windows-'));
  const path = join(dir, 'run.sqlite');
  file = new JournalFile(path, [{ device: 'rack', channels }], {});
  windows = new Windows(path, ROLES);
  n = 0;
});
afterEach(async () => {
  await windows.close();
  rmSync(dir, { recursive: true, force: true });
});

const asked = (from_s: number, to_s: number, roles = ['stack.current_A', 'cell.voltage_V[].max']) => ({
  roles,
  from_s,
  to_s,
  columns: 200,
});

it('sees what has been written since the last question, and the file when it is closed', async () => {
  write(0, 100);
  const [current, most] = await windows.ask(asked(0, 100));
  expect(current.last).toHaveLength(100);
  expect(most.last.at(-1)).toBe(1.9 + 99 / 1e4);
  write(100, 50);
  expect((await windows.ask(asked(100, 150)))[0].t_s.at(-1)).toBe(149);
  await windows.hold();
  await expect(windows.ask(asked(0, 10))).rejects.toThrow('the record is being closed');
  file.close();
  windows.goOn();
  expect((await windows.ask(asked(140, 150)))[1].last.at(-1)).toBe(1.9 + 149 / 1e4);
});

it('says what it has no trend of, and what is no record', async () => {
  write(0, 10);
  await expect(windows.ask(asked(0, 10, ['stack.voltage_V']))).rejects.toThrow(
    new RangeError('no trend of "stack.voltage_V"'),
  );
  const nowhere = new Windows(join(dir, 'none.sqlite'), ROLES);
  await expect(nowhere.ask(asked(0, 10))).rejects.toThrow(
    "no such file, expected run.sqlite of a run's folder",
  );
  await nowhere.close();
  file.close();
});

it('turns away more questions than it answers, and ends those that wait', async () => {
  write(0, 10);
  const many = Array.from({ length: 70 }, () => windows.ask(asked(0, 10)).then(() => 'answered', String));
  expect((await Promise.all(many)).filter(said => said !== 'answered')).toHaveLength(6);
  const last = windows.ask(asked(0, 10)).then(() => 'answered', String);
  await windows.close();
  expect(await last).toMatch(/answered|has ended|is ending/);
  file.close();
});

it.each([
  ['stack.current_A', [0], 'value'],
  ['cell.voltage_V[].min', [1, 2], 'min'],
  ['cell.voltage_V[2]', [2], 'value'],
  ['cell.voltage_V[3]', undefined, undefined],
  ['cell.voltage_V[0]', undefined, undefined],
  ['cell.voltage_V[]', undefined, undefined],
  ['cell.voltage_V[].median', undefined, undefined],
])('%s lies at %j', (name, places, figure) => {
  const found = trendRole(name, ROLES);
  expect([found?.channels, found?.figure]).toEqual([places, figure]);
});
