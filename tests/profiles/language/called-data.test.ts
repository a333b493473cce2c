import { describe, expect, it } from 'vitest';
import { readMethodData } from '../../../profiles/language/data/method-data.ts';
import { type ReadCalled, readWithCalls } from '../../../profiles/language/file/calls.ts';

/** A procedure leaves its data to its caller: file and headings by the names of its parameters. */

const PROCEDURES: Readonly<Record<string, string>> = {
  follow: [
    'procedure: follow',
    'version: 2',
    'parameters: { wind_file: {}, power_text: { default: P } }',
    'data: { wind: { file: wind_file, time_s: t, power_kW: power_text } }',
    'steps: [{ follow: { power_kW: wind.power_kW } }]',
  ].join('\n'),
  twice: [
    'procedure: twice',
    'version: 2',
    'parameters: { own_file: default.csv }',
    'steps:',
    '- { call: follow, with: { wind_file: own_file } }',
  ].join('\n'),
};
const find: ReadCalled = name => {
  const text = PROCEDURES[name];
  return text === undefined ? undefined : { path: `/lab/${name}.yaml`, text };
};

/** Data of a method with these calls; every file holds `t,P,Q`. */
function dataOf(...calls: readonly string[]) {
  const text = ['method: night', 'version: 2', 'steps:', ...calls.map(call => `- ${call}`)].join('\n');
  const read: string[] = [];
  const data = readMethodData(
    readWithCalls('/night/night.yaml', text, find),
    new Map(),
    { seed: 1 },
    path => {
      read.push(path);
      return new TextEncoder().encode('t,P,Q\n0,1,10\n60,2,20\n');
    },
    find,
  );
  const power = (at_s: number) => data.column('/lab/follow.yaml#wind', 'power_kW')?.(at_s);
  return { read, power };
}

describe('data of a procedure', () => {
  it('stands beside the file that gives it, under the default heading', () => {
    const { read, power } = dataOf('{ call: follow, with: { wind_file: farm.csv } }');
    expect(read).toEqual(['/night/farm.csv']);
    expect(power(70)).toBe(2);
  });

  it('has the heading that is given', () => {
    const { power } = dataOf('{ call: follow, with: { wind_file: farm.csv, power_text: Q } }');
    expect(power(70)).toBe(20);
  });

  it('has a heading that is not there: said where the caller names it', () => {
    expect(() => dataOf('{ call: follow, with: { wind_file: farm.csv, power_text: p1 } }')).toThrow(
      /^\/night\/night\.yaml:4:60: power_text: no column "p1" in \/night\/farm\.csv \(did you mean "P"\?\), expected one of "P", "t", "Q"\n/,
    );
  });

  it('is handed on from procedure to procedure, and may be a default of either', () => {
    expect(dataOf('{ call: twice, with: { own_file: farm.csv } }').read).toEqual(['/night/farm.csv']);
    expect(dataOf('{ call: twice }').read).toEqual(['/lab/default.csv']);
  });

  it('is one in a method', () => {
    const one = '{ call: follow, with: { wind_file: a.csv } }';
    expect(dataOf(one, one).read).toEqual(['/night/a.csv']);
    expect(() => dataOf(one, '{ call: follow, with: { wind_file: b.csv } }')).toThrow(
      '/night/night.yaml:5:27: wind_file: gives follow other data than the call before (a.csv), expected one wind_file in a method',
    );
  });
});
