import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkMethod, loadBench, parseBench } from '../../../control/bench/bench-file.ts';
import { loadMethodFor, parseMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { FileError } from '../../../drivers/contract/yaml-file.ts';
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
  const method = (step: string): string => `method: m\nversion: 2\nsteps:\n${step}\n`;

  it('the example loads, with every device described', () => {
    expect([...loaded.descriptions.keys()]).toEqual(['supply', 'rack', 'gas', 'plc']);
    expect(loaded.lineOf(['limits', 'stack.voltageSet_V'])).toBe(lineOf('stack.voltageSet_V: { min'));
  });

  it('the night fits the bench', () => {
    expect(
      messageFor(() => checkMethod(loadMethodFor('examples/pem-500kw/night.yaml', loaded), loaded)),
    ).toBe('accepted');
  });

  it.each([
    [
      '- set: { stack.current_A: 2100 }',
      ['m.yaml:4:10:', 'sets stack.currentSet_A to 2100', 'expected 0..2050 A'],
    ],
    ['- set: { water.pump_on: 0.5 }', ['m.yaml:4:25:', 'found 0.5, expected a condition, on or off']],
    ['- ramp: { water.pump_on: on, per_s: 0.1 }', ['m.yaml:4:30:', 'a switch has no rate']],
    ['- set: { o2.h2_vol_pct: 1 }', ['m.yaml:4:10:', 'nothing on this bench sets "o2.h2_vol_pct"']],
    ['- set: { pump.speed_pct: 100 }', ['m.yaml:4:10:', 'nothing on this bench sets "pump.speed_pct"']],
    [
      '- { wait: {}, until: o2.h3_vol_pct < 1, within_s: 5 }',
      ['m.yaml:4:22:', 'the bench has no "o2.h3_vol_pct"'],
    ],
    [
      '- { call: high-pressure, with: { top_barg: 40 } }',
      ['m.yaml:4:44:', 'top_barg: 40 barg, expected at most 35 barg (high-pressure)'],
    ],
  ])('%s', (step, pieces) => {
    const message = messageFor(() => checkMethod(parseMethodFor('m.yaml', method(step), loaded), loaded));
    for (const piece of pieces) expect(message).toContain(piece);
  });
});
