import { describe, expect, it } from 'vitest';
import { type DataEntry, type DataFile, readDataFile } from '../../../profiles/language/data/read-data.ts';

const ENTRY: DataEntry = { file: 'x.csv', time_s: 't', columns: { power_MW: 'P' } };
const read = (text: string, entry: Partial<DataEntry> = {}): DataFile =>
  readDataFile('x.csv', new TextEncoder().encode(text), { ...ENTRY, ...entry });
const at = (file: DataFile, times_s: readonly number[], column = 'power_MW'): number[] =>
  times_s.map(t => file.columns.get(column)?.value(t) ?? Number.NaN);

const RAMP = 't,P\n0,1\n60,2\n120,4\n';

describe('a data file', () => {
  it('holds each row until the next, and the last for a step', () => {
    const file = read(RAMP);
    expect(file.end_s).toBe(180);
    expect(at(file, [0, 59.9, 60, 119, 120, 179])).toEqual([1, 1, 2, 2, 4, 4]);
    expect(at(file, [-1, 181])).toEqual([Number.NaN, Number.NaN]);
  });

  it('goes in straight lines, begins again, looks back and far ahead', () => {
    const file = read(RAMP, { between: 'linear', repeat: 'on' });
    expect(file.end_s).toBe(Number.POSITIVE_INFINITY);
    expect(at(file, [30, 90, 180, 210, 18_030, 0, 90])).toEqual([1.5, 3, 1, 1.5, 1.5, 1, 3]);
    const long = read(`t,P\n${Array.from({ length: 500 }, (_, i) => `${i},${i}`).join('\n')}\n`);
    expect(at(long, [0, 450, 3, 499.5, 130])).toEqual([0, 450, 3, 499, 130]);
  });

  it('has second 0 where `from` says', () => {
    expect(at(read(RAMP, { from: '60' }), [0, 60])).toEqual([2, 4]);
  });

  it('reads stamps of a zone through both hours that a clock shows twice', () => {
    const stamps = ['01:30', '02:00', '02:30', '02:00', '02:30', '03:00'];
    const rows = stamps.map((time, i) => `2026-10-25 ${time};${i}`).join('\n');
    const file = read(`stamp;P\n${rows}\n`, { time: 'stamp', zone: 'Europe/Berlin' });
    expect(file.step_s).toBe(1800);
    expect(at(file, [0, 3600, 5400, 9000])).toEqual([0, 2, 3, 5]);
  });

  it('takes decimal commas, headings after remarks, lines of units and several columns', () => {
    const text = '# a remark\nt;P;U\n[s];[MW];[V]\n0;1,5;3,6\n1;1,6;3,7\n';
    const file = read(text, { columns: { power_MW: 'P', u_V: 'U' } });
    expect(at(file, [0, 1])).toEqual([1.5, 1.6]);
    expect(at(file, [0, 1], 'u_V')).toEqual([3.6, 3.7]);
  });

  it.each([
    ['a column that is not there', 't,Q\n0,1\n1,2\n', {}, 'x.csv:1: no column "P", expected one of "t", "Q"'],
    ['rows that are missing', 't,P\n0,1\n1,2\n2,2\n9,1\n', {}, 'x.csv:5: 7 s after the row before'],
    ['time that stands still', 't,P\n0,1\n1,2\n1,3\n', {}, 'x.csv:4: its time does not come after'],
    ['a value that is none', 't,P\n0,1\n1,off\n', {}, 'x.csv:3: P: "off", expected a number'],
    ['a value that is missing', 't,P\n0,1\n1,\n', {}, 'x.csv:3: P: no value, expected a number'],
    ['one row', 't,P\n0,1\n', {}, 'x.csv:1: 1 rows of data'],
    ['nothing', '', {}, 'x.csv:1: the file is empty'],
    [
      'another unit in the heading',
      't,P [kW]\n0,1\n1,2\n',
      { columns: { power_MW: 'P [kW]' } },
      'x.csv:1: column "P [kW]" is in kW, but the method names it power_MW',
    ],
    ['a begin outside', RAMP, { from: '999' }, 'x.csv:1: from: 999 is no time of this file'],
    [
      'an hour that the clock left out',
      'z,P\n2026-03-29 01:30,1\n2026-03-29 02:30,2\n',
      { time: 'z', zone: 'Europe/Berlin' },
      'x.csv:3: "2026-03-29 02:30"',
    ],
  ] as const)('refuses %s', (_what, text, entry, says) => {
    expect(() => read(text, entry)).toThrow(says);
  });
});
