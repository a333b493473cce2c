import { afterEach, describe, expect, it } from 'vitest';
import type { NearLimit, RoleValue } from '../../../control/view.ts';
import { textsOf } from '../../../dashboards/page/nearest/near-facts.ts';
import { speak } from '../../../dashboards/page/words/language.ts';

const NEAR: NearLimit = {
  id: 'high',
  reaction: 'warn',
  role: 'cell.voltage_V',
  of: { kind: 'threshold', role: 'cell.voltage_V' },
  unit: 'V',
  trips: '>',
  limit: 3.8,
  rearm: 3.7,
  is: 'near',
  value: 3.6,
  member: null,
  margin: 0.2,
  toLimit_s: null,
  way_frac: 0.9,
};
const role = (name: string, resolution: number): RoleValue => ({
  role: name,
  unit: 'V',
  value: 3.6,
  resolution,
  quality: 'good',
  channel: 'x.y',
});

describe('the row of a limit', () => {
  afterEach(() => speak('en'));

  it.each<[string, Partial<NearLimit>, readonly [value: string, left: string, margin: string]]>([
    ['approached', { toLimit_s: 132 }, ['3.600 > 3.8', 'in 2:12', 'left 0.200']],
    ['near', {}, ['3.600 > 3.8', '90 %', 'left 0.200']],
    ['beyond', { is: 'fired', value: 3.85, margin: -0.05 }, ['3.850 > 3.8', 'beyond', 'gone below 3.7']],
    [
      'beyond, without hysteresis',
      { is: 'fired', value: 3.85, margin: -0.05, rearm: null },
      ['3.850 > 3.8', 'beyond', 'left −0.050'],
    ],
    ['held', { is: 'fired', value: 3.751, margin: 0.049 }, ['3.751', 'gone below 3.7', 'still 0.051']],
    [
      'held from below',
      { is: 'fired', trips: '<', limit: 2.5, rearm: 2.6, value: 2.55, margin: 0.05 },
      ['2.550', 'gone above 2.6', 'still 0.050'],
    ],
    ['unusable', { is: 'unusable', value: null, margin: null }, ['– > 3.8', 'no reading', '']],
  ])('%s', (_, more, [value, left, margin]) => {
    expect(textsOf({ ...NEAR, ...more }, [])).toEqual({ value, unit: 'V', left, margin });
  });

  it('has the decimals of its role, of an array those of its members', () => {
    expect(textsOf({ ...NEAR, value: 3.6 }, [role('cell.voltage_V', 0.02)]).value).toBe('3.60 > 3.8');
    const cells = { ...NEAR, role: 'cell.voltage_V[]', value: 12.3 };
    expect(textsOf(cells, [role('cell.voltage_V[].mean', 0.002)]).value).toBe('12.300 > 3.8');
  });

  it('speaks German and Japanese', () => {
    const held: NearLimit = { ...NEAR, is: 'fired', value: 3.751, margin: 0.049 };
    speak('de');
    expect(textsOf(held, [])).toMatchObject({ left: 'behoben unter 3,7', margin: 'noch 0,051' });
    speak('ja');
    expect(textsOf(held, [])).toMatchObject({ left: '3.7 以下で解消', margin: 'あと 0.051' });
  });
});
