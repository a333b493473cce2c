import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TURBINE, turbineSeries_frac } from '../../../profiles/data-file/turbine.ts';
import { type Entry, read, refusal, table, utf16, values } from './files.ts';

/** The same series, written as loggers, spreadsheets and data bases write it, is the same profile. */

const N = 90;
/** 0.100, 0.105 ... 0.545: three figures that every dialect can write. */
const SERIES = Array.from({ length: N }, (_, i) => Number((0.1 + i / 200).toFixed(3)));
const PLAIN = table('time_s,power_frac', N, i => `${i},${SERIES[i]}`);
const comma = (v: number): string => String(v).replace('.', ',');
const stamp = (i: number): string => new Date(Date.UTC(2024, 0, 1, 0, 0, i)).toISOString();
const clock = (i: number): string => stamp(i).slice(11, 19);

const DIALECTS: readonly (readonly [what: string, file: string | Uint8Array, entry?: Entry])[] = [
  ['CRLF', PLAIN.replaceAll('\n', '\r\n')],
  ['CR only', PLAIN.replaceAll('\n', '\r')],
  ['byte order mark', `\uFEFF${PLAIN}`],
  ['no end of the last line', PLAIN.trimEnd()],
  ['UTF-16, little end first', utf16(PLAIN, 'le')],
  ['UTF-16, big end first', utf16(PLAIN, 'be')],
  ['UTF-16 without its mark', utf16(PLAIN, 'le', false)],
  ['Windows-1252', Buffer.from(PLAIN.replace('power_frac', 'Leistung für [p.u.]'), 'latin1')],
  ['tab', PLAIN.replaceAll(',', '\t')],
  ['bar', PLAIN.replaceAll(',', '|')],
  ['blanks', PLAIN.replaceAll(',', '   ').replaceAll('\n', '\n  ')],
  ['blanks after the comma', PLAIN.replaceAll(',', ', ')],
  ['quotes', PLAIN.replaceAll(/[^,\n]+/g, cell => `"${cell}"`)],
  ['semicolon and decimal comma', table('time_s;power_frac', N, i => `${i};${comma(SERIES[i])}`)],
  ['tab and decimal comma', table('time_s\tpower_frac', N, i => `${i}\t${comma(SERIES[i])}`)],
  ['decimal comma in quotes', table('time_s,power_pct', N, i => `${i},"${comma(SERIES[i] * 100)}"`)],
  ['trailing comma', table('time_s,power_frac,', N, i => `${i},${SERIES[i]},`)],
  ['trailing comma in the rows only', table('time_s,power_frac', N, i => `${i},${SERIES[i]},`)],
  ['comment lines', `# site 7\n${PLAIN.replace('\n30,', '\n# calibrated\n30,')}`],
  [
    'remarks at the end of lines',
    PLAIN.replace('\n', '  # of the plant\n').replace('\n30,0.25\n', '\n30,0.25 # cleaned\n'),
  ],
  ['header in a comment', `# ${PLAIN}`],
  ['header in a comment, quoted', PLAIN.replace('time_s,power_frac', '# "time_s","power_frac"')],
  ['empty lines', PLAIN.replace('\n30,', '\n\n\n30,')],
  ['lines above the header', `Plant: North\nWritten by: logger 3, version 2\n\n${PLAIN}`],
  ['a table of other facts above', `Latitude,Longitude,Zone,Height\n53.1,8.2,1,12\n${PLAIN}`],
  ['row of units', PLAIN.replace('time_s,power_frac\n', 'time,power\ns,p.u.\n')],
  ['row of units in brackets', PLAIN.replace('time_s,power_frac\n', 'Zeit,Leistung\n[s],[p.u.]\n')],
  ['unit in brackets', PLAIN.replace('time_s,power_frac', 'Time [s],Power (p.u.)')],
  ['unit after a stroke', PLAIN.replace('time_s,power_frac', 'time / s,power / p.u.')],
  ['unit after "in"', table('Zeit in s;Leistung in %', N, i => `${i};${comma(SERIES[i] * 100)}`)],
  ['per cent', table('time_s,power_pct', N, i => `${i},${SERIES[i] * 100}`)],
  ['W', table('time_s,power_W', N, i => `${i},${SERIES[i] * 5e5}`), { rated_kW: 500 }],
  ['kW', table('time_s,power [kW]', N, i => `${i},${SERIES[i] * 500}`), { rated_kW: 500 }],
  ['MW', table('time_s,P / MW', N, i => `${i},${SERIES[i] * 3.4}`), { rated_kW: 3400 }],
  ['thousands', table('time_s;power_kW', N, i => `${i};${grouped(SERIES[i] * 1e5)}`), { rated_MW: 100 }],
  ['W/m2', table('time_s,ghi_W_per_m2', N, i => `${i},${SERIES[i] * 1000}`), { rated_W_per_m2: 1000 }],
  [
    'W/m² in Windows-1252',
    Buffer.from(
      table('time_s;G [W/m²]', N, i => `${i};${SERIES[i] * 900}`),
      'latin1',
    ),
    { rated_W_per_m2: 900 },
  ],
  [
    'other columns',
    table('id,time_s,temperature_degC,power_frac,state', N, i => `7,${i},21.5,${SERIES[i]},ok`),
  ],
  ['columns the other way round', table('power_frac,time_s', N, i => `${SERIES[i]},${i}`)],
  [
    'column chosen by name',
    table('time_s,P_a [kW],P_total [kW]', N, i => `${i},1,${SERIES[i] * 800}`),
    { power_kW: 'P_total [kW]', rated_kW: 800 },
  ],
  [
    'column chosen by its name without the unit',
    table('time_s,P_a [kW],P_total [kW]', N, i => `${i},1,${SERIES[i] * 800}`),
    { power_kW: 'P_total', rated_kW: 800 },
  ],
  [
    'thousands with apostrophes',
    table('time_s;power_kW', N, i => `${i};${apart(SERIES[i] * 1e6, "'")}`),
    { rated_MW: 1000 },
  ],
  [
    'thousands with blanks that do not break',
    table('time_s;power_kW', N, i => `${i};${apart(SERIES[i] * 1e6, '\u00a0')}`),
    { rated_MW: 1000 },
  ],
  ['a heading over two lines', PLAIN.replace('power_frac', '"power\n[p.u.]"')],
  ['columns by number, no header', PLAIN.split('\n').slice(1).join('\n'), { time_s: 1, power_frac: 2 }],
  ['no column of times', table('x,power_frac', N, i => `a,${SERIES[i]}`), { step_s: 1 }],
  ['no header and no column of times', SERIES.join('\n'), { step_s: 1, power_frac: 1 }],
  ['time that begins elsewhere', table('time_s,power_frac', N, i => `${i + 5000},${SERIES[i]}`)],
  ['Unix seconds', table('timestamp,power_frac', N, i => `${1_711_846_800 + i},${SERIES[i]}`)],
  [
    'Unix seconds with a fraction',
    table('time_s,power_frac', N, i => `${1_711_846_800 + i}.123,${SERIES[i]}`),
  ],
  [
    'Unix milliseconds',
    table('timestamp,power_frac', N, i => `${1_711_846_800_000 + 1000 * i},${SERIES[i]}`),
  ],
  ['milliseconds by the header', table('time_ms,power_frac', N, i => `${1000 * i},${SERIES[i]}`)],
  ['time in minutes', table('t [min],power_frac', N, i => `${i / 60},${SERIES[i]}`)],
  ['stamps of ISO 8601', table('time,power_frac', N, i => `${stamp(i)},${SERIES[i]}`)],
  [
    'stamps without T and Z',
    table('time,power_frac', N, i => `${stamp(i).slice(0, 19).replace('T', ' ')},${SERIES[i]}`),
  ],
  ['stamps with an offset', table('time,power_frac', N, i => `${stamp(i).slice(0, 19)}+01:00,${SERIES[i]}`)],
  [
    'stamps with the day first',
    table('Datum;Leistung [p.u.]', N, i => `01.01.2024 ${clock(i)};${comma(SERIES[i])}`),
  ],
  [
    'stamps with the month first',
    table('time,power_frac', N, i => `12/31/2023 ${clock(i)} AM,${SERIES[i]}`.replace(' 00:', ' 12:')),
  ],
  [
    'stamps with a month in letters',
    table('time,power_frac', N, i => `01-Jan-2024 ${clock(i)},${SERIES[i]}`),
  ],
  [
    'stamps without marks',
    table('time,power_frac', N, i => `20240101${clock(i).replaceAll(':', '')},${SERIES[i]}`),
  ],
  ['stamps with CET', table('time,power_frac', N, i => `2024-01-01 ${clock(i)} CET,${SERIES[i]}`)],
  ['times without a date', table('Uhrzeit;Leistung [p.u.]', N, i => `${clock(i)};${comma(SERIES[i])}`)],
  [
    'rows that span a time',
    table('MTU (UTC),power_frac', N, i => `01.01.2024 ${clock(i)} - 01.01.2024 ${clock(i + 1)},${SERIES[i]}`),
  ],
  [
    'date and time of day apart',
    table('Date,Time,power_frac', N, i => `2024-01-01,${clock(i)},${SERIES[i]}`),
  ],
  [
    'year, month, day, hour, minute, second apart',
    table(
      'Year,Month,Day,Hour,Minute,Sec,power_frac',
      N,
      i => `2024,1,1,0,${Math.floor(i / 60)},${i % 60},${SERIES[i]}`,
    ),
    { time: ['Year', 'Month', 'Day', 'Hour', 'Minute', 'Sec'] },
  ],
  ['float drift of times', table('time_s,power_frac', N, i => `${0.1 * 3 * i * (1 / 0.3)},${SERIES[i]}`)],
  [
    'jitter of 3 ms',
    table('time_s,power_frac', N, i => `${(i + [0, 0.003, -0.002][i % 3]).toFixed(3)},${SERIES[i]}`),
  ],
  [
    '10 Hz, mean',
    table('time_s,power_frac', 10 * N, i => `${(i / 10).toFixed(1)},${SERIES[Math.floor(i / 10)]}`),
  ],
  ['a mark for no value in another column', table('time_s,power_frac,note', N, i => `${i},${SERIES[i]},n/a`)],
];

