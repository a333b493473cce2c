import { describe, expect, it } from 'vitest';
import { type DataChoices, readFitData } from '../../../sim/fit/fit-data.ts';

/** Series whose time is that of a clock or a calendar. */

const table = (header: string, stamps: readonly string[], between = ',') =>
  [header, ...stamps.map((stamp, i) => `${stamp}${between}${i % 2}${between}3.7`)].join('\n');
const read = (text: string, choices: DataChoices = {}) => readFitData('p.csv', text, choices);
const times = (text: string) => [...(read(text).columns.get('time_s') ?? [])];
const OURS = 'time_s,cell.current_A,cell.voltage_V';

describe('times of a clock', () => {
  it.each([
    ['h:mm:ss', OURS, ['0:00:00', '0:00:10', '0:01:00', '26:00:00'], [0, 10, 60, 93_600]],
    ['h:mm:ss with parts', OURS, ['0:00:00.5', '0:00:01.25', '0:00:02.000'], [0, 0.75, 1.5]],
    [
      "Neware's h:min:s.ms",
      'Total Time(h:min:s.ms),Current(mA),Voltage(V)',
      ['0:00:00.000', '0:00:00.100', '0:10:00.000'],
      [0, 0.1, 600],
    ],
    ['days and a clock', 'Test Time,Current(A),Voltage(V)', ['0d 23:59:59', '1d 00:00:01'], [0, 2]],
    ['ISO with zone', OURS, ['2026-10-25T02:30:00+02:00', '2026-10-25T02:00:00+01:00'], [0, 1800]],
    ['ISO in UTC', OURS, ['2026-01-31T23:59:59.5Z', '2026-02-01T00:00:00Z'], [0, 0.5]],
    ['calendar', 'Date Time,Current(A),Voltage(V)', ['2026/02/28 23:59:00', '2026/03/01 00:00:00'], [0, 60]],
    ['points', 'Datum/Uhrzeit,Strom/A,Spannung/V', ['28.02.2026 23:59:00', '01.03.2026 00:00:00'], [0, 60]],
    [
      'month first',
      'Date_Time,Current(A),Voltage(V)',
      ['01/31/2026 11:59:59 PM', '02/01/2026 12:00:01 AM'],
      [0, 2],
    ],
    [
      'a clock among our names',
      'timestamp,cell.current_A,cell.voltage_V',
      ['2026-01-01T00:00:00', '2026-01-01T00:00:01.5'],
      [0, 1.5],
    ],
    ['a time among our names', 'time,cell.current_A,cell.voltage_V', ['0:00:00', '0:00:02'], [0, 2]],
    ['a time of day over midnight', OURS, ['23:59:50', '00:00:10'], [0, 20]],
  ])('%s', (_, header, stamps, expected) => expect(times(table(header, stamps))).toEqual(expected));

  it('a day beside its time of day', () => {
    const text =
      'Date,Time,Voltage(V),Current(A)\n2026-01-01,12:00:00,3,0\n2026-01-01,22:00:00,3,1\n2026-01-03,12:00:00,3,1';
    expect(times(text)).toEqual([0, 36_000, 172_800]);
  });

  it('a time since the begin goes before a date', () => {
    const text =
      'Test_Time(s),Date_Time,Current(A),Voltage(V)\n0,2026-01-01 12:00:00,0,3\n2.5,2026-01-01 12:00:09,1,3';
    expect(times(text)).toEqual([0, 2.5]);
    expect(read(text).notes.join()).toMatch(/columns left out: Date_Time/);
  });

  it('is said, and needs no unit', () => {
    const text = table(OURS, ['0:00:00', '0:05:00', '0:10:00']);
    expect(read(text)).toMatchObject({ isClockTime: true });
    expect(read(text).notes.join()).toMatch(/time_s: times of a clock, read as seconds since the first row/);
    expect(() => read(text, { time: 'ms' })).toThrow(
      /^p\.csv:2: time_s "0:00:00", expected no --time with times of a clock/,
    );
  });

  it.each([
    [
      'two parts',
      ['00:01', '00:02'],
      /^p\.csv:2: time_s "00:01", expected h:mm:ss \(hours and minutes, or minutes and seconds\?\)/,
    ],
    ['a number among them', ['0:00:01', '2'], /^p\.csv:3: time_s "2", expected a time as in the first row/],
    ['no day', ['2026-02-30 00:00:00', '2026-03-01 00:00:00'], /^p\.csv:2: time_s "2026-02-30/],
    [
      'day or month',
      ['01/02/2026 23:00:00', '02/02/2026 01:00:00'],
      /expected a day that can be read in one way \(2026-02-01\)/,
    ],
    ['back', ['10:00:00', '09:00:00'], /^p\.csv:3: time_s -3600, expected a time later/],
  ])('%s is refused', (_, stamps, says) => expect(() => read(table(OURS, stamps))).toThrow(says));
});

describe('impedance that is said twice', () => {
  const text = (modulus: number, phase: number) =>
    `freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm,|Z|/Ohm,Phase(Z)/deg\n10,3,4,5,-53.13\n1,3,4,${modulus},${phase}`;

  it('and agrees is taken, with either sign of Im and as far as it is printed', () => {
    expect(read(text(5, -53.13)).rows).toBe(2);
    expect(read(text(5, -53.13).replace('-Im', 'Im')).rows).toBe(2);
    expect(read('freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm,|Z|/Ohm\n10,0.003,0.004,0.01\n1,0.003,0.004,0').rows).toBe(2);
  });

  it.each([
    ['another unit', text(5000, -53.13), '5000 and Phase(Z)/deg -53.13'],
    ['another angle', text(5, -0.927), '5 and Phase(Z)/deg -0.927'],
  ])('in %s is refused with both', (_, contradicting, said) => {
    expect(() => read(contradicting)).toThrow(
      `p.csv:3: Re(Z)/Ohm 3 and -Im(Z)/Ohm 4 are 5 Ohm at -53.1 deg, |Z|/Ohm ${said} in the same row contradict them`,
    );
  });

  it('modulus alone contradicts, too', () => {
    expect(() => read('frequency_Hz,re_Ohm,im_Ohm,modulus_mOhm\n1,3,-4,5')).toThrow(
      /modulus_mOhm 5 in the same row contradict/,
    );
  });
});
