import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeReadings } from '../../control/exchange/readings.ts';
import { openRunSource, placeOfRole } from '../../control/exchange/recorded-run.ts';
import { loadNight, rehearseOnce } from '../../control/program/rehearse/rehearse-once.ts';
import { recordedBench } from '../../control/program/result/recorded-bench.ts';
import { reportDataOf } from '../../control/program/result/report-data.ts';
import { openRecord } from '../../control/record/record.ts';

const dir = mkdtempSync(join(tmpdir(), 'derived-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('roles that a method derives are recorded like measured ones, and drawn from the record alone', async () => {
  const method = join(dir, 'rise.yaml');
  writeFileSync(
    method,
    `method: rise
version: 2
derived:
  rise_mV: change(cell.voltage_V, run)
  drift_mV_per_h: slope(cell.voltage_V, 1 min)
  cell.overheat_K: cell.temperature_degC - chamber.temperature_degC
steps:
- { rest: {}, for_min: 2 }
- { cc: { current_C: -1 }, until: rise_mV < -145, within_min: 20 }
- { rest: {}, for_min: 2 }
`,
  );
  const bench = 'examples/cell-cycling/bench.yaml';
  const { result, record } = await rehearseOnce(loadNight({ bench, method, seed: 1 }), dir, 1);
  record.close();
  expect(result.verdict).toBe('completed');
  const source = openRunSource(dir);
  const read = recordedBench(source);
  expect(placeOfRole(source, 'method.rise_mV')).toEqual({ device: 'method', channel: 0 });
  if (source.result === undefined || source.bench.subject === undefined) throw new Error('no result');
  const open = openRecord(source.path, read.roles, source.bench.subject);
  const [rise, voltage] = [open.series('method.rise_mV'), open.series('cell.voltage_V')];
  expect(rise.value.length).toBeGreaterThan(240);
  // Each look sees the newest reading.
  const at = (t_s: number): number => 1000 * voltage.value[voltage.t_s.findLastIndex(t => t <= t_s)];
  const [first] = [...rise.t_s].flatMap((t_s, i) => (Number.isInteger(t_s) ? [at(t_s) - rise.value[i]] : []));
  rise.t_s.forEach((t_s, i) => {
    if (Number.isInteger(t_s)) expect(rise.value[i], `${t_s} s`).toBeCloseTo(at(t_s) - first, 6);
  });
  const { traces } = reportDataOf(read, source.result, open);
  expect(traces.map(({ role }) => role)).toEqual(
    expect.arrayContaining(['method.rise_mV', 'cell.overheat_K']),
  );
  open.close();
  // Exported with the units of the language, and no better than what they were worked out of.
  const qualities = new Set<unknown>();
  const table = {
    write: (columns: readonly ArrayLike<unknown>[]) => {
      for (const quality of Array.from(columns.at(-3) ?? [])) qualities.add(quality);
    },
    close: () => {},
  };
  const place = { open: () => table, where: (name: string) => name };
  const columns = await writeReadings(source, 'method', { place, about: {} }, async () => {});
  expect(columns.flatMap(({ column, unit }) => (/^method/.test(column) ? [[column, unit]] : []))).toEqual([
    ['method.rise_mV', 'mV'],
    ['method.drift_mV_per_h', 'mV_per_h'],
  ]);
  expect([...qualities]).toEqual(['simulated']);
  source.close();
});
