import { expect, it } from 'vitest';
import { formOf } from '../../../../control/program/lab/method-form.ts';

it('a field names the units in which it may be written, its own first', () => {
  const text = `method: m
version: 2
parameters:
  rate_C: 1/2
  current_mA: 500
  flow_NL_per_min: 2
  pump_on: true
steps:
- { rest: {}, for_s: 1 }
`;
  const units = Object.fromEntries(formOf('m', text, false).parameters.map(one => [one.name, one.units]));
  expect(units['rate_C'][0]).toBe('C');
  expect(units['rate_C']).not.toContain('A');
  expect(units['current_mA']).toEqual(['mA', ...units['current_mA'].slice(1)]);
  expect(units['current_mA']).toContain('A');
  expect(units['flow_NL_per_min']).toContain('NL_per_min');
  expect(units['pump_on']).toEqual([]);
});
