import { describe, expect, it } from 'vitest';
import type { TrendWindow } from '../../../control/view.ts';
import { takenName } from '../../../dashboards/format.ts';
import { csvOf, headOf, legendRows, shortAt_s, stretchName } from '../../../dashboards/page/window/files.ts';

/** What a person takes away says whose it is, and what its figures are. */

const WHOSE = {
  id: '2026-05-01T200000-night',
  bench: 'PEM, 500 kW "A"',
  subject: '',
  method: 'pem-night',
  mode: 'wire',
  startedUtc: '2026-05-01T20:00:00.000Z',
} as const;
const OWN = '"PEM, 500 kW ""A""",,2026-05-01T200000-night,pem-night,EMULATED,stack.current_A,A';
const stretch = { from_s: 10, to_s: 20 };

const rowsOf = (of: Partial<TrendWindow>): string[] => {
  const base = { role: 'stack.current_A', bucket_s: 0, isRough: false, t_s: [9, 10, 20, 21] };
  const window = { ...base, min: [1, 2, 3, 4], max: [1, 2, 3, 4], last: [1, 2, null, 4], ...of };
  return csvOf(WHOSE, [window], new Map([['stack.current_A', 'A']]), stretch).split('\r\n');
};

describe('what is drawn', () => {
  const window = (bucket_s: number, ...t_s: number[]): TrendWindow => {
    const values = t_s.map(() => 1);
    return { role: 'x_V', bucket_s, isRough: false, t_s, min: values, max: values, last: values };
  };

  it.each([
    ['goes to the end', [window(0, 598, 599, 600)], undefined],
    ['the record is a moment behind', [window(0, 597, 598)], undefined],
    ['ends half way: the run is over, or not written yet', [window(0, 234, 235), window(0, 100)], 235],
    ['buckets that reach the end', [window(10, 580, 590)], undefined],
    ['buckets that do not', [window(10, 430, 440)], 450],
    ['an instrument that is read every 30 s', [window(0, 520, 550)], undefined],
    ['nothing', [window(0)], undefined],
  ])('%s', (_, windows, end_s) => {
    expect(shortAt_s(windows, 600)).toBe(end_s);
  });
});

describe('CSV of what is drawn', () => {
  it('says in each row whose it is, begin and end of the bucket, and what kind it is', () => {
    expect(rowsOf({})).toEqual([
      'bench,subject,run,method,mode,role,unit,from_s,to_s,from_utc,kind,last,min,max',
      `${OWN},10,10,2026-05-01T20:00:10.000Z,reading,2,2,2`,
      `${OWN},20,20,2026-05-01T20:00:20.000Z,reading,,3,3`,
      '',
    ]);
  });

  it.each([
    [{ bucket_s: 0.1, t_s: [9.7, 10.1, 10.3, 30] }, ['10.1,10.2,bucket', '10.3,10.4,bucket']],
    [{ bucket_s: 5, isRough: true, t_s: [4, 9, 20, 21] }, ['9,14,rough', '20,25,rough']],
  ])('%j is %j', (of, expected) => {
    const told = rowsOf(of).slice(1, -1);
    expect(
      told.map(row =>
        row
          .slice(OWN.length + 1)
          .replace(/,2026[^,]*Z/, '')
          .split(',')
          .slice(0, 3)
          .join(),
      ),
    ).toEqual(expected);
  });
});

it('a picture says title, mode, bench, run, method, and its stretch by run time and UTC', () => {
  expect(headOf(WHOSE, 'Pressure', { from_s: 0, to_s: 3725 })).toEqual([
    'Pressure',
    'EMULATED · PEM, 500 kW "A" · 2026-05-01T200000-night · pem-night',
    '0:00:00 – 1:02:05   (2026-05-01 20:00:00 – 2026-05-01 21:02:05 UTC)',
  ]);
  expect(headOf({ ...WHOSE, startedUtc: '' }, 'Pressure', stretch)[2]).toBe('0:00:10 – 0:00:20');
});

it('a legend goes on in the next row where there is no more room', () => {
  const legend = ['a', 'b', 'c'].map(text => ({ colour: '--c0', text }));
  const rows = legendRows(legend, () => 60, 200);
  expect(rows.map(row => row.map(({ text }) => text))).toEqual([['a', 'b'], ['c']]);
  expect(rows[1][0].x).toBe(rows[0][0].x);
});

it('every system takes the name of a file', () => {
  expect(stretchName(WHOSE, 'Gas purity', stretch, 'png')).toBe(
    'PEM-500-kW-A_2026-05-01T200000-night_pem-night_EMULATED_Gas-purity_0h00m10s_0h00m20s.png',
  );
  const run = { ...WHOSE, bench: '..', id: '/etc/x', method: 'a'.repeat(300) };
  expect(takenName(run, [], 'csv')).toMatch(/^x_a{178}\.csv$/);
});
