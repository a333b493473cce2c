import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Entry, refusal, table } from './files.ts';

/** Files that cannot be used: one message with file, line, what was found and what was expected. */

const WIND = 'time_s,wind_speed_m_per_s';
const WANTED =
  'expected header "time_s,wind_speed_m_per_s", "time_s,power_frac", "time,power [kW]" or the like; other columns can be named in the method file under data:';
const rows = (n: number, header = WIND): string => table(header, n, i => `${i},8`);
/** A good file of 100 rows with one line (2 = first row) replaced. */
const withLine = (line: number, text: string, header = WIND): string =>
  rows(100, header)
    .split('\n')
    .with(line - 1, text)
    .join('\n');
const SPEED = 'expected a wind speed of 0..60 m/s';

const BAD: readonly (readonly [what: string, file: string | Uint8Array, message: string, entry?: Entry])[] = [
  ['empty', '', `w.csv:1: the file is empty, ${WANTED}`],
  ['only blank lines', '\n\n', `w.csv:1: the file is empty, ${WANTED}`],
  ['no header', rows(100).slice(WIND.length + 1), `w.csv:1: header "0,8", which has numbers only, ${WANTED}`],
  [
    'header only',
    `${WIND}\n`,
    `w.csv:1: header "${WIND}" (parted by comma): no line of data follows, ${WANTED}`,
  ],
  [
    'no unit of times',
    rows(100, 'time,wind_speed_m_per_s'),
    `w.csv:1: header "time,wind_speed_m_per_s" (parted by comma): the times in "time" have no unit (name it time_s or "time [s]", or write time_s: time under data:), ${WANTED}`,
  ],
  [
    'no unit of values',
    rows(100, 'time_s,wind'),
    `w.csv:1: header "time_s,wind" (parted by comma): no column of values: "wind" has no unit (write its unit in the heading, or wind_speed_m_per_s: "wind" under data:), ${WANTED}`,
  ],
  [
    'a speed that nobody calls wind',
    rows(100, 'time_s,speed_m_per_s'),
    `w.csv:1: header "time_s,speed_m_per_s" (parted by comma): no column of power, wind speed or irradiance among "speed_m_per_s", ${WANTED}`,
  ],
  [
    'an energy',
    rows(100, 'time_s,energy [kWh]'),
    `w.csv:1: header "time_s,energy [kWh]" (parted by comma): no column of power: "energy [kWh]" is in kWh (an energy: divide it by the hours of its step, and call it power), ${WANTED}`,
  ],
  [
    'a current',
    rows(100, 'time_s,current_A'),
    `w.csv:1: header "time_s,current_A" (parted by comma): no column of power, wind speed or irradiance among "current_A", ${WANTED}`,
  ],
  [
    'milliwatts, or a slip for megawatts',
    rows(100, 'time_s,power [mW]'),
    `w.csv:1: header "time_s,power [mW]" (parted by comma): no column of power, wind speed or irradiance among "power [mW]", ${WANTED}`,
  ],
  [
    'two columns that can be meant',
    table('time_s,wind_10m [m/s],wind_80m [m/s]', 100, i => `${i},8,9`),
    `w.csv:1: header "time_s,wind_10m [m/s],wind_80m [m/s]" (parted by comma): 2 columns can be meant ("wind_10m [m/s]", "wind_80m [m/s]"); write which, e.g. wind_speed_m_per_s: "wind_10m [m/s]" under data:, ${WANTED}`,
  ],
  [
    'a column that is not there',
    rows(100),
    `w.csv:1: header "${WIND}" (parted by comma): no column "P_total" among "time_s", "wind_speed_m_per_s", ${WANTED}`,
    { power_kW: 'P_total' },
  ],
  [
    'a unit other than the declared one',
    rows(100, 'time_s,P [MW]'),
    `w.csv:1: header "time_s,P [MW]" (parted by comma): the column "P [MW]" is in MW, data: says power_kW (write power_MW: "P [MW]"), ${WANTED}`,
    { power_kW: 'P [MW]', rated_kW: 10 },
  ],
  [
    'a rating that is none of this quantity',
    rows(100),
    `w.csv:1: wind_speed_m_per_s is a wind speed, expected no "rated_kW: 10" under data: for it`,
    { rated_kW: 10 },
  ],
  ['text', withLine(5, '3,calm'), `w.csv:5: wind_speed_m_per_s "calm", ${SPEED}`],
  ['text in the first row', withLine(2, '0,calm'), `w.csv:2: wind_speed_m_per_s "calm", ${SPEED}`],
  [
    'infinite',
    withLine(5, '3,1e999'),
    `w.csv:5: wind_speed_m_per_s "1e999", ${SPEED} (a lost decimal point, another unit, or a number for "no value": missing: [...] under data:)`,
  ],
  ['hexadecimal', withLine(5, '3,0x10'), `w.csv:5: wind_speed_m_per_s "0x10", ${SPEED}`],
  [
    'slightly below',
    withLine(9, '7,-0.1'),
    `w.csv:9: wind_speed_m_per_s "-0.1", ${SPEED} (outside: clip under data: takes it to the nearest of these)`,
  ],
  [
    'hurricane',
    withLine(9, '7,60.1'),
    `w.csv:9: wind_speed_m_per_s "60.1", ${SPEED} (a lost decimal point, another unit, or a number for "no value": missing: [...] under data:)`,
  ],
  ['time as text', withLine(9, 'x,8'), 'w.csv:9: time_s "x", expected seconds, a number'],
  [
    'time back',
    withLine(12, '3,8'),
    'w.csv:12: time goes back from 9 s to 3 s, expected rows in the order of their time',
  ],
  ['a row of one cell', withLine(7, '5'), 'w.csv:7: "5": 1 cells, expected at least 2'],
  [
    'a row of three',
    withLine(7, '5,8,9'),
    'w.csv:7: "5,8,9": 3 cells, expected 2 as in the header (a decimal comma cannot stand where commas part columns)',
  ],
  ['a sum below', `${rows(100)}Total,800\n`, 'w.csv:102: time_s "Total", expected seconds, a number'],
  [
    'words below, and data again',
    `${rows(100)}\nwind at 80 m\n\n100,8\n`,
    'w.csv:103: "wind at 80 m": 1 cells, expected data, because more of them follow',
  ],
  [
    'a decimal point among commas',
    table('time_s;wind_speed_m_per_s', 100, i => `${i};${i === 9 ? '8.5' : '8,5'}`),
    'w.csv:11: wind_speed_m_per_s "8.5": its mark may be a decimal one or part thousands, expected decimal: "." or "," under data:',
  ],
  [
    'a quote that does not close',
    withLine(7, '5,"8'),
    'w.csv:7: a quote is opened and never closed, expected a pair of quotes around a cell',
  ],
  ['too short', rows(59), 'w.csv:60: 59 rows, 59 s, expected at least 60 s'],
  [
    'milliseconds that call themselves seconds',
    table('time_s,power_frac', 100, i => `${1_711_846_800_000 + i * 1000},0.5`),
    'w.csv:2: time_s "1711846800000" looks like milliseconds since 1970, expected seconds (or time_ms: "time_s" under data:)',
  ],
  [
    'a workbook',
    Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0),
    'w.csv: the file is a workbook or a zip archive, expected text in CSV (UTF-8, UTF-16 or Windows-1252)',
  ],
  [
    'compressed',
    gzipSync(rows(100)),
    'w.csv: the file is compressed (gzip), expected text in CSV (UTF-8, UTF-16 or Windows-1252)',
  ],
  [
    'binary',
    Uint8Array.of(0x41, 0x0a, 0x00, 0x42, 0x43, 0x44),
    'w.csv:2: the file is binary (byte 0x00), expected text in CSV (UTF-8, UTF-16 or Windows-1252)',
  ],
];

describe('bad files', () => {
  for (const [what, file, message, entry = {}] of BAD) {
    it(what, () => {
      expect(refusal(file, entry)).toBe(message);
    });
  }
});
