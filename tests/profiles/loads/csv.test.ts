import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoadFileError, readLoadCsv } from '../../../profiles/loads/csv.ts';
import { TURBINE, turbineSeries_frac } from '../../../profiles/loads/turbine.ts';

const WIND = 'time_s,wind_speed_m_per_s';
const rows = (n: number, value: (i: number) => string = () => '8'): string[] =>
  Array.from({ length: n }, (_, i) => `${i},${value(i)}`);
const file = (lines: readonly string[], header = WIND): string => [header, ...lines, ''].join('\n');
/** A good file of 100 rows with one line (2 = first row) replaced. */
const withLine = (line: number, text: string): string => {
  const lines = rows(100);
  lines[line - 2] = text;
  return file(lines);
};

describe('good files', () => {
  it('wind goes through the turbine', () => {
    const profile = readLoadCsv('w.csv', file(rows(100, i => String(5 + i / 20))));
    const wind = Float64Array.from({ length: 100 }, (_, i) => 5 + i / 20);
    expect(profile.power_frac).toEqual(turbineSeries_frac(TURBINE, wind));
    expect(profile.source).toBe('w.csv (100 rows of wind_speed_m_per_s)');
  });

  it('power is taken as it is; CRLF, byte order mark, spaces and a start other than 0 are fine', () => {
    const lines = Array.from({ length: 60 }, (_, i) => `${i + 500}, ${i / 100}`);
    const profile = readLoadCsv('p.csv', `\uFEFF${['time_s, power_frac', ...lines].join('\r\n')}\r\n`);
    expect(Array.from(profile.power_frac)).toEqual(Array.from({ length: 60 }, (_, i) => i / 100));
  });

  it('any series that is written is read back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 60, maxLength: 90 }),
        values => {
          const text = file(
            values.map((v, i) => `${i},${v}`),
            'time_s,power_frac',
          );
          expect(Array.from(readLoadCsv('p.csv', text).power_frac)).toEqual(values.map(v => v + 0));
        },
      ),
    );
  });
});

describe('bad files: one message with file, line, what and what was expected', () => {
  const header = 'header "time_s,wind_speed_m_per_s" or "time_s,power_frac"';
  it.each([
    ['empty', '', `w.csv:1: the file is empty (expected ${header})`],
    ['only blank lines', '\n\n', `w.csv:1: the file is empty (expected ${header})`],
    ['wrong header', file(rows(100), 'time,wind'), `w.csv:1: header "time,wind" (expected ${header})`],
    ['no header', rows(100).join('\n'), `w.csv:1: header "0,8" (expected ${header})`],
    [
      'text',
      withLine(5, '3,calm'),
      'w.csv:5: wind_speed_m_per_s "calm" (expected a wind speed of 0..60 m/s)',
    ],
    ['NaN', withLine(5, '3,NaN'), 'w.csv:5: wind_speed_m_per_s "NaN" (expected a wind speed of 0..60 m/s)'],
    ['nothing', withLine(5, '3,'), 'w.csv:5: wind_speed_m_per_s "" (expected a wind speed of 0..60 m/s)'],
    [
      'infinite',
      withLine(5, '3,1e999'),
      'w.csv:5: wind_speed_m_per_s "1e999" (expected a wind speed of 0..60 m/s)',
    ],
    [
      'negative',
      withLine(9, '7,-0.1'),
      'w.csv:9: wind_speed_m_per_s "-0.1" (expected a wind speed of 0..60 m/s)',
    ],
    [
      'hurricane',
      withLine(9, '7,60.1'),
      'w.csv:9: wind_speed_m_per_s "60.1" (expected a wind speed of 0..60 m/s)',
    ],
    ['time as text', withLine(9, 'x,8'), 'w.csv:9: time_s "x" (expected seconds, a number >= 0)'],
    [
      'gap',
      withLine(101, '101,8'),
      'w.csv:101: gap in time: from 98 to 101 s (expected time_s 99, 1 s after the row before)',
    ],
    [
      'half a second',
      withLine(12, '9.5,8'),
      'w.csv:12: gap in time: from 9 to 9.5 s (expected time_s 10, 1 s after the row before)',
    ],
    [
      'time repeated',
      withLine(12, '9,8'),
      'w.csv:12: time_s 9 is repeated (expected time_s 10, 1 s after the row before)',
    ],
    [
      'time back',
      withLine(12, '3,8'),
      'w.csv:12: time_s goes back from 9 to 3 (expected time_s 10, 1 s after the row before)',
    ],
    [
      'three columns',
      withLine(7, '5,8,9'),
      'w.csv:7: "5,8,9" (expected two values with one comma, and no blank line)',
    ],
    [
      'blank line inside',
      withLine(7, ''),
      'w.csv:7: "" (expected two values with one comma, and no blank line)',
    ],
    ['too short', file(rows(59)), 'w.csv:60: 59 rows (expected at least 60, one a second)'],
    ['header only', file([]), 'w.csv:1: 0 rows (expected at least 60, one a second)'],
    [
      'power over 1',
      file(
        rows(100, () => '1.01'),
        'time_s,power_frac',
      ),
      'w.csv:2: power_frac "1.01" (expected a part of the rated power, 0..1)',
    ],
  ])('%s', (_name, text, message) => {
    let thrown: unknown;
    try {
      readLoadCsv('w.csv', text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(LoadFileError);
    expect((thrown as LoadFileError).message).toBe(message);
    expect((thrown as LoadFileError).message).toContain(`w.csv:${(thrown as LoadFileError).line}:`);
  });

  it('any text at all gives a profile or a LoadFileError', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), text => {
        expect(() => readLoadCsv('x', `${WIND}\n${text}`)).toThrow(LoadFileError);
      }),
    );
  });
});

const real = resolve(import.meta.dirname, '../../../../shared/data/wind-1s-1day.csv');
const hasReal = existsSync(real);
if (!hasReal) console.log(`skipped: no measured wind at ${real}`);
it.skipIf(!hasReal)('reads a measured day at 1 s', () => {
  const profile = readLoadCsv(real, readFileSync(real, 'utf8'));
  expect(profile.power_frac.length).toBe(86_400);
  const highest = profile.power_frac.reduce((a, b) => Math.max(a, b));
  expect(highest).toBeGreaterThan(0.5);
  expect(highest).toBeLessThanOrEqual(1);
});
