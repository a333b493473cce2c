import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../../control/bench/bench.ts';
import { checkMethod, loadBench, parseBench } from '../../../control/bench/bench-file.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { FileError } from '../../../drivers/contract/yaml-file.ts';
import { loadMethod, parseMethod } from '../../../profiles/method-file.ts';
import { BAD_BENCHES } from './bad-benches.ts';

const PATH = 'examples/pem-500kw/bench.yaml';
const text = readFileSync(PATH, 'utf8');
const lineOf = (piece: string): number => text.slice(0, text.indexOf(piece)).split('\n').length;
const messageFor = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(FileError);
    return (error as FileError).message;
  }
  return 'accepted';
};

describe('a bad bench file gives one message with file, line and what was expected', () => {
  it.each(BAD_BENCHES)('%s', (_what, from, to, pieces) => {
    expect(text).toContain(from);
    const message = messageFor(() => parseBench(PATH, text.replace(from, to), describeDevice));
    for (const piece of pieces) expect(message).toContain(piece);
    expect(message).toMatch(/bench\.yaml:\d+: /);
    expect(message.split('\n')).toHaveLength(1);
  });

  it('names the line of the entry', () => {
    const from = 'stack.voltageSet_V: { min: 0, max: 304 }';
    const bad = text.replace(from, from.replace('304', '3100'));
    expect(messageFor(() => parseBench(PATH, bad, describeDevice))).toContain(`bench.yaml:${lineOf(from)}: `);
  });

  it('says so where the file cannot be opened', () => {
    expect(messageFor(() => loadBench('/nowhere/bench.yaml', describeDevice))).toMatch(
      /^\/nowhere\/bench.yaml: cannot be opened/,
    );
  });
});

describe('bench and method together', () => {
  const loaded = loadBench(PATH, describeDevice);
  const method = (...steps: string[]): string =>
    [
      'method: m',
      'version: 1',
      'phases:',
      '  - name: one',
      '    steps:',
      ...steps,
      'finally:',
      '  - hold: { for_s: 1 }',
    ].join('\n');

  it('the example loads, with every device described', () => {
    expect([...loaded.descriptions.keys()]).toEqual(['supply', 'rack', 'gas', 'plc']);
    expect(loaded.lineOf(['limits', 'stack.voltageSet_V'])).toBe(lineOf('stack.voltageSet_V: { min'));
  });

  it('the night fits the bench', () => {
    expect(
      messageFor(() =>
        checkMethod(loadMethod('examples/pem-500kw/night.yaml', subjectOf(loaded.bench)), loaded),
      ),
    ).toBe('accepted');
  });

  it.each([
    [
      '      - set: { stack.currentSet_A: 2100 }',
      ['m.yaml:6:', 'sets stack.currentSet_A to 2100', 'expected 0..2050 A'],
    ],
    [
      '      - set: { water.pumpSet_on: 0.5 }',
      ['m.yaml:6:', 'water.pumpSet_on is on or off, 0.5 is neither'],
    ],
    [
      '      - ramp: { role: water.pumpSet_on, to: 1, rate_per_s: 0.1, timeout_s: 20 }',
      ['m.yaml:6:', 'water.pumpSet_on is on or off, expected a set step'],
    ],
    ['      - set: { stack.current_A: 100 }', ['m.yaml:6:', 'stack.current_A is only measured']],
    ['      - set: { pump.speedSet_pct: 100 }', ['m.yaml:6:', 'maps no role "pump.speedSet_pct"']],
    [
      '      - waitUntil: { all: [{ role: o2.h3_vol_pct, is: "<", limit: 1 }], timeout_s: 5, onTimeout: stop }',
      ['m.yaml:6:', 'maps no role "o2.h3_vol_pct"'],
    ],
    [
      '      - call: { method: high-pressure, with: { pressure_barg: 40 } }',
      ['m.yaml:6:', 'sets cathode.pressureSet_barg to 40', 'expected 0..34 barg'],
    ],
  ])('%s', (step, pieces) => {
    const message = messageFor(() =>
      checkMethod(parseMethod('m.yaml', method(step), subjectOf(loaded.bench)), loaded),
    );
    for (const piece of pieces) expect(message).toContain(piece);
  });
});
