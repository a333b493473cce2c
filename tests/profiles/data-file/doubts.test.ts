import { describe, expect, it } from 'vitest';
import { read, refusal, table, values } from './files.ts';

/** Files that can be read and hardly are what they say, and stamps that stand at the end of their value's time. */

const minutes = (i: number): string =>
  `2020-06-01 ${String(Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}`;
const heldFrom = (first: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => (first + i) / 100).flatMap(v => Array(60).fill(v));

describe('stamps at the end of their time', () => {
  const ends = (heading: string): string =>
    table(`${heading},power [p.u.]`, 10, i => `${minutes(i + 1)},${i / 100}`);

  it.each(['period_end', 'Interval ending', 'PeriodEnd', 'Zeit bis'])('%s: as the heading says', heading => {
    const profile = read(ends(heading));
    expect(values(profile)).toEqual(heldFrom(0, 10));
    expect(profile.done.join('\n')).toMatch(
      /each stamp is the end of its time \(the heading .* says so; stamps: begin/,
    );
  });

  it('as declared: second 0 is a clock time, and the value that ends at 00:03 counts from 00:02', () => {
    const profile = read(ends('time'), { stamps: 'end', from: '2020-06-01 00:02' });
    expect(values(profile)).toEqual(heldFrom(2, 8));
    expect(values(read(ends('time'), { from: '2020-06-01 00:03' }))).toEqual(heldFrom(2, 8));
  });

  it('declared as beginnings they are, whatever the heading says', () => {
    const profile = read(ends('period_end'), { stamps: 'begin', from: '2020-06-01 00:03' });
    expect(values(profile)).toEqual(heldFrom(2, 8));
  });

  it('midnight as 24:00, and never 00:00', () => {
    const hours = table(
      'date,power [p.u.]',
      24,
      i => `2020-06-01 ${String(i + 1).padStart(2, '0')}:00,${i / 100}`,
    );
    const profile = read(hours);
    expect(values(profile).slice(0, 3601)).toEqual([...Array(3600).fill(0), 0.01]);
    expect(profile.done.join('\n')).toContain('midnight is 24:00 in it');
  });

  it('with straight lines each value is that of its stamp', () => {
    const profile = read(ends('period_end'), { between: 'linear' });
    expect(values(profile).slice(0, 61)).toEqual(
      Array.from({ length: 61 }, (_, s) => Number((s / 6000).toFixed(9))),
    );
    expect(profile.done.join('\n')).toContain('straight lines go through the values at their stamps');
  });
});

const rows = (header: string, row: (i: number) => string): string => table(header, 90, row);

describe('refused, until a person says that it is so', () => {
  it.each([
    [
      'ms under seconds',
      rows('time_s,power_frac', i => `${i * 1000},0.5`),
      /rows 1000 s apart in "time_s": milliseconds/,
      { time_s: 'time_s' },
    ],
    [
      'parts of 1 as per cent',
      rows('time_s,power [%]', i => `${i},${i / 100}`),
      /no value of "power \[%\]" is above 1 %/,
      { power_pct: 'power [%]' },
    ],
    [
      'wind without its points',
      rows('time_s,wind_speed_m_per_s', i => `${i},${40 + (i % 16)}`),
      /half of "wind_speed_m_per_s" is 4[78] m\/s and more/,
      { lostPoints: 'keep' as const },
    ],
    [
      'a standard deviation',
      rows('time_s,wind speed std [m/s]', i => `${i},${i / 100}`),
      /"wind speed std \[m\/s\]" is none to follow/,
      { wind_speed_m_per_s: 'wind speed std [m/s]' },
    ],
    [
      'reactive power',
      rows('time_s,reactive power [p.u.]', i => `${i},${i / 100}`),
      /none to follow/,
      { power_frac: 'reactive power [p.u.]' },
    ],
  ])('%s', (_, file, says, entry) => {
    expect(refusal(file)).toMatch(says);
    expect(read(file, entry).power_frac.length).toBeGreaterThanOrEqual(90);
  });

  it('a heading that stands twice: by its number', () => {
    const twice = rows('time_s,time_s,power_frac', i => `${i * 2},${i},${i / 100}`);
    expect(refusal(twice)).toMatch(/2 columns are called "time_s"/);
    expect(values(read(twice, { time_s: 2, power_frac: 3 }))[1]).toBe(0.01);
  });

  it('German thousands beside whole numbers: the mark is asked for', () => {
    const file = rows('time_s;power [W]', i => `${i};${i < 45 ? 900 + i : `1.${String(100 + i)}`}`);
    expect(refusal(file, { rated_W: 2000 })).toMatch(/its mark may be a decimal one or part thousands/);
    expect(values(read(file, { rated_W: 2000, decimal: ',' }))[89]).toBe(0.5945);
  });

  it('a lost point among cells of which a third has none of its own', () => {
    const file = rows(
      'time_s,wind [m/s]',
      i => `${i},${i === 40 ? '42' : i % 3 === 0 ? '4' : `4.${i % 10}`}`,
    );
    expect(refusal(file)).toMatch(/^w\.csv:42: .*"42" between .* has lost its decimal point/);
  });
});

describe('said by name', () => {
  it.each([
    [
      'a zone by letters',
      rows('time,power [p.u.]', i => `${minutes(i)} EST,0.5`),
      /the zone of "2020-06-01 00:00 EST" is not known by its letters/,
    ],
    [
      'units in cells',
      rows('time_s,power', i => `${i},${i} kW`),
      /"power" holds "0 kW", a number with its unit/,
    ],
    [
      'a day a row',
      table(
        `date,${Array.from({ length: 24 }, (_, h) => h + 1).join(',')}`,
        3,
        i => `2020-06-0${i + 1},${Array(24).fill('0.5').join(',')}`,
      ),
      /one for each hour of a day, expected a row for each hour/,
    ],
  ])('%s', (_, file, says) => {
    expect(refusal(file)).toMatch(says);
  });

  it('times without a date are hours and minutes', () => {
    const done = read(table('time,power [p.u.]', 20, i => `00:${String(i).padStart(2, '0')},0.5`)).done.join(
      '\n',
    );
    expect(done).toContain('hours:minutes[:seconds] without a date');
    expect(done).not.toContain('offset from UTC');
  });

  it('hardly any power', () => {
    const done = read(
      rows('time_s,power [kW]', i => `${i},${1 + (i % 3)}`),
      { rated_MW: 5 },
    ).done.join('\n');
    expect(done).toMatch(/power offered: 0.0002 to 0.0006 of rated, mean .*: hardly any power/);
  });

  it('exponents of Fortran are numbers', () => {
    expect(values(read(rows('time_s,power_frac', i => `${i},${i}.0D-02`)))[89]).toBe(0.89);
  });
});
