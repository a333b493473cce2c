import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawFigure } from '../../dashboards/report/figure.ts';
import { thin } from '../../dashboards/report/thin.ts';
import { linearTicks, timeTicks } from '../../dashboards/report/ticks.ts';

describe('thin', () => {
  const values = fc.array(fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null }), {
    minLength: 1,
    maxLength: 3000,
  });

  it('keeps lowest and highest, stays in order, is bounded, invents nothing', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 100 }), (y, columns) => {
        const x = y.map((_, i) => i);
        const thinned = thin({ x, y }, 0, y.length, columns);
        const given = y.filter(v => v !== null);
        const kept = thinned.y.filter(v => v !== null);
        expect(Math.max(...kept)).toBe(Math.max(...given));
        expect(Math.min(...kept)).toBe(Math.min(...given));
        expect(thinned.x).toEqual(thinned.x.toSorted((a, b) => a - b));
        expect(thinned.x.length).toBeLessThanOrEqual(Math.max(2 * columns, 5 * (columns + 1)));
        expect(thinned.y.includes(null)).toBe(y.includes(null));
        for (const [i, value] of thinned.y.entries()) {
          if (value !== null) expect(value).toBe(y[thinned.x[i] ?? -1]);
        }
      }),
    );
  });
});

describe('ticks', () => {
  it('of tiny figures are short enough to stand beside an axis', () => {
    const { at, text } = linearTicks(-1.2e-8, 2.1e-8, 4);
    expect(at.map(text)).toEqual(['\u22121e\u22128', '0', '1e\u22128', '2e\u22128']);
    const offset = linearTicks(0.02, 0.02 + 4e-8, 4);
    expect(new Set(offset.at.map(offset.text)).size).toBeGreaterThan(0);
    for (const tick of [...at.map(text), ...offset.at.map(offset.text)]) expect(tick.length).toBeLessThan(11);
  });

  it('stand inside the range, evenly, and read differently', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e5, max: 1e5, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e5, noNaN: true }),
        fc.integer({ min: 2, max: 14 }),
        (low, length, count) => {
          const ticks = linearTicks(low, low + length, count);
          expect(ticks.at.length).toBeLessThanOrEqual(count + 1);
          for (const at of ticks.at) {
            expect(at).toBeGreaterThanOrEqual(low - length * 1e-6);
            expect(at).toBeLessThanOrEqual(low + length * (1 + 1e-6));
          }
          expect(new Set(ticks.at.map(ticks.text)).size).toBe(ticks.at.length);
        },
      ),
    );
  });

  it.each([
    [100, 100 + 1e-13],
    [-1e300, -1e300 * (1 - 1e-16)],
    [1e-300, 1.0000000000000002e-300],
  ])('of a range in the last digits of a number come to an end: %f', (low, high) => {
    expect(linearTicks(low, high, 5).at.length).toBeLessThanOrEqual(6);
  });

  it.each([
    [57_000, ['0', '2', '4', '6', '8', '10', '12', '14']],
    [300, ['0', '1', '2', '3', '4', '5']],
    [60, ['0', '10', '20', '30', '40', '50', '60']],
  ])('of %i s read in whole hours, minutes, seconds', (length_s, expected) => {
    const ticks = timeTicks(0, length_s, 8);
    expect(ticks.at.map(ticks.text)).toEqual(expected);
  });
});

describe('a figure', () => {
  it('of values that differ in their last digits draws them as one', () => {
    const line = { label: 'a', colour: 'c0', x: [1, 2, 3], y: [100, 100.00000000000001, 100] };
    const svg = drawFigure({
      title: 't',
      xLabel: 'x',
      xKind: 'number',
      panels: [{ yLabel: 'y', lines: [line], height: 100 }],
    });
    expect(svg).not.toMatch(/NaN/);
    // An axis from 95 to 105, not one of a hundred million ticks.
    expect(svg.length).toBeLessThan(5000);
    expect(svg).toMatch(/>100</);
  });
  it('breaks the label of an axis that is longer than the axis', () => {
    const line = { label: 'a', colour: 'c0', x: [1, 2], y: [1, 2] };
    const labels = (height: number): string[] => {
      const panels = [{ yLabel: 'cell negative potential, V', lines: [line], height }];
      const svg = drawFigure({ title: 't', xLabel: 'x', xKind: 'number', panels });
      return [...svg.matchAll(/rotate\(-90\)">([^<]*)</g)].map(([, text]) => text);
    };
    expect(labels(90)).toEqual(['cell negative', 'potential, V']);
    expect(labels(300)).toEqual(['cell negative potential, V']);
  });
});
