import { describe, expect, it } from 'vitest';
import { purgeFigures } from '../../profiles/stack/purity.ts';
import { stableFigures } from '../../profiles/stack/stable.ts';
import { standingAnalyser, standingGauge } from '../../profiles/uncertainty/standing-gauge.ts';
import { figureOf } from './figures.ts';
import { recordOf } from './record.ts';

/** Readings that stand still: old ones of a gauge, or a true plateau. */

const ROLE = 'h2.o2_vol_pct';
const ABS = 0.05;
/** 0.4 % and noise that comes again in no order that a stretch of equal readings could have. */
const noisy = (t: number): number => 0.4 + 1e-3 * Math.sin(12.9898 * t) * Math.cos(78.233 * t * t);
const inSteps = (step: number, of: (t: number) => number) => (t: number) => step * Math.round(of(t) / step);

const textOf = (of: (t: number) => number, from_s = 900, to_s = 1000) =>
  standingGauge(
    recordOf({
      to_s,
      roles: { [ROLE]: of },
      accuracy: { [ROLE]: { reading_pct: 0, abs: ABS, basis: 'default' } },
    }),
    ROLE,
    { from_s, to_s },
  );

describe('a gauge', () => {
  it.each([
    ['for all of the window', 880],
    ['for most of it', 940],
    ['long before it', 500],
  ])('that repeats an old reading %s is no word', (_, since_s) => {
    expect(textOf(t => noisy(Math.min(t, since_s)))).toMatch(
      /repeats 0\.\d+ to the last digit in \d+ readings/,
    );
  });

  it.each<[string, (t: number) => number]>([
    ['with noise', noisy],
    ['that froze for less than half of the window', t => noisy(Math.min(t, 960))],
    ['of coarse digits on a plateau after a way', inSteps(0.01, t => Math.max(0.4, 2 - t / 400))],
    ['that measures anew each three minutes', t => noisy(180 * Math.floor(t / 180))],
    ['without noise that comes to rest', inSteps(1e-4, t => 0.4 + 0.2 * Math.exp(-t / 60))],
    ['that flickered in its last digit', inSteps(2e-3, t => (t < 600 ? noisy(t) + 1e-3 : 0.4))],
    [
      'that is noisy under load alone',
      inSteps(1e-4, t => (t < 300 ? 5 * noisy(t) : 0.4 + 0.2 * Math.exp(-(t - 300) / 60))),
    ],
    ['that shows nothing all along', () => 0],
  ])('%s is', (_, of) => {
    expect(textOf(of)).toBeUndefined();
  });
});

it.each([
  ['stops in the middle of its way', 300, true],
  ['ends it', 5000, false],
])('an analyser that %s', (_, since_s, isStanding) => {
  const of = inSteps(1e-3, t => 20 * Math.exp(-Math.min(t, since_s) / 120) + 0.002);
  const run = recordOf({ to_s: 1800, roles: { [ROLE]: of } });
  expect(standingAnalyser(run, ROLE, { from_s: 1700, to_s: 1800 }) !== undefined).toBe(isStanding);
});

it('a purge with a frozen analyser has left what nobody knows', () => {
  const phase = { name: 'purge', start_s: 0, end_s: 1000 };
  const of = (since_s: number) =>
    purgeFigures(
      recordOf({
        to_s: 1000,
        roles: { [ROLE]: t => noisy(Math.min(t, since_s)) },
        accuracy: { [ROLE]: { reading_pct: 0, abs: ABS, basis: 'default' } },
      }),
      phase,
    );
  expect(figureOf(of(1000), 'purge-o2-in-cathode', 'purge').value).toBeCloseTo(0.4, 2);
  expect(figureOf(of(600), 'purge-o2-in-cathode', 'purge')).toMatchObject({
    value: null,
    definition: expect.stringContaining('repeats'),
  });
});

it('a stack whose voltmeter and thermometer stand still did not stand well', () => {
  const role = { reading_pct: 0, abs: ABS, basis: 'default' } as const;
  const run = recordOf({
    to_s: 1000,
    roles: {
      'stack.voltage_V': t => noisy(Math.min(t, 300)),
      'stack.temperature_degC': t => noisy(Math.min(t, 300)),
    },
    accuracy: { 'stack.voltage_V': role, 'stack.temperature_degC': role },
  });
  const phase = { name: 's', start_s: 0, end_s: 1000, ended_by: 'time' };
  const found = stableFigures(run, phase, { load_frac: 0.5, drift_mV: 5, window_s: 300 });
  expect(found.map(({ value }) => value)).toEqual([null, null, null]);
});
