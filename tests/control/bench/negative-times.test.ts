import { describe, expect, it } from 'vitest';
import { loadBench } from '../../../control/bench/bench-file.ts';
import { parseMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';

/** Times, windows and counts that a parameter, `--set` or a loop makes none are refused as a number written out is. */

const bench = loadBench('examples/lib-suite/bench.yaml', describeDevice);

function said(steps: string, given: readonly string[] = []): string {
  const text = `method: m\nversion: 2\nparameters: { a_s: 5, b_min: 1, n_count: 3 }\nsteps:\n${steps}\n`;
  try {
    parseMethodFor('m.yaml', text, bench, { given });
    return 'accepted';
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

describe('refused', () => {
  const rest = '- { rest: {}, for_min: 10, ';
  it.each([
    ['- { rest: {}, for_s: a_s }', ['a_s=-5'], 'm.yaml:5:22: for_s: found -5 s, expected 0 or more'],
    ['- { rest: {}, for_s: a_s - 6 }', [], 'm.yaml:5:22: for_s: found -1 s, expected 0 or more'],
    [
      '- each: { t_s: [2, -1] }\n  steps: [{ rest: {}, for_s: t_s }]',
      [],
      'm.yaml:6:30: for_s: found -1 s, expected 0 or more',
    ],
    [`${rest}average_s: a_s }`, ['a_s=-3'], 'm.yaml:5:39: average_s: found -3 s, expected 0 or more'],
    [`${rest}record: { every_s: a_s } }`, ['a_s=-3'], 'm.yaml:5:47: every_s: found -3 s, expected 0 or more'],
    [
      '- { cc: { current_A: 1 }, within_s: a_s, until: cell.voltage_V > 4 }',
      ['a_s=-3'],
      'm.yaml:5:37: within_s: found -3 s, expected 0 or more',
    ],
    [
      '- { ramp: { current_A: 1, per_s: n_count * 1 A_per_s }, within_h: 1 }',
      ['n_count=-3'],
      'm.yaml:5:34: per_s: found -3, expected more than 0',
    ],
    [
      `${rest}until: cell.voltage_V > 3 for a_s }`,
      ['a_s=-3'],
      'm.yaml:5:35: until: has a window, a period or a for of -3 s, expected more than 0',
    ],
    [
      `${rest}until: "slope(cell.voltage_V, b_min) < 1 mV_per_h" }`,
      ['b_min=-1'],
      'm.yaml:5:35: until: has a window, a period or a for of -60 s, expected more than 0',
    ],
    [
      '- { eis: { amplitude_mV: 1, from_Hz: 10, to_Hz: 1, cycles: n_count }, within_h: 1 }',
      ['n_count=0'],
      'm.yaml:5:60: cycles: found 0, expected a whole number 1..1000',
    ],
    [
      '- { ramp: { cell.current_A: 3, per_min: 1 }, within_min: 10 }',
      [],
      'm.yaml:5:13: cell.current_A: only moves a set value, and nothing flows: a cell rests wherever no electrical step runs, expected ramp: { current_A: ... }',
    ],
    [
      '- { set: { cell.voltage_mV: 3500 } }',
      [],
      'm.yaml:5:12: cell.voltage_mV: only moves a set value, and nothing flows: a cell rests wherever no electrical step runs, expected cv: { voltage_mV: ... }',
    ],
    [
      '- { follow: { current_A: "square(0, 1, a_s)" }, for_min: 1 }',
      ['a_s=0.5'],
      'm.yaml:5:26: current_A: has a period of 0.5 s, and its instrument is asked each 1 s (poll_s of the bench): expected 2 s or more',
    ],
    ['- { follow: { current_A: "square(0, 1, a_s)" }, for_min: 1 }', ['a_s=2'], 'accepted'],
    [
      '- { repeat: { times: n_count }, steps: [{ rest: {}, for_s: 1 }] }',
      ['n_count=-1'],
      'm.yaml:5:22: times: -1 rounds, expected a whole number up to 100000 (every loop is counted)',
    ],
    ['- { rest: {}, for_s: a_s }', ['a_s=0'], 'accepted'],
    ['- { if: a_s > 0, then: [{ rest: {}, for_s: a_s }] }', ['a_s=-1'], 'accepted'],
  ] as const)('%s %j', (steps, given, expected) => {
    expect(said(steps, given)).toBe(expected);
  });
});
