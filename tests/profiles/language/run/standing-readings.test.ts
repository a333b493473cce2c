import { describe, expect, it } from 'vitest';
import { StandingReadings } from '../../../../profiles/language/run/beside/standing-readings.ts';
import type { LanguageEnv } from '../../../../profiles/language/run/env.ts';

/** Gauges that repeat themselves during a run: old readings, or ones that stand with reason. */

/** Noise that comes again in no order that a stretch of equal readings could have, within 1. */
const noise = (t: number): number => Math.sin(12.9898 * t) * Math.cos(78.233 * t * t);
const inSteps = (step: number, of: (t: number) => number) => (t: number) => step * Math.round(of(t) / step);

/** What is told of one gauge over so long; a reading each `poll_s`. */
function told(role: string, of: (t: number) => number, for_s = 900, poll_s = 1, count = 1): string[] {
  const texts: string[] = [];
  let t = 0;
  const read = (): number => poll_s * Math.floor(t / poll_s);
  const env: Partial<LanguageEnv> = {
    gauges: [role],
    arrived_s: () => read(),
    count: () => count,
    fill: (_, into, first) => {
      for (let i = 0; i < count; i++) into[first + i] = i === count - 1 ? of(read()) : noise(read() + i);
    },
    note: (_t, _note, text) => texts.push(text),
  };
  const watch = new StandingReadings();
  for (let i = 0; i < for_s * 10; i++) {
    t = i / 10;
    watch.look(env as LanguageEnv, t);
  }
  return texts;
}

const PRESSURE = 'cathode.pressure_barg';

describe('a gauge that was noisy and repeats a reading', () => {
  it.each<[string, string, (t: number) => number]>([
    ['a pressure', PRESSURE, t => 9 + 0.01 * noise(Math.min(t, 500))],
    ['an analyser', 'mix.o2_vol_pct', t => 0.4 + 0.01 * noise(Math.min(t, 500))],
    ['a pressure of coarse digits', PRESSURE, inSteps(0.01, t => 9 + 0.06 * noise(Math.min(t, 500)))],
    [
      'an analyser that measures each 3 s',
      'mix.o2_vol_pct',
      t => 0.4 + noise(3 * Math.floor(Math.min(t, 500) / 3)),
    ],
  ])('%s is told once', (_, role, of) => {
    expect(told(role, of)).toEqual([
      expect.stringMatching(
        / has been [\d.]+ \w+ to the last digit in 6[01] readings, and in \d at most before: it may/,
      ),
    ]);
  });

  it('is told again where it froze again', () => {
    expect(told(PRESSURE, t => 9 + noise(t > 200 && t < 400 ? 200 : t > 600 ? 600 : t))).toHaveLength(2);
  });

  it('is named among many', () => {
    const texts = told('stack.temperature_degC[]', t => 60 + noise(Math.min(t, 300)), 900, 1, 3);
    expect(texts).toEqual([expect.stringMatching(/^stack\.temperature_degC\[3\] has been /)]);
  });
});

describe('nothing is told of', () => {
  it.each<[string, string, (t: number) => number, number?]>([
    ['one that goes on', PRESSURE, t => 9 + 0.01 * noise(t)],
    ['a flow behind a valve that shuts', 'h2.flow_NL_per_min', t => (t < 500 ? 9 + noise(t) : 0)],
    ['an analyser at the end of its scale', 'h2.h2_vol_pct', t => (t < 500 ? 99 + noise(t) : 100)],
    ['one whose last digit flickered', PRESSURE, inSteps(0.01, t => (t < 500 ? 9 + 0.012 * noise(t) : 9))],
    ['one that comes to rest without noise', PRESSURE, inSteps(1e-3, t => 9 + 4 * Math.exp(-t / 40))],
    [
      'an analyser that measures each three minutes',
      'h2.o2_vol_pct',
      t => noise(180 * Math.floor(t / 180)),
      3600,
    ],
    ['one without a value', PRESSURE, t => (t < 500 ? 9 + noise(t) : Number.NaN)],
    ['a short standstill', PRESSURE, t => 9 + noise(t > 500 && t < 550 ? 500 : t)],
  ])('%s', (_, role, of, for_s) => {
    expect(told(role, of, for_s)).toEqual([]);
  });

  it('one that is read seldom, and has repeated itself a few times', () => {
    expect(told(PRESSURE, t => 9 + noise(Math.min(t, 3000)), 3500, 10)).toEqual([]);
    expect(told(PRESSURE, t => 9 + noise(Math.min(t, 3000)), 3700, 10)).toHaveLength(1);
  });
});
