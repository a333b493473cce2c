import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunResult, resultSchema } from '../../control/review/result.ts';
import { bdfObjections } from '../support/bdf-rules.ts';
import { DIALECTS, IN_LATIN_1, readings } from '../support/cycler-files.ts';
import { differences, fromRecord } from '../support/readers.ts';
import { cellbench, type Ended, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';

/** Files of cyclers, and our own exports, become runs; what cannot be is refused with its line, or marked. */

const scratch = scratchFolder();
process.env['XDG_CONFIG_HOME'] = join(scratch.path, 'config');
afterAll(() => scratch.remove());

const resultOf = (run: string): RunResult =>
  resultSchema.parse(JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')));

async function done(...args: string[]): Promise<Ended> {
  const ended = await cellbench(...args);
  expect(ended.code, told(ended)).toBeLessThanOrEqual(1);
  return ended;
}

describe('a night that goes out as BDF and comes back', () => {
  const night = join(scratch.path, 'night');
  const back = join(scratch.path, 'back');
  beforeAll(async () => {
    const example = join('examples', 'cell-cycling');
    await done('rehearse', join(example, 'bench.yaml'), join(example, 'cycling.yaml'), '--out', night);
    await done('export', night, '--to', 'bdf');
    const file = readdirSync(join(night, 'export-bdf/data')).find(name => name.endsWith('.bdf.csv'));
    await done('import', join(night, 'export-bdf/data', String(file)), '--out', back);
  }, 3 * RUN_TIMEOUT_MS);

  it('has the same figures, uncertainties and cycles, to the last digit', () => {
    const [out, again] = [night, back].map(resultOf);
    // The table knows the phases, not which built-in methods were called in them.
    const bare = ({ kpis, phases }: RunResult) =>
      kpis
        .filter(({ phase }) => phase === undefined || phases.some(({ name }) => name === phase))
        .map(({ id, phase, value, u95, unit }) => ({ id, phase, value, u95, unit }));
    expect(bare(out).length).toBeGreaterThan(30);
    expect(bare(again)).toEqual(bare(out));
    expect(again.tables).toEqual(out.tables);
    expect(again.phases).toEqual(out.phases);
    expect(again.startedUtc).toBe(out.startedUtc);
    expect(again.mode).toBe('imported');
    // Nobody may take it for a measurement.
    expect(again.reason).toMatch(/^simulated/);
  });

  it("keeps the rules of BDF's own validator", () => {
    const name = String(readdirSync(join(night, 'export-bdf/data')).find(one => one.endsWith('.bdf.csv')));
    expect(name).toMatch(/^cellbench__LG-M50-21700-5-Ah__\d{8}_001\.bdf\.csv$/);
    const rows = parse(readFileSync(join(night, 'export-bdf/data', name), 'utf8'), {
      columns: true,
    }) as Record<string, string>[];
    const number = (text: string): number => (text === '' ? Number.NaN : Number(text));
    const table = new Map(Object.keys(rows[0]).map(label => [label, rows.map(row => number(row[label]))]));
    expect(bdfObjections(table)).toEqual([]);
    // The rules see what is wrong: ms, a cycle and a half, a counter that falls.
    const wrong = new Map(table);
    wrong.set(
      'Test Time / s',
      (table.get('Test Time / s') ?? []).map(t => t * 1000),
    );
    wrong.set(
      'Cycle Count / 1',
      (table.get('Cycle Count / 1') ?? []).map((c, i) => (i === 9 ? 0.5 : c)),
    );
    wrong.set('Charging Capacity / Ah', (table.get('Charging Capacity / Ah') ?? []).toReversed());
    expect(bdfObjections(wrong)).toHaveLength(4);
  });

  it('has the same readings', () => {
    const [out, again] = [night, back].map(run => fromRecord(run, 'cycler'));
    const shared = new Map([...again].filter(([name]) => out.has(name)));
    expect([...shared.keys()]).toEqual(
      expect.arrayContaining(['t_s', 'voltage_V', 'current_A', 'charged_Ah']),
    );
    expect(differences(shared, out)).toEqual([]);
  });

  it('is compared, listed and exported like one of ours', async () => {
    const compared = await done('compare', night, back);
    expect(compared.code).toBe(0);
    expect(compared.stdout).toMatch(/\n0 of \d+ compared figures differ/);
    const listed = JSON.parse((await done('runs', scratch.path, '--json')).stdout) as {
      name: string;
      mode: string;
    }[];
    expect(listed.map(({ name, mode }) => [name, mode]).sort()).toEqual([
      ['back', 'imported'],
      ['night', 'rehearsal'],
    ]);
    expect((await cellbench('verify', back)).code).toBe(0);
    await done('export', back, '--to', 'bdf');
    const files = [night, back].map(run => {
      const name = readdirSync(join(run, 'export-bdf/data')).find(one => one.endsWith('.bdf.csv'));
      return readFileSync(join(run, 'export-bdf/data', String(name)), 'utf8').split('\n');
    });
    const four = (line: string): string => line.split(',').slice(0, 4).join();
    expect(files[1].map(four)).toEqual(files[0].map(four));
  });
});

describe('the file of a cycler', () => {
  it.each(Object.keys(DIALECTS))('of %s is a run with its two cycles', async name => {
    const file = join(scratch.path, `${name.replaceAll(' ', '-')}.txt`);
    writeFileSync(file, DIALECTS[name](readings()), IN_LATIN_1.includes(name) ? 'latin1' : 'utf8');
    const run = join(scratch.path, `of-${basename(file, '.txt')}`);
    await done('import', file, '--capacity', '2', '--low', '3', '--high', '4.2', '--out', run);
    const figure = (id: string) =>
      resultOf(run).kpis.find(kpi => kpi.id === id && kpi.phase === undefined)?.value ?? Number.NaN;
    // Two hours of 2 A in, two out; a reading holds until the next, at the ends within one step of 10 s.
    expect(figure('charge-in')).toBeCloseTo(4, 1);
    expect(figure('charge-out')).toBeCloseTo(4, 1);
    expect(figure('energy-out')).toBeGreaterThan(12);
    expect(resultOf(run).tables[0].rows).toHaveLength(2);
    // The file itself stays with the run, byte for byte.
    expect(readFileSync(join(run, 'imported', basename(file))).equals(readFileSync(file))).toBe(true);
  });
});
