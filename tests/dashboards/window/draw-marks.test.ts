import { describe, expect, it } from 'vitest';
import { headsOf } from '../../../dashboards/page/window/draw-marks.ts';

const alarm = (x: number, reaction: 'warn' | 'trip', count?: number) => ({
  x,
  mark: { t_s: x, kind: 'alarm', name: 'a', reaction, ...(count === undefined ? {} : { count }) } as const,
});

describe('triangles of alarms in a chart', () => {
  it('one for all that cannot be told apart, with their count, filled if one of them did more than warn', () => {
    expect(
      headsOf([alarm(10, 'warn'), alarm(12, 'trip', 7), alarm(30, 'warn'), alarm(90, 'warn')], 26),
    ).toEqual([
      { x: 10, isWarning: false, count: 9 },
      { x: 90, isWarning: true, count: 1 },
    ]);
    expect(headsOf([], 26)).toEqual([]);
  });

  it('a long row of them does not melt into one', () => {
    const row = Array.from({ length: 100 }, (_, i) => alarm(i, 'warn'));
    const heads = headsOf(row, 26);
    expect(heads.map(({ x }) => x)).toEqual([0, 26, 52, 78]);
    expect(heads.reduce((sum, { count }) => sum + count, 0)).toBe(100);
  });
});
