import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { subjectOf } from '../../../control/bench/bench.ts';
import { Journal } from '../../../control/record/journal.ts';
import { openRecord } from '../../../control/record/record.ts';
import { compileRoles } from '../../../control/tick/roles.ts';
import { VirtualClock } from '../../../drivers/contract/clock.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
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

it('roles read together are the same as each read alone, over many rows and all qualities', async () => {
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
  for (let i = 0; i < 2500; i++) {
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
  const together = openRecord(path, roles, subjectOf(MINI_BENCH));
  const alone = openRecord(path, roles, subjectOf(MINI_BENCH));
  together.readTogether(['stack.current_A', 'stack.voltage_V', 'o2.h2_vol_pct', 'not.there_V']);
  for (const role of [
    'stack.current_A',
    'stack.voltage_V',
    'stack.power_W',
    'o2.h2_vol_pct',
    'not.there_V',
  ]) {
    expect(together.series(role)).toEqual(alone.series(role));
  }
  expect([...together.series('stack.current_A').value]).toEqual(expected);
  expect(together.series('o2.h2_vol_pct').t_s).toHaveLength(42);
  expect(together.rows).toBe(2542);
  const asked = together.asked('stack.currentSet_A');
  expect([...asked.value]).toEqual(expected.flatMap((_, i) => (i % 2 === 0 ? [i / 2] : [])));
  together.close();
  alone.close();
  rmSync(dir, { recursive: true });
});
