import { describe, expect, it } from 'vitest';
import { imported, PLAIN, plain, text } from '../../support/import-once.ts';

/** Files of cyclers whose numbers cannot be what their headings say, and some that only look odd. */

describe('a voltage that no cell has', () => {
  it.each<[what: string, factor: number, message: RegExp]>([
    [
      'millivolts',
      1e3,
      /c\.csv:1: Voltage \/ V: half of its readings are above 3\d{3} V, which would be 3\.\d+ V in mV; expected the voltage of a cell, up to 6 V \(--voltage mV takes it so/,
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
      /c\.csv:1: Test Time \/ s: a cell of 2 Ah would go through 1\.\d V with 0\.000556 Ah;.*--time h or --time min/,
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
      /c\.csv:1: Voltage \/ V: none of \d+ rows has a number/,
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