function apart(value: number, sign: string): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, sign);
}

function grouped(value: number): string {
  return new Intl.NumberFormat('de-DE', { maximumFractionDigits: 1, minimumFractionDigits: 1 }).format(value);
}

describe('the same series', () => {
  it('is read from the plain file', () => {
    expect(values(read(PLAIN))).toEqual(SERIES);
  });

  for (const [what, file, entry = {}] of DIALECTS) {
    it(`with ${what}`, () => {
      expect(values(read(file, entry))).toEqual(SERIES);
    });
  }

  it('as wind goes through the turbine, in m/s and in km/h', () => {
    const wind = Float64Array.from({ length: N }, (_, i) => 5 + i / 20);
    const expected = Array.from(turbineSeries_frac(TURBINE, wind), v => Number(v.toFixed(9)));
    expect(values(read(table('time_s,wind_speed_m_per_s', N, i => `${i},${wind[i]}`)))).toEqual(expected);
    const km_per_h = table('time_s,v_wind [km/h]', N, i => `${i},${wind[i] * 3.6}`);
    expect(values(read(km_per_h))).toEqual(expected);
  });

  it('names file, hash and what was understood', () => {
    const profile = read(utf16(PLAIN, 'le'));
    const hash = createHash('sha256').update(utf16(PLAIN, 'le')).digest('hex');
    expect(profile.source).toBe(`w.csv (${N} rows of power_frac, sha256 ${hash})`);
    expect(profile.done).toEqual([
      'UTF-16LE, columns parted by comma, decimal mark "."',
      `time: column "time_s", in s; ${N} rows from 0 s to ${N - 1} s`,
      'values: column "power_frac" in p.u., a part of rated as it is',
      'power offered: 0.1 to 0.545 of rated, mean 0.3225',
      'rows every 1 s (hold: each value held until the next)',
    ]);
  });
});

