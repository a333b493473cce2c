import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { generatedWind } from '../../../profiles/data-file/wind.ts';
import { type MethodData, readMethodData } from '../../../profiles/language/data/method-data.ts';
import { readLanguageText } from '../../../profiles/language/file/read-file.ts';

/** Data of a method: the entry of its file, and the values that its expressions get. What a file may be: data-file/. */

interface Given {
  readonly needed_s?: number;
  readonly wind?: string;
  readonly seed?: number;
}

function read(text: string, entry: string, given: Given = {}): MethodData {
  const steps = '- { rest: {}, for_s: 1 }';
  const main = readLanguageText('m/m.yaml', `method: x\nversion: 2\ndata: ${entry}\nsteps:\n${steps}\n`);
  const { needed_s = 0, wind, seed = 1 } = given;
  const names = Object.keys({ ...(main.head['data'] as object) });
  const followed = new Map([[main.path, new Map(names.map(name => [name, needed_s]))]]);
  const bytesOf = (path: string): Uint8Array => {
    expect(path).toBe(wind ?? `${process.cwd()}/m/x.csv`);
    return new TextEncoder().encode(text);
  };
  return readMethodData({ main, procedures: new Map() }, followed, { wind, seed }, bytesOf, () => undefined);
}
const at = (data: MethodData, times_s: readonly number[], column = 'power_MW', name = 'd'): number[] =>
  times_s.map(t => data.column(`m/m.yaml#${name}`, column)?.(t) ?? Number.NaN);
const endOf = (data: MethodData, name = 'd'): number => data.end_s(`m/m.yaml#${name}`);

const RAMP = 't,P\n0,1\n60,2\n120,4\n';
const PLAIN = '{ d: { file: x.csv, time_s: t, power_MW: P } }';

