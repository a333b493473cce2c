import { expect, it } from 'vitest';
import { told, toldRange } from '../../profiles/told.ts';

it.each([
  [5e-7, 'A', 3, '0.500 uA'],
  [0.4361, 'Ah', 4, '0.4361 Ah'],
  [-2e-3, 'A', 3, '-2.00 mA'],
  [0, 'Ah', 3, '0 Ah'],
  [1.486, 'Ah', 4, '1.486 Ah'],
  [0.0123, 'Ah', 4, '12.30 mAh'],
  [2000.1, 'A', 4, '2000 A'],
  [12_345, 'A', 4, '12350 A'],
  [0.999_96, 'A', 4, '1.000 A'],
  [3e-12, 'A', 3, '0.00300 nA'],
])('says %d %s with %d digits as %s', (value, unit, digits, text) => {
  expect(told(value, unit, digits)).toBe(text);
});

it('says two values of one quantity in one unit', () => {
  expect(toldRange(-2e-4, 0.012, 'A')).toBe('-0.200 to 12.0 mA');
});