describe('sun', () => {
  it('above what gives rated power is rated power; without that figure the file is refused', () => {
    const file = table('time_s,ghi_W_per_m2', 60, i => `${i},${i < 30 ? 400 : 1100}`);
    const profile = read(file, { rated_W_per_m2: 1000 });
    expect([profile.power_frac[0], profile.power_frac[59]]).toEqual([0.4, 1]);
    expect(refusal(file)).toMatch(
      /^w\.csv:1: ghi_W_per_m2 is an irradiance of up to 1100 W\/m2, and no model of a PV plant/,
    );
  });
});

describe('measured series', () => {
  const data = (name: string): string => resolve(import.meta.dirname, '../../../../shared/data', name);
  const has = (name: string): boolean => existsSync(data(name));
  const HOURS_8 = 28_800;
  for (const name of ['wind-1s-1day.csv', 'wind-5min-1year.csv', 'pv-1h-1year.csv'])
    if (!has(name)) console.log(`skipped: no measured series at ${data(name)}`);

  it.skipIf(!has('wind-1s-1day.csv'))('a day of wind at 1 s', () => {
    const profile = read(readFileSync(data('wind-1s-1day.csv')));
    expect(profile.power_frac.length).toBe(86_400);
    const highest = profile.power_frac.reduce((a, b) => Math.max(a, b));
    expect(highest).toBeGreaterThan(0.5);
    expect(highest).toBeLessThanOrEqual(1);
  });

  it.skipIf(!has('wind-5min-1year.csv'))('a year of wind power at 5 min, eight hours of it', () => {
    const bytes = readFileSync(data('wind-5min-1year.csv'));
    const entry = {
      rated_MW: 300,
      from: '2020-01-01T00:05:00Z',
      between: 'linear',
      outside: 'clip',
    } as const;
    const profile = read(bytes, entry, HOURS_8);
    expect(profile.power_frac.length).toBe(HOURS_8);
    // Lines 3 and 4 of the file: 143.9 and 144.2 MW, 300 s apart.
    expect(profile.power_frac[0]).toBeCloseTo(143.9 / 300, 9);
    expect(profile.power_frac[150]).toBeCloseTo((143.9 + 144.2) / 2 / 300, 9);
  });

  it.skipIf(!has('pv-1h-1year.csv'))('a year of PV at 1 h: energy of a day as in the file', () => {
    const bytes = readFileSync(data('pv-1h-1year.csv'));
    const profile = read(bytes, { rated_MW: 200, from: '2020-06-21T00:00:00Z', between: 'hold' }, 86_400);
    const day = bytes
      .toString()
      .split('\n')
      .filter(line => line.startsWith('2020-06-21'))
      .map(line => Number(line.split(',')[1]));
    expect(day.length).toBe(24);
    const energy_MWh = (profile.power_frac.reduce((sum, v) => sum + v, 0) * 200) / 3600;
    expect(energy_MWh).toBeCloseTo(
      day.reduce((sum, v) => sum + v, 0),
      6,
    );
  });
});
