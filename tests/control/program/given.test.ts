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

it('an id that hides a role of the bench is refused where the role is read', () => {
  const text =
    'steps:\n- { rest: {}, id: cell, for_s: 5 }\n- { rest: {}, until: cell.voltage_V < 3, within_h: 1 }';
  expect(() => loadMethodFor(methodOf(text), loaded)).toThrow(
    '"cell.voltage_V" is a role of the bench, but a step has the id cell: expected another id',
  );
});
