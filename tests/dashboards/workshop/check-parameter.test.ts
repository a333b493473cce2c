import { expect, it } from 'vitest';
import { checkParameter } from '../../../dashboards/workshop/start/check-parameter.ts';

const OF = {
  ...{
    name: 'wind_h',
    unit: 'h',
    kind: 'number' as const,
    default: 8,
    min: 1,
    max: 24,
    choices: [],
    doc: '',
  },
};

it.each([
  ['', undefined],
  ['8', undefined],
  ['24', undefined],
  ['99', { is: 'above', max: 24 }],
  ['0.5', { is: 'below', min: 1 }],
  ['1/2', { is: 'below', min: 1 }],
  ['99 h', { is: 'above', max: 24 }],
  ['-1e3', { is: 'below', min: 1 }],
  ['abc', { is: 'no number' }],
  // Another unit, or an expression of figures of the bench: the program says what it comes to.
  ['90 min', undefined],
  ['cell.capacity_Ah / 2', undefined],
  ['NaN', { is: 'no number' }],
])('"%s" in hours', (written, wrong) => expect(checkParameter(OF, written)).toEqual(wrong));

it.each([
  ['1, 2, 3', undefined],
  ['1, 99', { is: 'above', max: 24 }],
  ['1,, 2', { is: 'no numbers' }],
  ['1, abc', { is: 'no numbers' }],
])('"%s" in a list', (written, wrong) =>
  expect(checkParameter({ ...OF, kind: 'list' }, written)).toEqual(wrong),
);

it.each(['choice', 'text'] as const)('a %s is whatever it is', kind =>
  expect(checkParameter({ ...OF, kind }, 'abc')).toBeUndefined(),
);
