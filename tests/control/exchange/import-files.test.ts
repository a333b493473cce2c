import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { importCommand } from '../../../control/program/commands/import.ts';
import { resultSchema } from '../../../control/review/result.ts';

/** Files of cyclers whose numbers cannot be what their headings say, and some that only look odd. */

const folder = mkdtempSync(join(tmpdir(), 'import-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Row {
  readonly t_s: number;
  readonly voltage_V: number;
  readonly current_A: number;
}

/** A cell of 2 Ah: rest, 1 h of 2 A in, rest, 1 h of 2 A out, rest; 3.1 V empty, 4.1 V full, 20 mOhm. */
function rows(every_s = 10): Row[] {
  const all: Row[] = [];
  let [t_s, charge_Ah] = [0, 0];
  const run = (current_A: number, seconds: number): void => {
    for (let s = 0; s < seconds; s += every_s, t_s += every_s) {
      all.push({ t_s, current_A, voltage_V: 3.1 + 0.5 * charge_Ah + 0.02 * current_A });
      charge_Ah += (current_A * every_s) / 3600;
    }
  };
  for (const [current_A, seconds] of [
    [0, 600],
    [2, 3600],
    [0, 600],
    [-2, 3600],
    [0, 600],
  ])
    run(current_A, seconds);
  return all;
}

const text = (header: string, row: (r: Row, i: number) => string, all = rows()): string =>
  `${header}\n${all.map(row).join('\n')}\n`;
const PLAIN = 'Test Time / s,Voltage / V,Current / A';
const plain = (change: (r: Row, i: number) => Partial<Row>): string =>
  text(PLAIN, (r, i) => {
    const { t_s, voltage_V, current_A } = { ...r, ...change(r, i) };
    return `${t_s},${voltage_V.toFixed(6)},${current_A}`;
  });

let n = 0;
/** What an import says: the message with which it refuses, or what it prints, and its figures. */
async function imported(
  content: string,
  ...options: string[]
): Promise<{ refused: string; printed: string; figure: (id: string) => number }> {
  const file = join(folder, `c${++n}.csv`);
  writeFileSync(file, content);
  const out = join(folder, `run${n}`);
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation(line => void printed.push(String(line)));
  let refused = '';
  try {
    await importCommand([file, '--out', out, ...options]);
  } catch (error) {
    refused = error instanceof Error ? error.message : String(error);
    expect(existsSync(out), 'nothing is half-done').toBe(false);
  } finally {
    log.mockRestore();
  }
  const figure = (id: string): number => {
    const { kpis } = resultSchema.parse(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')));
    return kpis.find(kpi => kpi.id === id && kpi.phase === undefined)?.value ?? Number.NaN;
  };
  return { refused, printed: printed.join('\n'), figure };
}

describe('a voltage that no cell has', () => {
  it.each<[what: string, factor: number, message: RegExp]>([
    [
      'millivolts',
      1e3,
      /c\d+\.csv:1: Voltage \/ V: half of its readings are above 3\d{3} V, which would be 3\.\d+ V in mV; expected the voltage of a cell, up to 6 V \(--voltage mV takes it so/,
    ],
    ['microvolts', 1e6, /in uV.*--voltage uV takes it so/],
    [
      'a module of twelve',
      12,
      /above \d\d\.\d* V; expected .*--high with the upper limit takes it as it stands/,
    ],
    [
      'volts a thousand times too small',
      1e-3,
      /half of its readings are below 0\.003\d+ V.*in V; .*--voltage V/,
    ],
  ])('%s are asked about', async (_, factor, message) => {
    const { refused } = await imported(
      plain(r => ({ voltage_V: r.voltage_V * factor })),
      '--capacity',
      '2',
    );
    expect(refused).toMatch(message);
  });

  it('is taken in the unit that a person says', async () => {
    const right = await imported(
      plain(() => ({})),
      '--capacity',
      '2',
    );
    expect(right.figure('energy-out')).toBeGreaterThan(7);
    const mV = plain(r => ({ voltage_V: 1000 * r.voltage_V }));
    const said = await imported(mV, '--capacity', '2', '--voltage', 'mV');
    expect(said.figure('energy-out')).toBeCloseTo(right.figure('energy-out'), 9);
    const module = plain(r => ({ voltage_V: 12 * r.voltage_V }));
    const high = await imported(module, '--capacity', '2', '--low', '30', '--high', '51');
    expect(high.figure('energy-out')).toBeCloseTo(12 * right.figure('energy-out'), 6);
  });

  it('in single rows is marked bad', async () => {
    const right = await imported(
      plain(() => ({})),
      '--capacity',
      '2',
    );
    const { printed, figure } = await imported(
      plain((_, i) => (i === 100 || i === 101 ? { voltage_V: 3600 } : {})),
      '--capacity',
      '2',
    );
    expect(printed).toMatch(/2 rows from 1000 s on: 3600 V, which no cell has: not believed, marked bad/);
    expect(figure('energy-in')).toBeCloseTo(right.figure('energy-in'), 1);
  });

  it('of a symmetric cell is taken: it is small, and changes its sign', async () => {
    const small = plain(r => ({ voltage_V: 0.002 * r.current_A }));
    expect((await imported(small, '--capacity', '2')).refused).toBe('');
  });
});

describe('a time in another unit, without clock and counters', () => {
  it.each<[what: string, factor: number, options: string[], message: RegExp]>([
    [
      'hours',
      1 / 3600,
      ['--capacity', '2'],
      /c\d+\.csv:1: Test Time \/ s: a cell of 2 Ah would go through 1\.\d V with 0\.000556 Ah;.*--time h or --time min/,
    ],
    ['hours, no capacity', 1 / 3600, [], /would go through 1\.\d V at 2\.00 A in 1\.\d* s;.*--time h/],
    ['minutes', 1 / 60, ['--capacity', '2'], /0\.0333 Ah.*--time min/],
    ['ms, no capacity', 1000, [], /in 3\.6\de\+6 s;.*--time ms takes it so, --time s as it stands/],
    [
      'ms',
      1000,
      ['--capacity', '2'],
      /would have gone one way through a cell of 2 Ah; expected Test Time \/ s and Current \/ A in the units/,
    ],
  ])('%s are asked about', async (_, factor, options, message) => {
    const odd = plain(r => ({ t_s: r.t_s * factor }));
    expect((await imported(odd, ...options)).refused).toMatch(message);
    expect((await imported(odd, ...options, '--time', 's')).refused).toBe('');
  });

  it('a current in mA is not called a time', async () => {
    const { refused } = await imported(
      plain(r => ({ current_A: 1000 * r.current_A })),
      '--capacity',
      '2',
    );
    expect(refused).toMatch(/a current in mA needs mA in its heading/);
  });

  it('C/50 and short pulses are no other unit', async () => {
    const slow = plain(r => ({ t_s: 50 * r.t_s, current_A: r.current_A / 50 }));
    expect((await imported(slow, '--capacity', '2')).refused).toBe('');
    const pulses = plain((_, i) => ({
      current_A: i % 60 === 0 ? 5 : 0,
      voltage_V: i % 60 === 0 ? 3.8 : 3.7,
    }));
    expect((await imported(pulses, '--capacity', '2')).refused).toBe('');
  });
});

describe('files without anything to read', () => {
  it.each<[what: string, content: string, options: string[], message: RegExp]>([
    [
      'no number at all',
      text(PLAIN, r => `${r.t_s},x,y`),
      [],
      /c\d+\.csv:1: Voltage \/ V: none of \d+ rows has a number/,
    ],
    ['no current', text(PLAIN, r => `${r.t_s},3.7,`), [], /:1: Current \/ A: none of \d+ rows has a number/],
    [
      'one stamp',
      plain(() => ({ t_s: 7 })),
      [],
      /:1: Test Time \/ s: all 900 rows are at 7 s, expected a time that goes on/,
    ],
    [
      'limits the wrong way round',
      plain(() => ({})),
      ['--low', '4.2', '--high', '3'],
      /^--low 4.2 --high 3: expected/,
    ],
    [
      'a limit beyond the readings',
      plain(() => ({})),
      ['--low', '4.5'],
      /^limits of 4.5 to 4.1\d* V .*expected a lower limit below/,
    ],
  ])('%s', async (_, content, options, message) => {
    expect((await imported(content, '--capacity', '2', ...options)).refused).toMatch(message);
  });
});

describe('what is common', () => {
  it("three electrodes: the cell's voltage is Ewe-Ece, written or worked out", async () => {
    const right = await imported(
      plain(() => ({})),
      '--capacity',
      '2',
    );
    // The counter electrode stands 80 mV above its reference.
    const both = text('time/s;Ewe/V;Ece/V;Ewe-Ece/V;I/mA', r =>
      [r.t_s, (r.voltage_V + 0.08).toFixed(6), 0.08, r.voltage_V.toFixed(6), 1000 * r.current_A].join(';'),
    );
    const written = await imported(both, '--capacity', '2');
    expect(written.figure('energy-out')).toBeCloseTo(right.figure('energy-out'), 9);
    const apart = text('time/s;Ewe/V;Ece/mV;I/mA', r =>
      [r.t_s, (r.voltage_V + 0.08).toFixed(6), 80, 1000 * r.current_A].join(';'),
    );
    const workedOut = await imported(apart, '--capacity', '2');
    expect(workedOut.figure('energy-out')).toBeCloseTo(right.figure('energy-out'), 6);
    expect(workedOut.printed).toMatch(/the cell's voltage is Ewe\/V less Ece\/mV/);
    const alone = text('time/s;Ewe/V;I/mA', r =>
      [r.t_s, r.voltage_V.toFixed(6), 1000 * r.current_A].join(';'),
    );
    expect((await imported(alone, '--capacity', '2')).figure('energy-out')).toBeCloseTo(
      right.figure('energy-out'),
      9,
    );
  });

  it('Amps and Volts, a header with another line end, empty lines and rows of separators only', async () => {
    const right = await imported(
      plain(() => ({})),
      '--capacity',
      '2',
    );
    const maccor = text('Rec#\tTestTime (min)\tAmps\tVolts\tState', (r, i) =>
      [
        i,
        (r.t_s / 60).toFixed(9),
        Math.abs(r.current_A),
        r.voltage_V.toFixed(6),
        r.current_A > 0 ? 'C' : r.current_A < 0 ? 'D' : 'R',
      ].join('\t'),
    ).replace('\n', '\r\n');
    expect((await imported(maccor, '--capacity', '2')).figure('energy-out')).toBeCloseTo(
      right.figure('energy-out'),
      4,
    );
    const holes = plain(() => ({})).replace(/\n(1000),/, '\n\n,,\n$1,');
    expect((await imported(holes, '--capacity', '2')).figure('charge-out')).toBe(right.figure('charge-out'));
  });

  it('a time of day goes on over midnight', async () => {
    const right = await imported(
      plain(() => ({})),
      '--capacity',
      '2',
    );
    const clock = (t_s: number): string => new Date(1000 * (t_s + 82_800)).toISOString().slice(11, 19);
    const day = text(
      'Time,Voltage / V,Current / A',
      r => `${clock(r.t_s)},${r.voltage_V.toFixed(6)},${r.current_A}`,
    );
    const { printed, figure } = await imported(day, '--capacity', '2');
    expect(figure('charge-out')).toBeCloseTo(right.figure('charge-out'), 9);
    expect(printed).toMatch(/Time: a time of day, past midnight 1 times/);
  });
});
