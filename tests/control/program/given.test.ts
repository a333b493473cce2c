import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBench } from '../../../control/bench/bench-file.ts';
import { loadMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { UsageError } from '../../../control/program/options.ts';

/** Parameters that a person gives to a run: `--set rates_C=1/2,1`. */

const EXAMPLES = new URL('../../../examples/', import.meta.url).pathname;
const loaded = loadBench(join(EXAMPLES, 'lib-suite/bench.yaml'), describeDevice);
const dir = mkdtempSync(join(tmpdir(), 'given-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function methodOf(text: string): string {
  const path = join(dir, 'm.yaml');
  writeFileSync(path, `method: m\nversion: 2\n${text}\n`);
  return path;
}

const METHOD = `parameters: { rates_C: [1/2, 1], rest_min: { min: 1, max: 60 }, rest_count: 1, blocks_count: [1, 2] }
steps:
- { rest: {}, for_min: rest_min }
- { call: rate-capability, with: { rates_C: reverse(rates_C) } }`;

describe('what is given', () => {
  it('is told and recorded, in the unit of its name; lists too', () => {
    const method = loadMethodFor(methodOf(METHOD), loaded, { given: ['rest_s=120', 'rates_C=1/4,1/2,1'] });
    expect(method.procedure.given).toEqual([
      'parameter rates_C given: 0.25 C, 0.5 C, 1 C',
      'parameter rest_min given: 2 min',
    ]);
  });

  it('is planned with', () => {
    const timeOf = (rest: string): number =>
      loadMethodFor(methodOf(METHOD), loaded, { given: [`rest_min=${rest}`] }).procedure.planned_s;
    expect(timeOf('60') - timeOf('1')).toBeCloseTo(59 * 60, 3);
  });

  it.each([
    [
      ['rest_min=5', 'rate_C=1'],
      'm has no such parameter (did you mean rates_C?), expected one of rates_C, rest_min, rest_count, blocks_count',
    ],
    [['rest_min=90'], 'rest_min=90: expected at most 60 min'],
    [['rest_count=1.5'], 'rest_count=1.5: expected a whole number'],
    [['rest_count=3/2'], 'rest_count=3/2: expected a whole number'],
    [['blocks_count=2,2.5'], 'blocks_count=2,2.5: expected a whole number'],
    [
      ['rest_min=abc'],
      'rest_min=abc: "abc" is no number, expected one in min (1 to 60 min), e.g. rest_min=1',
    ],
    [['rest_s=abc'], '"abc" is no number, expected one in s (1 to 60 min), e.g. rest_min=1'],
    [['rates_C=1,abc'], '"abc" is no number, expected one in C, e.g. rates_C=1/2,1'],
    [['rest_V=1'], 'm has no such parameter'],
    [['rest_min'], 'expected name_unit=value'],
    [['rest_min=1', 'rest_min=2'], 'is given twice'],
  ])('%s is refused', (given, says) => {
    const load = (): unknown => loadMethodFor(methodOf(METHOD), loaded, { given });
    expect(load).toThrow(UsageError);
    expect(load).toThrow(says);
  });

  it('must be there where there is no default', () => {
    expect(() => loadMethodFor(methodOf(METHOD), loaded)).toThrow(
      /m.yaml:3:.*rest_min.*has no default and no value was given, expected --set rest_min=VALUE/,
    );
  });

  it('a list where one value is expected is refused, and one value where a list is', () => {
    const call = (rates: string, rest: string): string =>
      `parameters: { rates_C: [1/2, 1] }\nsteps:\n- { call: rate-capability, with: { rates_C: ${rates}, charge_C: ${rest} } }`;
    expect(() => loadMethodFor(methodOf(call('rates_C', '1/2')), loaded)).not.toThrow();
    expect(() => loadMethodFor(methodOf(call('1/2', '1/2')), loaded)).toThrow(
      /m.yaml:5:.*rates_C of rate-capability is a list, found one value/,
    );
    expect(() => loadMethodFor(methodOf(call('[1, 2]', 'rates_C')), loaded)).toThrow(
      /charge_C of rate-capability is one value, found a list/,
    );
  });
});

describe('what a message points at', () => {
  const PAIR = `procedure: pulse-pair
version: 2
parameters: { pulse_mA: 2000, len_min: 0.5, off_min: { doc: rest } }
steps:
- { cc: { current_mA: -pulse_mA }, for_min: len_min }
- { rest: {}, for_min: off_min }
`;
  writeFileSync(join(dir, 'pulse-pair.yaml'), PAIR);
  writeFileSync(
    join(dir, 'outer.yaml'),
    'procedure: outer\nversion: 2\nparameters: { a_min: 1 }\nsteps:\n- { call: pulse-pair.yaml, with: { len_min: -a_min, off_min: 1 } }\n',
  );
  writeFileSync(
    join(dir, 'bad.yaml'),
    'procedure: bad\nversion: 2\nparameters: { a_min: 1 }\nsteps:\n- { rest: {}, for_min: -2 + 0 * a_min }\n',
  );

  it.each([
    [
      'a parameter of another quantity',
      '- { call: pulse-pair.yaml, with: { pulse_mV: 20, off_min: 1 } }',
      'm.yaml:4:36: pulse_mV: pulse-pair has no such parameter (did you mean pulse_mA?), expected one of pulse_mA, len_min, off_min',
    ],
    [
      'a parameter with a slip',
      '- { call: pulse-pair.yaml, with: { puls_mA: 20, off_min: 1 } }',
      'm.yaml:4:36: puls_mA: pulse-pair has no such parameter (did you mean pulse_mA?), expected one of',
    ],
    [
      'a value that the procedure cannot do with',
      '- { call: pulse-pair.yaml, with: { len_min: -10 s, off_min: 1 } }',
      'm.yaml:4:45: len_min: for_min: found -0.166667 min, expected 0 or more (',
    ],
    [
      'one for which it has no default',
      '- { call: pulse-pair.yaml, with: { pulse_mA: 3, off_min: -1 } }',
      'm.yaml:4:58: off_min: for_min: found -1 min, expected 0 or more (',
    ],
    [
      'one of a call inside',
      '- { call: outer.yaml, with: { a_min: 3 min } }',
      'outer.yaml:5:45: len_min: for_min: found',
    ],
    [
      'nothing that was given',
      '- { call: bad.yaml, with: { a_min: 3 } }',
      'bad.yaml:5:24: for_min: found -2 min',
    ],
    [
      'an id that hides a role of the bench',
      '- { rest: {}, id: cell, for_s: 5 }\n- { rest: {}, until: cell.voltage_V < 3, within_h: 1 }',
      'm.yaml:4:19: id: "cell.voltage_V" is a role of the bench, but a step has the id cell: expected another id',
    ],
    [
      'a step that nothing has the id of',
      '- { call: capacity-check, id: cap2 }\n- { let: { a_Ah: cap3.capacity_Ah } }',
      'm.yaml:5:18: a_Ah: no step has the id cap3 and the bench has no "cap3.capacity_Ah" (did you mean cap2.capacity_Ah?)',
    ],
    [
      'a file beside it',
      '- { call: pulse-piar.yaml }',
      'm.yaml:4:11: call: pulse-piar.yaml: no such file or method (did you mean pulse-pair.yaml?)',
    ],
    [
      'a file beside it by its name alone',
      '- { call: pulse-pair }',
      'call: pulse-pair: no such file or method (did you mean pulse-pair.yaml?)',
    ],
    [
      'a name of the file behind a word',
      '- { let: { rise_mV: 3 } }\n- { rest: {}, until: method.rise_mV > 3, for_s: 1 }',
      'm.yaml:5:22: until: the bench has no "method.rise_mV" (did you mean rise_mV?)',
    ],
    [
      'what the bench cannot sweep',
      '- { voltammetry: { begin_V: 3.5, vertex1_V: 4, vertex2_V: 3, rate_mV_per_s: 10 }, within_h: 1 }',
      /^\S*m\.yaml:4:5: voltammetry: nothing on this bench sweeps a potential by itself, .*bench\.yaml\)\n.*\n +\^+$/,
    ],
  ])('%s', (_, steps, says) => {
    expect(() => loadMethodFor(methodOf(`steps:\n${steps}`), loaded)).toThrow(says);
  });
});
