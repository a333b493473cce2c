import { describe, expect, it } from 'vitest';
import type { RoleValue } from '../../../control/view.ts';
import { axisRange, axisResolution, axisTexts } from '../../../dashboards/page/window/axis.ts';

describe('an axis of values', () => {
  it.each([
    ['a value at rest is no noise that fills the picture', 3.7001, 3.7003, [], 0.001, 3.6952, 3.7052],
    ['air about what moves', 10, 20, [], 0.01, 9.2, 20.8],
    ['never below nothing of what is never below', 0.001, 0.002, [], 0.1, 0, 0.5015],
    ['a limit that is near', 60, 60, [100], 0.1, 56.8, 103.2],
    ['one that is far', 10, 20, [100], 0.1, 9.2, 20.8],
    ['nothing declared', 500, 500, [], undefined, 499.5, 500.5],
    ['nothing there', 0, 0, [], undefined, 0, 0.0005],
  ] as const)('%s', (_, low, high, limits, resolution, from, to) => {
    const [a, b] = axisRange(low, high, limits, resolution);
    expect([a, b]).toEqual([expect.closeTo(from, 6), expect.closeTo(to, 6)]);
  });

  it('its values have the digits that tell them apart', () => {
    expect(axisTexts([0, 0.0005, 0.001], 0.0005)).toEqual(['0.0000', '0.0005', '0.0010']);
    expect(axisTexts([-2.5, 0, 2.5], 2.5)).toEqual(['−2.5', '0.0', '2.5']);
    expect(axisTexts([1000, 1250, 1500], 250)).toEqual(['1000', '1250', '1500']);
    expect(axisTexts([3.7, 3.72], 0.02)).toEqual(['3.70', '3.72']);
    expect(axisTexts([-1e-12, 1], 1)).toEqual(['0', '1']);
  });

  it('the step of its instruments is that of the coarsest, in the unit of the page', () => {
    const trend = (role: string, unit: string) => ({ role, unit, t_s: [], value: [] });
    const live = new Map<string, RoleValue>([
      [
        'stack.power_W',
        { role: 'stack.power_W', unit: 'W', value: 1, quality: 'good', channel: 'x', resolution: 50 },
      ],
    ]);
    const trends = [trend('stack.power_W', 'W'), trend('stack.voltage_V', 'V')];
    expect(axisResolution('kW', trends, live)).toBeCloseTo(0.05, 12);
    expect(axisResolution('V', trends, live)).toBeUndefined();
  });
});
