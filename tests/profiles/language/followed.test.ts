import { describe, expect, it } from 'vitest';
import { followedTimes } from '../../../profiles/language/bench/followed.ts';
import { onBench } from '../../../profiles/language/bench/on-bench.ts';
import { planOf } from '../../../profiles/language/bench/plan.ts';
import { readLanguageText } from '../../../profiles/language/file/read-file.ts';
import { stack } from './benches.ts';

/** What is known of a profile before the run: how much of its data is followed, its bounds, what it drives. */

const HEAD = `method: m
version: 2
parameters: { night_h: 8 }
data: { wind: { generated: wind }, grid: { file: f.csv, frequency_Hz: f, repeat: on }, farm: { file: p.csv, power_MW: P } }
steps:
`;
const fileOf = (steps: string) => readLanguageText('m.yaml', HEAD + steps);
const followed = (steps: string): Record<string, number> => {
  const main = fileOf(steps);
  const plan = planOf({ main, procedures: new Map() }, stack, () => undefined);
  return Object.fromEntries(followedTimes(plan).get('m.yaml') ?? []);
};

describe('how much of its data a method follows', () => {
  it.each([
    ['the time of its step', '- { follow: { power_pct: wind.power_pct }, for_h: 8 }', { wind: 28_800 }],
    ['by a parameter', '- { follow: { power_pct: wind.power_pct }, for_h: night_h }', { wind: 28_800 }],
    [
      'the longest of several, rounds of a list too',
      '- each: { time_h: [1, 3, 2] }\n  steps: [{ follow: { power_pct: wind.power_pct }, for_h: time_h }]\n- { follow: { power_pct: wind.power_pct }, for_h: 2.5 }',
      { wind: 10_800 },
    ],
    [
      'each by itself',
      '- { follow: { power_kW: farm.power_kW / 100 }, for_min: 5 }\n- { follow: { power_pct: 75 pct + 1 pct_per_Hz * (grid.frequency_Hz - 50) }, for_h: 1 }',
      { farm: 300, grid: 3600 },
    ],
    ['all of it where the step has no time', '- { follow: { power_kW: farm.power_kW / 100 } }', { farm: 0 }],
    [
      'all of it where something else looks at it, too',
      '- { follow: { power_pct: wind.power_pct }, for_h: 8 }\n- { wait: {}, until: wind.power_pct > 50, for_h: 1 }',
      { wind: 0 },
    ],
  ])('%s', (_, steps, expected) => expect(followed(steps)).toEqual(expected));
});

describe('bounds of a profile', () => {
  const text = (bounds: string): string => `- { follow: { power_pct: wind.power_pct, ${bounds} }, for_h: 1 }`;
  it.each([
    [
      'min_pct: 10, restart_pct: 10',
      /m\.yaml:6:\d+: restart_pct: is not above min_pct, expected min_ < restart_ < max_/,
    ],
    ['min_pct: 50, max_pct: 40', /max_pct: is not above min_pct/],
    ['min_pct: 10, restart_W: 150', /restart_W: is in W, expected the unit of power_pct/],
    ['min_pct: 10, restart_pct: night_h * 1 pct / 1 h', /restart_pct: is not above min_pct/],
  ])('%s is refused', (bounds, says) => expect(() => followed(text(bounds))).toThrow(says));
});

describe('a power on a bench that sets no power', () => {
  const bench = { ...stack, settable: stack.settable.filter(role => role !== 'stack.powerSet_W') };
  const step = '- { follow: { power_pct: wind.power_pct, min_pct: 10, per_s: 5 }, for_h: 1 }';
  it('is driven by its current', () => {
    const sets = [...onBench(fileOf(step), bench).sets.values()];
    expect(sets.length).toBe(2);
    for (const { role, to, byCurrent } of sets) {
      expect(role).toBe('stack.currentSet_A');
      expect((50 * to.num) / to.den).toBeCloseTo(1000, 9);
      expect(byCurrent).toEqual({ nominal_A: 200, nominal_V: 10 });
    }
  });
  it('is refused where nothing says what it is rated at', () => {
    const { powerNominal_W: _, ...subject } = stack.subject;
    const plain = '- { follow: { power_W: 100 W_per_s * step.time_s }, for_h: 1 }';
    const run = (): unknown => onBench(fileOf(plain), { ...bench, subject });
    expect(run).toThrow(/nothing on this bench sets "stack\.power_W"/);
  });
});
