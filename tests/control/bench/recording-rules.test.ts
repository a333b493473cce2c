import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBench } from '../../../control/bench/bench-file.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';

/** Recording rules in a bench file: what does not fit is one message with its line. */

const PATH = 'examples/pem-500kw/bench.yaml';
const bench = (rules: string) =>
  parseBench(PATH, `${readFileSync(PATH, 'utf8')}\nrecording:\n${rules}\n`, describeDevice).bench;

describe('recording rules', () => {
  it('have their defaults around trips', () => {
    expect(
      bench("  instruments: { rack: { interval_s: 10, change: { 'cell.voltage_V[]': 0.002 } } }").recording,
    ).toEqual({
      instruments: { rack: { interval_s: 10, change: { 'cell.voltage_V[]': 0.002 } } },
      trips: { before_s: 60, after_s: 600 },
      events: {},
    });
  });

  it.each([
    [
      'an instrument that is not there',
      '  instruments: { racks: { interval_s: 10 } }',
      /bench\.yaml:\d+: recording\.instruments\.racks: "racks" is no instrument of this bench, expected one of supply, rack/,
    ],
    [
      'oftener than it is read',
      '  instruments: { rack: { interval_s: 0.1 } }',
      /instruments\.rack\.interval_s: 0\.1 s, expected at least poll_s of rack, 1 s/,
    ],
    [
      'a role of another instrument',
      '  instruments: { rack: { interval_s: 10, change: { stack.current_A: 1 } } }',
      /"stack\.current_A" is not measured by rack/,
    ],
    [
      'no interval',
      "  instruments: { rack: { change: { 'cell.voltage_V[]': 0.002 } } }",
      /rack\.interval_s: missing key/,
    ],
    [
      'a change of nothing',
      "  instruments: { rack: { interval_s: 9, change: { 'cell.voltage_V[]': 0 } } }",
      /> 0/,
    ],
    [
      'an event that is none',
      '  instruments: { rack: { interval_s: 9 } }\n  events: { steps: { before_s: 1, after_s: 1 } }',
      /recording\.events/,
    ],
    [
      'more than memory holds',
      '  instruments: { rack: { interval_s: 9 } }\n  trips: { before_s: 7200, after_s: 1 }',
      /trips\.before_s: .*expected 0\.\.3600 s/,
    ],
  ])('%s', (_what, rules, message) => {
    expect(() => bench(rules)).toThrow(message);
  });
});
