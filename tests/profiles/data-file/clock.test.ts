import { describe, expect, it } from 'vitest';
import { type Entry, read, refusal, values } from './files.ts';

/** Clock stamps where the clock is put forward and back: Europe/Berlin, 29 March and 25 October 2020. */

const QUARTER_H = 0.25;
const BERLIN: Entry = { zone: 'Europe/Berlin' };

/** Stamps of a clock on a wall in Berlin every 15 min, from a moment of UTC on. */
function wallStamps(utc: string, n: number): string[] {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: 'Europe/Berlin',
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return Array.from({ length: n }, (_, i) =>
    parts.format(new Date(Date.parse(utc) + i * QUARTER_H * 3_600_000)),
  );
}

const file = (stamps: readonly string[]): string =>
  ['time,power_frac', ...stamps.map((stamp, i) => `${stamp},${i / 1000}`), ''].join('\n');
/** Value of each quarter, from a profile at 1 s. */
const quarters = (text: string, entry: Entry): number[] =>
  values(read(text, entry)).filter((_, s) => s % 900 === 0);

const AUTUMN = wallStamps('2020-10-24T22:00Z', 24);
const SPRING = wallStamps('2020-03-28T23:00Z', 24);
const COUNT = Array.from({ length: 24 }, (_, i) => i / 1000);

