import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorOf, fieldsOf, numberIn, setText, switchOf } from '../../../drivers/protocol/scpi.ts';
import '../../support/property-seed.ts';

describe('numbers of answers', () => {
  it.each([
    ['43.50V', 'V', 43.5],
    ['100.1A', 'A', 100.1],
    ['-420W', 'W', -420],
    ['15kW', 'W', 15000],
    ['+1.23450E+01', 'V', 12.345],
    ['250 mA', 'A', 0.25],
    ['.5', 'A', 0.5],
    ['12.', 'V', 12],
  ])('%s in %s', (text, unit, value) => {
    expect(numberIn(text, unit)).toBeCloseTo(value, 9);
  });

  it.each(['9.91E37', '9.9E+37', '-9.9E37', '9.91E+37'])('%s is no number', text => {
    expect(numberIn(text, 'V')).toBeNaN();
  });

  it.each(['', 'V', '12.5A', 'ON', '1,2', '0x10', '1e', '12..5', 'NaN', 'Infinity', 'OK', '- 5', '1E9999'])(
    '"%s" is no answer in V',
    text => expect(numberIn(text, 'V')).toBeUndefined(),
  );

  it('any text gives a finite number, NaN, or nothing; it never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 20 }), text => {
        const value = numberIn(text, 'V');
        expect(value === undefined || Number.isNaN(value) || Math.abs(value) < 9.9e37).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('what is sent as a set value reads back within half of its last digit, and never above the bound', () => {
    const value = fc.double({ min: 0, max: 2000, noNaN: true });
    fc.assert(
      fc.property(value, value, fc.integer({ min: 0, max: 6 }), (a, b, decimals) => {
        const [set, most] = [Math.min(a, b), Math.max(a, b)];
        const text = setText(set, decimals, most);
        expect(text).toMatch(/^\d+(\.\d+)?$/);
        const read = numberIn(text, 'V') ?? Number.NaN;
        expect(read).toBeLessThanOrEqual(most);
        expect(Math.abs(read - set)).toBeLessThanOrEqual(10 ** -decimals);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([Number.NaN, Infinity, -Infinity])('%s is never sent', value => {
    expect(() => setText(value, 3, 10)).toThrow('no set value');
  });
});

describe('other answers', () => {
  it('a list of an EA supply', () => {
    const fields = fieldsOf('12.5V, 33.3A, 420W');
    expect([numberIn(fields[0], 'V'), numberIn(fields[1], 'A'), numberIn(fields[2], 'W')]).toEqual([
      12.5, 33.3, 420,
    ]);
  });

  it.each([
    ['ON', 1],
    ['off', 0],
    ['1', 1],
    ['+0', 0],
    ['REMOTE', undefined],
    ['10', undefined],
  ])('%s as a state', (text, state) => expect(switchOf(text)).toBe(state));

  it.each([
    ['-221,"Settings conflict"', { code: -221, text: 'Settings conflict' }],
    ['0,"No error"', { code: 0, text: 'No error' }],
    ['0,None', { code: 0, text: 'None' }],
    ['+0,"No error"', { code: 0, text: 'No error' }],
    ['12.5', undefined],
    ['OK', undefined],
  ])('%s as an error', (text, error) => expect(errorOf(text)).toEqual(error));
});
