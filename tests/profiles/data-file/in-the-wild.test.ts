import { describe, expect, it } from 'vitest';
import { type Entry, read, refusal } from './files.ts';

/** Files shaped like those of public sources of wind, sun and grid data; the figures are made up. */

interface Source {
  readonly what: string;
  readonly lines: readonly string[];
  readonly row: (hour: number) => string;
  readonly below?: readonly string[];
  readonly entry: Entry;
  /** Part of rated at the begin of hours 0, 1 and 2, to 4 digits (wind after the rotor's lag: at the end of them). */
  readonly expected: readonly number[];
}

const HOURS = 7;
const two = (n: number): string => String(n).padStart(2, '0');

const SOURCES: readonly Source[] = [
  {
    what: 'windpowerlib: two lines of headings, heights in the second, two columns of one name',
    lines: [
      'variable_name,pressure,temperature,wind_speed,roughness_length,temperature,wind_speed',
      'height,0,2,10,0.15,10,80',
    ],
    row: h => `2010-01-01 ${two(h)}:00:00+01:00,98405.7,267.6,5.3,0.15,267.6,${8 + h}`,
    entry: { wind_speed_m_per_s: 'wind_speed 80' },
    expected: [0.3247, 0.4699, 0.6513],
  },
  {
    what: 'Renewables.ninja: lines of remarks, two columns of times, the unit in a remark',
    lines: [
      '# Renewables.ninja Wind (Point API) - 53.5, 8.1',
      '# Version: 1.1',
      '# Units: electricity in kW',
      'time,local_time,electricity',
    ],
    row: h => `2019-01-01 ${two(h)}:00,2019-01-01 ${two(h + 1)}:00,${100 * h}.25`,
    entry: { power_kW: 'electricity', rated_kW: 1000 },
    expected: [0.0003, 0.1003, 0.2003],
  },
  {
    what: 'PVGIS: facts above, words below, stamps of its own',
    lines: [
      'Latitude (decimal degrees):\t53.000',
      'Longitude (decimal degrees):\t8.000',
      'Nominal power of the PV system (c-Si) (kWp):\t1.0',
      '',
      'time,P,G(i),H_sun,T2m,WS10m,Int',
    ],
    row: h => `20200601:${two(h)}10,${150.5 * h},${180.1 * h},12.0,14.1,3.2,0.0`,
    below: [
      '',
      'P: PV system power (W)',
      'G(i): Global irradiance on the inclined plane (W/m2)',
      'WS10m: 10-m total wind speed (m/s)',
      '',
      'PVGIS (c) European Union, 2001-2025',
    ],
    entry: { power_W: 'P', rated_kW: 1 },
    expected: [0, 0.1505, 0.301],
  },
  {
    what: 'NSRDB: two lines of facts above, the date in five columns',
    lines: [
      'Source,Location ID,Latitude,Longitude,Time Zone,Elevation',
      'NSRDB,1234,39.7,-105.2,-7,1829',
      'Year,Month,Day,Hour,Minute,GHI,DNI,Wind Speed,Temperature',
    ],
    row: h => `2020,6,1,${h},30,${200 * h},300,2.5,18`,
    entry: { irradiance_W_per_m2: 'GHI', rated_W_per_m2: 1000 },
    expected: [0, 0.2, 0.4],
  },
  {
    what: 'Open Power System Data: many columns, stamps in two zones, MW without saying so',
    lines: [
      'utc_timestamp,cet_cest_timestamp,DE_load_actual,DE_solar_generation_actual,DE_wind_onshore_generation_actual',
    ],
    row: h => `2020-01-01T${two(h)}:00:00Z,2020-01-01T${two(h + 1)}:00:00+0100,50000,0,${5000 * h}`,
    entry: { power_MW: 'DE_wind_onshore_generation_actual', rated_GW: 50 },
    expected: [0, 0.1, 0.2],
  },
  {
    what: 'DWD: semicolons, padded cells, stamps without marks, -999 for no value',
    lines: ['STATIONS_ID;MESS_DATUM;  QN;FF_10;DD_10;eor'],
    row: h => `       1270;20200101${two(h)};    3;   ${h === 5 ? -999 : 8 + h / 10};  230;eor`,
    entry: { wind_speed_m_per_s: 'FF_10', missing: [-999], gaps: { interpolate_s: 7200 } },
    expected: [0.3247, 0.3377, 0.351],
  },
  {
    what: 'ENTSO-E: stretches of time, quotes, blanks around',
    lines: ['"MTU (CET/CEST)","Wind Onshore - Actual Aggregated [MW]"'],
    row: h => `"01.01.2020 ${two(h)}:00 - 01.01.2020 ${two(h + 1)}:00 ","${1000 + 100 * h}"`,
    entry: { zone: 'Europe/Berlin', rated_MW: 10_000 },
    expected: [0.1, 0.11, 0.12],
  },
  {
    what: 'a spreadsheet in German: UTF-8 mark aside, semicolons, thousands, date and time apart',
    lines: ['Datum;Uhrzeit;Leistung gesamt [kW];Bemerkung'],
    row: h => `25.10.2020;${two(h)}:00:00;${h === 0 ? '0,00' : `${h}.250,50`};`,
    entry: { zone: 'UTC', rated_MW: 25 },
    expected: [0, 0.05, 0.09],
  },
  {
    what: 'SCADA of a turbine: ten minutes, the day first, many columns',
    lines: [
      'Date/Time,LV ActivePower (kW),Wind Speed (m/s),Theoretical_Power_Curve (KWh),Wind Direction (°)',
    ],
    row: h => `15-01-2018 ${two(h)}:00,${300 * h}.5,6.1,400.2,259.9`,
    entry: { power_kW: 'LV ActivePower', rated_kW: 3600 },
    expected: [0.0001, 0.0835, 0.1668],
  },
];

describe('files shaped like those of public sources', () => {
  for (const { what, lines, row, below = [], entry, expected } of SOURCES) {
    it(what, () => {
      const text = [...lines, ...Array.from({ length: HOURS }, (_, h) => row(h)), ...below, ''].join('\n');
      const { power_frac } = read(text, entry);
      expect(power_frac.length).toBe(HOURS * 3600);
      const ends = [0, 1, 2].map(h => power_frac[h * 3600 + 3599]);
      expect(ends.map(v => Number(v.toFixed(4)))).toEqual(expected);
    });
  }

  it('with two columns that may be meant are refused until one is named', () => {
    const [{ row }] = SOURCES.slice(-1);
    const text = [
      ...SOURCES[SOURCES.length - 1].lines,
      ...Array.from({ length: HOURS }, (_, h) => row(h)),
      '',
    ].join('\n');
    expect(refusal(text)).toMatch(
      /2 columns can be meant \("LV ActivePower \(kW\)", "Wind Speed \(m\/s\)"\); write which, e\.g\. power_kW: "LV ActivePower \(kW\)" under data:/,
    );
  });

  it('whose decimal points got lost on the way are refused', () => {
    const [source] = SOURCES;
    const speeds = [4031, 5038, 8963];
    const text = [
      ...source.lines,
      ...speeds.map((v, h) => source.row(h).replace(/,[^,]+$/, `,${v}`)),
      '',
    ].join('\n');
    expect(refusal(text, source.entry)).toMatch(
      /^w\.csv:3: wind_speed "4031", expected a wind speed of 0\.\.60 m\/s/,
    );
  });
});
