import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkMethod, type LoadedBench, parseBench } from '../../../control/bench/bench-file.ts';
import { parseMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import type { Accuracy, DeviceDescription } from '../../../drivers/contract/device.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { CELL_ROWS } from './should-not-start-cell-rows.ts';
import { MORE_PEM_ROWS } from './should-not-start-more-rows.ts';
import type { Change } from './should-not-start-row.ts';
import { PEM_ROWS } from './should-not-start-rows.ts';

/** Benches that would load and run, and should not start: each with its line, its reason, and the way to accept it. */

const PEM = 'examples/pem-500kw/bench.yaml';
const CELL = 'examples/cell-cycling/bench.yaml';

function changed(path: string, changes: readonly Change[]): string {
  let text = readFileSync(path, 'utf8');
  for (const [from, to] of changes) {
    expect(text.split(from), `"${from}" once in ${path}`).toHaveLength(2);
    text = text.replace(from, () => to);
  }
  return text;
}

function load(path: string, text: string): LoadedBench | string {
  try {
    return parseBench(path, text, describeDevice);
  } catch (error) {
    expect(error).toBeInstanceOf(FileError);
    return (error as FileError).message;
  }
}

const lineOf = (text: string, piece: string): number => text.slice(0, text.indexOf(piece)).split('\n').length;

describe.each([
  [PEM, [...PEM_ROWS, ...MORE_PEM_ROWS]],
  [CELL, CELL_ROWS],
] as const)('%s should not start', (path, rows) => {
  it.each(rows)('$what', ({ changes, at, says, accept }) => {
    const text = changed(path, changes);
    const message = load(path, text);
    expect(message).toMatch(says);
    expect(message).toMatch(/expected/);
    expect(
      String(message).startsWith(`${path}:${lineOf(text, at)}: `),
      `${String(message)}, line of ${at}`,
    ).toBe(true);
    if (accept === undefined) return;
    const loaded = load(path, changed(path, [...changes, accept]));
    if (typeof loaded === 'string') throw new Error(loaded);
    // What the example accepts itself is not asked here.
    const base = load(path, changed(path, []));
    const own = typeof base === 'string' ? [] : base.accepted.map(({ place }) => place);
    expect(loaded.accepted.filter(({ place }) => !own.includes(place))).toEqual([
      expect.objectContaining({
        reason: 'the reason of this lab',
        line: expect.any(Number),
        check: expect.any(String),
      }),
    ]);
  });
});

describe('a bench whose interlocks only warn', () => {
  it('is refused', () => {
    const text = readFileSync(CELL, 'utf8').replaceAll('reaction: trip', 'reaction: warn');
    expect(load(CELL, text)).toMatch(/no interlock of this bench trips/);
  });
});

describe('figures of an instrument that say nothing', () => {
  const described =
    (change: (of: DeviceDescription) => DeviceDescription): typeof describeDevice =>
    (driver, options, baseDir) =>
      change(describeDevice(driver, options, baseDir));
  const said = (change: (of: DeviceDescription) => DeviceDescription): string => {
    try {
      parseBench(PEM, readFileSync(PEM, 'utf8'), described(change));
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const tolerance = (name: string, to: number) => (of: DeviceDescription) => ({
    ...of,
    settables: of.settables.map(s => (s.name === name ? { ...s, tolerance: to } : s)),
  });
  const accuracy = (name: string, to: Accuracy) => (of: DeviceDescription) => ({
    ...of,
    channels: of.channels.map(c => (c.name === name ? { ...c, accuracy: to } : c)),
  });
  it.each([
    ['a read-back that equals anything', tolerance('currentSet_A', 1e9), /currentSet_A: .* of at most 122/],
    [
      'a switch that reads back either way',
      tolerance('outputSet_on', 1),
      /outputSet_on: .* of at most 0\.49/,
    ],
    [
      'a reading that may be anything',
      accuracy('current_A', { reading_pct: 0, abs: 1000, basis: 'default' }),
      /current_A: an accuracy .* is no measurement/,
    ],
    [
      'a reading off by half of itself',
      accuracy('current_A', { reading_pct: 50, abs: 0, basis: 'default' }),
      /current_A: an accuracy .* is no measurement/,
    ],
  ])('%s', (_, change, expected) => {
    expect(said(change)).toMatch(/bench\.yaml:\d+: devices\.supply: /);
    expect(said(change)).toMatch(expected);
  });
  it('as they are, they pass', () => {
    expect(said(of => of)).toBe('');
  });
});

describe('an interlock armed by a tag that no step has', () => {
  const armed = 'limit: 150, rearm: 180, delay_s: 3, reaction: trip, armed: load,';
  const METHOD = 'method: m\nversion: 2\nsteps:\n- { wait: {}, for_s: 1, tags: [curve] }\n';
  const judged = (to: string): readonly unknown[] | string => {
    const loaded = load(PEM, changed(PEM, [[armed, to]]));
    if (typeof loaded === 'string') return loaded;
    try {
      return checkMethod(parseMethodFor('m.yaml', METHOD, loaded), loaded);
    } catch (error) {
      return (error as Error).message;
    }
  };
  it.each(['load', 'always', 'running', 'curve'])('%s is known', tag => {
    expect(judged(armed.replace('load', tag))).toEqual([]);
  });
  it('laod is load misspelt, and no reason stands for it', () => {
    const said =
      /bench\.yaml:\d+: interlocks\[16\]\.armed: no step of this method has the tag "laod" \(did you mean "load"\?\)/;
    expect(judged(armed.replace('load', 'laod'))).toMatch(said);
    expect(judged(armed.replace('load', 'laod, accepted: why'))).toMatch(said);
  });
  it('another one needs a reason', () => {
    expect(judged(armed.replace('load', 'pressure-test'))).toMatch(
      /expected one of always, running, load, curve/,
    );
    expect(judged(armed.replace('load', 'pressure-test, accepted: other methods'))).toEqual([
      expect.objectContaining({
        place: 'interlocks[16]',
        check: 'armed-by-no-step',
        reason: 'other methods',
      }),
    ]);
  });
});
