import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRunSource } from '../../control/exchange/recorded-run.ts';
import { type RunResult, resultSchema } from '../../control/review/result.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
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
    const bare = ({ kpis }: RunResult) =>
      kpis.map(({ id, phase, value, u95, unit }) => ({ id, phase, value, u95, unit }));
    expect(out.kpis.length).toBeGreaterThan(30);
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

describe('a file that is not as it should be', () => {
  const BDF = DIALECTS['bdf'](readings());
  let n = 0;
  async function imported(
    text: string,
    ...more: string[]
  ): Promise<{ ended: Ended; file: string; run: string }> {
    const file = scratch.write(`odd-${++n}.csv`, text);
    const run = join(scratch.path, `odd-run-${n}`);
    return { ended: await cellbench('import', file, '--out', run, ...more), file, run };
  }
  const inLine = (line: number, change: (cells: string[]) => void): string => {
    const lines = BDF.split('\n');
    const cells = lines[line - 1].split(',');
    change(cells);
    lines[line - 1] = cells.join();
    return lines.join('\n');
  };
  const scaled = (factor: number): string =>
    BDF.split('\n')
      .map((line, i) =>
        i === 0 || line === '' ? line : line.replace(/^[^,]+/, t => String(Number(t) * factor)),
      )
      .join('\n');
  const withoutColumns = (text: string, ...gone: number[]): string =>
    text
      .split('\n')
      .map(line =>
        line
          .split(',')
          .filter((_, c) => !gone.includes(c))
          .join(),
      )
      .join('\n');

  it.each([
    [
      'no voltage',
      withoutColumns(BDF, 1),
      /odd-\d+\.csv:1: no column for the voltage, e\.g\. Voltage \/ V.*; found "Test Time \/ s", "Current \/ A"/,
    ],
    [
      'ms against the clock',
      scaled(1000),
      /:1: Test Time \/ s runs 1\.00e\+3 times as fast as the clock of the file: it is in ms.*--time ms/,
    ],
    ['minutes against the clock', scaled(1 / 60), /it is in minutes.*--time min/],
    ['ms against the counters', withoutColumns(scaled(1000), 3), /as the charge counters: it is in ms/],
    [
      'time that goes back',
      inLine(20, cells => {
        cells[0] = '3';
      }),
      /:20: the time goes back: 3 s after 170 s; expected the time since the begin/,
    ],
    [
      'a time that is none',
      inLine(20, cells => {
        cells[0] = 'soon';
      }),
      /:20: Test Time \/ s: "soon" is no time/,
    ],
    [
      'more cells than headings',
      inLine(20, cells => {
        cells.push('7');
      }),
      /:20: 8 cells, expected 7 as the headings in line 1/,
    ],
    [
      'a workbook',
      'PK\u0003\u0004\u0014\u0000',
      /odd-\d+\.csv: the file is binary \(byte 3\), expected text/,
    ],
    ['no table', 'hello\nworld\n', /:1: no column for the time/],
    ['nothing below the headings', BDF.split('\n')[0], /no table in it|0 rows below it/],
  ])('%s is refused with its line, and nothing is written', async (_, text, message) => {
    const { ended, run } = await imported(text);
    expect(ended.code, told(ended)).toBe(2);
    expect(ended.stderr).toMatch(message);
    expect(existsSync(run)).toBe(false);
  });

  it('ms without clock and counters are refused by what would have gone through the cell', async () => {
    const { ended } = await imported(withoutColumns(scaled(1000), 3, 4, 5, 6), '--capacity', '2');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/would have gone one way through a cell of 2 Ah/);
  });

  it('ms are taken as such where somebody says so', async () => {
    const { ended, run } = await imported(scaled(1000), '--time', 'ms', '--capacity', '2');
    expect(ended.code, told(ended)).toBe(0);
    expect(resultOf(run).kpis.find(({ id }) => id === 'charge-in')?.value).toBeCloseTo(4, 1);
  });

  it('what cannot be used is kept, marked, and named with its line', async () => {
    const broken = inLine(20, cells => {
      cells[1] = 'n/a';
    });
    const text = broken
      .split('\n')
      .map((line, i) => (i >= 30 && i < 33 ? line.replace(/,1,/, ',1.5,') : line))
      .join('\n');
    const { ended, file, run } = await imported(text, '--capacity', '2');
    expect(ended.code, told(ended)).toBe(0);
    expect(ended.stdout).toContain(`${file}:20: Voltage / V: … is no number`);
    expect(ended.stdout).toContain(
      `${file}:31: Cycle Count / 1: … is no whole number of a cycle (3 rows in all)`,
    );
    const source = openRunSource(run);
    const reader = source.reader('cycler');
    const place = (name: string): number => reader.channels.indexOf(name);
    const [stretch] = reader.stretches({ channels: [place('voltage_V'), place('cycle_count')] });
    const codes = (row: number): number[] => {
      const bytes = stretch.quality.find(({ to }) => row < to)?.bytes ?? [];
      return [place('voltage_V'), place('cycle_count')].map(c => bytes[bytes.length === 1 ? 0 : c]);
    };
    expect(codes(18)).toEqual([QUALITY.bad, QUALITY.good]);
    expect(stretch.reasons.get(18)).toBe('Voltage / V: "n/a" is no number');
    expect(codes(29)).toEqual([QUALITY.good, QUALITY.bad]);
    // Not lost: the number stands in the record, with its mark.
    expect(stretch.values(place('cycle_count'))[29]).toBe(1.5);
    source.close();
    expect(fromRecord(run, 'cycler').get('t_s')).toHaveLength(readings().length);
  });

  const withCurrent = (change: (current_A: number, t_s: number) => number): string =>
    BDF.split('\n')
      .map((line, i) => {
        const cells = line.split(',');
        if (i > 0 && line !== '') cells[2] = String(change(Number(cells[2]), Number(cells[0])));
        return cells.join();
      })
      .join('\n');

  it('discharge counted as positive is refused, unless a person says what is positive', async () => {
    const text = withoutColumns(
      withCurrent(current_A => -current_A),
      4,
      5,
      6,
    );
    const { ended, run } = await imported(text, '--capacity', '2');
    expect(ended.code, told(ended)).toBe(2);
    expect(ended.stderr).toMatch(
      /:1: Current \/ A: the voltage falls where it rises \(8 of 8 leaps, -18.5 mOhm\).*--current discharge/,
    );
    expect(existsSync(run)).toBe(false);
    const again = await imported(text, '--capacity', '2', '--current', 'discharge');
    expect(again.ended.code, told(again.ended)).toBe(0);
    const figure = (id: string) => resultOf(again.run).kpis.find(kpi => kpi.id === id)?.value;
    expect(figure('energy-efficiency')).toBeLessThan(100);
  });

  it('a current that the voltage does not know of is marked, one that it follows is kept', async () => {
    const spiked = withCurrent((current_A, t_s) => (t_s >= 2000 && t_s < 2030 ? 300 : current_A));
    const { ended, run } = await imported(withoutColumns(spiked, 4, 5, 6), '--capacity', '2');
    expect(ended.code, told(ended)).toBe(0);
    expect(ended.stdout).toMatch(/3 rows from 2000 s on: 300 A, where 2\.00 A are usual and the voltage/);
    expect(resultOf(run).kpis.find(({ id }) => id === 'charge-in')?.value).toBeCloseTo(4, 1);
    // The number stands in the record, marked: readers of usable values get a gap.
    const source = openRunSource(run);
    const reader = source.reader('cycler');
    const place = reader.channels.indexOf('current_A');
    const [stretch] = reader.stretches({ channels: [place] });
    expect(stretch.values(place).slice(200, 203)).toEqual(Float64Array.of(300, 300, 300));
    expect(stretch.usable(place).slice(199, 204)).toEqual(
      Float64Array.of(2, Number.NaN, Number.NaN, Number.NaN, 2),
    );
    source.close();
    // A pulse of 20 A for one row: 360 mV more.
    const pulse = withCurrent((current_A, t_s) => (t_s === 2000 ? 20 : current_A))
      .split('\n')
      .map(line => {
        const cells = line.split(',');
        if (Number(cells[0]) === 2000) cells[1] = String(Number(cells[1]) + 0.36);
        return cells.join();
      })
      .join('\n');
    const kept = await imported(withoutColumns(pulse, 4, 5, 6), '--capacity', '2');
    expect(kept.ended.code, told(kept.ended)).toBe(0);
    expect(kept.ended.stdout).not.toContain('not believed');
  });

  it('counters that begin anew are counted on', async () => {
    const { ended, run } = await imported(
      BDF.split('\n')
        .map(line => {
          const cells = line.split(',');
          if (Number(cells[4]) === 2) cells[5] = String(Math.max(0, Number(cells[5]) - 2));
          return cells.join();
        })
        .join('\n'),
      '--capacity',
      '2',
    );
    expect(ended.code, told(ended)).toBe(0);
    expect(ended.stdout).toMatch(/Charging Capacity \/ Ah begins anew 1 times/);
    expect(resultOf(run).kpis.find(({ id }) => id === 'charge-in')?.value).toBeCloseTo(4, 1);
  });
});