describe('a column as it stands', () => {
  it('holds each row until the next, and the last for a step', () => {
    const data = read(RAMP, PLAIN);
    expect(endOf(data)).toBe(180);
    expect(at(data, [0, 59.9, 60, 119, 120, 179])).toEqual([1, 1, 2, 2, 4, 4]);
    expect(at(data, [-1, 181])).toEqual([Number.NaN, Number.NaN]);
  });

  it('goes in straight lines, begins again, looks back and far ahead', () => {
    const data = read(RAMP, '{ d: { file: x.csv, time_s: t, power_MW: P, between: linear, repeat: on } }');
    expect(endOf(data)).toBe(Number.POSITIVE_INFINITY);
    expect(at(data, [30, 90, 180, 210, 18_030, 0, 90])).toEqual([1.5, 3, 1, 1.5, 1.5, 1, 3]);
    const long = read(`t,P\n${Array.from({ length: 500 }, (_, i) => `${i},${i}`).join('\n')}\n`, PLAIN);
    expect(at(long, [0, 450, 3, 499.5, 130])).toEqual([0, 450, 3, 499, 130]);
  });

  it('is the mean of each second where rows are closer, or one of them by a word', () => {
    const tenHz = `t,P\n${Array.from({ length: 40 }, (_, i) => `${(i / 10).toFixed(1)},${i}`).join('\n')}\n`;
    const mean = at(read(tenHz, PLAIN), [0, 0.9, 1, 3]).map(value => Number(value.toFixed(9)));
    expect(mean).toEqual([4.5, 4.5, 14.5, 34.5]);
    const held = read(tenHz, '{ d: { file: x.csv, time_s: t, power_MW: P, between: hold } }');
    expect(at(held, [0, 0.95, 3.9])).toEqual([0, 9, 39]);
    expect(held.lines.at(-1)).toContain('looks at one row of 10 in each second');
  });

  it('has second 0 where `from` says', () => {
    expect(at(read(RAMP, '{ d: { file: x.csv, time_s: t, power_MW: P, from: 60 } }'), [0, 60])).toEqual([
      2, 4,
    ]);
  });

  it('reads stamps of a zone through both hours that a clock shows twice', () => {
    const stamps = ['01:30', '02:00', '02:30', '02:00', '02:30', '03:00'];
    const rows = stamps.map((time, i) => `2026-10-25 ${time};${i}`).join('\n');
    const entry = '{ d: { file: x.csv, time: stamp, zone: Europe/Berlin, power_MW: P } }';
    expect(at(read(`stamp;P\n${rows}\n`, entry), [0, 3600, 5400, 9000])).toEqual([0, 2, 3, 5]);
  });

  it('takes decimal commas, headings after remarks, lines of units, numbers of columns, and several of them', () => {
    const text = '# a remark\nt;P;U\n[s];[MW];[V]\n0;1,5;3,6\n1;1,6;3,7\n';
    const data = read(text, '{ d: { file: x.csv, power_MW: P, u_V: 3 } }');
    expect(at(data, [0, 1])).toEqual([1.5, 1.6]);
    expect(at(data, [0, 1], 'u_V')).toEqual([3.6, 3.7]);
  });

  it('says of several what was done to all once, and what was done to one with its heading', () => {
    const text = 't,I,U\n0,1.5,3\n1,1.5,3\n2,,3\n3,1.5,3\n4,1.5,3\n';
    const entry = '{ d: { file: x.csv, time_s: t, current_A: I, u_V: U, gaps: { hold_s: 5 } } }';
    const { lines } = read(text, entry);
    expect(lines.slice(3)).toEqual([
      'load d: values: column "I" in A, as it stands',
      'load d: rows every 1 s (hold: each value held until the next)',
      'load d: "I": 1 gap, 1 s together, the longest 2 s (line 4 first), held over',
      'load d: values: column "U" in V, as it stands',
    ]);
    expect(lines[0]).toMatch(/^load d: .*x\.csv \(5 rows of I, U, sha256 [0-9a-f]{64}\)$/);
  });

  it.each([
    [
      'a column that is not there',
      't,Q\n0,1\n1,2\n',
      PLAIN,
      /^m\/m\.yaml:3:48: power_MW: no column "P" in \S*x\.csv, expected one of "t", "Q"\n/,
    ],
    [
      'rows that are missing',
      't,P\n0,1\n1,2\n2,2\n9,1\n',
      PLAIN,
      ':5: gap in time: from 2 s to 9 s there is no value',
    ],
    ['time that stands still', 't,P\n0,1\n1,2\n1,3\n', PLAIN, ':4: the time 1 s is repeated'],
    ['a value that is none', 't,P\n0,1\n1,off\n', PLAIN, ':3: P "off", expected a number'],
    ['a value that is missing', 't,P\n0,1\n1,\n2,1\n', PLAIN, ':3: gap in time: from 0 s to 2 s'],
    ['no rows', 't,P\n', PLAIN, ':1: header "t,P" (parted by comma): no line of data follows'],
    ['nothing', '', PLAIN, ':1: the file is empty'],
    [
      'a number without its decimal point',
      `t,P\n${Array.from({ length: 9 }, (_, i) => `${i},${i === 5 ? '121' : '1.21'}`).join('\n')}\n`,
      PLAIN,
      ':7: P "121" between "1.21" and "1.21" has lost its decimal point',
    ],
    [
      'a heading that the file does not have',
      't,Power,I\n0,1,1\n1,2,1\n',
      '{ d: { file: x.csv, time_s: t, power_MW: Powr } }',
      /^m\/m\.yaml:3:48: power_MW: no column "Powr" in \S*x\.csv \(did you mean "Power"\?\), expected one of "Power", "t", "I"\n/,
    ],
    [
      'another unit in the heading',
      't,I [mA]\n0,1\n1,2\n',
      '{ d: { file: x.csv, time_s: t, current_A: "I [mA]" } }',
      'the column "I [mA]" is in mA, data: says current_A (write current_mA: "I [mA]")',
    ],
    [
      'kiloampere in the heading',
      't,I [kA]\n0,1\n1,2\n',
      '{ d: { file: x.csv, time_s: t, current_A: "I [kA]" } }',
      'the column "I [kA]" is in kA, data: says current_A (write current_kA: "I [kA]")',
    ],
    [
      'another quantity in the heading, whose key is no way out',
      't,U [mV]\n0,1\n1,2\n',
      '{ d: { file: x.csv, time_s: t, current_A: "U [mV]" } }',
      /is in mV, data: says current_A[^(]*expected/,
    ],
    [
      'minutes in the heading',
      't [min],P\n0,1\n1,2\n',
      '{ d: { file: x.csv, time_s: "t [min]", power_MW: P } }',
      'the column "t [min]" is in min, data: says time_s (write time_min: "t [min]")',
    ],
    [
      'a begin outside',
      RAMP,
      '{ d: { file: x.csv, time_s: t, power_MW: P, from: 999 } }',
      ':2: from: 999 is no time of this file',
    ],
    [
      'an hour that the clock left out',
      'z,P\n2026-03-29 01:30,1\n2026-03-29 02:30,2\n',
      '{ d: { file: x.csv, time: z, zone: Europe/Berlin, power_MW: P } }',
      ':3: z "2026-03-29 02:30"',
    ],
  ] as const)('refuses %s', (_what, text, entry, says) => {
    expect(() => read(text, entry)).toThrow(says);
  });

  it('refuses a file that is shorter than it is followed, unless it begins again', () => {
    expect(() => read(RAMP, PLAIN, { needed_s: 181 })).toThrow(
      'm/m.yaml:3:20: file: 180 s in it (its last row stands for 60 s of them), expected at least 181 s: so long does the method follow it (repeat: on under data: begins again at its end)',
    );
    expect(at(read(RAMP, PLAIN, { needed_s: 180 }), [179])).toEqual([4]);
  });
});

describe('what is offered, power_pct', () => {
  const rows = (value: (i: number) => number): string =>
    `t,x\n${Array.from({ length: 90 }, (_, i) => `${i},${value(i)}`).join('\n')}\n`;
  const offered = (text: string, keys: string): number[] =>
    at(read(text, `{ d: { file: x.csv, time_s: t, ${keys} } }`), [0, 30, 89], 'power_pct');

  it.each([
    ['power over the rated one', 'power_kW: x, rated_MW: 0.2', (i: number) => i, [0, 15, 44.5]],
    ['a share', 'power_frac: x', (i: number) => i / 100, [0, 30, 89]],
    ['per cent', 'power_pct: x', (i: number) => i, [0, 30, 89]],
    [
      'sun, flat above the rated one',
      'irradiance_W_per_m2: x, rated_W_per_m2: 800',
      (i: number) => 10 * i,
      [0, 37.5, 100],
    ],
    ['wind through the turbine', 'wind_speed_m_per_s: x', () => 11.5, [100, 100, 100]],
  ] as const)('of %s', (_what, keys, value, expected) => {
    const found = offered(rows(value), keys);
    for (const [i, one] of expected.entries()) expect(found[i]).toBeCloseTo(one, 9);
  });

  it('beside the column itself', () => {
    const data = read(
      rows(i => i),
      '{ d: { file: x.csv, time_s: t, power_kW: x, rated_kW: 100, n_A: x } }',
    );
    expect(at(data, [50], 'power_kW')).toEqual([50]);
    expect(at(data, [50], 'power_pct')).toEqual([50]);
    expect(at(data, [50], 'n_A')).toEqual([50]);
  });

  it('of the only column that can be meant, where the entry says nothing', () => {
    const data = read(
      'time_s,P [%]\n'.concat(Array.from({ length: 60 }, (_, i) => `${i},50.5`).join('\n')),
      '{ d: { file: x.csv } }',
    );
    expect(at(data, [0, 59], 'power_pct')).toEqual([50.5, 50.5]);
  });

  it('of a wind that is made: the same as ever for a seed and a time', () => {
    const data = read('', '{ d: { generated: wind, mean_m_per_s: 9 } }', { needed_s: 28_800, seed: 7 });
    const wind = generatedWind({ seconds: 28_800, mean_m_per_s: 9, seed: 7 }, seededRandom(7));
    const times = [0, 1, 1000, 28_799];
    expect(at(data, times, 'power_pct')).toEqual(times.map(s => 100 * wind.power_frac[s]));
    expect(data.lines).toEqual([
      'load d: IEC 61400-1 Kaimal, normal turbulence, mean 9 m/s, 28800 s, seed 7',
    ]);
    expect(
      at(read('', '{ d: { generated: wind } }', { needed_s: 28_800, seed: 7 }), times, 'power_pct'),
    ).toEqual(at(data, times, 'power_pct'));
  });

  it('--wind FILE takes the place of the file of wind, or of the wind that is made', () => {
    const given = { wind: 'other/w.csv', needed_s: 60 };
    const text = 't,x\n'.concat(Array.from({ length: 60 }, (_, i) => `${i},30`).join('\n'));
    const entry = '{ wind: { file: x.csv, time_s: t, power_kW: x, rated_kW: 300 } }';
    expect(at(read(text, entry, given), [5], 'power_pct', 'wind')).toEqual([10]);
    const open = '{ wind: { time_s: t, power_kW: x, rated_kW: 300 } }';
    expect(at(read(text, open, given), [5], 'power_pct', 'wind')).toEqual([10]);
    const made = read(text.replace('t,x', 'time_s,power_pct'), '{ wind: { generated: wind } }', given);
    expect(at(made, [5], 'power_pct', 'wind')).toEqual([30]);
    expect(() => read(text, open)).toThrow(
      'm/m.yaml:3:9: wind: no file is named, expected file: with its name, or --wind FILE',
    );
    expect(() => read(text, PLAIN, given)).toThrow(
      'the method follows no wind, expected an entry called wind under data:',
    );
  });
});
