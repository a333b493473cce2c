import { describe, expect, it } from 'vitest';
import { type LoadedBench, parseBench } from '../../../control/bench/bench-file.ts';
import { parseMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import type { Procedure } from '../../../profiles/procedure.ts';

/** What only the bench tells of a method: refused before anything starts, with its place. */

const FILE = 'examples/cell-cycling/bench.yaml';
const benchWith = (change: (text: string) => string = text => text): LoadedBench =>
  parseBench(FILE, change(readTextFile(FILE)), describeDevice);
const CELL = benchWith();
const THREE_TEXT = readTextFile('examples/three-electrode/bench.yaml');
const three = (text: string): LoadedBench =>
  parseBench('examples/three-electrode/bench.yaml', text, describeDevice);
const THREE = three(THREE_TEXT);
const THREE_WITHOUT = three(THREE_TEXT.replace(/softwareControl:\n.*\n/, ''));
const loaded = (steps: string, bench = CELL, head = ''): Procedure =>
  parseMethodFor('m.yaml', `method: m\nversion: 2\n${head}steps:\n${steps}\n`, bench, {
    read: () => undefined,
  }).procedure;

const latency = benchWith(text => text.replace('poll_s: 1\n', 'poll_s: 1\n    latency_s: 0.05\n'));

describe('refused on this bench', () => {
  it.each([
    [
      'a duration that its line cannot hold',
      '- { cc: { current_A: 1 }, for_s: 10, exact_s: 0.02 }',
      latency,
      /m\.yaml:4:\d+: exact_s: 0.02 s is shorter than an answer of cycler takes \(0.05 s/,
    ],
    [
      'a duration that no reading would show',
      '- { cc: { current_A: 1 }, for_s: 0.5, exact_s: 0.02 }',
      CELL,
      /exact_s: the step lasts 0.5 s, and cycler is read each 1 s/,
    ],
    [
      'a time before a step that is known only in the run',
      '- { cc: { current_A: 1 }, for_s: 10, record: { before_s: cell.voltage_V / 1 V_per_s } }',
      CELL,
      /before_s: is known only in the run/,
    ],
    [
      'a potential that the bench lets nobody hold: nothing would end the current',
      `- { cccv: { current_C: 1, cell.negativePotential_V: 0.02 }, until: cell.current_C < 1/10, within_h: 2 }`,
      THREE_WITHOUT,
      /m\.yaml:4:\d+: cell\.negativePotential_V: nothing on this bench holds "cell\.negativePotential_V", expected softwareControl/,
    ],
    [
      'a potential that no driver is told',
      '- { cccv: { current_C: 1, cell.negativePotential_V: 0.02 }, until: cell.current_C < 1/10, within_h: 2 }',
      benchWith(text =>
        text
          .replace('cell.voltageSet_V: cycler', 'cell.negativePotentialSet_V: cycler')
          .replace('cell.voltageSet_V: {', 'cell.negativePotentialSet_V: {'),
      ),
      /cell\.negativePotential_V: no driver here is told a potential of one electrode, expected softwareControl/,
    ],
    [
      'a potential beyond what may be asked for',
      '- { cccv: { current_C: 1, cell.negativePotential_mV: -10 }, until: cell.current_C < 1/10, within_h: 2 }',
      THREE,
      /m\.yaml:4:\d+: .*sets cell\.negativePotential_V to -0\.01, expected 0\.\.0\.5 V/,
    ],
    [
      'a rate of approach for a potential that software holds',
      '- { cv: { cell.negativePotential_V: 0.1, per_s: 0.01 }, for_h: 1 }',
      THREE,
      /per_s: a potential that software holds has no rate of approach/,
    ],
    [
      'readings held back for hours',
      '- { cc: { current_A: 1 }, for_s: 10, record: { before_h: 2 } }',
      CELL,
      /before_h: is 7200 s, expected 3600 s at most/,
    ],
  ])('%s', (_what, steps, bench, message) => {
    expect(() => loaded(steps, bench)).toThrow(message);
  });

  it('not: what it can hold', () => {
    expect(loaded('- { cc: { current_A: 1 }, for_s: 10, exact_s: 0.05 }', latency).sets).toContain(
      'cell.currentSet_A',
    );
  });
});