describe('the clock in autumn', () => {
  it('shows one hour twice: the rows come in their order, nothing is lost', () => {
    expect(AUTUMN.filter(stamp => stamp === '2020-10-25 02:30').length).toBe(2);
    expect(quarters(file(AUTUMN), BERLIN)).toEqual(COUNT);
    expect(read(file(AUTUMN), BERLIN).done[1]).toContain('8 rows in hours that the clock showed twice');
  });

  it('without a zone goes back: refused, and the zone named as the way', () => {
    expect(refusal(file(AUTUMN))).toBe(
      'w.csv:14: time goes back from 2020-10-25T02:45:00Z to 2020-10-25T02:00:00Z (the hour that the clock is put back? then zone: under data:), expected rows in the order of their time',
    );
  });

  it('of a file at 1 h has the same stamp twice', () => {
    const hourly = file(AUTUMN.filter((_, i) => i % 4 === 0));
    expect(values(read(hourly, BERLIN)).filter((_, s) => s % 3600 === 0)).toEqual(
      [0, 1, 2, 3, 4, 5].map(i => i / 1000),
    );
    expect(refusal(hourly)).toMatch(/^w\.csv:5: the time 2020-10-25T02:00:00Z is repeated \(the hour that/);
  });

  it('of a logger that wrote the hour once leaves a gap of an hour', () => {
    const once = file(AUTUMN.filter((stamp, i) => AUTUMN.indexOf(stamp) === i));
    expect(refusal(once, BERLIN)).toMatch(
      /^w\.csv:14: gap in time: from 2020-10-25T00:45:00Z to 2020-10-25T02:00:00Z .*4500 s, rows are 900 s apart/,
    );
  });

  it('of a file that begins in that hour: what goes on without a gap', () => {
    // 02:15 the second time, then 02:30, 02:45, 03:00 ...
    const second = file(AUTUMN.slice(13));
    expect(read(second, BERLIN).done[1]).toContain('from 2020-10-25T01:15:00Z');
    const both = file(AUTUMN.slice(9));
    expect(read(both, BERLIN).done[1]).toContain('from 2020-10-25T00:15:00Z');
  });

  it('three times the same stamp is once too often', () => {
    const stamps = AUTUMN.filter((_, i) => i % 4 === 0).toSpliced(4, 0, '2020-10-25 02:00');
    expect(refusal(file(stamps), BERLIN)).toMatch(/^w\.csv:6: the time 2020-10-25T01:00:00Z is repeated/);
  });
});

describe('the clock in spring', () => {
  it('leaves an hour out: no gap', () => {
    expect(SPRING.some(stamp => stamp.startsWith('2020-03-29 02'))).toBe(false);
    expect(quarters(file(SPRING), BERLIN)).toEqual(COUNT);
  });

  it('without a zone makes a gap, and the zone is named as the way', () => {
    expect(refusal(file(SPRING))).toMatch(
      /^w\.csv:10: gap in time: from 2020-03-29T01:45:00Z to 2020-03-29T03:00:00Z .*the clock is put forward\? then zone: under data:/,
    );
  });

  it('never showed the times of that hour', () => {
    const stamps = SPRING.with(8, '2020-03-29 02:00');
    expect(refusal(file(stamps), BERLIN)).toBe(
      'w.csv:10: time "2020-03-29 02:00": Europe/Berlin has no such time: the clock is put forward over it, expected a date and a time, e.g. 2020-03-29 01:30:00 or 29.03.2020 01:30',
    );
  });
});

describe('stamps', () => {
  const minute = (stamp: (i: number) => string): string =>
    ['time,power_frac', ...Array.from({ length: 90 }, (_, i) => `${stamp(i)},0.5`)].join('\n');
  const at = (i: number): string =>
    `00:${String(Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}`;

  it('with offsets need no zone, and go over both nights', () => {
    const stamps = AUTUMN.map((stamp, i) => `${stamp.replace(' ', 'T')}${i < 12 ? '+02:00' : '+01:00'}`);
    expect(quarters(file(stamps), {})).toEqual(COUNT);
  });

  it('without a zone are taken as UTC, and that is said', () => {
    expect(read(minute(i => `2024-01-01 ${at(i)}`)).done[1]).toContain('no zone named, taken as UTC');
    const utc = minute(i => `2024-01-01 ${at(i)}`).replace('time', 'time_utc');
    expect(read(utc).done[1]).toContain('clock stamps (UTC)');
  });

  it.each([
    [
      'no day of the calendar',
      minute(i => `2023-02-30 ${at(i)}`),
      {},
      /^w\.csv:2: time "2023-02-30 .*no day or time of the calendar/,
    ],
    ['no hour', minute(i => `2023-02-20 25:${at(i)}`), {}, /^w\.csv:1: .*no column of times/],
    [
      'day or month first',
      minute(i => `03/04/2024 ${at(i)}`),
      {},
      /^w\.csv:2: day and month of "03\/04\/2024 .*expected dates: dmy or dates: mdy/,
    ],
    [
      'half of them with a zone',
      minute(i => `2024-01-01T${at(i)}${i > 40 ? 'Z' : ''}`),
      {},
      /^w\.csv:43: .*the rows above have no zone/,
    ],
    [
      'words',
      minute(i => (i === 9 ? 'noon' : `2024-01-01 ${at(i)}`)),
      {},
      /^w\.csv:11: time "noon": no date and time/,
    ],
  ] as const)('%s: refused', (_what, text, entry, message) => {
    expect(refusal(text, entry)).toMatch(message);
  });

  it('of an unclear order go by the declared one', () => {
    const text = minute(i => `03/04/2024 ${at(i)}`);
    expect(read(text, { dates: 'dmy' }).done[1]).toContain('from 2024-04-03T00:00:00Z');
    expect(read(text, { dates: 'mdy' }).done[1]).toContain('from 2024-03-04T00:00:00Z');
  });

  it('of midnight may be 24:00', () => {
    const hours = ['22:00', '23:00', '24:00'].map((hour, i) => `2024-01-01 ${hour},${i / 10}`);
    const last = '2024-01-02 01:00,0.3';
    const text = ['time,power_frac', ...hours, last].join('\n');
    expect(values(read(text)).filter((_, s) => s % 3600 === 0)).toEqual([0, 0.1, 0.2, 0.3]);
  });

  it('may name the begin, in the zone of the file', () => {
    const profile = read(file(AUTUMN), { ...BERLIN, from: '2020-10-25 03:00' });
    expect(profile.power_frac[0]).toBe(16 / 1000);
    expect(profile.done.at(-1)).toBe('second 0 is 2020-10-25 03:00');
    expect(refusal(file(AUTUMN), { ...BERLIN, from: '2021-10-25 03:00' })).toMatch(
      /^w\.csv:2: from: 2021-10-25 03:00 is no time of this file, expected one of 2020-10-24T22:00:00Z to /,
    );
  });
});
