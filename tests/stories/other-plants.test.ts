import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cellbench, ROOT, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';
import { numberOf, readResult, tableHash, withTables } from './support/run-folder.ts';

/** The example benches beside the night's, as a person rehearses them: a battery cell, an alkaline stack, durability. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());
const folder = (name: string): string => join(scratch.path, name);

function hashes(dir: string, devices: readonly string[]): string[] {
  return withTables(dir, db => [...devices.map(d => `frames_${d}`), 'setpoints'].map(t => tableHash(db, t)));
}

describe('a battery cell on a cycler', { timeout: RUN_TIMEOUT_MS }, () => {
  const bench = join(ROOT, 'examples/cell-cycling/bench.yaml');
  const method = join(ROOT, 'examples/cell-cycling/cycling.yaml');
  const run = (name: string, seed: string) =>
    cellbench('--bench', bench, '--method', method, '--no-serve', '--seed', seed, '--out', folder(name));

  it('cycles three times and gives the capacity of its model', async () => {
    const ended = await run('cell', '1');
    expect(ended.code, told(ended)).toBe(0);
    const result = readResult(folder('cell'));
    expect(numberOf(result, 'discharges')).toBe(3);
    // 1C to 2.5 V after a charge to C/20: PyBaMM's SPMe gives 4.99 Ah after C/50.
    expect(numberOf(result, 'capacity-first')).toBeGreaterThan(4.88);
    expect(numberOf(result, 'capacity-first')).toBeLessThan(5.0);
    // The counter of the cycler and the integral of its current are two ways to the same charge.
    const counted_Ah = withTables(
      folder('cell'),
      db =>
        db.prepare('SELECT discharged_Ah AS q FROM frames_cycler ORDER BY rowid DESC LIMIT 1').get() as {
          q: number;
        },
    ).q;
    expect(Math.abs(numberOf(result, 'charge-out') / counted_Ah - 1)).toBeLessThan(0.002);
    const report = readFileSync(join(folder('cell'), 'report.html'), 'utf8');
    for (const words of ['cell voltage', 'charge of each discharge', 'No real cell was measured']) {
      expect(report).toContain(words);
    }
    expect(report).not.toContain('polarisation');
  });

  it('is the same to the last bit with the same seed, and another with another', async () => {
    for (const [name, seed] of [
      ['again', '1'],
      ['other', '2'],
    ] as const) {
      const ended = await run(name, seed);
      expect(ended.code, told(ended)).toBe(0);
    }
    expect(hashes(folder('again'), ['cycler'])).toEqual(hashes(folder('cell'), ['cycler']));
    expect(hashes(folder('other'), ['cycler'])[0]).not.toBe(hashes(folder('cell'), ['cycler'])[0]);
  });
});

describe.each([
  // The share of the current that makes measured gas: shunt currents and leakage cost an alkaline stack more.
  ['alkaline-15kw', 'alkaline', [0.88, 0.99], [4, 5.4]],
  ['durability-pem', 'pem', [0.985, 1.005], [3.8, 4.6]],
] as const)('%s', { timeout: RUN_TIMEOUT_MS }, (example, name, yields, kWhPerNm3) => {
  it('goes through its method, a round a week instead of 168', async () => {
    const [bench, method] = ['bench.yaml', 'durability.yaml'].map(file =>
      join(ROOT, 'examples', example, file),
    );
    const given = ['--set', 'week_count=1', '--set', 'weeks_count=2'];
    const ended = await cellbench('rehearse', bench, method, ...given, '--out', folder(name));
    expect(ended.code, told(ended)).toBe(0);
    const result = readResult(folder(name));
    expect(result.verdict).toBe('completed');
    const measured_kg = numberOf(result, 'h2-measured', 'weeks');
    const share = measured_kg / numberOf(result, 'h2-faraday', 'weeks');
    expect(share).toBeGreaterThan(yields[0]);
    expect(share).toBeLessThan(yields[1]);
    const perNm3 = (numberOf(result, 'energy', 'weeks') / measured_kg) * 0.08988;
    expect(perNm3).toBeGreaterThan(kWhPerNm3[0]);
    expect(perNm3).toBeLessThan(kWhPerNm3[1]);
  });
});
