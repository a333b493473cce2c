import { describe, expect, it } from 'vitest';
import { Bench } from './fake-cell.ts';

/** What a call gives, and what comes back. */

const lines = (steps: string): readonly string[] => new Bench(steps).go(100).told.lines;

describe('a parameter in another unit of its quantity', () => {
  it.each([
    ['a number', '{ time_min: 0.1 }', 6],
    ['an expression', '{ time_min: 9 / 60 }', 9],
    ['in its own unit', '{ time_s: 4 }', 4],
    ['by a default that hangs on it', '{ least_s: 4 }', 4],
  ])('%s', (_what, given, lasts_s) => {
    const told = lines(`- { call: discharge.yaml, with: ${given}, id: d }`);
    expect(told.find(line => line.includes('..'))).toMatch(new RegExp(`^0\\.\\.${lasts_s} down`));
  });

  it('the same parameter twice, or something of another quantity, is refused', () => {
    expect(() => lines('- { call: discharge.yaml, with: { time_s: 1, time_min: 5 } }')).toThrow(
      /no such parameter/,
    );
    expect(() => lines('- { call: discharge.yaml, with: { rate_V: 1 } }')).toThrow(
      /m\.yaml:4.*rate_V: discharge has no such parameter \(did you mean rate_[AC]\?\), expected one of/,
    );
  });
});

it('a value that turns out to be beyond min and max of its parameter when the call is come to stops the run', () => {
  const told = lines(
    '- { let: { late_s: cell.voltage_V / 1 V_per_s * 2000 } }\n- { call: discharge.yaml, with: { time_s: late_s }, id: d }',
  );
  expect(told.join('\n')).toMatch(/time_s is \d+, expected at most 3600/);
  expect(told.some(line => line.includes('.. down'))).toBe(false);
});

it('a count that turns out to be no whole number when the call is come to stops the run', () => {
  const told = lines(
    '- { let: { half_count: cell.voltage_V / 1.7 V } }\n- { call: rounds.yaml, with: { rounds_count: half_count } }',
  );
  expect(told.join('\n')).toMatch(/rounds_count is [\d.]+, expected a whole number/);
});

it('a text among the parameters is no value, and in no way of the others', () => {
  const head = 'parameters: { who_text: Bob, lasts_s: 3 }\n';
  const { told } = new Bench('- { rest: {}, for_s: lasts_s }', { head }).go(20);
  expect(told.lines.at(-1)).toBe('complete: procedure completed');
});

describe('a figure behind an id that nothing gives', () => {
  it.each([
    [
      'of a procedure, with the nearest',
      '- { call: discharge.yaml, id: d }\n- { if: d.ouut_Ah > 1, then: next }\n- { rest: {}, for_s: 1 }',
      /m\.yaml:5:\d+.*"d\.ouut_Ah" is no figure: discharge\.yaml returns out_Ah \(did you mean d\.out_Ah\?\)/s,
    ],
    [
      'of a step',
      '- { rest: {}, for_s: 1, id: d }\n- { if: d.chargeInn_Ah > 1, then: next }\n- { rest: {}, for_s: 1 }',
      /"d\.chargeInn_Ah" is no figure: a rest step gives what it counts .*\(did you mean d\.chargeIn_Ah\?\)/s,
    ],
  ])('%s', (_what, steps, message) => {
    expect(() => lines(steps)).toThrow(message);
  });
});
