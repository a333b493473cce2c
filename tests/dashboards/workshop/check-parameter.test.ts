import { describe, expect, it } from 'vitest';
import { checkParameter } from '../../../dashboards/workshop/start/check-parameter.ts';
import { onBench } from '../../../profiles/language/bench/on-bench.ts';
import { givenParameters } from '../../../profiles/language/explain/given.ts';
import { readLanguageText } from '../../../profiles/language/file/read-file.ts';
import { cell } from '../../profiles/language/benches.ts';

const OF = {
  ...{
    name: 'wind_h',
    unit: 'h',
    units: ['h', 's', 'min', 'd', 'ms'],
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
  // As a keyboard of another country writes them.
  ['8,5', { is: 'written', as: '8.5' }],
  ['８．５', { is: 'written', as: '8.5' }],
  ['8 ｈ', { is: 'written', as: '8 h' }],
  ['8h', { is: 'written', as: '8 h' }],
  ['8,5h', { is: 'written', as: '8.5 h' }],
  ['+8', { is: 'written', as: '8' }],
  ['.5', { is: 'written', as: '0.5' }],
  ['8.', { is: 'written', as: '8' }],
  ['−8', { is: 'written', as: '-8' }],
  ['１/2', { is: 'written', as: '1/2' }],
  ['８時間', { is: 'no number' }],
  ['8:30', { is: 'no number' }],
  ['1,000,000', { is: 'no number' }],
  ['8 1/h', { is: 'no number' }],
  ['8 A', { is: 'unit', found: 'A' }],
  ['8 °C', { is: 'unit', found: 'degC' }],
  ['8 hours', { is: 'unit', found: 'hours' }],
  ['8 A_per_mA', undefined],
  ['10 - 2', undefined],
  ['1e1', undefined],
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

const METHOD = readLanguageText(
  'm.yaml',
  `method: m
version: 2
parameters:
  wind_h: { default: 8, min: 1, max: 24 }
steps:
- { rest: {}, for_h: wind_h }
`,
);

/** Whether the program takes it, which has the last word. */
function isTaken(written: string): boolean {
  try {
    givenParameters([`wind_h=${written}`], METHOD, onBench(METHOD, cell), cell);
    return true;
  } catch {
    return false;
  }
}

describe('form and program agree', () => {
  it.each([
    ...[
      '8',
      '0.5',
      '24',
      '25',
      '1/2',
      '3/2',
      '90 min',
      '90min',
      '8 h',
      '8 A',
      '8 hours',
      '8,5',
      '８',
      '8 ｈ',
    ],
    ...['+8', '-8', '.5', '8.', '8.5', '8e0', '1e1', '8:30', '1,000', '1 000', '8 1/h', 'abc', '8 °C', '1_0'],
    ...['2 d', '1 d', '−8', '10 - 2', '8..5', '8 _h', '0x10', '1/0', '8 h h'],
  ])('of "%s"', written => {
    const wrong = checkParameter(OF, written);
    // What the form leaves to the program may be refused by it; what the form refuses is never taken.
    if (wrong !== undefined) expect(isTaken(written)).toBe(false);
    else if (/^[\d\s.,+-]*$/.test(written)) expect(isTaken(written)).toBe(true);
    if (wrong?.is !== 'written') return;
    const next = checkParameter(OF, wrong.as);
    expect(next?.is).not.toBe('written');
    expect(isTaken(wrong.as)).toBe(next === undefined);
  });
});
