import { describe, expect, it } from 'vitest';
import { compareResults } from '../../../control/review/compare.ts';
import type { Kpi, RunResult } from '../../../control/review/result.ts';
import { renderComparison } from '../../../dashboards/compare.ts';
import { comparisonText } from '../../../dashboards/terminal/compare.ts';
import { RETURNED } from '../../../profiles/run-kpis.ts';
import { plainResult } from '../../support/plain-result.ts';

const figure = (id: string, value: number | null, u95?: number, unit = 'Ah'): Kpi => ({
  id,
  value,
  unit,
  ...(u95 === undefined ? {} : { u95 }),
  definition: '',
  basis: 'default',
});
const withFigures = (...kpis: Kpi[]): RunResult => ({ ...plainResult(), kpis });
const compared = (a: Kpi | undefined, b: Kpi | undefined) =>
  compareResults(
    { name: 'a', result: withFigures(...(a === undefined ? [] : [a])) },
    { name: 'b', result: withFigures(...(b === undefined ? [] : [b])) },
  ).figures[0];

describe('two figures', () => {
  it.each([
    // 3-4-5: together they are uncertain by 0.5.
    ['same', figure('q', 5, 0.3), figure('q', 5.49, 0.4)],
    ['differs', figure('q', 5, 0.3), figure('q', 5.51, 0.4)],
    ['differs', figure('q', 5.51, 0.3), figure('q', 5, 0.4)],
    ['unknown', figure('q', 5, 0.3), figure('q', 9)],
    ['unknown', figure('q', 5, 0.3), figure('q', null)],
    ['same', figure('n', 3, undefined, '1'), figure('n', 3, undefined, '1')],
    ['differs', figure('n', 3, undefined, '1'), figure('n', 4, undefined, '1')],
    ['only-a', figure('q', 5, 0.3), undefined],
    ['only-b', undefined, figure('q', 5, 0.3)],
    // Not the same figure: nobody may subtract them.
    ['only-a', figure('q', 5, 0.3, 'Ah'), figure('q', 5, 0.3, 'Wh')],
  ] as const)('are %s: %j and %j', (as, a, b) => {
    expect(compared(a, b).as).toBe(as);
  });

  it('have a difference that is second minus first, with both uncertainties', () => {
    const { difference, u95 } = compared(figure('q', 5, 0.3), figure('q', 7, 0.4));
    expect(difference).toBe(2);
    expect(u95).toBeCloseTo(0.5, 12);
  });
});

it('what a method returns is the same figure with its unit in its id and without', () => {
  const returned = (...kpis: Kpi[]): RunResult =>
    withFigures(...kpis.map(kpi => ({ ...kpi, phase: RETURNED })));
  const a = returned(figure('ch', 5));
  const b = returned(figure('ch_Ah', 5), figure('ch_Wh', 18, undefined, 'Wh'));
  const both = (one: RunResult, other: RunResult) =>
    compareResults({ name: 'a', result: one }, { name: 'b', result: other }).figures.map(f => [f.unit, f.as]);
  expect(both(a, b)).toEqual([
    ['Ah', 'same'],
    ['Wh', 'only-b'],
  ]);
  expect(both(b, a)).toEqual([
    ['Ah', 'same'],
    ['Wh', 'only-a'],
  ]);
  expect(both(b, b)).toEqual([
    ['Ah', 'same'],
    ['Wh', 'same'],
  ]);
});

describe('two runs', () => {
  const comparison = compareResults(
    { name: 'monday', result: withFigures(figure('charge-out', 5, 0.3), figure('charge-in', 6, 0.1)) },
    {
      name: 'fri<day>',
      result: {
        ...withFigures(figure('charge-out', 7, 0.4), figure('charge-in', 6, 0.1)),
        method: 'other',
        verdict: 'stopped by a person',
      },
    },
  );

  it('stand side by side on the terminal, and what was not the same is said', () => {
    const text = comparisonText(comparison);
    expect(text).toMatch(
      /charge-out +whole run +5\.00 \+- 0\.30 +7\.00 \+- 0\.40 +2\.00 \+- 0\.50 +Ah +DIFFERS/,
    );
    expect(text).toMatch(/charge-in .* same/);
    expect(text).toMatch(/note: method: .* and other/);
    expect(text).toMatch(/note: one of them did not just complete: stopped by a person/);
    expect(text).toMatch(/1 of 2 compared figures differ beyond their combined u95/);
  });

  it('are a page with a picture', () => {
    const html = renderComparison(comparison);
    expect(html).toContain('monday and fri&lt;day&gt;');
    expect(html.match(/<circle/g)).toHaveLength(2);
    expect(html).toContain('1 of 2 compared figures differ');
    expect(html).not.toMatch(/NaN|undefined/);
  });
});

describe('two runs of which nothing can be compared', () => {
  it.each([
    [
      'no figure of the same name',
      figure('q', 5, 0.3),
      figure('h2', 5, 0.3),
      'the runs have no figure in common',
    ],
    [
      'no value',
      figure('q', null),
      figure('q', 5, 0.3),
      '1 cannot be compared (no value, or no uncertainty on one side)',
    ],
  ])('%s: never "nothing differs"', (_, one, other, why) => {
    const both = compareResults(
      { name: 'a', result: withFigures(one) },
      { name: 'b', result: withFigures(other) },
    );
    const said = `nothing can be compared: ${why}`;
    expect(comparisonText(both)).toContain(said);
    expect(renderComparison(both)).toContain(said);
    expect(renderComparison(both)).not.toContain('class="verdict good"');
  });

  it('and what stands in one run only is not among those that were compared', () => {
    const both = compareResults(
      { name: 'a', result: withFigures(figure('q', 5, 0.3), figure('h2', 1, 0.1)) },
      { name: 'b', result: withFigures(figure('q', 5.1, 0.3)) },
    );
    expect(comparisonText(both)).toContain(
      '0 of 1 compared figures differ beyond their combined u95 (k = 2); 1 stand in one',
    );
  });
});
