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
      'a potential of one electrode where a voltage belongs: nothing would end the current',
      '- { cccv: { current_C: 1, cell.negativePotential_V: 0.02 }, until: cell.current_C < 1/10, within_h: 2 }',
      benchWith(text =>
        text
          .replace('cell.voltageSet_V: cycler', 'cell.negativePotentialSet_V: cycler')
          .replace('cell.voltageSet_V: {', 'cell.negativePotentialSet_V: {'),
      ),
      /cell\.negativePotential_V/,
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

  it.each([
    ['', '- { cc: { current_C: -1/5 }, until: cell.soc_pct <= 50, within_h: 6 }'],
    ['set only behind it', '- { wait: {}, until: cell.soc_pct > 3, for_s: 9 }\n- { set: { cell.soc_pct: 100 } }'],
  ])('a state of charge that nothing has set before %s', (_what, steps) => {
    expect(() => loaded(steps)).toThrow(
      /m\.yaml steps\[0\]: reads cell\.soc_pct, which is unknown until it was set, expected before it a full charge and the step set/,
    );
  });

  it.each([
    '- { set: { cell.soc_pct: 100 } }\n- { wait: {}, until: cell.soc_pct > 3, for_s: 9 }',
    '- { if: known(cell.soc_pct), then: finish }\n- { rest: {}, for_s: 1 }',
  ])('not: %s', steps => {
    expect(loaded(steps).method).toBe('m');
  });

  it('not: what it can hold', () => {
    expect(loaded('- { cc: { current_A: 1 }, for_s: 10, exact_s: 0.05 }', latency).sets).toContain(
      'cell.currentSet_A',
    );
  });
});
